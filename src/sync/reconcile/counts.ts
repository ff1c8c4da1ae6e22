/** How many records a stream has there and here, in all and by the months of its documents. */
import type { ConnectorContext, Stream } from '../../connect/connector.ts';
import { addMonths, endOfMonth } from '../../kernel/date.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { OF_ALL } from '../inbound/company.ts';
import type { Figures } from './figures.ts';
import { counted, type Finding, finding } from './finding.ts';

/** Older months are counted only where the whole doesn't agree: each takes a request. */
const MONTHS_MAX_COUNT = 13;

export interface Counting {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly context: ConnectorContext;
  readonly figures: Figures;
  /** In the zone of the books. */
  readonly today: string;
}

export async function countFindings(counting: Counting): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const kept = await keptCounts(counting.engines, counting.connection);
  for (const stream of counting.connection.connector.streams) {
    const here = kept.get(stream.name);
    if (!stream.count || !here) continue;
    for (const part of partsOf(counting, stream, here)) found.push(...(await partFindings(counting, part)));
  }
  return found;
}

/** What is counted together: a stream, of each legal entity by itself where its records say whose they are. */
interface Part {
  readonly stream: Stream;
  readonly context: ConnectorContext;
  readonly legalEntityId: string | null;
  readonly ours: number;
  /** By the first day of the month; absent: some record has no day. */
  readonly months: ReadonlyMap<string, number> | undefined;
}

function partsOf({ connection, context, figures }: Counting, stream: Stream, here: KeptCounts): readonly Part[] {
  const { entities } = connection;
  const dated = figures.undated.has(stream.name) ? undefined : figures.tally.counts.get(stream.name);
  if (entities.length < 2 || here.unplaced > 0 || OF_ALL.has(stream.kind)) {
    const ours = here.unplaced + [...here.placed.values()].reduce((sum, count) => sum + count, 0);
    return [{ stream, context, legalEntityId: null, ours, months: dated && together([...dated.values()]) }];
  }
  return entities.map(({ id, externalId }) => ({
    stream,
    context: { ...context, legalEntities: externalId === null ? [] : [externalId] },
    legalEntityId: id,
    ours: here.placed.get(externalId ?? '') ?? 0,
    months: dated?.get(id),
  }));
}

function together(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const [month, count] of all.flatMap((months) => [...months])) sum.set(month, (sum.get(month) ?? 0) + count);
  return sum;
}

async function partFindings({ today }: Counting, part: Part): Promise<readonly Finding[]> {
  const { stream, context, ours, months } = part;
  const count = async (period: Finding['period']) => (await stream.count?.(context, period)) ?? 0;
  const theirs = await count(null);
  const found = theirs === ours ? [] : [difference(part, { ours, theirs, period: null })];
  const first = theirs === ours ? addMonths(`${today.slice(0, 7)}-01`, 1 - MONTHS_MAX_COUNT) : '';
  for (const [from, kept] of months ?? []) {
    if (from < first) continue;
    const period = { from, to: endOfMonth(from) };
    const there = await count(period);
    if (there !== kept) found.push(difference(part, { ours: kept, theirs: there, period }));
  }
  return found;
}

interface Difference {
  readonly ours: number;
  readonly theirs: number;
  readonly period: Finding['period'];
}

const difference = ({ stream, legalEntityId }: Part, { ours, theirs, period }: Difference): Finding =>
  finding({
    kind: 'COUNT',
    stream: stream.name,
    legalEntityId,
    period,
    ours: String(ours),
    theirs: String(theirs),
    cause:
      theirs > ours
        ? `${counted(theirs - ours, 'record there has', 'records there have')} not come here.`
        : `${counted(ours - theirs, 'record that is here is', 'records that are here are')} gone there, which was not seen yet.`,
  });

interface KeptCounts {
  /** By the company there; of companies that are served. */
  readonly placed: ReadonlyMap<string, number>;
  /** Of those that name none. */
  readonly unplaced: number;
}

/** Of the streams that were read in whole once. */
async function keptCounts(
  engines: SyncEngines,
  { tenantId, id, entities }: OpenConnection,
): Promise<ReadonlyMap<string, KeptCounts>> {
  const companies = sql.typed(
    entities.flatMap(({ externalId }) => externalId ?? []),
    'text[]',
  );
  const rows = await engines.inTenant(tenantId, (session) =>
    session.rows<{ name: string; counts: readonly { company: string | null; count: number }[] }>(sql`
      select s.name, (select coalesce(json_agg(json_build_object('company', c.company, 'count', c.count)), '[]') from (
          select e.company, count(*)::int as count from erp_record e where e.tenant_id = s.tenant_id and e.connection_id = s.connection_id
            and e.stream = s.name and e.state <> 'GONE' and (e.company is null or e.company = any(${companies}) or e.record_id is not null)
          group by e.company) c) as counts
      from sync_stream s where s.tenant_id = ${tenantId} and s.connection_id = ${id} and s.is_enabled and s.last_full_at is not null`),
  );
  return new Map(
    rows.map(({ name, counts }) => [
      name,
      {
        placed: new Map(counts.flatMap(({ company, count }) => (company === null ? [] : [[company, count] as const]))),
        unplaced: counts.find(({ company }) => company === null)?.count ?? 0,
      },
    ]),
  );
}
