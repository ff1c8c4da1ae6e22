// The set-based writer carries rows as arrays in text: whatever a row holds, the database reads that and nothing else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sql, statement } from '../../src/read/sql.ts';
import { unnest } from '../../src/write/transaction.ts';
import { freshDatabase } from '../support/database.ts';

const database = await freshDatabase();
const COLUMNS = (['text', 'jsonb', 'bigint', 'int', 'boolean', 'timestamptz', 'uuid', 'date', 'numeric'] as const).map(
  (type) => ({
    column: `of_${type}`,
    property: type,
    type,
  }),
);

const isStored = (text: string) => !text.includes('\0');
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).filter(isStored),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', 'N', 'U', 'L', '\n', "'", 'ß', '🧾') }),
  fc.constantFrom('', 'NULL', 'null', '{}', '\\N', ' '),
);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 });
const instants = { min: new Date('1900-01-01'), noInvalidDate: true };
const usual = {
  text: nullable(anyText),
  jsonb: nullable(fc.dictionary(anyText, anyText, { noNullPrototype: true })),
  bigint: nullable(fc.bigInt({ min: BigInt(Number.MIN_SAFE_INTEGER), max: BigInt(Number.MAX_SAFE_INTEGER) })),
  int: nullable(fc.integer()),
  boolean: nullable(fc.boolean()),
  timestamptz: nullable(fc.date({ ...instants, max: new Date('2199-12-31') })),
  uuid: nullable(fc.uuid()),
  date: nullable(fc.date({ ...instants, max: new Date('2999-12-31') }).map((instant) => instant.toISOString().slice(0, 10))),
  numeric: nullable(fc.integer().map((n) => `${n}.5`)),
};
const anything = {
  ...usual,
  bigint: nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  timestamptz: nullable(fc.date({ ...instants, max: new Date('2999-12-31') })),
};

const read = async (rows: readonly Record<string, unknown>[]) => {
  const { text, values } =
    statement(sql`select of_text as text, of_jsonb::jsonb as jsonb, of_bigint::text as bigint, of_int as int,
    of_boolean as boolean, of_timestamptz as timestamptz, of_uuid as uuid, of_date::text as date, of_numeric::text as numeric from ${unnest(COLUMNS, rows)}`);
  return (await database.as('read').query(text, [...values])).rows;
};
const none = Object.fromEntries(COLUMNS.map(({ property }) => [property, null]));

it.each([
  ['usual values', usual],
  ['values as large as a column takes', anything],
] as const)(
  'writes any row as it is: quotes, backslashes, braces and line ends, texts that look like nothing, and nothing (%s)',
  async (_, row) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record<Record<string, unknown>>(row), { maxLength: 12 }), async (rows) => {
        const same = rows.map(({ bigint, ...given }) => ({
          ...given,
          bigint: typeof bigint === 'bigint' ? bigint.toString() : bigint,
        }));
        expect(await read(rows)).toEqual(same);
      }),
      { seed: 7, numRuns: 60 },
    );
  },
);

it('takes long texts, and a column that is one value in very many rows', async () => {
  const rows = Array.from({ length: 300 }, (_, n) => ({
    ...none,
    text: 'ü'.repeat(n % 7 === 0 ? 9_000 : n),
    int: 7,
    boolean: null,
  }));
  expect(await read(rows)).toEqual(rows);
});

it.each([
  ['bigint', 2n ** 63n, '22003'],
  ['int', 2 ** 31, '22003'],
  ['int', 1.5, '22P02'],
  ['uuid', 'not-a-uuid', '22P02'],
  ['uuid', '00000000x0000-7000-8000-000000000001', '22P02'],
  ['date', '2026-02-30', '22008'],
  ['date', '0000-01-01', '22008'],
  ['numeric', 'much', '22P02'],
  ['text', 'a\0b', '22021'],
] as const)('leaves it to the database to refuse what a column of %s has no place for: %s', async (property, value, code) => {
  await expect(read([{ ...none, [property]: value }])).rejects.toMatchObject({ code });
});
