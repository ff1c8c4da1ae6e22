/**
 * One transaction of the sealer: the oldest committed rows of the inbox get the next positions and their tenant's hash, and move
 * into the log. It keeps nothing in memory from one batch to the next, so a lost connection leaves no doubt: the database knows.
 */
import type { Randomness } from '../kernel/random.ts';
import { type Pool, type PoolClient, transaction } from './connection.ts';
import { hashEvent, personalDigest } from './event-hash.ts';
import { type EnvelopeRow, envelopeColumns } from './event-row.ts';
import type { SeenIds } from './inbox-floor.ts';
import type { Lease } from './lease.ts';

/** Where the sealer tells that the log has grown; the payload is the newest position. */
export const EVENT_CHANNEL = 'cashgraph_event';

export interface BatchOptions {
  readonly pool: Pool;
  readonly lease: Lease;
  /** At most so many events in one transaction. */
  readonly limit: number;
  readonly random: Randomness;
  /** Every row of the inbox has a higher id. */
  readonly floor?: bigint;
}

export interface SealedBatch {
  readonly count: number;
  /** Of the inbox. */
  readonly ids: SeenIds | null;
  readonly position: bigint;
  /** The first position that has no partition yet. */
  readonly partitionedTo: bigint;
}

interface Head {
  position: string;
  partitionedTo: string;
}
interface InboxRow extends EnvelopeRow {
  readonly id: string;
  readonly personal: unknown;
  readonly previousHash: string | null;
}

export const sealBatch = ({ pool, lease, limit, random, floor = 0n }: BatchOptions): Promise<SealedBatch> =>
  transaction(pool, async (client) => {
    // one after the other in the database, in one packet: nobody else seals between them
    const [head, rows] = await Promise.all([client.query<Head>(HEAD), readInbox(client, { floor, limit })]);
    const position = BigInt(head.rows[0]?.position ?? 0);
    const partitionedTo = BigInt(head.rows[0]?.partitionedTo ?? 0);
    const newest = position + BigInt(rows.length);
    if (rows.length > 0) {
      if (newest >= partitionedTo) await client.query('select ensure_event_partition($1)', [newest]);
      await Promise.all([write(client, { ...seal(rows, { after: position, random }), newest }), lease.check(client)]);
    }
    return { count: rows.length, ids: seenIds(rows, limit), position: newest, partitionedTo };
  });

const HEAD = {
  name: 'sealer head',
  text: 'select position, partitioned_to as "partitionedTo" from event_head for update',
};
// kept plans: no other index could ever be taken, however few rows there were when they were made
const INBOX = `select i.id, i.personal, (select c.hash from event_chain c where c.tenant_id = i.tenant_id) as "previousHash",
    ${envelopeColumns('i')}
  from (select * from event_inbox where id > $1 order by id limit $2) i order by i.id`;

async function readInbox(client: PoolClient, { floor, limit }: { floor: bigint; limit: number }): Promise<readonly InboxRow[]> {
  const { rows } = await client.query<InboxRow>({ name: 'sealer inbox', text: INBOX, values: [floor, limit] });
  return rows;
}

function seenIds(rows: readonly InboxRow[], limit: number): SeenIds | null {
  const first = rows[0];
  const last = rows.at(-1);
  return first && last ? { first: BigInt(first.id), last: BigInt(last.id), isAll: rows.length < limit } : null;
}

interface Seals {
  ids: string[];
  positions: string[];
  digests: (string | null)[];
  salts: (string | null)[];
  hashes: string[];
  /** The newest event of each tenant. */
  chains: Map<string, { position: string; hash: string }>;
}

function seal(rows: readonly InboxRow[], { after, random }: { after: bigint; random: Randomness }): Seals {
  const seals: Seals = { ids: [], positions: [], digests: [], salts: [], hashes: [], chains: new Map() };
  let last = after;
  for (const { id, personal, previousHash, ...envelope } of rows) {
    const position = (++last).toString();
    const salt = personal === null ? null : Buffer.from(random.bytes(16)).toString('hex');
    const digest = salt === null ? null : personalDigest(salt, personal);
    const previous = seals.chains.get(envelope.tenantId)?.hash ?? previousHash;
    const hash = hashEvent({ previous, position, personalDigest: digest, envelope });
    seals.ids.push(id);
    seals.positions.push(position);
    seals.salts.push(salt);
    seals.digests.push(digest);
    seals.hashes.push(hash);
    seals.chains.set(envelope.tenantId, { position, hash });
  }
  return seals;
}

const COLUMNS = `tenant_id, event_id, type, type_version, legal_entity_id, account_id, customer_id, record_kind, record_id,
  record_version, actor_id, request_id, cause_id, source, occurred_at, effective_on, recorded_at, payload`;

/** The rows move inside the database: what leaves the inbox is what enters the log. */
const MOVE = `
  with unsealed as (delete from event_inbox where id = any ($1::bigint[]) returning *),
  seal as (select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[]) as s (id, position, personal_digest, salt, hash)),
  sealed as (insert into event (${COLUMNS}, position, personal_digest, hash)
    select ${COLUMNS}, position, personal_digest, hash from unsealed join seal using (id) returning 1),
  kept as (insert into event_personal (tenant_id, event_id, record_id, salt, fields)
    select tenant_id, event_id, record_id, salt, personal from unsealed join seal using (id) where salt is not null),
  chained as (insert into event_chain (tenant_id, position, hash) select * from unnest($6::uuid[], $7::bigint[], $8::text[])
    on conflict (tenant_id) do update set position = excluded.position, hash = excluded.hash),
  moved as (update event_head set position = $9)
  select (select count(*)::int from sealed) as count, pg_notify('${EVENT_CHANNEL}', $9::text)`;

async function write(client: PoolClient, seals: Seals & { newest: bigint }): Promise<void> {
  const chains = [...seals.chains];
  const values = [
    seals.ids,
    seals.positions,
    seals.digests,
    seals.salts,
    seals.hashes,
    chains.map(([tenantId]) => tenantId),
    chains.map(([, { position }]) => position),
    chains.map(([, { hash }]) => hash),
    seals.newest,
  ];
  const { rows } = await client.query<{ count: number }>({ name: 'sealer move', text: MOVE, values });
  if (rows[0]?.count !== seals.ids.length)
    throw new Error(`Of ${seals.ids.length} events ${rows[0]?.count} were moved: another one empties the inbox.`);
}
