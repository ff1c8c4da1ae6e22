// Figures of live delivery: `npm run bench -- live [--small] [--only same,filtered,…] [--peers bare,stock,ours] [--subscribers N] [--rounds N]
// [--json FILE] [--profile FOLDER]`. Bare ws, graphql-ws as it comes and our whole server stand beside each other, each with subscribers of
// its own who check what they get; first all must show the same. It ends by itself and stops all that it started.
import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { casesFor, type LiveCase } from './live-cases.ts';
import { type LiveBooks, openLiveBooks, SOCKETS_PER_LOGIN } from './live-books.ts';
import { type Fan, type FanName, NAMES, prepare, startFan } from './live-fans.ts';
import { type Figure, printFigures, type Round, summary } from './live-report.ts';
import { compare, gather, learn, round, type Stage } from './live-rounds.ts';
import { ensureBuilt } from './reads-install.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};
function listed<Name extends string>(name: string, all: readonly Name[]): Name[] {
  const wanted = option(name)?.split(',') ?? all;
  const unknown = wanted.find((one) => !all.includes(one as Name));
  if (unknown !== undefined) throw new Error(`${name}: there is no ${unknown}, only ${all.join(', ')}.`);
  return wanted as Name[];
}

const isSmall = process.argv.includes('--small');
const SUBSCRIBERS = Number(option('--subscribers') ?? (isSmall ? 500 : 10_000));
const ROUNDS = Number(option('--rounds') ?? (isSmall ? 3 : 5));
/** Of a server beside its sockets: files, connections to the database. */
const SPARE_FILES = 500;

const CASES = casesFor(SUBSCRIBERS, isSmall);
const names = listed('--only', Object.keys(CASES));
const peers = listed<FanName>('--peers', NAMES);
if (!peers.includes('ours')) throw new Error('--peers: what the others show is taken from ours, so ours must be among them.');

/** @throws Error where a process may not open as many sockets as it needs */
function requireFiles(): void {
  const most = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  if (most !== 'unlimited' && Number(most) < SUBSCRIBERS + SPARE_FILES)
    throw new Error(
      `A process may open ${most} files here: take --subscribers ${Number(most) - SPARE_FILES}, or raise ulimit -n.`,
    );
}

const load = () => loadavg()[0]?.toFixed(1) ?? '';

/** Servers of its own for each case, so that what one needed isn't counted as free for the next. */
async function measure(name: string, asked: LiveCase, { books, fans }: { books: LiveBooks; fans: Fan[] }): Promise<Figure[]> {
  const teacher = await startFan('ours', books);
  fans.push(teacher);
  const learnt = await learn({ asked, books, fan: teacher, next: 1 });
  await Promise.all(fans.splice(0).map((fan) => fan.stop()));
  for (const peer of peers) fans.push(await startFan(peer, books, option('--profile')));
  const stages: Stage[] = fans.map((fan) => ({ asked, books, fan, next: 1 }));
  const ours = stages.find(({ fan }) => fan.name === 'ours') as Stage;
  const others = stages.filter((stage) => stage !== ours);
  for (const { fan } of others) await prepare(fan, learnt);
  const kb = new Map<string, number>();
  for (const stage of stages) {
    kb.set(stage.fan.name, await gather(stage));
    say(`${name}: ${asked.subscribers} subscribers of ${stage.fan.name} are there (load ${load()})`);
  }
  await compare(ours, others);
  say(`${name}: equal messages`);
  for (const stage of stages) await round(stage);
  const rounds = new Map<string, Round[]>(fans.map((fan) => [fan.name, []]));
  for (let i = 0; i < ROUNDS; i++) for (const stage of stages) rounds.get(stage.fan.name)?.push(await round(stage));
  say(`${name}: load ${load()}`);
  return fans.map((fan) => summary({ case: name, peer: fan.name, subscriberKb: kb.get(fan.name) ?? 0 }, rounds));
}

async function run(books: LiveBooks, fans: Fan[]): Promise<void> {
  const figures: Figure[] = [];
  for (const name of names) {
    const asked = CASES[name] as LiveCase;
    const found = await measure(name, asked, { books, fans });
    await Promise.all(fans.splice(0).map((fan) => fan.stop()));
    printFigures(asked, found);
    figures.push(...found);
  }
  const file = option('--json');
  const settings = { isSmall, subscribers: SUBSCRIBERS, rounds: ROUNDS, load: loadavg() };
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ ...settings, figures }, null, 2)}\n`);
}

requireFiles();
ensureBuilt();
// from here on there is something to stop
const customers = Math.max(...Object.values(CASES).map(({ topics }) => topics));
const books = await openLiveBooks({ customers, people: Math.ceil(SUBSCRIBERS / SOCKETS_PER_LOGIN) });
const fans: Fan[] = [];
const stopped = new Promise<never>((_, fail) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fail(new Error('Stopped.')));
});
try {
  await Promise.race([stopped, run(books, fans)]);
} finally {
  await Promise.all(fans.map((fan) => fan.stop()));
  await books.stop();
}
