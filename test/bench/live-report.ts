// What the rounds of the live bench come to: medians, and the ratio to bare ws round by round, since the machine's speed drifts.
import type { LiveCase } from './live-cases.ts';
import { quantile } from './quantile.ts';

export interface Round {
  /** Of the burst; null where none was asked. */
  readonly perSecond: number | null;
  /** Of the server for one delivery of the burst; null where none was asked. */
  readonly burstCpuMicros: number | null;
  /** Of the server, and of worker and database behind it, for one delivery when there is no hurry. */
  readonly cpuMicros: number;
  readonly behindCpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of one message. */
  readonly bytes: number;
}

export interface Figure extends Round {
  readonly case: string;
  readonly peer: string;
  readonly rounds: number;
  readonly ratio: number | null;
  readonly cpuRatio: number | null;
  readonly burstCpuRatio: number | null;
  readonly perSecondMin: number | null;
  readonly perSecondMax: number | null;
  /** Of the server's memory for each subscriber that came. */
  readonly subscriberKb: number;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const LIMIT = 'bare';

export function summary(
  of: { readonly case: string; readonly peer: string; readonly subscriberKb: number },
  all: ReadonlyMap<string, readonly Round[]>,
): Figure {
  const own = all.get(of.peer) ?? [];
  const limit = all.get(LIMIT);
  const rates = own.flatMap(({ perSecond }) => perSecond ?? []);
  const each = (pick: (round: Round) => number) => median(own.map(pick));
  const ratio = (pick: (round: Round) => number) =>
    limit ? median(own.map((round, i) => pick(round) / (limit[i] ? pick(limit[i]) : 1))) : null;
  return {
    ...of,
    rounds: own.length,
    perSecond: rates.length > 0 ? median(rates) : null,
    perSecondMin: rates.length > 0 ? Math.min(...rates) : null,
    perSecondMax: rates.length > 0 ? Math.max(...rates) : null,
    ratio: rates.length > 0 ? ratio(({ perSecond }) => perSecond ?? 0) : null,
    cpuRatio: ratio(({ cpuMicros }) => cpuMicros),
    burstCpuRatio: rates.length > 0 ? ratio(({ burstCpuMicros }) => burstCpuMicros ?? 0) : null,
    burstCpuMicros: rates.length > 0 ? each((round) => round.burstCpuMicros ?? 0) : null,
    cpuMicros: each((round) => round.cpuMicros),
    behindCpuMicros: each((round) => round.behindCpuMicros),
    p50Ms: each((round) => round.p50Ms),
    p99Ms: each((round) => round.p99Ms),
    maxMs: each((round) => round.maxMs),
    bytes: each((round) => round.bytes),
  };
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const COLUMNS = [
  ['peer', 8],
  ['deliveries/s', 24],
  ['of bare', 8],
  ['CPU µs', 8],
  ['of bare', 8],
  ['paced: p50 ms', 14],
  ['p99 ms', 8],
  ['max ms', 8],
  ['CPU µs (+ behind)', 20],
  ['of bare', 8],
  ['KB each', 8],
  ['bytes', 6],
] as const;

const line = (cells: readonly string[]) =>
  say(cells.map((text, i) => (i === 0 ? text.padEnd(COLUMNS[i]?.[1] ?? 0) : text.padStart(COLUMNS[i]?.[1] ?? 0))).join(' '));
const shown = (value: number | null, digits: number) => (value === null ? '' : value.toFixed(digits));

export function printFigures({ title }: LiveCase, figures: readonly Figure[]): void {
  say(`\n${title}`);
  line(COLUMNS.map(([name]) => name));
  for (const figure of figures) {
    const { perSecond, perSecondMin, perSecondMax, cpuMicros, behindCpuMicros } = figure;
    line([
      figure.peer,
      perSecond === null ? '' : `${shown(perSecond, 0)} (${shown(perSecondMin, 0)}–${shown(perSecondMax, 0)})`,
      shown(figure.ratio, 2),
      shown(figure.burstCpuMicros, 1),
      shown(figure.burstCpuRatio, 2),
      shown(figure.p50Ms, 1),
      shown(figure.p99Ms, 1),
      shown(figure.maxMs, 1),
      `${shown(cpuMicros, 1)} (+ ${shown(behindCpuMicros, 1)})`,
      shown(figure.cpuRatio, 2),
      shown(figure.subscriberKb, 1),
      shown(figure.bytes, 0),
    ]);
  }
}
