import { expect, it } from 'vitest';
import { splitStatements } from './migrate-statements.ts';

it('cuts at each semicolon and names the line where the statement begins', () => {
  const sql = '-- what for\ncreate table a ();\n\n/* two\nlines */ create table b ();\ncreate table c ()';
  expect(splitStatements(sql)).toEqual([
    { text: 'create table a ();', line: 2 },
    { text: 'create table b ();', line: 5 },
    { text: 'create table c ()', line: 6 },
  ]);
});

it.each([
  ['a string', "select 'a;''b;'"],
  ['an escape string', "select E'it\\'s; so'"],
  ['a name', 'select 1 as "a;b"'],
  ['a dollar quote', 'do $$ begin null; end $$'],
  ['a tagged dollar quote', 'do $body$ begin perform $$;$$; end $body$'],
  ['a line comment', 'select 1 -- and; so\n + 1'],
  ['a block comment', 'select /* a;b */ 1'],
])('leaves a semicolon in %s alone', (_what, sql) => {
  expect(splitStatements(`${sql};select 2;`).map(({ text }) => text)).toEqual([`${sql};`, 'select 2;']);
});

it('takes a string that ends in a backslash for what it is', () => {
  expect(splitStatements("select 'C:\\'; select 2").map(({ text }) => text)).toEqual(["select 'C:\\';", 'select 2']);
});

it('finds nothing in comments, space and lone semicolons', () => {
  expect(splitStatements(' ;; -- nothing\n/* here; */ ;')).toEqual([]);
});
