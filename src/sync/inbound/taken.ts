/** What becomes of records that are taken, and how it is counted. */
import type { SourceRecord } from '../../connect/connector.ts';
import type { Session } from '../../write/transaction.ts';

export type RecordState = 'SYNCED' | 'WAITING' | 'REFUSED' | 'IGNORED' | 'GONE';

/** What became of one record. */
export interface Taken {
  readonly state: RecordState;
  /** Ours. */
  readonly recordId: string | null;
  /** It was new, or other than it was known. */
  readonly isChanged: boolean;
  /** Why it was refused, or did not fit. */
  readonly problem: string | null;
}

export interface TakeCounts {
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly waiting: number;
  readonly refused: number;
  readonly ignored: number;
}

export interface TakeResult {
  readonly counts: TakeCounts;
  /** By external id: each record that was given. */
  readonly records: ReadonlyMap<string, Taken>;
}

export interface Taking {
  readonly stream: string;
  readonly records: readonly SourceRecord[];
  /** It was made here: our record that the one with this external id is. */
  readonly link?: { readonly externalId: string; readonly recordId: string; readonly accountId: string };
  /** When they were asked for: one that came since then, and is newer by the ERP's time, is not overwritten. */
  readonly readAt?: Date;
  /** Written in the same transaction as the records, in each one where they need several; also where nothing changed. */
  readonly alongside?: (session: Session) => Promise<void>;
}

/** Of one page, for the engine itself. */
export interface Page extends Taking {
  /** Records in these states are looked at again although nothing of them changed. */
  readonly again?: ReadonlySet<RecordState>;
  readonly isReplay?: boolean;
  readonly requestId: string;
  /** In every transaction of decisions, before anything is written. */
  readonly decided?: (session: Session) => Promise<void>;
  /** In every transaction: is the work still ours? @throws LEASE_LOST */
  readonly guard?: (session: Session) => Promise<void>;
  /** With the last of the page, once all of it is written. */
  readonly checkpoint?: (session: Session, counts: TakeCounts) => Promise<void>;
}

export interface PageResult extends TakeResult {
  /** Keys of references that can be resolved from now on. */
  readonly arrived: readonly string[];
}

/** Others changed the same at once: it is judged anew. */
export const IN_THE_WAY: ReadonlySet<string> = new Set(['VERSION_CONFLICT', 'CONFLICT_RETRY']);

/** Of a read, as far as it is. */
export interface RunCounts extends TakeCounts {
  readonly pages: number;
  readonly read: number;
  /** About how many it has, where the ERP says so. */
  readonly total: number | null;
}

export function countsOf(taken: Iterable<Taken>): TakeCounts {
  const counts = { changed: 0, unchanged: 0, deleted: 0, waiting: 0, refused: 0, ignored: 0 };
  const of = { SYNCED: 'changed', GONE: 'deleted', WAITING: 'waiting', REFUSED: 'refused', IGNORED: 'ignored' } as const;
  for (const { state, isChanged } of taken) counts[isChanged ? of[state] : 'unchanged'] += 1;
  return counts;
}

export const sumOf = (all: readonly TakeCounts[]): TakeCounts =>
  all.reduce(
    (sum, one) => ({
      changed: sum.changed + one.changed,
      unchanged: sum.unchanged + one.unchanged,
      deleted: sum.deleted + one.deleted,
      waiting: sum.waiting + one.waiting,
      refused: sum.refused + one.refused,
      ignored: sum.ignored + one.ignored,
    }),
    countsOf([]),
  );

export const NO_COUNTS: RunCounts = { ...countsOf([]), pages: 0, read: 0, total: null };
