/** The text of queries, and how they go on. */
import { describe, expect, it } from 'vitest';
import type { ErpHttp } from '../../src/connect/index.ts';
import { settings } from './settings.ts';
import { behind, type Context, idList, literal, queryAll } from './suiteql.ts';

/** Answers each query with what a function makes of its text. */
function contextOf(answer: (statement: string) => unknown): Context {
  const post: ErpHttp['post'] = async (_path, options) => ({
    status: 200,
    headers: {},
    body: answer((options as { readonly body: { readonly q: string } }).body.q),
  });
  const config = settings.parse({ account: '1' });
  return {
    config,
    legalEntities: [],
    http: { post } as unknown as ErpHttp,
    now: () => new Date(0),
    signal: new AbortController().signal,
  };
}

describe('queries', () => {
  it('hold texts with their quotes doubled, and ids that are numbers', () => {
    expect(literal("O'Brien")).toBe("'O''Brien'");
    expect(idList(['1', '-5'])).toBe('1,-5');
    expect(() => idList(['1', '2) OR (1=1'])).toThrow('is no internal id');
  });

  it('go on behind a key of several columns', () => {
    expect(behind([['l.a', 'a']], ['5'])).toBe('(l.a > 5)');
    expect(
      behind(
        [
          ['l.a', 'a'],
          ['l.b', 'b'],
        ],
        ['5', '7'],
      ),
    ).toBe('(l.a > 5 OR (l.a = 5 AND (l.b > 7)))');
  });

  it('have each row once, also where the rows of one key stand across two pages', async () => {
    const rows = [1, 1, 2, 2, 2, 3, 4, 4].map((a, i) => ({ a: String(a), i: String(i), links: [] }));
    const context = contextOf((statement) => {
      const after = Number(/a > (\d+)/.exec(statement)?.[1] ?? 0);
      return { items: rows.filter((row) => Number(row.a) > after).slice(0, 4), hasMore: false };
    });
    const found = await queryAll(context, { statement: (after) => `SELECT * WHERE ${after}`, key: [['a', 'a']], max: 4 });
    expect(found.map((row) => row['i'])).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  it('are refused where one key has more rows than a page, or an answer is cut', async () => {
    const same = contextOf(() => ({ items: [{ a: '1' }, { a: '1' }], hasMore: false }));
    await expect(queryAll(same, { statement: (after) => after, key: [['a', 'a']], max: 2 })).rejects.toThrow('have the key 1');
    const cut = contextOf(() => ({ items: [{ a: '1' }], hasMore: true }));
    await expect(queryAll(cut, { statement: (after) => after, key: [['a', 'a']] })).rejects.toThrow('has more');
    const none = contextOf(() => ({ message: 'hello' }));
    await expect(queryAll(none, { statement: (after) => after, key: [['a', 'a']] })).rejects.toThrow('no list of rows');
  });
});
