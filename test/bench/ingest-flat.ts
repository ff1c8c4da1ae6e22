// What the database can take of the rows of the ingest bench as flat values, in one table without row-level security: the yardstick.
import type pg from 'pg';
import { type BenchErp, PAGE, type Raw } from './ingest-erp.ts';

const FLAT = `(id text primary key, name text, email text, currency text, number text, customer text, issued_on date, total bigint, raw text not null)`;
const COLUMNS = ['id', 'name', 'email', 'currency', 'number', 'customer', 'issued_on', 'total', 'raw'];
const updates = COLUMNS.slice(1)
  .map((c) => `${c} = excluded.${c}`)
  .join(', ');
const ofTable = (table: string): string =>
  COLUMNS.slice(1)
    .map((c) => `${table}.${c}`)
    .join(', ');
const distinct = (table: string) => `(${ofTable(table)}) is distinct from (${ofTable('excluded')})`;
const onConflict = (table: string) => `on conflict (id) do update set ${updates} where ${distinct(table)}`;

const flat = (raw: Raw) => [
  raw['id'],
  raw['name'] ?? null,
  raw['email'] ?? null,
  raw['currency'] ?? null,
  raw['number'] ?? null,
  raw['customer'] ?? null,
  raw['issuedOn'] ?? null,
  raw['total'] === undefined ? null : raw['total'].replace('.', ''),
  JSON.stringify(raw),
];

/** The rows as pages of flat values: both kinds in one table, which is less than any real one needs. */
function* flatPages({ customers, invoices }: BenchErp) {
  for (const { count, make } of [customers, invoices])
    for (let from = 0; from < count; from += PAGE)
      yield Array.from({ length: Math.min(PAGE, count - from) }, (_, i) => flat(make(from + i)));
}

interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** The driver's own way to COPY, without the package for streams: one chunk is all there is. */
function copyIn(client: pg.Client, text: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = {
      submit: (to: CopyConnection) => to.query(text),
      handleCopyInResponse(to: CopyConnection) {
        to.sendCopyFromChunk(Buffer.from(rows));
        to.endCopyFrom();
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: (error: Error) => reject(error),
    };
    client.query(query as never);
  });
}

const tabbed = (page: readonly (readonly (string | null | undefined)[])[]): string =>
  page.map((row) => `${row.map((v) => v?.replaceAll('\\', '\\\\') ?? '\\N').join('\t')}\n`).join('');

/** COPY into a temporary table, then one insert: nothing that goes through SQL is faster. */
export async function copied(client: pg.Client, erp: BenchErp): Promise<void> {
  await client.query('create temporary table page (like by_copy)');
  for (const page of flatPages(erp)) {
    await client.query('begin');
    await copyIn(client, 'copy page from stdin', tabbed(page));
    await client.query(`insert into by_copy select * from page ${onConflict('by_copy')}`);
    await client.query('truncate page');
    await client.query('commit');
  }
  await client.query('drop table page');
}

export async function unnested(client: pg.Client, erp: BenchErp): Promise<void> {
  const types = ['text', 'text', 'text', 'text', 'text', 'text', 'date', 'bigint', 'text'];
  for (const page of flatPages(erp)) {
    const arrays = types.map((_, column) => page.map((row) => row[column]));
    const source = types.map((type, i) => `$${i + 1}::${type}[]`);
    await client.query(`insert into by_unnest select * from unnest(${source.join(', ')}) ${onConflict('by_unnest')}`, arrays);
  }
}

export async function oneByOne(client: pg.Client, erp: BenchErp, count: number): Promise<void> {
  const holes = COLUMNS.map((_, i) => `$${i + 1}`);
  let left = count;
  for (const page of flatPages(erp))
    for (const row of page) {
      if (left-- <= 0) return;
      await client.query(`insert into by_row values (${holes.join(', ')}) ${onConflict('by_row')}`, row);
    }
}

/** Empty tables for each of them. */
export async function openFlat(client: pg.Client): Promise<void> {
  for (const name of ['by_copy', 'by_unnest', 'by_row']) await client.query(`create table ${name} ${FLAT}`);
}

export async function countFlat(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>('select count(*) as n from by_copy');
  return Number(rows[0]?.n);
}
