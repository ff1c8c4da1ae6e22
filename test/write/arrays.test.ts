// The set-based writer carries rows as arrays in text: whatever a row holds, the database reads that and nothing else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sql, statement } from '../../src/read/sql.ts';
import { unnest } from '../../src/write/transaction.ts';
import { freshDatabase } from '../support/database.ts';

const database = await freshDatabase();
const COLUMNS = (['text', 'jsonb', 'bigint', 'int', 'boolean', 'timestamptz'] as const).map((type) => ({
  column: `of_${type}`,
  property: type,
  type,
}));

const isStored = (text: string) => !text.includes('\0');
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).filter(isStored),
  fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', 'N', 'U', 'L', '\n', "'", 'ß', '🧾') }),
  fc.constantFrom('', 'NULL', 'null', '{}', '\\N', ' '),
);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 });
const row = fc.record({
  text: nullable(anyText),
  jsonb: nullable(fc.dictionary(anyText, anyText, { noNullPrototype: true })),
  bigint: nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  int: nullable(fc.integer()),
  boolean: nullable(fc.boolean()),
  timestamptz: nullable(fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })),
});

it('writes any row as it is: quotes, backslashes, braces and line ends, empty texts, texts that look like nothing, and nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
      const { text, values } =
        statement(sql`select of_text as text, of_jsonb::jsonb as jsonb, of_bigint::text as bigint, of_int as int,
        of_boolean as boolean, of_timestamptz as timestamptz from ${unnest(COLUMNS, rows)}`);
      const { rows: read } = await database.as('read').query(text, [...values]);
      expect(read).toEqual(rows.map((given) => ({ ...given, bigint: given.bigint === null ? null : String(given.bigint) })));
    }),
    { seed: 7, numRuns: 60 },
  );
});
