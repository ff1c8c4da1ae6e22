// How a part of the ingest bench is measured, and the table of it.
import { backendsCpuMs } from './reads-peer.ts';

export interface Figure {
  readonly title: string;
  readonly rowsPerSecond: number;
  readonly rows: number;
  /** Of this process, and of the database. */
  readonly serverUsPerRow: number;
  readonly databaseUsPerRow: number;
  readonly peakMb: number;
}

export interface Measuring {
  readonly title: string;
  readonly rows: number;
  readonly postmasterPid: number;
  work(): Promise<void>;
}

const WATCH_MS = 50;
export const rssMb = (): number => Math.round(process.memoryUsage.rss() / 1e6);

export async function measured({ title, rows, postmasterPid, work }: Measuring): Promise<Figure> {
  let peakMb = rssMb();
  const look = () => {
    peakMb = Math.max(peakMb, rssMb());
  };
  const watch = setInterval(look, WATCH_MS);
  const cpu = process.cpuUsage();
  const databaseMs = backendsCpuMs(postmasterPid);
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  clearInterval(watch);
  look();
  const { user, system } = process.cpuUsage(cpu);
  return {
    title,
    rows,
    rowsPerSecond: rows / (ms / 1_000),
    serverUsPerRow: (user + system) / rows,
    databaseUsPerRow: ((backendsCpuMs(postmasterPid) - databaseMs) * 1_000) / rows,
    peakMb,
  };
}

const say = (text: string) => process.stdout.write(`${text}\n`);

export function print(figures: readonly Figure[]): void {
  const base = figures[0]?.rowsPerSecond ?? 1;
  const line = (title: string, ...cells: readonly string[]) => `${title.padEnd(78)} ${cells.map((c) => c.padStart(9)).join(' ')}`;
  say(`\n${line('what', 'rows/s', 'ratio', 'server µs', 'db µs', 'peak MB')}`);
  for (const { title, rowsPerSecond, serverUsPerRow, databaseUsPerRow, peakMb } of figures) {
    const ratio = (rowsPerSecond / base).toFixed(3);
    say(line(title, rowsPerSecond.toFixed(0), ratio, serverUsPerRow.toFixed(0), databaseUsPerRow.toFixed(0), String(peakMb)));
  }
}
