/** Reads what is kept of an ERP's documents page by page, with ours beside it, and tallies both. Memory stays flat, however many there are. */
import type { JsonObject } from '../../canonical/canonical.ts';
import type { Stream } from '../../connect/connector.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { assemble } from '../inbound/assemble.ts';
import { placeOf } from '../inbound/company.ts';
import { type Document, type Here, Tally } from './tally.ts';

const PAGE = 500;

interface Row {
  readonly externalId: string;
  readonly state: string;
  readonly raw: string;
  readonly here: Here | null;
}

export interface Figures {
  readonly tally: Tally;
  /** How many records of a stream are kept, those without a document too. */
  readonly kept: ReadonlyMap<string, number>;
  /** Streams of which some record has no document, and so no month. */
  readonly undated: ReadonlySet<string>;
}

/** Of the kinds that have amounts: a record here, its total, and what is open of it. */
const HERE: Readonly<Record<string, { readonly table: string; readonly here: Sql }>> = {
  Order: {
    table: 'sales_order',
    here: sql`'total', money_text(d.total_minor, d.currency), 'open', '0', 'writtenOff', '0'`,
  },
  Invoice: {
    table: 'invoice',
    here: sql`'total', case d.lifecycle when 'ISSUED' then money_text(d.total_minor, d.currency) else '0' end,
      'open', money_text(d.open_minor, d.currency), 'writtenOff', money_text(d.written_off_minor, d.currency)`,
  },
  CreditNote: {
    table: 'credit_note',
    here: sql`'total', case d.lifecycle when 'ISSUED' then money_text(d.total_minor, d.currency) else '0' end,
      'open', money_text(d.open_minor, d.currency), 'writtenOff', '0'`,
  },
  Payment: {
    table: 'payment',
    here: sql`'total', case d.lifecycle when 'RECEIVED' then money_text(d.amount_minor, d.currency) else '0' end,
      'open', money_text(d.open_minor, d.currency), 'writtenOff', '0'`,
  },
};

export async function figuresOf(engines: SyncEngines, connection: OpenConnection, signal: AbortSignal): Promise<Figures> {
  const tally = new Tally();
  const kept = new Map<string, number>();
  const undated = new Set<string>();
  for (const stream of connection.connector.streams) {
    const of = HERE[stream.kind];
    if (!of) continue;
    let after = '';
    for (let page: readonly Row[] = []; ; ) {
      signal.throwIfAborted();
      page = await pageOf(engines, connection, { stream, ...of, after });
      for (const row of page) if (!seen(tally, { connection, stream, row })) undated.add(stream.name);
      kept.set(stream.name, (kept.get(stream.name) ?? 0) + page.length);
      after = page.at(-1)?.externalId ?? '';
      if (page.length < PAGE) break;
    }
  }
  return { tally, kept, undated };
}

interface PageOf {
  readonly stream: Stream;
  readonly table: string;
  readonly here: Sql;
  readonly after: string;
}

const pageOf = (
  engines: SyncEngines,
  { tenantId, id }: OpenConnection,
  { stream, table, here, after }: PageOf,
): Promise<readonly Row[]> =>
  engines.inTenant(tenantId, (session) =>
    session.rows<Row>(sql`
      select e.external_id as "externalId", e.state, e.raw,
        case when d.id is not null then json_build_object('recordId', d.id, 'accountId', d.account_id, 'currency', d.currency, ${here}) end as here
      from erp_record e left join ${sql.id(table)} d on d.tenant_id = e.tenant_id and d.id = e.record_id
      where e.tenant_id = ${tenantId} and e.connection_id = ${id} and e.stream = ${stream.name} and e.external_id > ${after}
        and e.state <> 'GONE' and e.raw is not null
      order by e.external_id limit ${sql.number(PAGE)}`),
  );

/** False: it has no document that could be compared. What is of a company that isn't served is passed over. */
function seen(tally: Tally, { connection, stream, row }: { connection: OpenConnection; stream: Stream; row: Row }): boolean {
  const { assembly } = assemble(connection, stream, JSON.parse(row.raw) as JsonObject);
  if (!assembly) return false; // no business of ours, or an issue already
  const { entity, problem } = placeOf(stream.kind, assembly.document, connection);
  if (entity) tally.add({ ...row, stream: stream.name, legalEntityId: entity.id, document: assembly.document as Document });
  return problem === undefined;
}
