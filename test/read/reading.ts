// The read engine over a fresh, seeded database, and GraphQL in front of it.
import { type ExecutionResult, graphql, type GraphQLSchema } from 'graphql';
import pg from 'pg';
import { afterAll } from 'vitest';
import type { Grant, Permission } from '../../src/access/policy.ts';
import type { Principal } from '../../src/access/principal.ts';
import { createReadEngine, type ReadEngine } from '../../src/read/engine.ts';
import { createReadPool, type ReadPool } from '../../src/read/pool.ts';
import { buildGraph, fieldResolver, nodeResolver, rootResolver } from '../../src/read/schema.ts';
import { freshDatabase } from '../support/database.ts';
import { ACCOUNT, CUSTOMER, seed, TENANT } from './seed.ts';
import { catalogue } from './small-catalogue.ts';

const READS = ['legal-entities', 'terms', 'customers', 'invoices', 'items', 'payments'].map((what): Permission => `${what}:read`);

export interface Who {
  readonly tenant?: number;
  /** Permissions besides the right to read every record. */
  readonly also?: readonly Permission[];
  readonly without?: readonly Permission[];
  /** Legal entities; else all. */
  readonly grant?: Grant;
  readonly portal?: { readonly customers: readonly number[]; readonly accounts: readonly number[] };
}

export function principal({ tenant = 1, also = [], without = [], grant = 'ALL', portal }: Who = {}): Principal {
  const permissions = [...READS, ...also].filter((permission) => !without.includes(permission));
  return {
    tenantId: TENANT(tenant),
    actorId: TENANT(tenant),
    personId: TENANT(tenant),
    kind: portal ? 'PORTAL' : 'USER',
    name: 'Ann',
    roles: [],
    grants: new Map(permissions.map((permission) => [permission, grant])),
    portal: portal
      ? {
          customerIds: portal.customers.map((n) => CUSTOMER(tenant, n)),
          accountIds: portal.accounts.map((n) => ACCOUNT(tenant, n)),
        }
      : null,
    expiresAt: null,
  };
}

export const NOW = new Date('2026-03-01T12:00:00Z');

const smallGraph = (): Promise<GraphQLSchema> =>
  buildGraph({ catalogue, resolvers: [nodeResolver(), ...catalogue.records.filter((r) => r.definition.root).map(rootResolver)] });

export interface Reading {
  readonly engine: ReadEngine;
  readonly pools: { readonly read: ReadPool; readonly portal: ReadPool };
  readonly schema: GraphQLSchema;
  readonly app: pg.Pool;
  readonly connection: pg.ClientConfig;
  ask(source: string, who?: Who, variables?: Record<string, unknown>): Promise<ExecutionResult>;
  /** The data, or the first error. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have the shape of their queries
  data(source: string, who?: Who, variables?: Record<string, unknown>): Promise<any>;
}

/** At the top of a test file. */
export async function reading(): Promise<Reading> {
  const database = await freshDatabase();
  const app = database.as('app');
  await seed(app);
  const pool = (role: string) => createReadPool({ connection: database.connection, role, max: 4, statementTimeoutMs: 5_000 });
  const pools = { read: pool('cashgraph_read'), portal: pool('cashgraph_portal') };
  afterAll(() => Promise.all([pools.read.end(), pools.portal.end()]));
  const engine = createReadEngine({ catalogue, pools, clock: { now: () => NOW } });
  const schema = await smallGraph();
  const ask: Reading['ask'] = (source, who = {}, variables = {}) =>
    graphql({
      schema,
      source,
      variableValues: variables,
      fieldResolver,
      contextValue: { principal: principal(who), read: engine },
    });
  const data: Reading['data'] = async (source, who, variables) => {
    const answer = await ask(source, who, variables);
    if (answer.errors?.[0]) throw answer.errors[0].originalError ?? answer.errors[0];
    return JSON.parse(JSON.stringify(answer.data));
  };
  return { engine, pools, schema, app, connection: database.connection, ask, data };
}
