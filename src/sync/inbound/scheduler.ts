/**
 * Reads what is due, in each process: streams of active connections whose time has come, and what webhooks hinted at. Connections go
 * in parallel, up to a number; of one connection one stream at a time over all processes, in the order in which the connector lists
 * them, so that on a first read records come before what refers to them.
 */
import { DomainError } from '../../kernel/errors.ts';
import { createWakeUp } from '../../outbox/wake-up.ts';
import { sql } from '../../read/sql.ts';
import { openConnection, type Which } from '../client/open.ts';
import type { SyncEngines } from '../engine.ts';
import { reconcileWhenDue } from '../reconcile/reconcile.ts';
import { workOffHints } from './hints.ts';
import { KINDS } from './kinds.ts';
import { replay } from './replay.ts';
import type { ReadMode } from './reading.ts';
import { type RunResult, syncStream } from './run.ts';
import { withLease } from './stream-lease.ts';

export interface Scheduler {
  start(): void;
  /** Stops between two pages; waits for what is being written. */
  stop(): Promise<void>;
  /** There may be something to do. */
  wake(): void;
}

interface Due extends Which {
  readonly hasHints: boolean;
  readonly isDue: boolean;
}

/** Of each kind of work. */
const CONNECTIONS_MAX_COUNT = 4;
/** After something went wrong that no row tells of. */
const RETRY_MS = 5_000;
const STOP_MS = 5_000;
const DAY_MS = 86_400_000;

export function createScheduler(engines: SyncEngines): Scheduler {
  const wakeUp = createWakeUp();
  const underWay = new Map<string, Promise<void>>();
  let stopping = new AbortController();
  let running: Promise<void> | null = null;

  const begin = (kind: 'streams' | 'hints' | 'figures', which: Which, work: () => Promise<boolean>): void => {
    const key = `${kind} ${which.connectionId}`;
    const count = [...underWay.keys()].filter((one) => one.startsWith(kind)).length;
    if (underWay.has(key) || count >= CONNECTIONS_MAX_COUNT) return;
    const task = work()
      .then((isDone) => (isDone ? wakeUp.wake() : undefined))
      .catch(async (error: unknown) => {
        engines.onError(error);
        await createWakeUp().pause(RETRY_MS, stopping.signal);
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, task);
  };

  const figures = async (due: Which, signal: AbortSignal): Promise<boolean> => {
    await reconcileWhenDue(engines, { ...due, signal });
    return false;
  };
  const streamsThenFigures = async (due: Which, signal: AbortSignal): Promise<boolean> => {
    await streams(engines, due, signal);
    begin('figures', due, () => figures(due, signal));
    return false; // what is due by now was looked for at the end
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      wakeUp.reset();
      try {
        for (const due of await dueConnections(engines)) {
          if (due.hasHints) begin('hints', due, () => hints(engines, due, signal));
          if (due.isDue) begin('streams', due, () => streamsThenFigures(due, signal));
        }
      } catch (error) {
        engines.onError(error);
      }
      await wakeUp.pause(engines.lookMs, signal);
    }
  };

  return {
    wake: () => wakeUp.wake(),
    start() {
      if (running) return;
      stopping = new AbortController();
      running = run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
      running = null;
      const ended = new AbortController();
      const late = createWakeUp().pause(STOP_MS, ended.signal);
      await Promise.race([Promise.allSettled(underWay.values()), late]);
      ended.abort();
    },
  };
}

const dueConnections = (engines: SyncEngines): Promise<readonly Due[]> =>
  engines.systemRows<Due>(sql`
    select * from (
      select c.tenant_id as "tenantId", c.id as "connectionId",
        exists (select from webhook_hint h where h.tenant_id = c.tenant_id and h.connection_id = c.id) as "hasHints",
        exists (select from sync_stream s where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.is_enabled
          and s.next_run_at <= ${engines.clock.now().toISOString()}) as "isDue"
      from connection c where c.lifecycle = 'ACTIVE') d where "hasHints" or "isDue" order by random() limit 100`);

/** One process at a time works off a connection's hints. False: another one is at it. */
async function hints(engines: SyncEngines, which: Which, signal: AbortSignal): Promise<boolean> {
  const done = await withLease(engines, `hints:${which.connectionId}`, async (held) => {
    const connection = await openConnection(engines, which);
    await workOffHints(engines, connection, AbortSignal.any([signal, held.signal]));
    return true;
  });
  return done ?? false;
}

