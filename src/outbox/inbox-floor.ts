/**
 * Below which id the inbox is empty for ever. Rows that were sealed stay in the index until a vacuum removes them, and while anybody
 * holds an old snapshot (an export, a long report) it can't: from id 0 on, each batch would step over all of them (300,000 cost
 * 160 ms). So the sealer reads from a floor. It is exact, and writers don't notice it:
 *
 * - Ids are drawn in order, so when one is seen, every lower one was drawn before.
 * - Whoever draws an id locks the table first (the ROW EXCLUSIVE of its insert) and holds that lock until its transaction ends.
 * - So once every transaction that holds such a lock *now* has ended, all ids up to the highest one seen *now* are decided, and
 *   what the next batch then doesn't find below it will never be there.
 */
import type { Queryable } from './connection.ts';

/** What a batch found; null for an empty inbox. */
export interface SeenIds {
  readonly first: bigint;
  readonly last: bigint;
  /** It was all there was. */
  readonly isAll: boolean;
}

export class InboxFloor {
  #value = 0n;
  #highest = 0n;
  #candidate: { readonly id: bigint; open: readonly string[] } | null = null;

  /** Every row has a higher id. */
  get value(): bigint {
    return this.#value;
  }

  /** Looks which writers have ended. Between batches. */
  async check(client: Queryable): Promise<void> {
    if (this.#candidate?.open.length === 0) return;
    if (!this.#candidate && this.#highest <= this.#value) return;
    const id = this.#highest;
    const open = await openWriters(client);
    this.#candidate = this.#candidate
      ? { ...this.#candidate, open: this.#candidate.open.filter((writer) => open.includes(writer)) }
      : { id, open };
  }

  /** After each batch: its snapshot was taken after the last `check`. */
  saw(ids: SeenIds | null): void {
    const { id, open } = this.#candidate ?? {};
    if (id !== undefined && open?.length === 0 && (!ids || ids.isAll || ids.first > id)) {
      this.#value = id;
      this.#candidate = null;
    }
    if (ids && ids.last > this.#highest) this.#highest = ids.last;
  }
}

async function openWriters(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ writer: string }>(
    `select distinct virtualtransaction as writer from pg_locks
     where locktype = 'relation' and relation = 'event_inbox'::regclass and mode = 'RowExclusiveLock' and granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows.map(({ writer }) => writer);
}
