// Every field, filter and order that the platform shows is a statement that Postgres runs, for each kind of reader.
import { type GraphQLError, graphql, isInputObjectType } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { grantsOf, type Role } from '../../src/access/policy.ts';
import type { Principal } from '../../src/access/principal.ts';
import { snake } from '../../src/kernel/text.ts';
import { modules } from '../../src/transport/modules.ts';
import { createGraph, createPlatformCatalogue } from '../../src/platform-graph.ts';
import { dimensionsOf } from '../../src/read/aggregate/dimensions.ts';
import { type Measure, measuresOf } from '../../src/read/aggregate/measures.ts';
import { createReadEngine } from '../../src/read/engine.ts';
import { createReadPool } from '../../src/read/pool.ts';
import type { ReadRecord } from '../../src/read/record.ts';
import { fieldResolver, undescribed } from '../../src/read/schema.ts';
import { type Shown, shownFields } from '../../src/read/shown.ts';
import { freshDatabase } from '../support/database.ts';
import { inTenant } from './seed.ts';

const database = await freshDatabase();
const { connection } = database;
const catalogue = createPlatformCatalogue();
const schema = await createGraph(catalogue);
const pool = (role: string) => createReadPool({ connection, role, max: 4, statementTimeoutMs: 5_000 });
const pools = { read: pool('cashgraph_read'), portal: pool('cashgraph_portal') };
afterAll(() => Promise.all([pools.read.end(), pools.portal.end()]));
const read = createReadEngine({ catalogue, pools, clock: { now: () => new Date('2026-03-01T00:00:00Z') } });

const ID = '00000000-0000-7000-8000-000000000001';
// the group's own currency is read from here
await inTenant(database.as('app'), ID, (insert) =>
  insert('tenant', [{ tenant_id: ID, slug: 'acme', name: 'Acme', group_currency: 'EUR', created_at: '2026-01-01T00:00:00Z' }]),
);
const policies = modules.flatMap((module) => module.policy);

const reader = (role: Role): Principal => ({
  tenantId: ID,
  actorId: ID,
  personId: ID,
  kind: role === 'portal' ? 'PORTAL' : 'USER',
  name: role,
  roles: [role],
  grants: grantsOf(policies, [{ role, legalEntityId: null }]),
  portal: role === 'portal' ? { customerIds: [ID], accountIds: [ID] } : null,
  expiresAt: null,
});

function selection(field: Shown): string {
  const { name, kind } = field;
  if (kind === 'money' || (kind === 'computed' && field.computed.type === 'Money')) return `${name} { amount currency }`;
  if (kind === 'one' || kind === 'first') return `${name} { id }`;
  if (kind === 'aggregate') return `${name} { groups { count } }`;
  if (kind !== 'many') return name;
  return field.relation.connection ? `${name} { totalCount nodes { id } }` : `${name} { id }`;
}

function argumentsOf(field: Shown, record: ReadRecord): string[] {
  const where = schema.getType(`${record.name}Where`);
  if (field.kind === 'many' && isInputObjectType(where) && where.getFields()[field.name])
    return ['some', 'none'].map((quantity) => `where: { ${field.name}: { ${quantity}: {} } }`);
  if (field.kind !== 'scalar' && field.kind !== 'money') return [];
  const { meta } = field.column;
  const currency = field.kind === 'money' ? 'currency: "EUR", gt: "1.00", ' : '';
  return [
    ...(meta?.filter ? [`where: { ${field.name}: { ${currency}isNull: false } }`] : []),
    ...(meta?.sort ? [`orderBy: [{ field: ${snake(field.name).toUpperCase()}, direction: DESC }]`] : []),
  ];
}

