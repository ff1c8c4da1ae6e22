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
import { modules } from './transport/modules.ts';
import { verifyChain } from './outbox/chain.ts';
import { type ClientConfig, listenWith, openSystemPool, type Pool } from './outbox/connection.ts';
import { createJobs, type Jobs } from './outbox/jobs.ts';
import { PRUNE_CRON, pruneTask } from './outbox/prune.ts';
import { createSealer, type Sealer } from './outbox/sealer.ts';
import { createEventStream, type EventStream } from './outbox/tail.ts';
import { type Catalogue, createCatalogue } from './read/catalogue.ts';
import { createReadEngine, type ReadEngine } from './read/engine.ts';
import { createReadPool } from './read/pool.ts';
import { buildGraph, federationResolver, nodeResolver } from './read/schema.ts';
import { scopeSql } from './read/scope-sql.ts';
import { type Sql, statement } from './read/sql.ts';
import type { SyncEngines } from './sync/engine.ts';
import { freshnessOf } from './sync/fresh.ts';
import { invoicePdf } from './sync/invoice-pdf.ts';
import { openErps, openLogistics, type ReceiveErpWebhook, type ReceiveWebhook } from './sync/index.ts';
import { createDocuments } from './transport/documents.ts';
import type { SendExport } from './transport/export/download.ts';
import type { ExportEngines } from './transport/export/engines.ts';
import { type Exports, openExports } from './transport/export/exports.ts';
import type { ImportContext } from './transport/import/context.ts';
import { type Imports, openImports } from './transport/import/imports.ts';
import type { ImportEngines } from './transport/import/engines.ts';
import type { ReadinessCheck, RequestFacts } from './transport/options.ts';
import type { TrustedDocuments } from './transport/persisted.ts';
import { checkDatabase, checkSealer } from './transport/readiness.ts';
import { createTrustedDocuments } from './transport/trusted-documents.ts';
import type { DeprecatedUse } from './transport/usage/counter.ts';
import { addUses } from './transport/usage/index.ts';
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
  readonly config: Pick<Config, 'limits' | 'allowsLoopback' | 'exportsDir' | 'uploadsDir'>;
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
  readonly trustedDocuments: TrustedDocuments;
  /** Keeps who has used what is deprecated. */
  saveUses(uses: readonly DeprecatedUse[]): Promise<void>;
  /** Sends the files of exports. */
  readonly sendExport: SendExport;
  /** Takes files that are to be imported, and gives reports of what was refused. */
  readonly importFiles: Imports['files'];
  /** Takes what logistics providers report. */
  readonly receiveLogistics: ReceiveWebhook;
  /** Takes what ERPs report. */
  readonly receiveErp: ReceiveErpWebhook;
  /** For reading ERPs from the command line. */
  readonly sync: SyncEngines;
  command(name: string): CommandDefinition;
  contextOf(principal: Principal, facts: RequestFacts): ImportContext;
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
      federationResolver(),
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
  const { poolSystemMaxCount, exportsPerProcessMaxCount, importsPerProcessMaxCount } = config.limits;
  const system = openSystemPool({
    connection,
    role,
    max: poolSystemMaxCount + JOB_CONCURRENCY + exportsPerProcessMaxCount + importsPerProcessMaxCount,
  });
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
  const upkeep = modules.flatMap((module) => module.upkeep ?? []);
  const tasks = {
    prune: pruneTask({ pool: system, clock, deliveriesKeptDays: DELIVERIES_KEPT_DAYS }),
    ...Object.fromEntries(schedules.map((schedule) => [schedule.name, scheduledTask(schedule, { ...engines, clock })])),
    ...Object.fromEntries(upkeep.map((one) => [one.name, async () => void (await engines.rows(one.statement(clock.now())))])),
  };
  const cron = [PRUNE_CRON, ...[...schedules, ...upkeep].map(({ name, match }) => ({ task: name, match }))];
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
    onFault: options.onError ?? (() => undefined),
  });
  const inTenant = <T>(tenantId: string, work: (session: Session) => Promise<T>) => inTransaction({ orm, tenantId }, work);
  return { write, newId, inTenant, close: () => orm.close() };
}

function openReading({ connection, rolePrefix, clock, config }: PlatformOptions, catalogue: Catalogue) {
  const { readTimeoutMs: statementTimeoutMs, poolReadMaxCount, poolPortalMaxCount, readTemplatesMaxCount } = config.limits;
  const pool = (kind: 'read' | 'portal', max: number) =>
    createReadPool({ connection, role: roleName(rolePrefix, kind), max, statementTimeoutMs });
  const pools = { read: pool('read', poolReadMaxCount), portal: pool('portal', poolPortalMaxCount) };
  const read = createReadEngine({ catalogue, pools, clock, templatesMaxCount: readTemplatesMaxCount });
  return { read, close: () => Promise.allSettled([pools.read.end(), pools.portal.end()]) };
}

