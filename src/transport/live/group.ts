/**
 * All who are shown the same: each event is executed once for them and written to each. Those who are up to date follow one track;
 * whoever has to catch up, or takes too slowly, is on a track of its own behind it, at its own pace, and joins again. Nobody on one
 * track waits for another's, and nobody misses or gets twice: a track's position only grows, and each member knows where it began.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { LogGap, LogMessage, SealedEvent } from '../../outbox/event.ts';
import { type EventFilter, isWanted } from '../../outbox/event-filter.ts';
import type { Feed } from '../../outbox/tail-feed.ts';
import { type LiveSink, type Pace, untilTaken } from './sink.ts';

export interface GroupParts {
  readonly feed: Feed;
  readonly filter: EventFilter;
  readonly accepts: (event: SealedEvent) => boolean;
  /** The answer to a message, made once. */
  readonly payload: (message: LogMessage) => Promise<Buffer>;
  readonly pace: Pace;
  /** Resolves when something was sealed, be it for the group or not. */
  readonly advanced: () => Promise<void>;
  readonly onDelivered: (count: number) => void;
  /** The last member has left. */
  readonly onEmpty: () => void;
  /** What ends the streams of a track: the database stayed away. */
  readonly shown: (error: unknown) => Parameters<LiveSink['end']>[0];
}

interface Track {
  /** All of its members have got everything up to here. */
  position: bigint;
  readonly members: Set<Member>;
}

/** So many events are read ahead for those who are up to date; beyond it they are read from the log again. */
const QUEUE_MAX = 1_000;
/** So many are executed at once, and written in one go. */
const BATCH = 16;
/** After so many members everything else gets its turn. */
const SLICE = 200;
/** So long those who catch up together wait for the slow among them. */
const TOGETHER = { pauseMs: 5, count: 50 };
/** Whoever comes with a cursor so close behind a track joins it. */
const NEAR = 1_000n;

export class Member {
  readonly sink: LiveSink;
  readonly group: Group;
  /** Nothing up to here is for it. */
  cursor: bigint;
  track: Track | null = null;
  /** How many events the group had seen when it fell behind. */
  seenBefore = 0;

  constructor(group: Group, sink: LiveSink, cursor: bigint) {
    this.group = group;
    this.sink = sink;
    this.cursor = cursor;
  }

  stop(): void {
    this.group.leave(this);
  }
}

export class Group {
  readonly #parts: GroupParts;
  readonly #behind = new Set<Track>();
  /** Those who are up to date; null while nobody is. */
  #live: Track | null = null;
  #queue: SealedEvent[] = [];
  /** Is being written what was queued; it may have fallen behind meanwhile. */
  #draining: Track | null = null;
  #offered = 0n;
  #seen = 0;
  #size = 0;

  constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes a member that has everything up to the cursor. */
  join(sink: LiveSink, { cursor, gap }: { readonly cursor: bigint; readonly gap: LogGap | null }): Member {
    const from = gap ? gap.from : cursor;
    const member = new Member(this, sink, from);
    member.seenBefore = this.#seen;
    this.#size += 1;
    const near = gap ? null : this.#trackFor(cursor);
    if (near) put(near, member);
    else this.#follow(newTrack(from, [member]), gap);
    return member;
  }

