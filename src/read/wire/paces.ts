/** How long statements have taken, by their text: what decides whether others may wait behind them. */

/** Above this a statement isn't short. */
const SHORT_MS = 50;
/** How much the latest time counts. */
const LATEST = 0.2;
const TEXTS_MAX = 5_000;

export class Paces {
  private readonly times = new Map<string, number>();

  /** What the statement is expected to take; null when it takes long or isn't known. */
  shortMs(text: string): number | null {
    const ms = this.times.get(text);
    return ms === undefined || ms > SHORT_MS ? null : ms;
  }

  note(text: string, ms: number): void {
    const before = this.times.get(text);
    if (before === undefined && this.times.size >= TEXTS_MAX) this.times.clear();
    this.times.set(text, before === undefined ? ms : before + (ms - before) * LATEST);
  }
}
