/**
 * The composition root: the modules' declarations and the engines become one platform over one database. It opens pools and
 * starts background work, and knows no noun.
 */
import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { PolicyRow } from './access/policy.ts';
import type { Principal } from './access/principal.ts';
import { roleName } from './cli/roles.ts';
import type { Config } from './config.ts';
import type { Clock } from './kernel/clock.ts';
import type { Connector } from './connect/connector.ts';
import { createHttpClient } from './connect/http.ts';
import { createIdSource } from './kernel/ids.ts';
import { type Randomness, systemRandom } from './kernel/random.ts';
import { createVault, type Vault } from './kernel/sealed.ts';
import { createSignIn, type SignIn, systemPrincipal } from './o2c/identity/index.ts';
import { modules } from './sync/modules.ts';
import { verifyChain } from './outbox/chain.ts';
import { type ClientConfig, listenWith, openSystemPool, type Pool } from './outbox/connection.ts';
import { createJobs, type Jobs } from './outbox/jobs.ts';
import { PRUNE_CRON, pruneTask } from './outbox/prune.ts';
import { createSealer, type Sealer } from './outbox/sealer.ts';
import { createEventStream, type EventStream } from './outbox/tail.ts';
import { type Catalogue, createCatalogue } from './read/catalogue.ts';
import { createReadEngine, type ReadEngine } from './read/engine.ts';
import { createReadPool } from './read/pool.ts';
import { buildGraph, nodeResolver } from './read/schema.ts';
import { scopeSql } from './read/scope-sql.ts';
import { type Sql, statement } from './read/sql.ts';
import type { SyncContext } from './sync/context.ts';
import type { SyncEngines } from './sync/engine.ts';
import { freshnessOf } from './sync/fresh.ts';
import { invoicePdf } from './sync/invoice-pdf.ts';
import { openErps, openLogistics, type ReceiveErpWebhook, type ReceiveWebhook } from './sync/index.ts';
import type { ReadinessCheck, RequestFacts } from './transport/options.ts';
import { checkDatabase, checkSealer } from './transport/readiness.ts';
import type { CommandDefinition } from './write/command.ts';
import type { DownloadKind } from './write/download.ts';
import type { Module } from './write/module.ts';
import { translateDatabaseError } from './write/database-errors.ts';
import { createOrm } from './write/orm.ts';
import { CommandRunner } from './write/runner.ts';
import { type ScheduleEngines, scheduledTask } from './write/schedule.ts';
import { acceptsEvent, changedSubscription, eventsSubscription } from './write/subscription.graphql.ts';
import { tablesOf } from './write/tables.ts';
import { inTransaction, type Session } from './write/transaction.ts';
import { auditResolver } from './write/audit.graphql.ts';

export interface PlatformOptions {
  readonly connection: ClientConfig;
  readonly rolePrefix: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly config: Pick<Config, 'limits' | 'allowsLoopback'>;
  /** What secrets in the database are sealed with, the newest first. Without any nothing works that needs a secret. */
  readonly secretKeys?: readonly Uint8Array[];
  /** What connections can be made with. */
  readonly connectors?: readonly Connector[];
  /** Told of what goes wrong in the background; everything there goes on by itself. */
  readonly onError?: (error: unknown) => void;
  /** Told of each request to an ERP. */
  readonly onTrace?: SyncEngines['onTrace'];
}

