/** How many records a stream has there and here, in all and by the months of its documents. */
import type { ConnectorContext, Stream } from '../../connect/connector.ts';
import { addMonths, endOfMonth } from '../../kernel/date.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
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

export async function countFindings({ connection, context, figures, today, engines }: Counting): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const here = await keptCounts(engines, connection);
  for (const stream of connection.connector.streams) {
    const ours = here.get(stream.name);
    if (!stream.count || ours === undefined) continue;
    const theirs = await stream.count(context, null);
    if (theirs !== ours) found.push(difference({ stream, ours, theirs, period: null }));
    const months = figures.undated.has(stream.name) ? undefined : figures.tally.counts.get(stream.name);
    if (!months) continue;
    const first = theirs === ours ? addMonths(`${today.slice(0, 7)}-01`, 1 - MONTHS_MAX_COUNT) : '';
    for (const [from, count] of months) {
      if (from < first) continue;
      const period = { from, to: endOfMonth(from) };
      const counts = { stream, ours: count, theirs: await stream.count(context, period), period };
      if (counts.theirs !== count) found.push(difference(counts));
    }
  }
  return found;
}

interface Difference {
  readonly stream: Stream;
  readonly ours: number;
  readonly theirs: number;
  readonly period: Finding['period'];
}

const difference = ({ stream, ours, theirs, period }: Difference): Finding =>
  finding({
    kind: 'COUNT',
    stream: stream.name,
    period,
    ours: String(ours),
    theirs: String(theirs),
    cause:
      theirs > ours
        ? `${counted(theirs - ours, 'record there has', 'records there have')} not come here.`
        : `${counted(ours - theirs, 'record that is here is', 'records that are here are')} gone there, which was not seen yet.`,
  });

/** Of the streams that were read in whole once. */
async function keptCounts(engines: SyncEngines, { tenantId, id }: OpenConnection): Promise<ReadonlyMap<string, number>> {
  const rows = await engines.inTenant(tenantId, (session) =>
    session.rows<{ name: string; count: string }>(sql`
      select s.name, (select count(*) from erp_record e where e.tenant_id = s.tenant_id and e.connection_id = s.connection_id
        and e.stream = s.name and e.state <> 'GONE') as count
      from sync_stream s where s.tenant_id = ${tenantId} and s.connection_id = ${id} and s.is_enabled and s.last_full_at is not null`),
  );
  return new Map(rows.map((row) => [row.name, Number(row.count)]));
}
