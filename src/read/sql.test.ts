// Statements as values: nothing of a user reaches the text.
import { describe, expect, it } from 'vitest';
import { columnsNamed, sql, statement } from './sql.ts';

describe('sql', () => {
  it('keeps values out of the text', () => {
    expect(statement(sql`select ${sql.id('t', 'a"b')} where x = ${'; drop table x'} and ${sql.literal("it's")} = y`)).toEqual({
      text: `select "t"."a""b" where x = $1 and 'it''s' = y`,
      values: ['; drop table x'],
    });
  });

  it('numbers values in order, and those of a fragment that stands twice once', () => {
    const twice = sql`a = ${1}`;
    expect(statement(sql`${twice} or ${sql.typed(2, 'int')} or ${twice}`)).toEqual({
      text: 'a = $1 or $2::int or a = $1',
      values: [1, 2],
    });
  });

  it('refuses types and numbers that are not ours', () => {
    expect(() => sql.typed(1, 'int; drop table x')).toThrow('not a type name');
    expect(() => sql.number(1.5)).toThrow('whole number');
  });

  it('finds the columns that a fragment names of an alias', () => {
    const fragment = sql`${sql.id('t1', 'a')} + ${sql.id('t1')}.b + ${sql.id('t11', 'c')} + ${'"t1"."d"'} + ${sql.id('t1', 'a')}`;
    expect(columnsNamed(fragment, 't1')).toEqual(['a', 'b']);
  });
});
