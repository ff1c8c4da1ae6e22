/** What is judged of a page of records, and by what: shared by those who judge it. */
import type { SourceRecord, Stream } from '../../connect/connector.ts';
import type { OpenConnection, ServedEntity } from '../engine.ts';
import type { Assembly } from './assemble.ts';
import type { Kept } from './keep.ts';
import type { Known, Ours, Setting } from './known.ts';
import type { Resolutions } from './references.ts';
import type { RecordState } from './taken.ts';

export interface ToJudge {
  readonly stream: Stream;
  /** Each external id once. */
  readonly records: readonly SourceRecord[];
  /** Records in these states are looked at again although nothing of them changed. */
  readonly again: ReadonlySet<RecordState>;
  /** They come from what is kept here: one that is other there by now is left to whoever brought that. */
  readonly isReplay: boolean;
  /** When they were asked for: what came since then is newer. */
  readonly readAt: Date | null;
  readonly link: { readonly externalId: string; readonly recordId: string; readonly accountId: string } | null;
}

export interface Candidate {
  readonly record: SourceRecord;
  readonly hash: string;
  readonly before: Known | null;
}

export interface Context {
  readonly connection: OpenConnection;
  readonly page: ToJudge;
  readonly setting: Setting;
  readonly resolutions: Resolutions;
  /** Each is given away once. */
  readonly ours: Map<string, Ours>;
  /** Our accounts of a party there. */
  readonly parties: ReadonlyMap<string, readonly string[]>;
  /** Of parties that have no account here yet, the first record of the page that will be one. */
  readonly firstOfParty: Map<string, string>;
}

/** A record of a page with what it became. */
export interface Place {
  readonly candidate: Candidate;
  readonly assembly: Assembly;
  readonly entity: ServedEntity;
}

export type Linked = Pick<Kept, 'recordId' | 'accountId' | 'isMadeThere'>;
