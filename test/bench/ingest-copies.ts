// What a sync wrote in the ingest bench, by table: copied by the server itself for comparison, and whether any of it was touched since.
import { join } from 'node:path';
import type pg from 'pg';

const WRITTEN = [
  'event_inbox',
  'erp_record',
  'invoice',
  'invoice_line',
  'open_item',
  'transfer',
  'journal_entry',
  'customer',
  'customer_account',
  'credit_account',
];

/** The very rows that the sync wrote, as files of the server's own, and empty tables like theirs: all their columns and indexes. */
export async function openCopies(admin: pg.Client): Promise<readonly { readonly table: string; readonly file: string }[]> {
  const { rows } = await admin.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const copies = WRITTEN.map((table) => ({ table, file: join(rows[0]?.folder ?? '', `${table}.copy`) }));
  for (const { table, file } of copies) {
    await admin.query(`create table copy_of_${table} (like ${table} including all)`);
    await admin.query(`copy ${table} to '${file}'`);
  }
  return copies;
}

export async function copiedWhole(admin: pg.Client, copies: Awaited<ReturnType<typeof openCopies>>): Promise<void> {
  for (const { table, file } of copies) await admin.query(`copy copy_of_${table} from '${file}'`);
  for (const { table } of copies) {
    const { rows } = await admin.query(
      `select (select count(*) from ${table}) = (select count(*) from copy_of_${table}) as same`,
    );
    if (rows[0].same !== true) throw new Error(`${table} and its copy have not the same rows`);
  }
}

/** Everything that a sync could write: an unchanged one leaves all of it as it is. */
export const written = async (admin: pg.Client): Promise<string> => {
  const parts = ['event', ...WRITTEN].map(
    (table) => `select '${table}' as name, count(*) as n, coalesce(max(xmin::text::bigint), 0) as x from ${table}`,
  );
  return JSON.stringify((await admin.query(`${parts.join(' union all ')} order by name`)).rows);
};
