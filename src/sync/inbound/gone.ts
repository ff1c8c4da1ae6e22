/**
 * Finds what was deleted in an ERP that does not tell: ids that are known here and that a whole read did not show. Each is asked for by
 * its id before it counts as gone, since a page may have slipped while it was read.
 */
import type { SourceRecord } from '../../connect/connector.ts';
import { sha256 } from '../../kernel/hash.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { streamOf } from './kinds.ts';

/** Ids in eight bytes each, so that a million of them need eight megabytes. Two that collide hide a delete until the next whole read. */
export class SeenIds {
  #hashes = new BigUint64Array(1_024);
  #count = 0;
  #isSorted = false;

  add(id: string): void {
    if (this.#count === this.#hashes.length) {
      const larger = new BigUint64Array(this.#hashes.length * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#count++] = hashed(id);
    this.#isSorted = false;
  }

  has(id: string): boolean {
    if (!this.#isSorted) this.#hashes.subarray(0, this.#count).sort();
    this.#isSorted = true;
    const wanted = hashed(id);
    let from = 0;
    for (let to = this.#count; from < to; ) {
      const middle = (from + to) >>> 1;
      if ((this.#hashes[middle] ?? 0n) < wanted) from = middle + 1;
      else to = middle;
    }
    return from < this.#count && this.#hashes[from] === wanted;
  }
}

const hashed = (id: string): bigint => BigInt(`0x${sha256(id).slice(0, 16)}`);

const PAGE_MAX_COUNT = 1_000;
const GET_MAX_COUNT = 50;

export interface Comparing {
  readonly stream: string;
  readonly seen: SeenIds;
  /** Of the read: what came later by another way was not in it. */
  readonly startedAt: Date;
  readonly signal: AbortSignal;
}

/** Ids of a stream. */
export interface Compared {
  readonly known: number;
  readonly unseen: number;
}

/** How much of what is known was not seen, without asking the ERP. */
export async function countUnseen(
  engines: SyncEngines,
  connection: OpenConnection,
  { stream: name, seen, startedAt }: Comparing,
): Promise<Compared> {
  let [known, unseen] = [0, 0];
  for await (const ids of knownIds(engines, connection, { name, startedAt })) {
    known += ids.length;
    unseen += ids.filter((id) => !seen.has(id)).length;
  }
  return { known, unseen };
}

/** What is gone there, and what turned out to be there after all, page by page. */
export async function* unseenRecords(
  engines: SyncEngines,
  connection: OpenConnection,
  { stream: name, seen, startedAt, signal }: Comparing,
): AsyncGenerator<readonly SourceRecord[]> {
  const stream = streamOf(connection.connector, name);
  const context = connection.context(signal);
  for await (const ids of knownIds(engines, connection, { name, startedAt })) {
    const unseen = ids.filter((id) => !seen.has(id));
    for (let at = 0; at < unseen.length; at += GET_MAX_COUNT) {
      const asked = unseen.slice(at, at + GET_MAX_COUNT);
      const found = new Map((await stream.get(context, asked)).map((record) => [record.externalId, record]));
      yield asked.map(
        (externalId) => found.get(externalId) ?? { externalId, version: null, updatedAt: null, isDeleted: true, raw: {} },
      );
    }
  }
}

async function* knownIds(
  engines: SyncEngines,
  { tenantId, id }: OpenConnection,
  { name, startedAt }: { readonly name: string; readonly startedAt: Date },
): AsyncGenerator<readonly string[]> {
  for (let after = ''; ; ) {
    const rows = await engines.inTenant(tenantId, (session) =>
      session.rows<{ externalId: string }>(sql`
        select external_id as "externalId" from erp_record
        where tenant_id = ${tenantId} and connection_id = ${id} and stream = ${name} and external_id > ${after}
          and state <> 'GONE' and synced_at <= ${startedAt.toISOString()}
        order by external_id limit ${PAGE_MAX_COUNT}`),
    );
    if (rows.length > 0) yield rows.map(({ externalId }) => externalId);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_MAX_COUNT) return;
    after = last.externalId;
  }
}
