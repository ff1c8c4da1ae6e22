// Figures of reading an ERP: how many records a second come into the books, beside what the database alone can take of the same rows.
// `npm run bench -- ingest [--rows N] [--only sync] [--json FILE]`; with `--only sync` just the first read, with its pace and memory as it goes on.
// Ratios say more than the times, which are this machine's. It asserts that all have the same rows in the end, and nothing about time.
import { writeFileSync } from 'node:fs';
import { copiedWhole, openCopies, written } from './ingest-copies.ts';
import { type BenchErp, benchErp, PAGE } from './ingest-erp.ts';
import { copied, countFlat, oneByOne, openFlat, unnested } from './ingest-flat.ts';
import { openOurs, type Ours } from './ingest-ours.ts';
import { type Figure, measured, print, rssMb } from './ingest-report.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const ROWS = Number(option('--rows') ?? 100_000);
const FEW = Math.min(2_000, ROWS);
const MARKS = 10;

const kindsOf = ({ customers, invoices }: BenchErp) => [customers, invoices];

/** Each tenth of each stream says its pace and the memory by then: neither may hang on how much is here. */
async function firstRead(ours: Ours, erp: BenchErp): Promise<void> {
  for (const kind of kindsOf(erp)) {
    const marks: string[] = [];
    let last = { rows: 0, ms: performance.now() };
    await ours.sync(kind, (rows) => {
      if (rows - last.rows < kind.count / MARKS) return;
      const ms = performance.now();
      marks.push(`${(((rows - last.rows) * 1_000) / (ms - last.ms)).toFixed(0)} at ${rssMb()} MB`);
      last = { rows, ms };
    });
    say(`${kind.stream}, rows/s: ${marks.join(', ')}`);
  }
}

async function allOf(ours: Ours, erp: BenchErp): Promise<readonly Figure[]> {
  const { admin, postmasterPid } = ours;
  const figures: Figure[] = [];
  const measure = async (title: string, work: () => Promise<void>, rows = ROWS) => {
    figures.push(await measured({ title, rows, postmasterPid, work }));
  };
  const sync = async () => {
    for (const kind of kindsOf(erp)) await ours.sync(kind);
  };
  const only = option('--only') === 'sync';
  if (!only) {
    await openFlat(admin);
    await measure('COPY + INSERT … ON CONFLICT … WHERE distinct, one flat table', () => copied(admin, erp));
    await measure('UNNEST + the same, one flat table', () => unnested(admin, erp));
    await measure('one statement per row, one flat table', () => oneByOne(admin, erp, FEW), FEW);
  }
  await measure('sync: mapped, checked, raw kept, in the ledger, with events', () => firstRead(ours, erp));
  const copies = await openCopies(admin);
  const title = 'COPY of all rows that the sync wrote, no row-level security, no foreign keys';
  await measure(title, () => copiedWhole(admin, copies));
  if (only) return figures;
  await admin.query('analyze');
  const before = await written(admin);
  await measure('COPY + the same, again and unchanged', () => copied(admin, erp));
  await measure('sync, again in full and unchanged', sync);
  const after = await written(admin);
  if (after !== before) throw new Error(`An unchanged sync has written something: ${before} then ${after}`);
  say('The unchanged sync wrote nothing.');
  if ((await countFlat(admin)) !== ROWS) throw new Error('The flat table has not all rows.');
  return figures;
}

const erp = benchErp(ROWS);
const ours = await openOurs(erp);
try {
  const figures = await allOf(ours, erp);
  say(`${ROWS} rows: ${erp.customers.count} customers, ${erp.invoices.count} invoices, pages of ${PAGE}`);
  print(figures);
  const file = option('--json');
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await ours.stop();
}
