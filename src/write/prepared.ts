/**
 * The statements that are prepared on one connection, each under a name, so that it is parsed and planned once and not every time. A name
 * is given up after a while, since its plan was made for tables as they were, and when there are too many.
 */
import type { MessageWriter } from '../read/wire/message-writer.ts';
import { monotonicMs } from '../kernel/clock.ts';

const KEPT_MAX_COUNT = 250;
const KEPT_MS = 60_000;

export interface Column {
  readonly name: string;
  read(text: string): unknown;
}

/** A statement as the database knows it on this connection. */
export interface Prepared {
  readonly text: string;
  readonly name: string;
  readonly sinceMs: number;
  /** As they were described with its first use; none for what gives no rows. */
  columns: readonly Column[];
}

export class PreparedStatements {
  private readonly kept = new Map<string, Prepared>();
  private count = 0;

  constructor(private readonly writer: MessageWriter) {}

  /** The statement under its name; it is prepared with its first use. */
  of(text: string): Prepared {
    const now = monotonicMs();
    const known = this.kept.get(text);
    if (known && now - known.sinceMs < KEPT_MS) return known;
    if (known) this.giveUp(known);
    const [oldest] = this.kept.values();
    if (oldest && this.kept.size >= KEPT_MAX_COUNT) this.giveUp(oldest);
    this.count += 1;
    const prepared: Prepared = { text, name: `w${this.count}`, sinceMs: now, columns: [] };
    this.kept.set(text, prepared);
    this.describe(prepared);
    return prepared;
  }

  /** One that has no name: it is gone with the next one. */
  once(text: string): Prepared {
    const prepared = { text, name: '', sinceMs: 0, columns: [] };
    this.describe(prepared);
    return prepared;
  }

  /** It may never have been prepared. Closing what isn't there is no error. */
  giveUp(prepared: Prepared): void {
    if (this.kept.get(prepared.text) === prepared) this.kept.delete(prepared.text);
    if (prepared.name !== '') this.writer.close(prepared.name);
  }

  private describe({ name, text }: Prepared): void {
    this.writer.parse(name, text);
    this.writer.describe(name);
  }
}
