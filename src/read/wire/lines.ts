/** A few lines to the database, opened when they are needed. */
import type pg from 'pg';
import { Line } from './line.ts';
import type { Read } from './read.ts';

export interface LinesOptions {
  readonly config: pg.ClientConfig;
  readonly max: number;
  /** A line could take a statement, or room for a new one was made. */
  onFree(): void;
  /** Reads that no connection had begun with when theirs was lost. */
  onLost(reads: readonly Read[]): void;
}

export class Lines {
  readonly max: number;
  private readonly options: LinesOptions;
  private readonly lines = new Set<Line>();

  constructor(options: LinesOptions) {
    this.options = options;
    this.max = options.max;
  }

  /** One that has nothing to do; null when all are busy. */
  idle(): Line | null {
    for (const line of this.lines) if (line.length === 0) return line;
    return this.lines.size < this.max ? this.opened() : null;
  }

  /** The one that is free soonest, opened ones first; null when each waits for a slow statement. */
  least(): Line | null {
    let least: Line | null = null;
    for (const line of this.lines) {
      if (line.isStuck) continue;
      if (least === null || (line.isOpen && !least.isOpen) || (line.isOpen === least.isOpen && line.load < least.load))
        least = line;
    }
    // the new one is for those that come after it has connected
    if ((least === null || least.length > 0) && this.lines.size < this.max) {
      const fresh = this.opened();
      return least?.isOpen ? least : fresh;
    }
    return least;
  }

  all(): readonly Line[] {
    return [...this.lines];
  }

  async end(): Promise<void> {
    await Promise.all(this.all().map((line) => line.close()));
  }

  private opened(): Line {
    const line = new Line(this.options.config, {
      onIdle: () => this.options.onFree(),
      onEnd: (left) => {
        this.lines.delete(line);
        this.options.onLost(left);
        this.options.onFree();
      },
    });
    this.lines.add(line);
    return line;
  }
}
