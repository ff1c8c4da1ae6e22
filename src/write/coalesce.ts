/**
 * Takes requests that come at once together: while some are under way, those that come meanwhile wait for the next turn and go as one.
 * Nobody waits for others to come, only for what is under way: beside it the next ones go when about as many wait as go together at the
 * time, since the first to come back would else go alone at the price of all; and after a moment in any case. What can't be done together is done by halves, down to the single one, so
 * that nobody suffers for another's input; and nothing is done again of which nobody knows whether it was done.
 */
import { accessKeyOf } from '../access/principal.ts';
import { isDomainError } from '../kernel/errors.ts';
import { NotTogether, type Outcome, type Settled } from './outcome.ts';
import type { Asked } from './requests.ts';

export interface CoalescingWays {
  /** In the order given. @throws NotTogether, or what went wrong with all of it */
  together(items: readonly Asked[]): Promise<readonly Settled[]>;
  alone(item: Asked): Promise<Outcome>;
  /** How many go together at most. */
  readonly maxCount: number;
  /** How many times one kind of them is under way at most. */
  readonly atOnceMaxCount: number;
}

const KEY = 'key ';

interface Waiting {
  readonly asked: Asked;
  /** No two with a name in common are under way at once: a key, and what the command locks. */
  readonly names: readonly string[];
  done(settled: Settled): void;
}

/** Those that could go together: one command, one tenant, equal access. */
interface Kind {
  waiting: Waiting[];
  underWay: number;
  readonly busy: Set<string>;
  /** Of those that wait: names that were under way before. Under a key nothing more is done then, so they needn't follow each other. */
  again: ReadonlySet<string>;
  isDue: boolean;
  /** The most that went together lately. */
  lately: number;
  patience: NodeJS.Timeout | undefined;
}

/** Of those that went together lately: so many go beside others. */
const ENOUGH_SHARE = 0.75;
/** How fast it is forgotten that many went together, with each that goes. */
const KEPT_SHARE = 0.75;
/** What is under way may wait for somebody else's lock. */
const PATIENCE_MS = 50;

export class Coalescer {
  private readonly kinds = new Map<string, Kind>();

  constructor(private readonly ways: CoalescingWays) {}

  run(asked: Asked): Promise<Outcome> {
    const name = kindOf(asked);
    const kind = this.kinds.get(name) ?? {
      waiting: [],
      underWay: 0,
      busy: new Set<string>(),
      again: new Set<string>(),
      isDue: false,
      lately: 0,
      patience: undefined,
    };
    this.kinds.set(name, kind);
    return new Promise((resolve, reject) => {
      const done = (settled: Settled) => {
        try {
          resolve(settled());
        } catch (error) {
          reject(error);
        }
      };
      kind.waiting.push({ asked, names: namesOf(asked), done });
      this.startSoon(name, kind);
    });
  }

  /** Those that came with the same turn of the event loop go together. */
  private startSoon(name: string, kind: Kind): void {
    if (kind.isDue || kind.underWay >= this.ways.atOnceMaxCount) return;
    kind.isDue = true;
    setImmediate(() => {
      kind.isDue = false;
      this.start(name, kind, kind.lately * ENOUGH_SHARE);
    });
  }

  /** `enough`: so many go beside what is under way. */
  private start(name: string, kind: Kind, enough: number): void {
    const mayGo = () =>
      kind.underWay === 0 || (kind.underWay < this.ways.atOnceMaxCount && kind.waiting.length >= Math.max(1, enough));
    while (mayGo()) {
      const batch = this.take(kind);
      if (batch.length === 0) break;
      kind.lately = Math.max(batch.length, kind.lately * KEPT_SHARE);
      void this.go(name, kind, batch);
    }
    if (kind.waiting.length > 0) kind.patience ??= setTimeout(() => this.lookAgain(name, kind), PATIENCE_MS);
  }

  private lookAgain(name: string, kind: Kind): void {
    kind.patience = undefined;
    if (kind.waiting.length > 0) this.start(name, kind, 1);
  }

  /** The longest waiting first; who shares a name with one that is under way stays for the next. */
  private take(kind: Kind): readonly Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of kind.waiting) {
      const isFree = batch.length < this.ways.maxCount && one.names.every((name) => !kind.busy.has(name) || kind.again.has(name));
      if (!isFree) {
        left.push(one);
        continue;
      }
      batch.push(one);
      for (const name of one.names) kind.busy.add(name);
    }
    kind.waiting = left;
    return batch;
  }

  private async go(name: string, kind: Kind, batch: readonly Waiting[]): Promise<void> {
    kind.underWay += 1;
    const settled = await this.settled(batch.map(({ asked }) => asked));
    kind.underWay -= 1;
    batch.forEach((one, i) => {
      for (const busy of one.names) kind.busy.delete(busy);
      one.done(settled[i] as Settled);
    });
    const waited = new Set(kind.waiting.flatMap((one) => one.names));
    const used = [...kind.again, ...batch.flatMap((one) => one.names)].filter((of) => of.startsWith(KEY) && waited.has(of));
    kind.again = new Set(used);
    if (kind.waiting.length > 0) this.startSoon(name, kind);
    else if (kind.underWay === 0 && !kind.isDue) this.kinds.delete(name);
  }

  /** Never throws. */
  private async settled(items: readonly Asked[]): Promise<readonly Settled[]> {
    const [first] = items;
    if (!first) return [];
    if (items.length === 1) return [await settledAlone(this.ways.alone(first))];
    try {
      return await this.ways.together(items);
    } catch (error) {
      // it may have been committed: only those that have keys can find out, by asking again
      if (isDomainError(error) && error.code === 'UNAVAILABLE') return items.map(() => thrown(error));
      if (error instanceof NotTogether) return this.without(items, error.settled);
      const half = items.length >> 1;
      const before = await this.settled(items.slice(0, half));
      return [...before, ...(await this.settled(items.slice(half)))];
    }
  }

  private async without(items: readonly Asked[], apart: ReadonlyMap<number, Settled>): Promise<readonly Settled[]> {
    const others = await this.settled(items.filter((_, index) => !apart.has(index)));
    let at = 0;
    return items.map((_, index) => apart.get(index) ?? (others[at++] as Settled));
  }
}

const thrown = (error: unknown): Settled => {
  return () => {
    throw error;
  };
};

const settledAlone = (running: Promise<Outcome>): Promise<Settled> =>
  running.then(
    (outcome) => () => outcome,
    (error: unknown) => thrown(error),
  );

function namesOf({ definition, input, key }: Asked): readonly string[] {
  return [...(definition.coalesces?.(input) ?? []), ...(key === null ? [] : [`${KEY}${key.actorId} ${key.key}`])];
}

/** One kind for those who may see and do the same; a portal user may see itself, too. */
function kindOf({ definition, request: { principal } }: Asked): string {
  const { actorId, kind, portal, clockOffsetMs = 0 } = principal;
  return `${definition.name} ${kind} ${clockOffsetMs} ${portal ? actorId : ''} ${accessKeyOf(principal)}`;
}