export interface Platform {
  readonly schema: GraphQLSchema;
  readonly modules: readonly Module[];
  readonly catalogue: Catalogue;
  readonly policies: readonly PolicyRow[];
  readonly read: ReadEngine;
  readonly write: CommandRunner;
  readonly events: EventStream;
  readonly sealer: Sealer;
  readonly signIn: SignIn;
  /** What can be downloaded as a document. */
  readonly downloads: readonly DownloadKind[];
  /** Takes what logistics providers report. */
  readonly receiveLogistics: ReceiveWebhook;
  /** Takes what ERPs report. */
  readonly receiveErp: ReceiveErpWebhook;
  /** For reading ERPs from the command line. */
  readonly sync: SyncEngines;
  command(name: string): CommandDefinition;
  contextOf(principal: Principal, facts: RequestFacts): SyncContext;
  /** Cashgraph itself in a tenant: may do everything. Its actor is made with the tenant. */
  systemPrincipal(tenantId: string): Promise<Principal>;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
  readiness(): Promise<readonly ReadinessCheck[]>;
  /** Starts the sealer, the jobs, and what follows the log. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const DELIVERIES_KEPT_DAYS = 30;
const JOB_CONCURRENCY = 4;
const SUBSCRIBED: Readonly<Record<string, string>> = {
  Invoice: 'invoiceChanged',
  Payment: 'paymentChanged',
  CreditAccount: 'creditChanged',
  Fulfilment: 'fulfilmentChanged',
  Order: 'orderChanged',
};

/** The graph of the modules: also what `schema/schema.graphql` is printed from. */
export async function createGraph(catalogue: Catalogue): Promise<GraphQLSchema> {
  const roots = catalogue.records.filter((record) => record.definition.root);
  return buildGraph({
    catalogue,
    resolvers: [
      ...modules.flatMap((module) => module.resolvers),
      ...Object.entries(SUBSCRIBED).map(([record, name]) => changedSubscription(catalogue.record(record), name)),
      eventsSubscription(roots),
      nodeResolver(),
      auditResolver(),
    ],
    orphans: modules.flatMap((module) => module.orphans ?? []),
  });
}

const COMMANDS = new Map(modules.flatMap((module) => module.commands).map((one) => [one.name, one]));

function command(name: string): CommandDefinition {
  const found = COMMANDS.get(name);
  if (!found) throw new Error(`There is no command ${name}`);
  return found;
}

export const createPlatformCatalogue = (): Catalogue => createCatalogue(modules.flatMap((module) => module.records));

interface Opened {
  readonly system: Pool;
  readonly sealer: Sealer;
  readonly events: EventStream;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
}

/** What works in the role `system`: the sealer and the log's readers. */
function openSystem({ connection, rolePrefix, config, onError = () => undefined }: PlatformOptions): Opened {
  const role = roleName(rolePrefix, 'system');
  const system = openSystemPool({ connection, role, max: config.limits.poolSystemMaxCount + JOB_CONCURRENCY });
  return {
    system,
    sealer: createSealer({ pool: system, owner: randomUUID(), onError }),
    events: createEventStream({ pool: system, listen: listenWith({ connection, role }), onError }),
    async systemRows<T>(source: Sql) {
      const { text, values } = statement(source);
      try {
        return (await system.query(text, [...values])).rows as readonly T[];
      } catch (error) {
        // who signs in while a connection is lost is told to come again
        throw translateDatabaseError(error);
      }
    },
  };
}

/** What happens at its hour: the pruning, and what the modules say falls due. */
function openJobs(
  { clock, onError = () => undefined }: PlatformOptions,
  { system, ...engines }: Omit<ScheduleEngines, 'clock'> & { readonly system: Pool },
): Jobs {
  const schedules = modules.flatMap((module) => module.schedules ?? []);
  const tasks = {
    prune: pruneTask({ pool: system, clock, deliveriesKeptDays: DELIVERIES_KEPT_DAYS }),
    ...Object.fromEntries(schedules.map((schedule) => [schedule.name, scheduledTask(schedule, { ...engines, clock })])),
  };
  const cron = [PRUNE_CRON, ...schedules.map(({ name, match }) => ({ task: name, match }))];
  return createJobs({ pool: system, tasks, concurrency: JOB_CONCURRENCY, cron, onError });
}

interface Writing {
  readonly catalogue: Catalogue;
  readonly vault: Vault;
  readonly committed: () => void;
}

const connectorsOf = ({ connectors = [] }: PlatformOptions): ReadonlyMap<string, Connector> =>
  new Map(connectors.map((connector) => [connector.name, connector]));

async function openWriting(options: PlatformOptions, { catalogue, vault, committed }: Writing) {
  const { connection, rolePrefix, clock, randomness, config } = options;
  const entities = modules.flatMap((module) => module.entities);
  const { poolWriteMaxCount: max, writeTimeoutMs: statementTimeoutMs } = config.limits;
  const orm = await createOrm({ connection, role: roleName(rolePrefix, 'app'), entities, max, statementTimeoutMs });
  const events = new Map(modules.flatMap((module) => module.events).map((event) => [event.type, event]));
  const newId = createIdSource(clock, randomness);
  const write = new CommandRunner({
    orm,
    tables: tablesOf(orm, entities),
    catalogue,
    policies: modules.flatMap((module) => module.policy),
    events,
    derivations: modules.flatMap((module) => module.derivations ?? []),
    clock,
    randomness,
    newId,
    vault,
    allowsLoopback: config.allowsLoopback,
    connectors: connectorsOf(options),
    committed,
  });
  const inTenant = <T>(tenantId: string, work: (session: Session) => Promise<T>) => inTransaction({ orm, tenantId }, work);
  return { write, newId, inTenant, close: () => orm.close() };
}

function openReading({ connection, rolePrefix, clock, config }: PlatformOptions, catalogue: Catalogue) {
  const { readTimeoutMs: statementTimeoutMs, poolReadMaxCount, poolPortalMaxCount, queryMaxCost: maxCost } = config.limits;
  const pool = (kind: 'read' | 'portal', max: number) =>
    createReadPool({ connection, role: roleName(rolePrefix, kind), max, statementTimeoutMs });
  const pools = { read: pool('read', poolReadMaxCount), portal: pool('portal', poolPortalMaxCount) };
  const read = createReadEngine({ catalogue, pools, clock, maxCost });
  return { read, close: () => Promise.allSettled([pools.read.end(), pools.portal.end()]) };
}

export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock, config, randomness, secretKeys = [], onError = () => undefined, onTrace = () => undefined } = options;
  const policies = modules.flatMap((module) => module.policy);
  const catalogue = createPlatformCatalogue();
  const schema = await createGraph(catalogue);
  const { system, sealer, events, systemRows } = openSystem(options);
  // never a seeded source: what is sealed has to stay closed
  const vault = createVault({ keys: secretKeys, randomBytes: (count) => systemRandom.bytes(count) });
  const writing = await openWriting(options, { catalogue, vault, committed: () => sealer.wake() });
  const reading = openReading(options, catalogue);
  const { read } = reading;
  const { write } = writing;
  const principalOfTenant = (tenantId: string) => systemPrincipal({ tenantId, policies, system: { rows: systemRows } });
  const { allowsLoopback } = config;
  const outside = { vault, clock, allowsLoopback, hasKey: secretKeys.length > 0, onError };
  const background = { rows: systemRows, write, systemPrincipal: principalOfTenant };
  const jobs = openJobs(options, { system, ...background });
  const { newId, inTenant } = writing;
  const http = createHttpClient({ allowsLoopback });
  const connectors = connectorsOf(options);
  const database = { pool: system, systemRows, inTenant, write, command, systemPrincipal: principalOfTenant };
  const engines: SyncEngines = { ...outside, ...database, connectors, http, randomness, newId, onTrace };
  const erps = openErps(engines, { hasKey: outside.hasKey, stream: events });
  const logistics = openLogistics({ ...outside, ...background, pool: system, stream: events });
  const records = new Map(catalogue.records.map((record) => [record.name, record]));
  return {
    schema,
    modules,
    catalogue,
    policies,
    read,
    write,
    events,
    sealer,
    signIn: createSignIn({ system: { rows: systemRows }, policies, clock }),
    downloads: modules.flatMap((module) => module.downloads ?? []),
    command,
    contextOf: (principal, facts) => ({
      ...facts,
      principal,
      now: () => new Date(clock.now().getTime() + (principal.clockOffsetMs ?? 0)),
      read,
      write,
      events,
      scope: (record, alias) => scopeSql({ catalogue, principal, record, alias }),
      accepts: acceptsEvent(principal, records),
      verifyAudit: () => verifyChain({ pool: system, tenantId: principal.tenantId }),
      fresh: freshnessOf({ engines, read }, principal),
      erpInvoicePdf: (id) => invoicePdf(engines, principal.tenantId, id),
      sync: erps.graph,
    }),
    receiveLogistics: logistics.receive,
    receiveErp: erps.receive,
    sync: engines,
    systemPrincipal: principalOfTenant,
    systemRows,
    readiness: async () => [await checkDatabase(systemRows), await checkSealer(systemRows, config.limits.sealerLagMaxMs)],
    async start() {
      sealer.start();
      await Promise.all([jobs.start(), logistics.start(), erps.start()]);
    },
    async close() {
      await Promise.allSettled([logistics.stop(), erps.stop(), events.close(), sealer.stop(), jobs.stop()]);
      await Promise.allSettled([writing.close(), reading.close(), system.end()]);
    },
  };
}
