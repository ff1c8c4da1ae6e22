// The schema `reporting` is what the entities and the reports say: a field that is added there is missed here until its view has it.
import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { REPORTED, reportingSql, reportingViews } from '../../src/cli/schema/reporting-views.ts';
import { viewText } from '../../src/cli/schema/reporting-text.ts';
import { measuresReport } from '../../src/o2c/insight/measures.read.ts';
import { createPlatformCatalogue } from '../../src/platform-graph.ts';
import { withClient } from '../support/connection.ts';
import { freshDatabase } from '../support/database.ts';

const database = await freshDatabase();
const catalogue = createPlatformCatalogue();
const views = reportingViews(catalogue);

/** Records that are no business of a BI tool's, each with the reason. */
const NOT_REPORTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['Actor', 'ActorRole', 'ActorCustomer', 'ApiKey', 'ReportingLogin', 'ForbiddenPair', 'Approval'].map((name) => [
      name,
      'who may do what',
    ]),
  ),
  ...Object.fromEntries(['WebhookEndpoint', 'WebhookDelivery', 'WebhookAttempt'].map((name) => [name, 'how events are sent'])),
  ...Object.fromEntries(
    ['CustomerAlias', 'CustomerMatch', 'CustomerMatchEvidence', 'RecordSource'].map((name) => [
      name,
      'how records were found to be the same',
    ]),
  ),
  ...Object.fromEntries(
    ['PriceList', 'PriceListItem', 'CustomerPrice', 'TaxRule', 'ValidationRule', 'PaymentTermsInstalment'].map((name) => [
      name,
      'rules, not what happened',
    ]),
  ),
  ...Object.fromEntries(
    ['LogisticsProvider', 'Authority', 'ConnectionLegalEntity', 'ErpRequest', 'SyncDrift'].map((name) => [
      name,
      'how Cashgraph works',
    ]),
  ),
  ...Object.fromEntries(
    ['Export', 'Import', 'ImportRefusal', 'OperationUsage', 'TrustedDocument', 'Upload'].map((name) => [
      name,
      'how Cashgraph is used',
    ]),
  ),
};

interface Column {
  readonly view: string;
  readonly column: string;
  readonly description: string;
}
const COLUMNS = `select c.relname as view, a.attname as column, col_description(c.oid, a.attnum) as description from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v' and c.relname <> 'log_position' order by c.relname collate "C", a.attnum`;
const rows = <T>(sql: string) =>
  withClient(database.connection, async (client) => (await client.query(sql)).rows as readonly T[]);

it('every record is in it, or there is a reason why not', () => {
  const missing = catalogue.records.map(({ name }) => name).filter((name) => !REPORTED.includes(name) && !(name in NOT_REPORTED));
  expect(missing).toEqual([]);
});

it('every view has the columns that the entities and the reports say, with their descriptions', async () => {
  const wanted = views
    .flatMap(({ name, columns }) =>
      columns.map((column) => ({ view: name, column: column.name, description: column.description })),
    )
    .map((column, i) => ({ ...column, i }))
    .toSorted((a, b) => (a.view < b.view ? -1 : a.view > b.view ? 1 : a.i - b.i))
    .map(({ i: _, ...column }) => column);
  const found = await rows<Column>(COLUMNS);
  const missing = wanted.find((column) => !found.some((one) => one.view === column.view && one.column === column.column));
  const view = views.find(({ name }) => name === missing?.view);
  expect(missing, view && `A migration has to say:\n${viewText(view)}`).toBeUndefined();
  expect(found).toEqual(wanted);
});

it('every view is defined as they say', async () => {
  const definition = `select c.relname as name, pg_get_viewdef(c.oid) as text from pg_class c where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v' order by 1`;
  const [before, after] = await withClient(database.connection, async (client) => {
    const read = async () => (await client.query(definition)).rows as readonly { name: string; text: string }[];
    const first = await read();
    await client.query('begin');
    await client.query(reportingSql(catalogue));
    const second = await read();
    await client.query('rollback');
    return [first, second];
  });
  expect(after).toEqual(before);
});

it('a field that is added to an entity is one that its view lacks', async () => {
  const invoice = catalogue.record('Invoice');
  const { number } = invoice.columns;
  if (!number) throw new Error('An invoice has no number.');
  const added = { ...invoice, columns: { ...invoice.columns, colour: { ...number, property: 'colour', column: 'colour' } } };
  const [, ...others] = reportingViews({
    ...catalogue,
    record: (name) => (name === 'Invoice' ? added : catalogue.record(name)),
  }).flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`));
  const found = new Set((await rows<Column>(COLUMNS)).map(({ view, column }) => `${view}.${column}`));
  expect(others.filter((column) => !found.has(column))).toEqual(['invoice.colour']);
});

describe('what is kept back from most people in the graph', () => {
  it('is in no view: a field with a permission of its own, JSON, and a text for searching', async () => {
    const found = new Set((await rows<Column>(COLUMNS)).map(({ view, column }) => `${view}.${column}`));
    const kept = REPORTED.map((name) => catalogue.record(name)).flatMap(({ table, columns }) =>
      Object.values(columns)
        .filter(({ meta, type, isSearchText }) => meta?.permission || type === 'jsonb' || isSearchText)
        .map(({ column }) => `${table}.${column}`),
    );
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter((column) => found.has(column))).toEqual([]);
  });
});

it('the function of measures gives what the report says', async () => {
  const [found] = await rows<{ names: readonly string[] }>(
    `select proargnames[3:] as names from pg_proc where oid = 'reporting.receivable_measures(date, date)'::regprocedure`,
  );
  expect(found?.names).toEqual(measuresReport.columns.map(({ name }) => name));
});
