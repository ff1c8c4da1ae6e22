/** How each engine of the platform is opened over one database: its pools, roles and limits. It knows no noun. */
import { randomUUID } from 'node:crypto';
import { roleName } from './cli/roles.ts';
import type { Config } from './config.ts';
import type { Clock } from './kernel/clock.ts';
import type { Connector } from './connect/connector.ts';
import { named } from './kernel/connection.ts';
import { createIdSource } from './kernel/ids.ts';
import type { Randomness } from './kernel/random.ts';
import type { Vault } from './kernel/sealed.ts';
import type { SignIn } from './o2c/identity/index.ts';
import { modules } from './transport/modules.ts';
import { type ClientConfig, listenWith, openSystemPool, type Pool } from './outbox/connection.ts';
import { createJobs, type Jobs } from './outbox/jobs.ts';
import { PRUNE_CRON, pruneTask } from './outbox/prune.ts';
import { RETENTION_CRON, retentionTask } from './outbox/retention.ts';
import { createSealer, type Sealer } from './outbox/sealer.ts';
import { createEventStream, type EventStream } from './outbox/tail.ts';
import type { Catalogue } from './read/catalogue.ts';
import { createReadEngine } from './read/engine.ts';
import { createReadPool } from './read/pool.ts';
import { type Sql, statement } from './read/sql.ts';
import type { SyncEngines } from './sync/engine.ts';
import { createDocuments } from './transport/documents.ts';
import type { ExportEngines } from './transport/export/engines.ts';
import { type Exports, openExports } from './transport/export/exports.ts';
import { type Imports, openImports } from './transport/import/imports.ts';
import type { ImportEngines } from './transport/import/engines.ts';
import { WEBHOOKS_NEED } from './transport/webhook-endpoint/needs-log.ts';
import { translateDatabaseError } from './write/database-errors.ts';
import { createWritePool } from './write/pool.ts';
import { CommandRunner } from './write/runner.ts';
import { type ScheduleEngines, scheduledTask } from './write/schedule.ts';
import { inTransaction, type Session } from './write/transaction.ts';
import type { Made } from './platform-graph.ts';

export interface PlatformOptions {
  readonly connection: ClientConfig;
  readonly rolePrefix: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly config: Pick<Config, 'limits' | 'allowsLoopback' | 'exportsDir' | 'uploadsDir' | 'eventsKeptDays'>;
  /** What secrets in the database are sealed with, the newest first. Without any nothing works that needs a secret. */
  readonly secretKeys?: readonly Uint8Array[];
  /** What connections can be made with. */
  readonly connectors?: readonly Connector[];
  /** Told of what goes wrong in the background; everything there goes on by itself. */
  readonly onError?: (error: unknown) => void;
  /** Told of each request to an ERP. */
  readonly onTrace?: SyncEngines['onTrace'];
}

const DELIVERIES_KEPT_DAYS = 30;
const JOB_CONCURRENCY = 4;
/** Nobody sees an event before it is sealed, so this one is never held for long by a process that is dead. */
const SEALER_LEASE_MAX_MS = 6_000;

export interface Opened {
  readonly system: Pool;
  readonly sealer: Sealer;
  readonly events: EventStream;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
}