/** The field by itself, at present and where possible in the past, and in every argument that takes it. */
function queries(record: ReadRecord, field: Shown): string[] {
  const many = record.definition.root?.many ?? '';
  const list = (args: string, what: string) => `{ ${many}(${args}) { nodes { ${what} } pageInfo { hasNextPage endCursor } } }`;
  const moments = record.definition.at
    ? ['first: 3', 'first: 3, asOf: "2026-01-31", knownAt: "2026-02-01T00:00:00Z"']
    : ['first: 3'];
  return moments.flatMap((page) => [
    list(page, selection(field)),
    ...argumentsOf(field, record).map((args) => list(`${page}, ${args}`, 'id')),
  ]);
}

const KEYS_MAX = 8;
const TERMS_MAX = 5;

/** Everything that the record can be grouped by, counted and ordered by, some at a time. */
function aggregates(record: ReadRecord): string[] {
  const { root, at } = record.definition;
  const field = (args: readonly string[], what: string) =>
    `{ ${root?.many}Aggregate${args.length === 0 ? '' : `(${args.join(', ')})`} { groupCount nextCursor groups { ${what} } } }`;
  const grouped = chunks(
    dimensionsOf(record, (name) => catalogue.record(name)),
    KEYS_MAX,
  ).map((some) => {
    const keys = some.map(({ constant }) => `{ field: ${constant} }`);
    const order = some.slice(0, TERMS_MAX).map(({ constant }) => `{ key: ${constant}, direction: DESC }`);
    const distinct = some.map(({ name, constant }) => `${name}: countDistinct(field: ${constant})`);
    return field(
      [`groupBy: [${keys.join(', ')}]`, `orderBy: [${order.join(', ')}]`, 'first: 2'],
      `key { ${some.map(({ name }) => name).join(' ')} } count ${distinct.join(' ')}`,
    );
  });
  return [
    ...grouped,
    ...chunks(measuresOf(record), TERMS_MAX).flatMap((some) =>
      measured(some, at !== undefined).map(([args, what]) => field(args, what)),
    ),
  ];
}

function measured(measures: readonly Measure[], isDated: boolean): (readonly [readonly string[], string])[] {
  const figures = 'count sum avg min max';
  const having = measures.map(({ name, kind }) => {
    if (kind === 'time') return `${name}: { min: { isNull: true } }`;
    return `${name}: { ${kind === 'money' ? 'currency: "EUR"' : ''} sum: { gt: "1" }, avg: { in: ["1", "2"] } }`;
  });
  const order = measures.map(({ constant, kind }) => `{ measure: ${constant} ${kind === 'money' ? 'currency: "EUR"' : ''} }`);
  const shown = measures.map((measure) => {
    if (measure.kind === 'time') return `${measure.name} { count min max }`;
    if (measure.kind === 'number') return `${measure.name} { ${figures} }`;
    const inGroup = `inGroupCurrency { currency ${figures} unconverted { currency count sum } }`;
    return `${measure.name} { byCurrency { currency ${figures} } ${measure.conversion ? inGroup : ''} }`;
  });
  const what = shown.join(' ');
  const asked = [`having: { ${having.join(', ')} }`, `orderBy: [${order.join(', ')}]`];
  return [[asked, what], [[], what], ...(isDated ? [[['asOf: "2026-01-31"'], what] as const] : [])];
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

const rooted = catalogue.records.filter((record) => record.definition.root);
const codeOf = (error: GraphQLError) => (error.originalError as { code?: string } | undefined)?.code;

describe.each(['admin', 'analyst', 'portal'] as const)('for the role %s', (role) => {
  const principal = reader(role);

  it.each(rooted.map((record) => [record.name, record] as const))('%s', async (_, record) => {
    const sources = [...shownFields(record).flatMap((field) => queries(record, field)), ...aggregates(record)];
    for (const source of sources) {
      const { errors = [] } = await graphql({ schema, source, fieldResolver, contextValue: { principal, read } });
      const faults = errors.filter((error) => codeOf(error) !== 'FORBIDDEN').map(({ message }) => `${source}: ${message}`);
      expect(faults).toEqual([]);
      if (role === 'admin') expect(errors).toEqual([]);
    }
  });
});

it('is described', () => {
  expect(undescribed(schema)).toEqual([]);
});