async function streams(engines: SyncEngines, which: Which, stopping: AbortSignal): Promise<void> {
  await withLease(engines, `sync:${which.connectionId}`, async (held) => {
    const signal = AbortSignal.any([stopping, held.signal]);
    const known = await openConnection(engines, which).catch(() => null); // each run says why it can't be opened
    if (known) await addMissingStreams(engines, which, known.connector.streams);
    const order = (name: string) => known?.connector.streams.findIndex((stream) => stream.name === name) ?? 0;
    while (!signal.aborted) {
      const due = await dueStreams(engines, which);
      // in turns: where a round takes longer than its streams may wait, the last of them are read as often as the first
      const [next] = [...due].sort((a, b) => a.startedAtMs - b.startedAtMs || order(a.name) - order(b.name));
      if (!next) return;
      if (next.askedMode === 'REPLAY') {
        if ((await replayAsked(engines, which, { ...next, signal })) !== 'DONE') return;
        continue;
      }
      const stream = known?.connector.streams.find(({ name }) => name === next.name);
      const isOld = stream?.needsKeyComparison === true && next.fullAgeMs !== null && next.fullAgeMs > DAY_MS;
      const mode = next.askedMode ?? (isOld ? 'FULL' : 'INCREMENTAL');
      const { state } = await syncStream(engines, { tenantId: which.tenantId, streamId: next.id, mode, signal });
      // another process is at it, or was: the next look tells
      if (state === 'BUSY' || state === 'STOPPED') return;
    }
  });
}

/** How it went, its run says; whoever asked asks again. Asked for once more meanwhile, it is done once more. */
async function replayAsked(
  engines: SyncEngines,
  which: Which,
  { id, name, version, signal }: DueStream & { readonly signal: AbortSignal },
): Promise<RunResult['state']> {
  const { state } = await replay(engines, { ...which, stream: name, signal }).catch((error: unknown) => {
    engines.onError(error);
    return { state: 'FAILED' as const };
  });
  if (state === 'DONE' || state === 'FAILED')
    await engines.inTenant(which.tenantId, (session) =>
      session.change(
        sql`update sync_stream set asked_mode = null where tenant_id = ${which.tenantId} and id = ${id} and version = ${version}`,
      ),
    );
  return state;
}

interface DueStream {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly askedMode: ReadMode | 'REPLAY' | null;
  readonly fullAgeMs: number | null;
  /** When it was read last; 0: never. */
  readonly startedAtMs: number;
}

function dueStreams(engines: SyncEngines, { tenantId, connectionId }: Which): Promise<readonly DueStream[]> {
  const now = sql.typed(engines.clock.now().toISOString(), 'timestamptz');
  return engines.systemRows<DueStream>(sql`
    select s.id, s.name, s.version, s.asked_mode as "askedMode", (extract(epoch from ${now} - s.last_full_at) * 1000)::float8 as "fullAgeMs",
      coalesce((extract(epoch from s.last_started_at) * 1000)::float8, 0) as "startedAtMs"
    from sync_stream s join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.is_enabled and c.lifecycle = 'ACTIVE' and s.next_run_at <= ${now}
    order by s.next_run_at, s.name`);
}

/** Those that came with a newer version of the connector. */
async function addMissingStreams(
  engines: SyncEngines,
  { tenantId, connectionId }: Which,
  wanted: readonly { readonly name: string; readonly kind: keyof typeof KINDS }[],
): Promise<void> {
  const now = engines.clock.now().toISOString();
  const rows = wanted.map(
    ({ name, kind }) =>
      sql`(${tenantId}::uuid, ${engines.newId()}::uuid, ${connectionId}::uuid, ${name}, ${KINDS[kind].record}, ${now}::timestamptz, ${now}::timestamptz)`,
  );
  await engines.inTenant(tenantId, (session) =>
    session.change(sql`insert into sync_stream (tenant_id, id, connection_id, name, record_kind, next_run_at, created_at)
      values ${sql.join(rows)} on conflict (tenant_id, connection_id, name) do nothing`),
  );
}

/** Without a key no secret can be opened, so nothing can be asked and nothing is proved. */
export const noKey = () =>
  new DomainError(
    'NOT_CONFIGURED',
    'CASHGRAPH_SECRET_KEY is missing: no ERP is read, nothing is sent to any, and their webhooks are not taken.',
  );
