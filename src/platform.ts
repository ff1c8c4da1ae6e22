/**
 * The composition root: the modules' declarations and the engines become one platform over one database. It opens pools and
 * starts background work, and knows no noun.
 */
import type { GraphQLSchema } from 'graphql';
import type { PolicyRow } from './access/policy.ts';
import type { Principal } from './access/principal.ts';
import { type Clock, monotonicMs } from './kernel/clock.ts';
import { createHttpClient } from './connect/http.ts';
import { systemRandom } from './kernel/random.ts';
import { createVault, type Vault } from './kernel/sealed.ts';
import { createSignIn, type SignIn, systemPrincipal as principalOfSystem } from './o2c/identity/index.ts';
import { modules } from './transport/modules.ts';
import { createBackground } from './outbox/background.ts';
import { verifyChain } from './outbox/chain.ts';
import type { Sealer } from './outbox/sealer.ts';
import type { EventStream } from './outbox/tail.ts';
import type { Catalogue } from './read/catalogue.ts';
import type { ReadEngine } from './read/engine.ts';
import { scopeSql } from './read/scope-sql.ts';
import type { Sql } from './read/sql.ts';
import type { SyncEngines } from './sync/engine.ts';
import { freshnessOf } from './sync/fresh.ts';
import { invoicePdf } from './sync/invoice-pdf.ts';
import { openErps, openLogistics, type ReceiveErpWebhook, type ReceiveWebhook } from './sync/index.ts';
import type { SendExport } from './transport/export/download.ts';
import type { Imports } from './transport/import/imports.ts';
import type { ReadinessCheck, RequestFacts } from './transport/options.ts';
import type { Metrics } from './transport/metrics.ts';
import type { TrustedDocuments } from './transport/persisted.ts';
import { checkDatabase, checkSealer, sealerLagS } from './transport/readiness.ts';
import { createTrustedDocuments } from './transport/trusted-documents.ts';
import type { DeprecatedUse } from './transport/usage/counter.ts';
import { addUses } from './transport/usage/index.ts';
import type { WebhookContext } from './transport/webhook-endpoint/context.ts';
import { openWebhooks } from './transport/webhook-endpoint/webhooks.ts';
import type { CommandDefinition } from './write/command.ts';
import type { DownloadKind } from './write/download.ts';
import type { Module } from './write/module.ts';
import { CommandRunner } from './write/runner.ts';
import { acceptsEvent } from './write/event-access.ts';
import {
  connectorsOf,
  openExportsOf,
  openImportsOf,
  openJobs,
  openReading,
  openSystem,
  openWriting,
  type Opened,
  type Writing,
  type PlatformOptions,
} from './platform-engines.ts';
import { command, type Made, ofModules } from './platform-graph.ts';

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
  contextOf(principal: Principal, facts: RequestFacts): WebhookContext;
  /** Cashgraph itself in a tenant: may do everything. Its actor is made with the tenant. */
  systemPrincipal(tenantId: string): Promise<Principal>;
  systemRows<T>(source: Sql): Promise<readonly T[]>;
  readiness(): Promise<readonly ReadinessCheck[]>;
  /** Adds what it counts in the background. */
  measure(metrics: Metrics): void;
  /** In a process that only serves, before it does: what others are to work on can be written from here on. */
  prepare(): Promise<void>;
  /** Starts the work in the background: the sealer, the jobs, and what follows the log. Any number of processes may. */
  start(): Promise<void>;
  /** Ends that work: what is under way is finished or given back, so that another process goes on at once. */
  stop(): Promise<void>;
  /** Stops, and closes the connections. */
  close(): Promise<void>;
}

type ContextParts = Pick<WebhookContext, 'read' | 'events' | 'sync' | 'exports' | 'imports' | 'webhooks'> & {
  readonly engines: SyncEngines;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
};

function contextMaker({ engines, catalogue, clock, ...shared }: ContextParts): Platform['contextOf'] {
  const records = new Map(catalogue.records.map((record) => [record.name, record]));
  const { read } = shared;
  const { write, pool } = engines;
  // Apollo copies the context of each operation: what is the same for all is inherited, and a prototype of its own keeps copies fast
  const ownKinds = new Set(
    catalogue.records.flatMap(({ name, resource: { own, portal } }) => (own || typeof portal === 'object' ? [name] : [])),
  );
  const common = { ...shared, write, ownKinds };
  const made: { [Name in OfPrincipal]: (principal: Principal) => WebhookContext[Name] } = {
    now: (principal) => () => new Date(clock.now().getTime() + (principal.clockOffsetMs ?? 0)),
    scope: (principal) => (record, alias) => scopeSql({ catalogue, principal, record, alias }),
    accepts: (principal) => acceptsEvent(principal, records),
    verifyAudit:
      ({ tenantId }) =>
      () =>
        verifyChain({ pool, tenantId }),
    fresh: (principal) => freshnessOf({ engines, read }, principal),
    erpInvoicePdf:
      ({ tenantId }) =>
      (id) =>
        invoicePdf(engines, tenantId, id),
  };
  const prototype = withMade(common, made);
  return (principal, facts) => Object.assign(Object.create(prototype) as WebhookContext, facts, { principal });
}