type ExportParts = Pick<ExportEngines, 'schema' | 'catalogue' | 'vault' | 'pool' | 'systemRows' | 'write' | 'systemPrincipal'>;

function openExportsOf(
  { connection, rolePrefix, clock, config, onError = () => undefined }: PlatformOptions,
  { signIn, ...parts }: ExportParts & { readonly signIn: SignIn },
): Exports {
  return openExports({
    ...parts,
    connection,
    clock,
    onError,
    limits: config.limits,
    folder: config.exportsDir,
    documents: createDocuments(parts.schema, config.limits),
    roles: { read: roleName(rolePrefix, 'read'), portal: roleName(rolePrefix, 'portal') },
    principalOf: (who) => signIn.byId(who),
  });
}

type ImportParts = Omit<ImportEngines, 'clock' | 'limits' | 'folder' | 'onError' | 'principalOf' | 'isStopping'>;

const openImportsOf = (
  { clock, config, onError = () => undefined }: PlatformOptions,
  { signIn, ...parts }: ImportParts & { readonly signIn: SignIn },
): Imports =>
  openImports({
    ...parts,
    clock,
    onError,
    limits: config.limits,
    folder: config.uploadsDir,
    principalOf: (who) => signIn.byId(who),
  });

type ContextParts = Pick<ImportContext, 'read' | 'events' | 'sync' | 'exports' | 'imports'> & {
  readonly engines: SyncEngines;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
};

function contextMaker({ engines, catalogue, clock, ...shared }: ContextParts): Platform['contextOf'] {
  const records = new Map(catalogue.records.map((record) => [record.name, record]));
  const { read } = shared;
  const { write, pool } = engines;
  // Apollo copies the context of each operation: what is the same for all is inherited, and a prototype of its own keeps copies fast
  const common = { ...shared, write };
  return (principal, facts): ImportContext =>
    Object.assign(Object.create(common) as typeof common, {
      ...facts,
      principal,
      now: () => new Date(clock.now().getTime() + (principal.clockOffsetMs ?? 0)),
      scope: (record: string, alias: string) => scopeSql({ catalogue, principal, record, alias }),
      accepts: acceptsEvent(principal, records),
      verifyAudit: () => verifyChain({ pool, tenantId: principal.tenantId }),
      fresh: freshnessOf({ engines, read }, principal),
      erpInvoicePdf: (id: string) => invoicePdf(engines, principal.tenantId, id),
    });
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
  const signIn = createSignIn({ system: { rows: systemRows }, policies, clock });
  const { newId, inTenant } = writing;
  const http = createHttpClient({ allowsLoopback });
  const connectors = connectorsOf(options);
  const database = { pool: system, systemRows, inTenant, write, command, systemPrincipal: principalOfTenant };
  const exports = openExportsOf(options, { ...database, schema, catalogue, vault, signIn });
  const imports = openImportsOf(options, { ...database, vault, newId, signIn });
  const engines: SyncEngines = { ...outside, ...database, connectors, http, randomness, newId, onTrace };
  const erps = openErps(engines, { hasKey: outside.hasKey, stream: events });
  const logistics = openLogistics({ ...outside, ...background, pool: system, stream: events });
  const workers = [jobs, logistics, erps, exports, imports];
  return {
    schema,
    modules,
    catalogue,
    policies,
    read,
    write,
    events,
    sealer,
    signIn,
    downloads: modules.flatMap((module) => module.downloads ?? []),
    trustedDocuments: createTrustedDocuments({ rows: systemRows, clock, limits: config.limits }),
    saveUses: async (uses) => void (await systemRows(addUses(uses))),
    sendExport: exports.send,
    importFiles: imports.files,
    command,
    contextOf: contextMaker({
      engines,
      catalogue,
      clock,
      read,
      events,
      sync: erps.graph,
      exports: exports.desk,
      imports: imports.desk,
    }),
    receiveLogistics: logistics.receive,
    receiveErp: erps.receive,
    sync: engines,
    systemPrincipal: principalOfTenant,
    systemRows,
    readiness: async () => [await checkDatabase(systemRows), await checkSealer(systemRows, config.limits.sealerLagMaxMs)],
    async start() {
      sealer.start();
      await Promise.all(workers.map((worker) => worker.start()));
    },
    async close() {
      await Promise.allSettled([events.close(), sealer.stop(), ...workers.map((worker) => worker.stop())]);
      await Promise.allSettled([writing.close(), reading.close(), system.end()]);
    },
  };
}
