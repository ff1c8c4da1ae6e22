/** The turns of a read's pages: one is decided on while the one before it is written, and never are more than these two under way. */

export class Turn {
  decided: () => void = () => {};
  counted: () => void = () => {};
  /** What its decisions need is read and locked, or it is over. */
  readonly isDecided: Promise<void>;
  /** What came of it is counted. @throws what went wrong with it */
  readonly isCounted: Promise<void>;
  readonly isOver: Promise<void>;
  isUnderWay = true;

  constructor(
    /** From 1. */
    readonly place: number,
    /** Of its records there. */
    readonly ids: ReadonlySet<string>,
    work: (turn: Turn) => Promise<void>,
  ) {
    const decided = new Promise<void>((resolve) => {
      this.decided = resolve;
    });
    const counted = new Promise<void>((resolve) => {
      this.counted = resolve;
    });
    this.isOver = work(this).finally(() => {
      this.isUnderWay = false;
    });
    this.isDecided = Promise.race([decided, this.isOver.catch(() => {})]);
    this.isCounted = Promise.race([counted, this.isOver]);
    // whoever waits for it is told; nobody may
    this.isCounted.catch(() => {});
  }
}

export class Turns {
  #last: Turn | null = null;
  #place = 0;

  /**
   * Begins the next one as soon as the one before has decided, and is back when that is over. `before`: the one before, if it is still
   * under way. @throws what went wrong with that
   */
  async take(ids: ReadonlySet<string>, work: (turn: Turn, before: Turn | null) => Promise<void>): Promise<void> {
    const before = this.#last;
    await before?.isDecided;
    const other = before?.isUnderWay ? before : null;
    if (!other) await before?.isOver;
    this.#place += 1;
    this.#last = new Turn(this.#place, ids, (turn) => work(turn, other));
    await before?.isOver;
  }

  /** The last one is over. @throws what went wrong with it */
  async end(): Promise<void> {
    const last = this.#last;
    this.#last = null;
    await last?.isOver;
  }
}
