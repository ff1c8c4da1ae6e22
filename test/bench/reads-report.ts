// What the rounds of the read bench come to: medians, and the ratio to the limit round by round, since the machine's speed drifts.
import type { LoadResult } from './reads-load.ts';
import { QUERIES, type QueryName } from './reads-queries.ts';

export interface Round extends LoadResult {
  readonly perSecond: number;
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly rssMb: number;
}

/** Least, middle and most of the rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Figure {
  readonly query: QueryName;
  readonly peer: string;
  readonly perSecond: Spread;
  /** Of the limit in the same round; null without it. */
  readonly ratio: Spread | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server and of the database, for one request. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly rssMb: number;
  readonly bytes: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}

export function summary(query: QueryName, peer: string, rounds: ReadonlyMap<string, readonly Round[]>): Figure {
  const own = rounds.get(peer) ?? [];
  const limit = rounds.get('limit');
  const each = (of: (round: Round) => number) => spread(own.map(of)).median;
  return {
    query,
    peer,
    perSecond: spread(own.map((round) => round.perSecond)),
    ratio: limit ? spread(own.map((round, i) => round.perSecond / (limit[i]?.perSecond ?? 1))) : null,
    p50Ms: each((round) => round.p50Ms),
    p99Ms: each((round) => round.p99Ms),
    serverCpuMs: each((round) => round.serverCpuMs / round.answers),
    databaseCpuMs: each((round) => round.databaseCpuMs / round.answers),
    rssMb: each((round) => round.rssMb),
    bytes: each((round) => round.bytes / round.answers),
  };
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const COLUMNS = [
  ['peer', 12],
  ['requests/s', 22],
  ['of the limit', 20],
  ['goal', 6],
  ['p50 ms', 8],
  ['p99 ms', 8],
  ['p99 of limit', 13],
  ['CPU ms (server + db)', 22],
  ['CPU of limit', 13],
  ['RSS MB', 7],
  ['kB', 7],
] as const;

export function printFigures(query: QueryName, figures: readonly Figure[]): void {
  const { title, goal } = QUERIES[query];
  const limit = figures.find(({ peer }) => peer === 'limit');
  say(`\n${query}: ${title}`);
  say(COLUMNS.map(([name, width], i) => (i === 0 ? name.padEnd(width) : name.padStart(width))).join(' '));
  for (const figure of figures) {
    const { peer, perSecond, ratio, p50Ms, p99Ms, serverCpuMs, databaseCpuMs, rssMb, bytes } = figure;
    const cpu = serverCpuMs + databaseCpuMs;
    const cells = [
      peer,
      `${perSecond.median.toFixed(0)} (${perSecond.min.toFixed(0)}–${perSecond.max.toFixed(0)})`,
      ratio ? `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})` : '',
      peer === 'ours' ? `≥ ${goal}` : '',
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      limit ? (p99Ms / limit.p99Ms).toFixed(2) : '',
      `${cpu.toFixed(2)} (${serverCpuMs.toFixed(2)} + ${databaseCpuMs.toFixed(2)})`,
      limit ? (cpu / (limit.serverCpuMs + limit.databaseCpuMs)).toFixed(2) : '',
      String(rssMb),
      (bytes / 1_000).toFixed(1),
    ];
    say(cells.map((text, i) => (i === 0 ? text.padEnd(COLUMNS[i]?.[1] ?? 0) : text.padStart(COLUMNS[i]?.[1] ?? 0))).join(' '));
  }
}
