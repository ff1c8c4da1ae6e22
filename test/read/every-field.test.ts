// Every field, filter and order that the platform shows is a statement that Postgres runs, for each kind of reader.
import { type GraphQLError, graphql } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { grantsOf, type Role } from '../../src/access/policy.ts';
import type { Principal } from '../../src/access/principal.ts';
import { snake } from '../../src/kernel/text.ts';
import { modules } from '../../src/sync/modules.ts';
import { createGraph, createPlatformCatalogue } from '../../src/platform.ts';
import { createReadEngine } from '../../src/read/engine.ts';
import { createReadPool } from '../../src/read/pool.ts';
import type { ReadRecord } from '../../src/read/record.ts';
import { fieldResolver, undescribed } from '../../src/read/schema.ts';
import { type Shown, shownFields } from '../../src/read/shown.ts';
import { freshDatabase } from '../support/database.ts';

const { connection } = await freshDatabase();
const catalogue = createPlatformCatalogue();
const schema = await createGraph(catalogue);
const pool = (role: string) => createReadPool({ connection, role, max: 4, statementTimeoutMs: 5_000 });
const pools = { read: pool('cashgraph_read'), portal: pool('cashgraph_portal') };
afterAll(() => Promise.all([pools.read.end(), pools.portal.end()]));
const read = createReadEngine({ catalogue, pools, clock: { now: () => new Date('2026-03-01T00:00:00Z') }, maxCost: 1e6 });

const ID = '00000000-0000-7000-8000-000000000001';
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
  if (kind !== 'many') return name;
  return field.relation.connection ? `${name} { totalCount nodes { id } }` : `${name} { id }`;
}

function argumentsOf(field: Shown): string[] {
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
    ...argumentsOf(field).map((args) => list(`${page}, ${args}`, 'id')),
  ]);
}

const rooted = catalogue.records.filter((record) => record.definition.root);
const codeOf = (error: GraphQLError) => (error.originalError as { code?: string } | undefined)?.code;

describe.each(['admin', 'analyst', 'portal'] as const)('for the role %s', (role) => {
  const principal = reader(role);

  it.each(rooted.map((record) => [record.name, record] as const))('%s', async (_, record) => {
    for (const field of shownFields(record)) {
      for (const source of queries(record, field)) {
        const { errors = [] } = await graphql({ schema, source, fieldResolver, contextValue: { principal, read } });
        const faults = errors.filter((error) => codeOf(error) !== 'FORBIDDEN').map(({ message }) => `${source}: ${message}`);
        expect(faults).toEqual([]);
        if (role === 'admin') expect(errors).toEqual([]);
      }
    }
  });
});

it('is described', () => {
  expect(undescribed(schema)).toEqual([]);
});