/** What works in the role `system`: the sealer and the log's readers. */
export function openSystem({ connection, rolePrefix, config, onError = () => undefined }: PlatformOptions): Opened {
  const role = roleName(rolePrefix, 'system');
  const { poolSystemMaxCount, exportsPerProcessMaxCount, importsPerProcessMaxCount, leaseTtlMs, backgroundTimeoutMs } =
    config.limits;
  const system = openSystemPool({
    connection,
    role,
    max: poolSystemMaxCount + JOB_CONCURRENCY + exportsPerProcessMaxCount + importsPerProcessMaxCount,
    answerTimeoutMs: backgroundTimeoutMs,
  });
  return {
    system,
    sealer: createSealer({
      pool: system,
      owner: connection.application_name ?? randomUUID(),
      leaseTtlMs: Math.min(SEALER_LEASE_MAX_MS, leaseTtlMs),
      onError,
    }),
    events: createEventStream({
      pool: system,
      listen: listenWith({ connection, role, answerTimeoutMs: backgroundTimeoutMs }),
      onError,
      catchUpMaxEvents: config.limits.liveCatchUpMaxCount,
    }),
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
export function openJobs(
  { clock, config, onError = () => undefined }: PlatformOptions,
  { system, ...engines }: Omit<ScheduleEngines, 'clock'> & { readonly system: Pool },
): Jobs {
  const schedules = modules.flatMap((module) => module.schedules ?? []);
  const upkeep = modules.flatMap((module) => module.upkeep ?? []);
  const { eventsKeptDays: keptDays } = config;
  const tasks = {
    prune: pruneTask({ pool: system, clock, deliveriesKeptDays: DELIVERIES_KEPT_DAYS }),
    ...(keptDays === null
      ? {}
      : { [RETENTION_CRON.task]: retentionTask({ pool: system, clock, keptDays, neededBy: [WEBHOOKS_NEED] }) }),
    ...Object.fromEntries(schedules.map((schedule) => [schedule.name, scheduledTask(schedule, { ...engines, clock })])),
    ...Object.fromEntries(upkeep.map((one) => [one.name, async () => void (await engines.rows(one.statement(clock.now())))])),
  };
  const retention = keptDays === null ? [] : [RETENTION_CRON];
  const cron = [PRUNE_CRON, ...retention, ...[...schedules, ...upkeep].map(({ name, match }) => ({ task: name, match }))];
  return createJobs({
    pool: system,
    tasks,
    concurrency: JOB_CONCURRENCY,
    cron,
    aliveMs: config.limits.leaseTtlMs,
    onError,
  });
}

interface WritingParts extends Pick<Made, 'catalogue' | 'tables'> {
  readonly vault: Vault;
  readonly committed: () => void;
}

export const connectorsOf = ({ connectors = [] }: PlatformOptions): ReadonlyMap<string, Connector> =>
  new Map(connectors.map((connector) => [connector.name, connector]));

/** The command runner, and transactions of its pool. */
export interface Writing {
  readonly write: CommandRunner;
  readonly newId: () => string;
  inTenant<T>(tenantId: string, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openWriting(options: PlatformOptions, { catalogue, tables, vault, committed }: WritingParts): Writing {
  const { connection, rolePrefix, clock, randomness, config } = options;
  const { limits } = config;
  const pool = createWritePool({
    connection: named(connection, 'write'),
    role: roleName(rolePrefix, 'app'),
    max: limits.poolWriteMaxCount,
    statementTimeoutMs: limits.writeTimeoutMs,
    idleTimeoutMs: limits.writeIdleTimeoutMs,
  });
  const events = new Map(modules.flatMap((module) => module.events).map((event) => [event.type, event]));
  const newId = createIdSource(clock, randomness);
  const write = new CommandRunner({
    pool,
    tables,
    together: { maxCount: limits.writesTogetherMaxCount, atOnceMaxCount: limits.writesTogetherAtOnceMaxCount },
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
  const inTenant = <T>(tenantId: string, work: (session: Session) => Promise<T>) => inTransaction({ pool, tenantId }, work);
  return { write, newId, inTenant, close: () => pool.end() };
}

export function openReading({ connection, rolePrefix, clock, config }: PlatformOptions, catalogue: Catalogue) {
  const { readTimeoutMs: statementTimeoutMs, poolReadMaxCount, poolPortalMaxCount, readTemplatesMaxCount } = config.limits;
  const pool = (kind: 'read' | 'portal', max: number) =>
    createReadPool({ connection: named(connection, kind), role: roleName(rolePrefix, kind), max, statementTimeoutMs });
  const pools = { read: pool('read', poolReadMaxCount), portal: pool('portal', poolPortalMaxCount) };
  const read = createReadEngine({ catalogue, pools, clock, templatesMaxCount: readTemplatesMaxCount });
  return { read, close: () => Promise.allSettled([pools.read.end(), pools.portal.end()]) };
}

type ExportParts = Pick<ExportEngines, 'schema' | 'catalogue' | 'vault' | 'pool' | 'systemRows' | 'write' | 'systemPrincipal'>;

export function openExportsOf(
  { connection, rolePrefix, clock, config, onError = () => undefined }: PlatformOptions,
  { signIn, ...parts }: ExportParts & { readonly signIn: SignIn },
): Exports {
  return openExports({
    ...parts,
    connection: named(connection, 'export'),
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

export const openImportsOf = (
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
