/**
 * `@requireFresh`: records whose source is older than the caller bears are read through their ERP before they are answered. All of one
 * operation go together: one request to the ERP for each stream of a connection, within a time limit. It never changes what a record
 * says by itself: what comes takes the same way as everything that is read.
 */
import DataLoader from 'dataloader';
import { type Principal, requirePermission } from '../access/principal.ts';
import { ExternalError } from '../connect/external-error.ts';
import { secondsText } from '../kernel/duration.ts';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import type { Freshness, FreshRequest, ReadEngine } from '../read/engine.ts';
import { FRESH_MAX_COUNT, FRESH_MIN_MS } from '../read/fresh.ts';
import { sql } from '../read/sql.ts';
import { openConnection } from './client/open.ts';
import type { SyncEngines } from './engine.ts';
import { refreshRecords } from './inbound/take.ts';

const TIMEOUT_MS = 10_000;

export interface FreshEngines {
  readonly engines: SyncEngines;
  readonly read: Pick<ReadEngine, 'found'>;
}

interface Source {
  readonly recordId: string;
  readonly connectionId: string;
  readonly connection: string;
  readonly lifecycle: string;
  readonly stream: string;
  readonly externalId: string;
  /** Null: its newest version there isn't here. */
  readonly ageMs: number | null;
}

/** For one operation. */
export function freshnessOf(services: FreshEngines, principal: Principal): Freshness {
  const loader = new DataLoader<FreshRequest, null, string>((requests) => refreshAll(services, principal, requests), {
    cacheKeyFn: ({ record, by, withinMs }) => JSON.stringify([record, by, withinMs]),
  });
  return {
    async require(request) {
      requirePermission(principal, 'sources:refresh');
      if (request.withinMs < FRESH_MIN_MS)
        throw new DomainError('INVALID_INPUT', `within must be at least ${secondsText(FRESH_MIN_MS)}: PT10S.`, {
          path: ['within'],
        });
      await loader.load(request);
    },
  };
}

async function refreshAll(
  services: FreshEngines,
  principal: Principal,
  requests: readonly FreshRequest[],
): Promise<(null | Error)[]> {
  if (requests.length > FRESH_MAX_COUNT) {
    const sentence = `At most ${FRESH_MAX_COUNT} records of one operation can be read anew, not ${requests.length}.`;
    return requests.map(() => new DomainError('TOO_MANY_ITEMS', sentence));
  }
  const ids = await Promise.all(requests.map((request) => services.read.found(principal, request).catch(asError)));
  const sources = await sourcesOf(
    services.engines,
    principal.tenantId,
    ids.flatMap((found) => (found instanceof Error ? [] : found)),
  );
  const stale = new Set<Source>();
  requests.forEach(({ withinMs }, i) => {
    for (const source of ofRecords(sources, ids[i])) if (source.ageMs === null || source.ageMs > withinMs) stale.add(source);
  });
  const problems = await refreshSources(services.engines, principal.tenantId, [...stale]);
  return requests.map((_, i) => {
    const found = ids[i];
    if (found instanceof Error) return found;
    return (
      ofRecords(sources, found)
        .map((source) => problems.get(source))
        .find((problem) => problem !== undefined) ?? null
    );
  });
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const ofRecords = (sources: readonly Source[], ids: readonly string[] | Error | undefined): readonly Source[] =>
  ids === undefined || ids instanceof Error ? [] : sources.filter(({ recordId }) => ids.includes(recordId));

async function sourcesOf({ inTenant, clock }: SyncEngines, tenantId: string, ids: readonly string[]): Promise<readonly Source[]> {
  if (ids.length === 0) return [];
  const now = sql.typed(clock.now().toISOString(), 'timestamptz');
  return inTenant(tenantId, (session) =>
    session.rows<Source>(sql`
      select s.record_id as "recordId", s.connection_id as "connectionId", c.code as connection, c.lifecycle, s.stream, s.external_id as "externalId",
        case when s.state in ('SYNCED', 'GONE') then (extract(epoch from ${now} - greatest(s.synced_at, st.last_succeeded_at)) * 1000)::float8 end as "ageMs"
      from erp_record s
      join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id
      left join sync_stream st on st.tenant_id = s.tenant_id and st.connection_id = s.connection_id and st.name = s.stream
      where s.tenant_id = ${tenantId} and s.record_id = any(${sql.uuids(ids)}) and s.state <> 'IGNORED'`),
  );
}

/** Those that could not be made fresh, each with why. */
async function refreshSources(
  engines: SyncEngines,
  tenantId: string,
  sources: readonly Source[],
): Promise<ReadonlyMap<Source, DomainError>> {
  const groups = new Map<string, Source[]>();
  for (const source of sources) {
    const key = `${source.connectionId} ${source.stream}`;
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  const problems = new Map<Source, DomainError>();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const why = await refreshGroup(engines, { tenantId, group, signal });
      for (const source of group) {
        const sentence = why(source);
        if (sentence !== null) problems.set(source, stale(source, sentence));
      }
    }),
  );
  return problems;
}

