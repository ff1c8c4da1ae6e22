/**
 * Proves that nobody has rewritten a tenant's log: recomputes every hash in order and names the first row that doesn't fit. Whoever
 * may write the whole database could also rewrite every later hash and the head; only a head that was kept elsewhere (`anchor`) shows
 * that. It reads one snapshot in pages and never changes anything.
 */
import { type Pool, type Queryable, transaction } from './connection.ts';
import { hashEvent, personalDigest } from './event-hash.ts';
import { type EventRow, eventColumns } from './event-row.ts';

export type ChainFault =
  | 'CHANGED'
  | 'MISSING'
  | 'INSERTED'
  | 'REORDERED'
  | 'PERSONAL_CHANGED'
  | 'HEAD_CHANGED'
  | 'ANCHOR_CHANGED';
export type ChainResult =
  | { readonly ok: true; readonly events: number; readonly head: { readonly position: bigint; readonly hash: string } | null }
  | { readonly ok: false; readonly position: bigint; readonly fault: ChainFault; readonly reason: string };

export interface VerifyChain {
  /** In the system role: to name a missing row it must see which positions other tenants have. */
  readonly pool: Pool;
  readonly tenantId: string;
  /** Begin at this position, and trust what stands before it. Absent: at the beginning, or where what the log has forgotten ends. */
  readonly from?: bigint;
  /** A head that was kept elsewhere. */
  readonly anchor?: { readonly position: bigint; readonly hash: string };
}

interface ChainRow extends EventRow {
  readonly salt: string | null;
  readonly fields: unknown;
}
interface Link {
  readonly position: bigint;
  readonly hash: string | null;
}
type Fault = Extract<ChainResult, { ok: false }>;

const PAGE = 1_000;

export const verifyChain = ({ pool, ...options }: VerifyChain): Promise<ChainResult> =>
  transaction(pool, (client) => verify(client, options), 'isolation level repeatable read read only');

async function verify(client: Queryable, { tenantId, from = 0n, anchor }: Omit<VerifyChain, 'pool'>): Promise<ChainResult> {
  let last = await linkBefore(client, { tenantId, position: from });
  let events = 0;
  if (anchor && anchor.position === last.position && anchor.hash !== last.hash) return anchorChanged(anchor.position);
  for (;;) {
    const rows = await readRows(client, { tenantId, after: last.position });
    for (const [index, row] of rows.entries()) {
      if (row.hash !== hashOf(row, last)) return diagnose(client, { rows: rows.slice(index), last });
      if (row.salt !== null && row.personalDigest !== personalDigest(row.salt, row.fields)) {
        return fault(
          'PERSONAL_CHANGED',
          row.position,
          `the personal fields of event ${row.eventId} are not those that were sealed`,
        );
      }
      if (anchor && isRewritten(anchor, { row, last })) {
        return anchorChanged(anchor.position);
      }
      last = { position: BigInt(row.position), hash: row.hash };
      events += 1;
    }
    if (rows.length < PAGE) break;
  }
  const broken = await compareHead(client, { tenantId, last, anchor });
  return broken ?? { ok: true, events, head: last.hash === null ? null : { position: last.position, hash: last.hash } };
}

const hashOf = (row: ChainRow, { hash }: Link, position = row.position): string =>
  hashEvent({ previous: hash, position, personalDigest: row.personalDigest, envelope: row });

/** Also when the log has no event of the tenant at the anchor any more. */
function isRewritten(anchor: { position: bigint; hash: string }, { row, last }: { row: ChainRow; last: Link }): boolean {
  const position = BigInt(row.position);
  if (position === anchor.position) return anchor.hash !== row.hash;
  return last.position < anchor.position && anchor.position < position;
}

async function linkBefore(client: Queryable, { tenantId, position }: { tenantId: string; position: bigint }): Promise<Link> {
  const { rows } = await client.query<{ position: string; hash: string }>(
    `select position, hash from (
       select position, hash from event where tenant_id = $1 and position < $2
       union all select position, hash from event_anchor where tenant_id = $1
     ) before order by position desc limit 1`,
    [tenantId, position],
  );
  return rows[0] ? { position: BigInt(rows[0].position), hash: rows[0].hash } : { position: 0n, hash: null };
}

