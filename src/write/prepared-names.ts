/**
 * Names of the statements that are prepared on one connection, so that each is parsed and planned once and not every time. A name is
 * given up after a while, since its plan was made for tables as they were, and when there are too many.
 */
import type pg from 'pg';
import { monotonicMs } from '../kernel/clock.ts';

const KEPT_MAX_COUNT = 250;
const KEPT_MS = 10_000;

interface Kept {
  readonly name: string;
  readonly sinceMs: number;
}

/** What pg's client has and its types leave out. */
interface Inner {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Record<string, string>;
  close(what: { readonly type: 'S'; readonly name: string }): void;
}
export const innerOf = (client: pg.ClientBase): Inner => (client as unknown as { readonly connection: Inner }).connection;

export class PreparedNames {
  private readonly kept = new Map<string, Kept>();
  private count = 0;

  constructor(private readonly client: pg.ClientBase) {}

  /** The name under which the text is prepared with its first use. */
  of(text: string): string {
    const now = monotonicMs();
    const known = this.kept.get(text);
    if (known && now - known.sinceMs < KEPT_MS) return known.name;
    if (known) this.giveUp(text, known);
    const [oldest] = this.kept;
    if (oldest && this.kept.size >= KEPT_MAX_COUNT) this.giveUp(...oldest);
    this.count += 1;
    const name = `w${this.count}`;
    this.kept.set(text, { name, sinceMs: now });
    return name;
  }

  /** Closing what isn't there (it may never have been parsed) is no error. */
  private giveUp(text: string, { name }: Kept): void {
    this.kept.delete(text);
    const inner = innerOf(this.client);
    delete inner.parsedStatements[name];
    inner.close({ type: 'S', name });
  }
}
