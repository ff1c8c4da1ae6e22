/**
 * One connection to Postgres on which many reads are under way at once: each is sent as it comes, and answered in its turn.
 * pg signs in; what it needn't see (the rows) never reaches it. A failed read ends with its own Sync and harms no other.
 */
import type pg from 'pg';
import { monotonicMs } from '../../kernel/clock.ts';
import { databaseError, lost, noConnection, translated } from './failure.ts';
import { MessageWriter } from './message-writer.ts';
import { Prepared, settingsText } from './prepared.ts';
import type { Read } from './read.ts';
import { Code, type Tapped, tapped } from './tapped.ts';

export interface LineEvents {
  /** Nothing is under way any more. */
  onIdle(): void;
  /** Not one more answer will come; these reads weren't begun with. */
  onEnd(left: readonly Read[]): void;
}

/** A read on the line. */
interface Turn {
  /** Null when it is read elsewhere by now. */
  read: Read | null;
  areSettingsDone: boolean;
  readonly expectedMs: number;
  error: unknown;
}

/** Of no interest to a read: parsed, bound, closed, no data, parameters described, empty, suspended. */
const PASSED = new Set([0x31, 0x32, 0x33, 0x6e, 0x74, 0x49, 0x73]);

export class Line {
  isOpen = false;
  /** The statement at the head takes so long that nothing more should wait behind it. */
  isStuck = false;
  /** Expected time of all that is under way. */
  load = 0;
  private readonly events: LineEvents;
  private readonly connecting: Promise<unknown>;
  private isEnded = false;
  /** When the read at the head came to be there. */
  private headSinceMs = 0;
  private readonly tapped: Tapped;
  private readonly writer = new MessageWriter();
  private readonly prepared = new Prepared(this.writer);
  private readonly turns: Turn[] = [];
  private isFlushing = false;

  constructor(config: pg.ClientConfig, events: LineEvents) {
    this.events = events;
    this.tapped = tapped(config, (code, bytes, start) => this.message(code, bytes, start));
    const { client } = this.tapped;
    client.on('error', (error) => this.end(translated(error)));
    client.on('end', () => this.end(lost()));
    this.connecting = client.connect().then(
      () => {
        this.isOpen = true;
        this.headSinceMs = monotonicMs();
        this.flush();
      },
      (cause: unknown) => this.end(noConnection(cause)),
    );
  }

  get length(): number {
    return this.turns.length;
  }

  /** How long the read at the head has been under way. */
  headMs(now: number): number {
    return this.turns.length > 0 && this.isOpen ? now - this.headSinceMs : 0;
  }

  /** Those that wait behind the one at the head, which is slow: they are to be read elsewhere. */
  takeWaiting(): Read[] {
    this.isStuck = true;
    return this.turns.slice(1).flatMap((turn) => {
      const { read } = turn;
      turn.read = null;
      return read ? [read] : [];
    });
  }

  send(read: Read): void {
    const { writer, prepared } = this;
    const turn: Turn = { read, expectedMs: read.expectedMs, areSettingsDone: false, error: null };
    const setting = settingsText(read.settings);
    prepared.makeRoom();
    if (read.isAgain) for (const text of [setting, read.statement.text]) prepared.renew(text);
    writer.bind(prepared.name(setting), Object.values(read.settings));
    writer.execute();
    const name = prepared.name(read.statement.text);
    if (read.sink.columns) writer.describe(name);
    writer.bind(name, read.statement.values);
    writer.execute();
    writer.sync();
    this.load += read.expectedMs;
    if (this.turns.push(turn) === 1) this.headSinceMs = monotonicMs();
    if (this.isFlushing || !this.isOpen) return;
    this.isFlushing = true;
    setImmediate(() => this.flush());
  }

  /** Ends the connection at once: the read at the head fails with the error, the others go elsewhere. */
  cut(error: unknown): void {
    const [head] = this.turns;
    if (head) head.error = error;
    this.end(lost());
    this.tapped.stream.destroy();
  }

  async close(): Promise<void> {
    await this.connecting;
    if (!this.isEnded) await this.tapped.client.end();
  }

  private flush(): void {
    this.isFlushing = false;
    if (!this.isEnded) this.tapped.stream.write(this.writer.take());
  }

  private message(code: number, bytes: Buffer, start: number): boolean {
    const [turn] = this.turns;
    if (!turn || !this.isOpen) return false;
    if (code === Code.DataRow) {
      if (turn.areSettingsDone) this.row(turn, bytes, start);
    } else if (code === Code.CommandComplete) turn.areSettingsDone = true;
    else if (code === Code.ReadyForQuery) this.finish(turn);
    else if (code === Code.Error) turn.error = translated(databaseError(bytes, start));
    else if (code === Code.RowDescription) turn.read?.sink.columns?.(bytes, start);
    else return PASSED.has(code);
    return true;
  }

  private row(turn: Turn, bytes: Buffer, start: number): void {
    if (turn.error !== null) return;
    try {
      turn.read?.sink.row(bytes, start);
    } catch (error) {
      turn.error = error;
    }
  }

  private finish(turn: Turn): void {
    const now = monotonicMs();
    const ms = now - this.headSinceMs;
    this.headSinceMs = now;
    this.isStuck = false;
    this.turns.shift();
    this.load -= turn.expectedMs;
    turn.read?.done(turn.error, ms);
    if (this.turns.length === 0) this.events.onIdle();
  }

  private end(error: unknown): void {
    if (this.isEnded) return;
    const wasOpen = this.isOpen;
    this.isEnded = true;
    this.isOpen = false;
    const [head, ...others] = this.turns.splice(0);
    const waiting = others.flatMap(({ read }) => (read ? [read] : []));
    this.events.onEnd(wasOpen ? waiting : []);
    head?.read?.done(head.error ?? error, null);
    if (!wasOpen) for (const read of waiting) read.done(error, null);
  }
}
