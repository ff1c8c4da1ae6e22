/**
 * Compares the books here with an ERP's: how many records there are, what the documents of each month come to, what is open of each
 * document, what each customer owes. What differs is shown with its cause until it doesn't any more. Everything new is read before each
 * look, and what is found anew is looked for twice: what comes or goes in between is no difference.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorContext } from '../../connect/connector.ts';
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { openConnection } from '../client/open.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { syncStream } from '../inbound/run.ts';
import { withLease } from '../inbound/stream-lease.ts';
import { balanceFindings } from './balances.ts';
import { askedOf, balanceCause, openFindings, sumFindings } from './causes.ts';
import { countFindings } from './counts.ts';
import { type DriftCounts, openDrift, writeDrift } from './drift.ts';
import { figuresOf } from './figures.ts';
import { type Finding, findingKey } from './finding.ts';

export interface Reconciling {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly signal?: AbortSignal;
}

export interface Reconciled extends DriftCounts {
  readonly findings: readonly Finding[];
}

const WAIT_MAX_MS = 30_000;
const LOOK_AGAIN_MS = 250;

/** Null: another process is at it, or the connection stands still. @throws DomainError; ExternalError when the ERP can't be asked */
export async function reconcile(engines: SyncEngines, which: Reconciling): Promise<Reconciled | null> {
  const connection = await openConnection(engines, which);
  if (connection.lifecycle === 'PAUSED') return null;
  const { signal = new AbortController().signal } = which;
  const name = `reconcile:${connection.id}`;
  const compared = () =>
    withLease(engines, name, async (held) => {
      const findings = await settled(engines, connection, AbortSignal.any([signal, held.signal]));
      const { guard } = held;
      return { findings, ...(await writeDrift({ engines, connection, findings, requestId: name, guard })) };
    });
  // another one that is at it may be about to end
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    const done = await compared();
    if (done || waitedMs >= WAIT_MAX_MS) return done;
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

const LOOKS_MAX_COUNT = 4;

/** What differs, and still does when everything that came meanwhile is here: a difference counts when it is seen twice. */
async function settled(engines: SyncEngines, connection: OpenConnection, signal: AbortSignal): Promise<readonly Finding[]> {
  const known = await engines.inTenant(connection.tenantId, (session) => openDrift(session, connection));
  let seen = new Set(known.map(findingKey));
  for (let look = 1; ; look++) {
    await readNew(engines, connection, signal);
    const found = await compare(engines, connection, signal);
    if (look === LOOKS_MAX_COUNT || found.every((one) => seen.has(findingKey(one))))
      return found.filter((one) => seen.has(findingKey(one)));
    seen = new Set(found.map(findingKey));
  }
}

async function compare(engines: SyncEngines, connection: OpenConnection, signal: AbortSignal): Promise<readonly Finding[]> {
  const context: ConnectorContext = connection.context(signal);
  const [entity] = connection.entities;
  if (!entity) throw new DomainError('NOT_CONFIGURED', `${connection.name} serves no legal entity.`);
  const today = localDate(connection.businessNow(), entity.timeZone);
  const figures = await figuresOf(engines, connection, signal);
  const { tally } = figures;
  const requests = await askedOf(engines, connection);
  const causeOf = (accounts: ReadonlyMap<string, string>) => balanceCause(tally, requests, accounts);
  return [
    ...(await countFindings({ engines, connection, context, figures, today })),
    ...sumFindings(tally),
    ...openFindings(tally, requests),
    ...(await balanceFindings(engines, connection, { context, causeOf })),
  ];
}

async function readNew(engines: SyncEngines, { tenantId, id }: OpenConnection, signal: AbortSignal): Promise<void> {
  const streams = await engines.inTenant(tenantId, (session) =>
    session.rows<{ id: string }>(sql`
      select id from sync_stream where tenant_id = ${tenantId} and connection_id = ${id} and is_enabled and last_full_at is not null`),
  );
  for (const stream of streams) await syncStream(engines, { tenantId, streamId: stream.id, mode: 'INCREMENTAL', signal });
}

const EVERY_MS = 3_600_000;

/** After a sync: at most once an hour for each connection, and not before each of its streams was read in whole. */
export async function reconcileWhenDue(engines: SyncEngines, which: Reconciling): Promise<Reconciled | null> {
  const { tenantId, connectionId } = which;
  const before = new Date(engines.clock.now().getTime() - EVERY_MS).toISOString();
  const [due] = await engines.inTenant(tenantId, (session) =>
    session.rows<{ one: number }>(sql`
      select 1 as one where not exists (select from connection_state where tenant_id = ${tenantId} and connection_id = ${connectionId} and reconciled_at > ${before})
        and not exists (select from sync_stream where tenant_id = ${tenantId} and connection_id = ${connectionId} and is_enabled and last_full_at is null)`),
  );
  return due ? reconcile(engines, which) : null;
}
