// Flat reports show each reader the rows in reach, all of them and no others; what is summed up over companies that one may not see
// isn't shown.
import { describe, expect, it } from 'vitest';
import { reports } from '../../src/o2c/insight/index.ts';
import { fieldOf } from '../../src/o2c/insight/report.graphql.ts';
import { shownName } from '../../src/o2c/insight/report.read.ts';
import { sightOf } from './oracle.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');

const PERIOD = '(from: "2026-01-01", to: "2026-12-31")';
const queryOf = (report: (typeof reports)[number]) =>
  `{ page: ${fieldOf(report)}${report.over === 'period' ? PERIOD : '(first: 1000)'} { rows { ${report.columns.map(({ name }) => shownName(name)).join(' ')} } hasMore cursor } }`;
/** Which rows of the database a report has one for. */
const KIND: Readonly<Record<string, readonly [kind: string, which: string]>> = {
  openItemRows: ['OpenItem', 'select id from open_item'],
  ageingRows: ['OpenItem', 'select id from open_item where settled_on is null'],
  paymentRows: ['Payment', 'select id from payment'],
  salesRows: [
    'JournalEntry',
    `select id from journal_entry e where record_kind in ('Invoice', 'CreditNote') and exists (select from transfer t where t.entry_id = e.id)`,
  ],
  syncHealthRows: ['SyncStream', 'select id from sync_stream'],
};

describe.each(['admin', 'admin of DE01', 'analyst who bills for DE01'])('%s', (subject) => {
  it.each(reports.map((report) => [fieldOf(report), report] as const))('sees in %s the rows in reach', async (name, report) => {
    const viewer = await stage.viewer(acme, subject);
    const sight = await sightOf(stage, viewer.reach);
    const { data, errors } = await viewer.person.send(queryOf(report));
    const isWhole = viewer.reach.entityIds === null;
    if (name === 'syncHealthRows' && !isWhole) return expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect(errors).toBeUndefined();
    if (!data) throw new Error('The report gave nothing.');
    const { rows, hasMore } = data['page'];
    expect(hasMore).toBe(false);
    expect(sight.strangers(rows.map(({ id: _, ...row }: { id: string }) => row))).toEqual([]);
    const [kind = '', which = ''] = KIND[name] ?? [];
    if (which) {
      const some = new Set((await stage.rows<{ id: string }>(which)).map(({ id }) => id));
      const wanted = (sight.seen[kind] ?? []).filter((id) => some.has(id.replace(/^[a-z]+_/, '')));
      expect(rows.map(({ id }: { id: string }) => id).toSorted()).toEqual(wanted.toSorted());
    }
    if (name === 'receivableMeasures')
      expect(rows.some((row: { legalEntityId: string | null }) => row.legalEntityId === null)).toBe(isWhole);
    return undefined;
  });
});

it('is refused to whoever lacks the permission, portal users first of all', async () => {
  for (const subject of ['portal of C-1', 'portal of C-2 and C-3'])
    for (const report of reports) {
      const { errors, data } = await (await stage.viewer(acme, subject)).person.send(queryOf(report));
      expect([errors?.[0]?.extensions?.['code'], data]).toEqual(['FORBIDDEN', null]);
    }
});

it('asked for a customer, a company or a cursor of another tenant, it gives nothing', async () => {
  const { person } = await stage.viewer(acme, 'admin');
  const ask = async (args: string) => (await person.ask(`{ page: openItemRows(${args}) { rows { id } cursor } }`))['page'];
  const [customer] = Object.values(beta.customers);
  const [entity] = Object.values(beta.entities);
  expect(await ask(`customerId: "${customer}"`)).toEqual({ rows: [], cursor: null });
  expect(await ask(`legalEntityId: "${entity}"`)).toEqual({ rows: [], cursor: null });
  const theirs = await (await stage.viewer(beta, 'admin')).person.ask('{ page: openItemRows(first: 1) { cursor } }');
  const { errors } = await person.send(`{ page: openItemRows(first: 1, after: "${theirs['page'].cursor}") { rows { id } } }`);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'CURSOR_ORDER_MISMATCH' });
});
