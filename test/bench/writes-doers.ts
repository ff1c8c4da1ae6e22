// Who writes in the write bench: the two yardsticks, the usual stack, and each kind of work of ours. Each makes ready what isn't timed and then
// does what is; what the books must hold afterwards is said beside it.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Running } from './reads-peer.ts';
import type { WriteBooks } from './writes-books.ts';
import type { Child } from './child.ts';
import type { DriverOrder, DriverResult } from './writes-driver.ts';
import type { LoadOrder, LoadResult } from './writes-load.ts';
import { runPgbench } from './writes-pgbench.ts';
import type { Round } from './writes-report.ts';
import { type Draw, orderOf, type Work, type WorkName, WORKS, YARDSTICK_EACH, yardstickSums } from './writes-works.ts';

/** More than any machine does of one kind in a second; what is used up is made for fewer. */
const MOST_PER_SECOND = 8_000;
const MOST_USED_PER_SECOND = 2_000;

export interface Bench {
  readonly books: WriteBooks;
  readonly admin: pg.Client;
  readonly folder: string;
  readonly draw: Draw;
  readonly load: Child<LoadOrder, LoadResult>;
  readonly driver: Child<DriverOrder, DriverResult>;
  readonly ours: Running;
  readonly usual: Running | null;
}

export interface Turn {
  readonly connections: number;
  readonly ms: number;
}

/** What one turn did, before the processor's time and the log are looked at. */
type Done = Pick<Round, 'answers' | 'p50Ms' | 'p99Ms'> & {
  readonly ms: number;
  readonly serverCpuMs: number | null;
  readonly loadCpuMs: number | null;
};

export interface Doer {
  readonly name: string;
  readonly title: string;
  readonly goal: Readonly<Record<number, number>>;
  /** Makes ready what isn't timed, and gives what is. */
  prepare(turn: Turn): Promise<() => Promise<Done>>;
  readonly pid: number | null;
  readonly sums: string;
  readonly each: Readonly<Record<string, number>>;
}

/** Seeded, so that each run asks for the same. */
export function draws(seed: number): Draw {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + Math.floor((state / 2 ** 32) * most);
  };
}

export function yardstick(bench: Bench, name: 'pgbench' | 'driver'): Doer {
  const { books, driver, draw } = bench;
  const { connection, size } = books;
  return {
    name,
    title: name === 'pgbench' ? 'pgbench: the order in seven statements' : 'the same seven statements by pg in Node',
    goal: {},
    pid: null,
    sums: yardstickSums(name),
    each: YARDSTICK_EACH,
    prepare: async (turn) => async () => {
      const order = { connection, ...size, seed: draw(2 ** 30), ...turn };
      if (name === 'pgbench') return { ...(await runPgbench(order)), serverCpuMs: null, loadCpuMs: null };
      return { ...(await driver.run(order)), loadCpuMs: null };
    },
  };
}

interface Http {
  readonly running: Running;
  readonly path: string;
  readonly tokens: readonly string[];
  readonly mark: string;
  bodies(count: number, turn: Turn): Promise<readonly object[]>;
}

/** Whatever is asked over HTTP. */
function asked({ folder, draw, load }: Bench, { running, path, tokens, mark, bodies }: Http): Pick<Doer, 'prepare' | 'pid'> {
  return {
    pid: running.pid,
    async prepare(turn) {
      const key = `bench-${draw(2 ** 30)}`;
      const file = join(folder, `${key}.jsonl`);
      const lines = await bodies(Math.ceil((MOST_PER_SECOND * turn.ms) / 1_000), turn);
      writeFileSync(file, lines.map((body) => `${JSON.stringify(body)}\n`).join(''));
      return async () => {
        const result = await load.run({ port: running.port, path, file, tokens, mark, key, ...turn });
        rmSync(file);
        if (result.refused > 0) throw new Error(`${result.refused} of ${result.answers} were refused: ${result.refusal ?? ''}`);
        return { ...result, serverCpuMs: null };
      };
    },
  };
}

const USUAL_DOCUMENT = 'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { id number status } }';

export const usualDoer = (bench: Bench, running: Running): Doer => ({
  name: 'usual',
  title: 'Apollo, type-graphql and MikroORM: a unit of work for each order',
  goal: {},
  sums: yardstickSums('usual'),
  each: YARDSTICK_EACH,
  ...asked(bench, {
    running,
    path: '/',
    tokens: [],
    mark: '"status":"CONFIRMED"',
    async bodies(count) {
      const { customers, products } = bench.books.size;
      return Array.from({ length: count }, () => {
        const lines = orderOf(bench.draw, products).map(({ product, quantity, priceMinor }) => ({
          productId: String(product + 1),
          quantity,
          priceMinor,
        }));
        return { query: USUAL_DOCUMENT, variables: { input: { customerId: String(bench.draw(customers)), lines } } };
      });
    },
  }),
});

export function oursDoer(bench: Bench, name: WorkName): Doer {
  const { title, goal, document, inputs, sums, each, isUsedUp }: Work = WORKS[name];
  const { stock, tokens } = bench.books;
  return {
    name,
    title,
    goal,
    sums,
    each,
    ...asked(bench, {
      running: bench.ours,
      path: '/graphql',
      tokens,
      mark: '"userErrors":[]',
      async bodies(count, { ms }) {
        const wanted = isUsedUp ? Math.min(bench.books.size.records, Math.ceil((MOST_USED_PER_SECOND * ms) / 1_000)) : count;
        const made = await inputs(stock, wanted, bench.draw);
        return made.map((input) => ({ query: document, variables: { input } }));
      },
    }),
  };
}