async function readRows(
  client: Queryable,
  { tenantId, after }: { tenantId: string; after: bigint },
): Promise<readonly ChainRow[]> {
  const { rows } = await client.query<EventRow>(
    `select ${eventColumns('e')} from event e where e.tenant_id = $1 and e.position > $2 order by e.position limit ${PAGE}`,
    [tenantId, after],
  );
  const personal = await client.query<{ id: string; salt: string; fields: unknown }>(
    'select event_id as id, salt, fields from event_personal where tenant_id = $1 and event_id = any ($2::uuid[])',
    [tenantId, rows.map(({ eventId }) => eventId)],
  );
  const byEvent = new Map(personal.rows.map(({ id, ...fields }) => [id, fields]));
  return rows.map((row) => ({ ...row, ...(byEvent.get(row.eventId) ?? { salt: null, fields: null }) }));
}

/** Says what happened to the first row that doesn't follow from the one before it. */
async function diagnose(client: Queryable, { rows, last }: { rows: readonly ChainRow[]; last: Link }): Promise<Fault> {
  const [row, next] = rows as readonly [ChainRow, ChainRow | undefined];
  const head = await readChainHead(client, row.tenantId);
  if (head && BigInt(row.position) > head.position)
    return fault('INSERTED', row.position, `the log was sealed up to ${head.position} only`);
  const missing = await firstMissing(client, { after: last.position, before: BigInt(row.position) });
  if (missing !== null) return fault('MISSING', missing, 'there is no event at this position');
  const rightful = rows.slice(1).find((later) => hashOf(later, last, row.position) === later.hash);
  if (rightful) {
    return fault(
      'REORDERED',
      row.position,
      `event ${row.eventId} stands where event ${rightful.eventId} was sealed, now at ${rightful.position}`,
    );
  }
  if (next && next.hash === hashOf(next, last)) return fault('INSERTED', row.position, `event ${row.eventId} was never sealed`);
  return fault('CHANGED', row.position, `event ${row.eventId} is not what was sealed after position ${last.position}`);
}

/** Positions are dense over all tenants, so one that nobody has and that was not forgotten was deleted. */
async function firstMissing(client: Queryable, { after, before }: { after: bigint; before: bigint }): Promise<bigint | null> {
  const { rows } = await client.query<{ position: string }>(
    `select expected as position from (
       select position, lag(position, 1, greatest($1::bigint, (select pruned_to from event_head))) over (order by position) + 1 as expected
       from (select position from event where position > $1 and position < $2 union all select $2) present
     ) gaps where position > expected order by expected limit 1`,
    [after, before],
  );
  return rows[0] ? BigInt(rows[0].position) : null;
}

async function readChainHead(client: Queryable, tenantId: string): Promise<Link | null> {
  const { rows } = await client.query<{ position: string; hash: string }>(
    'select position, hash from event_chain where tenant_id = $1',
    [tenantId],
  );
  return rows[0] ? { position: BigInt(rows[0].position), hash: rows[0].hash } : null;
}

interface CompareHead {
  readonly tenantId: string;
  readonly last: Link;
  readonly anchor: VerifyChain['anchor'];
}

async function compareHead(client: Queryable, { tenantId, last, anchor }: CompareHead): Promise<Fault | null> {
  const head = await readChainHead(client, tenantId);
  for (const known of [head, anchor]) {
    if (!known || known.position <= last.position) continue;
    const missing = await firstMissing(client, { after: last.position, before: known.position + 1n });
    return fault(
      'MISSING',
      missing ?? known.position,
      `the log ends at ${last.position}, yet it was sealed up to ${known.position}`,
    );
  }
  if (head && head.position < last.position)
    return fault('INSERTED', last.position, `the log was sealed up to ${head.position} only`);
  if ((head?.hash ?? null) !== last.hash)
    return fault('HEAD_CHANGED', last.position, 'the stored head of the chain has another hash');
  return null;
}

const anchorChanged = (position: bigint): Fault =>
  fault('ANCHOR_CHANGED', position, 'the log no longer has there the hash that was kept elsewhere');

const fault = (kind: ChainFault, position: bigint | string, what: string): Fault => ({
  ok: false,
  position: BigInt(position),
  fault: kind,
  reason: `Position ${position}: ${what}.`,
});
