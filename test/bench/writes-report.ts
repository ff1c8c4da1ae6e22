// What the rounds of the write bench come to: medians, and the ratios to the yardsticks round by round, since the machine's speed drifts.
import { loadavg } from 'node:os';

export interface Round {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, until what it does afterwards in the background is done too; null where there is none. */
  readonly serverCpuMs: number | null;
  readonly databaseCpuMs: number;
  readonly loadCpuMs: number | null;
  readonly walBytes: number;
  /** Inputs for each transaction; null where it is one. */
  readonly perTransaction: number | null;
  /** Events that weren't sealed when the load ended. */
  readonly unsealed: number | null;
}

/** Least, middle and most of the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Figure {
  readonly work: string;
  readonly title: string;
  readonly connections: number;
  readonly goal: number | null;
  readonly perSecond: Spread;
  /** Of pgbench and of the bare driver in the same round; null without them. */
  readonly ofPgbench: Spread | null;
  readonly ofDriver: Spread | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuMs: number | null;
  readonly databaseCpuMs: number;
  readonly loadCpuMs: number | null;
  readonly walBytes: number;
  readonly perTransaction: number | null;
  readonly unsealed: number | null;
}

export type Rounds = ReadonlyMap<string, readonly Round[]>;

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}

export interface Summed {
  readonly work: string;
  readonly title: string;
  readonly connections: number;
  readonly goal: number | null;
}

/** @param rounds by name of what was done, all with so many connections */
export function summary(summed: Summed, rounds: Rounds): Figure {
  const own = rounds.get(summed.work) ?? [];
  const median = (of: (round: Round) => number) => spread(own.map(of)).median;
  const known = (of: (round: Round) => number | null) =>
    own.some((round) => of(round) === null) ? null : median((r) => of(r) ?? 0);
  const ratio = (to: readonly Round[] | undefined) =>
    to && to.length > 0 ? spread(own.map((round, i) => round.perSecond / (to[i]?.perSecond ?? Number.NaN))) : null;
  const each = (part: number | null, { answers }: Round) => (part === null ? null : part / answers);
  return {
    ...summed,
    perSecond: spread(own.map((round) => round.perSecond)),
    ofPgbench: ratio(rounds.get('pgbench')),
    ofDriver: ratio(rounds.get('driver')),
    p50Ms: median((round) => round.p50Ms),
    p99Ms: median((round) => round.p99Ms),
    serverCpuMs: known((round) => each(round.serverCpuMs, round)),
    databaseCpuMs: median((round) => round.databaseCpuMs / round.answers),
    loadCpuMs: known((round) => each(round.loadCpuMs, round)),
    walBytes: median((round) => round.walBytes / round.answers),
    perTransaction: known((round) => round.perTransaction),
    unsealed: known((round) => round.unsealed),
  };
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const COLUMNS = [
  ['', 15],
  ['each second', 18],
  ['of pgbench', 18],
  ['of driver', 10],
  ['goal', 6],
  ['p50 ms', 7],
  ['p99 ms', 7],
  ['CPU ms each (server + db)', 26],
  ['load', 5],
  ['WAL kB', 7],
  ['in one tx', 9],
  ['unsealed', 8],
] as const;
const line = (cells: readonly string[]) =>
  say(cells.map((text, i) => (i === 0 ? text.padEnd(COLUMNS[i]?.[1] ?? 0) : text.padStart(COLUMNS[i]?.[1] ?? 0))).join(' '));
const shown = (value: number | null, digits: number) => (value === null ? '' : value.toFixed(digits));

export function printFigures(connections: number, figures: readonly Figure[]): void {
  say(
    `\n${connections} connections (load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')})`,
  );
  line(COLUMNS.map(([name]) => name));
  for (const { work, perSecond, ofPgbench, ofDriver, goal, serverCpuMs, databaseCpuMs, walBytes, ...figure } of figures) {
    const cpu = (serverCpuMs ?? 0) + databaseCpuMs;
    line([
      work,
      `${perSecond.median.toFixed(0)} (${perSecond.min.toFixed(0)}–${perSecond.max.toFixed(0)})`,
      ofPgbench ? `${ofPgbench.median.toFixed(2)} (${ofPgbench.min.toFixed(2)}–${ofPgbench.max.toFixed(2)})` : '',
      ofDriver ? ofDriver.median.toFixed(2) : '',
      goal === null ? '' : `≥ ${goal}`,
      figure.p50Ms.toFixed(1),
      figure.p99Ms.toFixed(1),
      `${cpu.toFixed(2)} (${shown(serverCpuMs, 2) || '?'} + ${databaseCpuMs.toFixed(2)})`,
      shown(figure.loadCpuMs, 2),
      (walBytes / 1_000).toFixed(1),
      shown(figure.perTransaction, 1),
      shown(figure.unsealed, 0),
    ]);
  }
}