/** What is made for one principal, when an operation asks for it: most need nothing of it. */
type OfPrincipal = 'now' | 'scope' | 'accepts' | 'verifyAudit' | 'fresh' | 'erpInvoicePdf';

function withMade<Common extends object, Lazy extends object>(
  common: Common,
  made: { readonly [Name in keyof Lazy]: (principal: Principal) => Lazy[Name] },
): Common {
  for (const name of Object.keys(made) as (keyof Lazy)[]) {
    Object.defineProperty(common, name, {
      get(this: { readonly principal: Principal }) {
        const value = made[name](this.principal);
        Object.defineProperty(this, name, { value });
        return value;
      },
    });
  }
  return common;
}

interface WorkParts {
  readonly made: Made;
  readonly opened: Opened;
  readonly writing: Writing;
  readonly vault: Vault;
  readonly signIn: SignIn;
  systemPrincipal(tenantId: string): Promise<Principal>;
}

/** What goes on behind the API, and the desks at which the graph asks for it. */
function openWork(options: PlatformOptions, { made, opened, writing, vault, signIn, systemPrincipal }: WorkParts) {
  const { clock, config, randomness, secretKeys = [], onError = () => undefined, onTrace = () => undefined } = options;
  const { catalogue, schema } = made;
  const { system: pool, sealer, events: stream, systemRows } = opened;
  const { write, newId, inTenant } = writing;
  const { allowsLoopback, limits } = config;
  const { leaseTtlMs, syncLookMs: lookMs } = limits;
  const deletes = { freeCount: limits.syncDeletesFreeCount, maxPercent: limits.syncDeletesMaxPercent };
  const hasKey = secretKeys.length > 0;
  const outside = { vault, clock, allowsLoopback, hasKey, onError };
  const background = { rows: systemRows, write, systemPrincipal };
  const database = { pool, systemRows, inTenant, write, command, systemPrincipal };
  const http = createHttpClient({ allowsLoopback });
  const connectors = connectorsOf(options);
  const reading = { connectors, http, randomness, newId, leaseTtlMs, lookMs, deletes, onTrace };
  const engines: SyncEngines = { ...outside, ...database, ...reading };
  const following = { ...outside, ...background, pool, stream, claimTtlMs: leaseTtlMs };
  const jobs = openJobs(options, { system: pool, ...background });
  const exports = openExportsOf(options, { ...database, schema, catalogue, vault, signIn });
  const imports = openImportsOf(options, { ...database, vault, newId, signIn });
  const erps = openErps(engines, { hasKey, stream });
  const logistics = openLogistics(following);
  const webhooks = openWebhooks({ ...following, catalogue, limits });
  const works = createBackground([sealer, jobs, logistics, erps, exports, imports, webhooks]);
  const prepare = async (): Promise<void> => void (await Promise.all([logistics.prepare(), webhooks.prepare()]));
  return { engines, exports, imports, erps, logistics, webhooks, works, prepare };
}

export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock, config, secretKeys = [] } = options;
  const openedAtMs = monotonicMs();
  const policies = modules.flatMap((module) => module.policy);
  const made = await ofModules();
  const { catalogue, schema, tables } = made;
  const opened = openSystem(options);
  const { system, sealer, events, systemRows } = opened;
  // never a seeded source: what is sealed has to stay closed
  const vault = createVault({ keys: secretKeys, randomBytes: (count) => systemRandom.bytes(count) });
  const writing = openWriting(options, { catalogue, tables, vault, committed: () => sealer.wake() });
  const reading = openReading(options, catalogue);
  const { read } = reading;
  const { write } = writing;
  const principalOfTenant = (tenantId: string) => principalOfSystem({ tenantId, policies, system: { rows: systemRows } });
  const signIn = createSignIn({ system: { rows: systemRows }, policies, clock });
  const work = openWork(options, { made, opened, writing, vault, signIn, systemPrincipal: principalOfTenant });
  const { engines, exports, imports, erps, logistics, webhooks, works } = work;
  const desks = { sync: erps.graph, exports: exports.desk, imports: imports.desk, webhooks: webhooks.desk };
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
    contextOf: contextMaker({ engines, catalogue, clock, read, events, ...desks }),
    receiveLogistics: logistics.receive,
    receiveErp: erps.receive,
    sync: engines,
    systemPrincipal: principalOfTenant,
    systemRows,
    readiness: async () => [
      await checkDatabase(systemRows),
      await checkSealer(systemRows, { lagMaxMs: config.limits.sealerLagMaxMs, upMs: monotonicMs() - openedAtMs }),
    ],
    measure(metrics) {
      const collect = () => sealerLagS(systemRows);
      metrics.gauge({ name: 'sealer_lag_seconds', help: 'For how long the oldest event has waited to be sealed.', collect });
      webhooks.measure(metrics);
    },
    prepare: work.prepare,
    start: () => works.start(),
    stop: () => works.stop(),
    async close() {
      await Promise.allSettled([events.close(), works.stop()]);
      await Promise.allSettled([writing.close(), reading.close(), system.end()]);
    },
  };
}
