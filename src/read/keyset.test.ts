// The conditions for the rows after a position.
import { expect, it } from 'vitest';
import { after, at, type KeyTerm, orderSql, reversed } from './keyset.ts';
import { sql, statement } from './sql.ts';

const term = (name: string, more: { nullable?: boolean; isDescending?: boolean } = {}): KeyTerm => ({
  column: { property: name, column: name, type: 'int', nullable: more.nullable ?? false, isSearchText: false, meta: null },
  isDescending: more.isDescending ?? false,
  sql: sql.id(name),
});

const shown = (parts: readonly ReturnType<typeof at>[]) =>
  parts.map((part) => {
    const { text, values } = statement(part);
    return text.replaceAll(/\$(\d+)::int/g, (_, n: string) => String(values[Number(n) - 1])).replaceAll('"', '');
  });

it('terms of one direction are one row comparison', () => {
  expect(shown(after([term('a'), term('b')], [1, 2]))).toEqual(['(a, b) > (1, 2)']);
  expect(shown(after(reversed([term('a'), term('b')]), [1, 2]))).toEqual(['(a, b) < (1, 2)']);
});

it('upwards, nulls follow every value', () => {
  const terms = [term('a', { nullable: true }), term('b', { nullable: true }), term('c')];
  expect(shown(after(terms, [1, 2, 3]))).toEqual(['(a, b, c) > (1, 2, 3)', 'a is null', 'a = 1 and b is null']);
  expect(shown(after(terms, [null, 2, 3]))).toEqual(['a is null and (b, c) > (2, 3)', 'a is null and b is null']);
  expect(shown(after(terms, [1, null, 3]))).toEqual(['a > 1', 'a is null', 'a = 1 and b is null and c > 3']);
});

it('downwards, every value follows null', () => {
  const terms = [term('a', { nullable: true, isDescending: true }), term('b', { isDescending: true })];
  expect(shown(after(terms, [1, 2]))).toEqual(['(a, b) < (1, 2)']);
  expect(shown(after(terms, [null, 2]))).toEqual(['a is not null', 'a is null and b < 2']);
});

it('a change of direction begins another range', () => {
  expect(shown(after([term('a'), term('b', { isDescending: true }), term('c')], [1, 2, 3]))).toEqual([
    'a > 1',
    'a = 1 and b < 2',
    'a = 1 and b = 2 and c > 3',
  ]);
});

it('the row itself, and the order', () => {
  expect(shown([at([term('a', { nullable: true }), term('b')], [null, 2])])).toEqual(['a is null and b = 2']);
  expect(statement(orderSql(reversed([term('a'), term('b')]))).text).toBe('"a" desc, "b" desc');
});