  leave(member: Member): void {
    if (!member.track?.members.delete(member)) return;
    member.track = null;
    this.#size -= 1;
    if (this.#size > 0) return;
    this.#letGo();
    this.#parts.onEmpty();
  }

  /** An event that can be for it, in order of position. */
  offer(event: SealedEvent): void {
    const { position } = event;
    if (position <= this.#offered || !isWanted(event, this.#parts.filter) || !this.#parts.accepts(event)) return;
    this.#offered = position;
    this.#seen += 1;
    if (!this.#live || position <= this.#live.position) return;
    this.#queue.push(event);
    if (this.#queue.length > QUEUE_MAX) this.#letGo();
    else if (!this.#draining) void this.#drain(this.#live);
  }

  /** Every stream ends. */
  end(): void {
    for (const track of [this.#live, this.#draining, ...this.#behind]) if (track) this.#endAll(track, null);
  }

  /** Nobody is up to date any more. */
  #letGo(): void {
    this.#live = null;
    this.#queue = [];
  }

  #trackFor(cursor: bigint): Track | null {
    if (this.#live && cursor >= this.#live.position) return this.#live;
    for (const track of this.#behind) if (track.position <= cursor && cursor - track.position <= NEAR) return track;
    return null;
  }

  /** Writes what is queued to those who are up to date. */
  async #drain(track: Track): Promise<void> {
    this.#draining = track;
    // what comes with the same page of the log goes out together
    await Promise.resolve();
    try {
      while (this.#live === track && this.#queue.length > 0) {
        const events = this.#queue.splice(0, BATCH);
        await this.#send(track, events.map(asMessage));
        for (const member of track.members) if (isSlow(member, this.#parts.pace)) this.#setBack(track, member);
      }
    } catch (error) {
      if (this.#live === track) this.#letGo();
      this.#endAll(track, this.#parts.shown(error));
    }
    this.#draining = null;
    // too much came to keep: they read it from the log
    if (this.#live !== track && track.members.size > 0) this.#follow(track, null);
  }

  /** Goes after those ahead, by a track of its own. */
  #setBack(track: Track, member: Member): void {
    track.members.delete(member);
    member.seenBefore = this.#seen - this.#queue.length;
    this.#follow(newTrack(track.position, [member]), null);
  }

  #follow(track: Track, gap: LogGap | null): void {
    this.#behind.add(track);
    this.#catchUp(track, gap).catch((error: unknown) => {
      this.#behind.delete(track);
      this.#endAll(track, this.#parts.shown(error));
    });
  }

  async #catchUp(track: Track, gap: LogGap | null): Promise<void> {
    const { feed, filter, accepts, advanced } = this.#parts;
    if (gap) await this.#send(track, [{ event: null, gap }]);
    for (;;) {
      await this.#untilTaken(track);
      if (track.members.size === 0 || this.#isCaughtUp(track)) return void this.#behind.delete(track);
      const page = await feed.page({ after: track.position, filter });
      const messages = page.messages.filter(({ event }) => !event || (isWanted(event, filter) && accepts(event)));
      for (let at = 0; at < messages.length && track.members.size > 0; at += BATCH) {
        await this.#untilTaken(track);
        await this.#send(track, messages.slice(at, at + BATCH));
      }
      if (page.upTo > track.position) track.position = page.upTo;
      // the log has been read further than this process has heard of
      else if (track.position >= feed.last) await advanced();
    }
  }

  /** Nothing may come between the question and the joining, so neither waits. */
  #isCaughtUp(track: Track): boolean {
    if (this.#live) {
      if (track.position < this.#live.position) return false;
      for (const member of track.members) {
        if (member.cursor < track.position) member.cursor = track.position;
        put(this.#live, member);
      }
      track.members.clear();
      return true;
    }
    if (this.#draining || track.position < this.#parts.feed.last) return false;
    this.#live = track;
    return true;
  }

  /** Those who catch up together wait a moment for the slow, then leave them behind; whoever is alone is waited for. */
  async #untilTaken(track: Track): Promise<void> {
    const { pace } = this.#parts;
    const slow = () => [...track.members].filter((member) => isSlow(member, pace));
    for (let count = 0; track.members.size > 1; count++) {
      const behind = slow();
      if (behind.length === 0) return;
      if (count === TOGETHER.count) for (const member of behind) this.#setBack(track, member);
      await sleep(TOGETHER.pauseMs);
    }
    for (const member of slow()) {
      const waiting = () => this.#seen - member.seenBefore;
      await untilTaken(member.sink, { pace, waiting, isOver: () => member.track !== track });
    }
  }

  async #send(track: Track, messages: readonly LogMessage[]): Promise<void> {
    const positions = messages.map(({ event, gap }) => (event ? event.position : gap.to));
    const first = positions[0];
    const newest = positions.at(-1);
    if (first === undefined || newest === undefined) return;
    if (track.members.size === 0) {
      track.position = newest;
      return;
    }
    const payloads = await Promise.all(messages.map((message) => this.#parts.payload(message)));
    let count = 0;
    for (const member of track.members) {
      const isNew = member.cursor < first;
      const due = isNew ? payloads : payloads.filter((_, i) => (positions[i] as bigint) > member.cursor);
      if (due.length > 0) member.sink.next(due, isNew ? positions : positions.filter((position) => position > member.cursor));
      this.#parts.onDelivered(due.length);
      count += 1;
      if (count % SLICE === 0) await nextTurn();
    }
    track.position = newest;
  }

  #endAll(track: Track, errors: Parameters<LiveSink['end']>[0]): void {
    for (const member of track.members) {
      this.leave(member);
      member.sink.end(errors);
    }
  }
}

const asMessage = (event: SealedEvent): LogMessage => ({ event, gap: null });

const isSlow = ({ sink }: Member, pace: Pace): boolean => sink.waitingBytes > pace.bytes;

function newTrack(position: bigint, members: readonly Member[]): Track {
  const track: Track = { position, members: new Set() };
  for (const member of members) put(track, member);
  return track;
}

function put(track: Track, member: Member): void {
  track.members.add(member);
  member.track = track;
}