const stale = ({ connection, externalId }: Source, sentence: string) =>
  new DomainError('SOURCE_STALE', sentence, { details: { connection, externalId } });

interface Group {
  readonly tenantId: string;
  readonly group: readonly Source[];
  readonly signal: AbortSignal;
}

/** Why each of the group could not be read anew; null: it was. */
async function refreshGroup(engines: SyncEngines, asked: Group): Promise<(source: Source) => string | null> {
  const { group, signal } = asked;
  const [first] = group;
  if (!first) return () => null;
  if (first.lifecycle === 'PAUSED') return () => `The connection ${first.connection} stands still: the ERP is not asked.`;
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  const work = refreshNow(engines, asked, first);
  try {
    const problems = await Promise.race([work, late]);
    return ({ externalId }) => problems.get(externalId) ?? null;
  } catch (error) {
    // it goes on by itself, and nobody waits for it any more
    work.catch(() => {});
    const sentence = sentenceOf(error, first.connection, signal);
    if (sentence === null) throw error;
    return () => sentence;
  } finally {
    late.catch(() => {});
  }
}

function sentenceOf(error: unknown, connection: string, signal: AbortSignal): string | null {
  if (signal.aborted) return `The ERP of ${connection} did not answer within ${secondsText(TIMEOUT_MS)}.`;
  const isOfAsking = error instanceof ExternalError || (isDomainError(error) && CAN_NOT_ASK.has(error.code));
  return isOfAsking ? `The ERP of ${connection} could not be asked: ${error.message}` : null;
}

const CAN_NOT_ASK: ReadonlySet<string> = new Set(['NOT_CONFIGURED', 'SECRET_UNREADABLE', 'INVALID_INPUT']);

/** By external id: what is wrong with it. */
async function refreshNow(
  engines: SyncEngines,
  { tenantId, group, signal }: Group,
  first: Source,
): Promise<ReadonlyMap<string, string>> {
  const { connectionId, stream } = first;
  const externalIds = [...new Set(group.map(({ externalId }) => externalId))];
  const askedAt = engines.clock.now();
  const connection = await openConnection(engines, { tenantId, connectionId });
  const { records } = await refreshRecords(engines, connection, { stream, externalIds, signal });
  const fits = externalIds.filter((id) => isHere(records.get(id)?.state));
  await engines.inTenant(tenantId, (session) =>
    // what was found unchanged was not written
    session.change(sql`update erp_record set synced_at = ${askedAt.toISOString()} where tenant_id = ${tenantId} and connection_id = ${connectionId}
      and stream = ${stream} and external_id = any(${sql.typed(fits, 'text[]')}) and synced_at < ${askedAt.toISOString()}`),
  );
  return new Map(
    externalIds
      .filter((id) => !fits.includes(id))
      .map((id) => [id, records.get(id)?.problem ?? 'What the ERP has of it now does not fit here: its sync issue says why.']),
  );
}

const isHere = (state: string | undefined): boolean => state === 'SYNCED' || state === 'GONE';
