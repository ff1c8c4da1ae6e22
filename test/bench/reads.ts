// Figures of reading: `npm run bench -- reads [--small] [--only q1,q2] [--peers limit,ours,…] [--seconds N] [--rounds N] [--json FILE]
// [--profile FOLDER]`. All peers run beside each other on one database and are asked in turn, in short rounds; first all must give equal
// answers, else nothing is timed. It ends by itself and stops all that it started.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { withClient } from '../support/connection.ts';
import { keepBooks, type KeptBooks } from './data/kept.ts';
import { buildUsual, ensureBuilt, ensureInstalled } from './reads-install.ts';
import { type Child, startChild } from './child.ts';
import type { LoadOrder, LoadResult } from './reads-load.ts';
import { backendsCpuMs, cpuMs, type Running, rssMb, startPeer } from './reads-peer.ts';
import { onTheWire, oursRequest, type PeerKind, PEERS, PEERS_FOLDER, type Request } from './reads-peers.ts';
import { checkPlans, requireGood } from './reads-plans.ts';
import { type Ask, drawAsks, QUERIES, QUERY_NAMES, type QueryName } from './reads-queries.ts';
import { type Figure, printFigures, type Round, summary } from './reads-report.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);
const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};
const listed = (name: string, all: readonly string[]): string[] => {
  const wanted = option(name)?.split(',') ?? [...all];
  for (const one of wanted) if (!all.includes(one)) throw new Error(`${name}: there is no ${one}, only ${all.join(', ')}.`);
  return wanted;
};

const isSmall = process.argv.includes('--small');
const SECONDS = Number(option('--seconds') ?? (isSmall ? 1 : 3));
const ROUNDS = Number(option('--rounds') ?? (isSmall ? 3 : 5));
const CONNECTIONS = 32;
/** Connections to the database of each peer: as many as our pool has unless told. */
const POOL = 16;
/** How many questions of each kind must have equal answers. */
const COMPARED = 12;

interface Peer extends PeerKind {
  readonly name: string;
  readonly running: Running;
}

/** Into the list one by one, so that whoever stops them knows of each. */
async function startAll(peers: Peer[], names: readonly string[], { connection, dataDir, databaseUrl }: KeptBooks): Promise<void> {
  const profile = option('--profile');
  for (const name of names) {
    const kind = PEERS[name];
    if (!kind) continue;
    const flags = [
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/${name}`]),
      ...(kind.command.flags ?? []),
    ];
    const running = await startPeer({ ...kind.command, flags }, { connection, dataDir, databaseUrl, poolMax: POOL });
    peers.push({ ...kind, name, running });
    say(`${name} listens`);
  }
}

async function answerOf({ name, running }: Peer, { method, path, headers, body }: Request): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${running.port}${path}`, { method, headers, ...(body === '' ? {} : { body }) });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (!response.ok || errors !== undefined || data === undefined || data === null)
    throw new Error(`${name}: ${text.slice(0, 2_000)}`);
  return data;
}

/** @throws Error that shows the first answer that differs */
async function compare(peers: readonly Peer[], query: QueryName, asks: readonly Ask[]): Promise<void> {
  const [first, ...others] = peers;
  if (!first) return;
  const step = Math.max(1, Math.floor(asks.length / COMPARED));
  for (const ask of asks.filter((_, i) => i % step === 0)) {
    const shown = async (peer: Peer) => peer.translate(query, await answerOf(peer, peer.request(query, ask)));
    const expected = await shown(first);
    for (const peer of others) {
      const found = await shown(peer);
      if (isDeepStrictEqual(found, expected)) continue;
      const [a, b] = [JSON.stringify(expected), JSON.stringify(found)];
      let at = 0;
      while (a[at] === b[at]) at += 1;
      at = Math.max(0, at - 80);
      throw new Error(`${query}: ${peer.name} answers something else than ${first.name}, so nothing is timed.
${first.name}: …${a.slice(at, at + 300)}
${peer.name}: …${b.slice(at, at + 300)}`);
    }
  }
}

interface Measuring {
  readonly books: KeptBooks;
  readonly loader: Child<LoadOrder, LoadResult>;
  readonly peer: Peer;
  readonly requests: readonly string[];
}

async function round({ books, loader, peer, requests }: Measuring, ms: number): Promise<Round> {
  const { pid, port } = peer.running;
  const before = { server: cpuMs(pid), database: backendsCpuMs(books.postmasterPid) };
  const result = await loader.run({ port, requests, connections: CONNECTIONS, ms });
  if (result.refused > 0) throw new Error(`${peer.name} refused ${result.refused} of ${result.answers} requests.`);
  const serverCpuMs = cpuMs(pid) - before.server;
  const databaseCpuMs = backendsCpuMs(books.postmasterPid) - before.database;
  return { ...result, perSecond: (result.answers * 1_000) / result.ms, serverCpuMs, databaseCpuMs, rssMb: rssMb(pid) };
}

async function measure(
  query: QueryName,
  { books, loader, peers, asks }: Omit<Measuring, 'peer' | 'requests'> & { peers: readonly Peer[]; asks: readonly Ask[] },
): Promise<Figure[]> {
  const works = peers.map((peer) => ({ books, loader, peer, requests: asks.map((ask) => onTheWire(peer.request(query, ask))) }));
  for (const work of works) await round(work, SECONDS * 500);
  const rounds = new Map<string, Round[]>(peers.map(({ name }) => [name, []]));
  for (let i = 0; i < ROUNDS; i++) for (const work of works) rounds.get(work.peer.name)?.push(await round(work, SECONDS * 1_000));
  return peers.map(({ name }) => summary(query, name, rounds));
}

const askedOf = (peers: readonly Peer[], query: QueryName): readonly Peer[] =>
  peers.filter(({ name }) => QUERIES[query].peers?.includes(name) ?? true);

/** Equal answers first, for every query, and only then figures. */
async function run(books: KeptBooks, peers: readonly Peer[], loader: Child<LoadOrder, LoadResult>): Promise<void> {
  const plans = await checkPlans(books);
  if (!isSmall) requireGood(plans);
  const { firstPage: first, lastPage: last } = plans;
  say(
    `${plans.goldenStatements} golden statements, ${plans.wholeTables.length} of them through a big table; page 1 looks at ${first.rows} rows in ${first.blocks} blocks, page ${last.number} at ${last.rows} in ${last.blocks}`,
  );
  const names = listed('--only', QUERY_NAMES) as QueryName[];
  const asks = new Map<QueryName, readonly Ask[]>();
  for (const name of names) {
    asks.set(name, await asksOf(books, peers, name));
    await compare(askedOf(peers, name), name, asks.get(name) ?? []);
    say(`${name}: equal answers`);
  }
  const figures: Figure[] = [];
  for (const name of names) {
    const found = await measure(name, { books, loader, peers: askedOf(peers, name), asks: asks.get(name) ?? [] });
    printFigures(name, found);
    figures.push(...found);
  }
  const file = option('--json');
  const settings = { isSmall, connections: CONNECTIONS, seconds: SECONDS, rounds: ROUNDS };
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ ...settings, plans, figures }, null, 2)}\n`);
}

function asksOf({ connection, issuer }: KeptBooks, peers: readonly Peer[], name: QueryName): Promise<readonly Ask[]> {
  const ours = peers.find((peer) => peer.name === 'ours');
  if (!ours) throw new Error('Cursors are made by our server: it must be among the peers.');
  const cursorOf = async (query: string, token: string): Promise<string> => {
    const data = (await answerOf(ours, oursRequest({ query }, token))) as Record<string, { edges: { cursor: string }[] }>;
    return Object.values(data)[0]?.edges[0]?.cursor ?? '';
  };
  return withClient(connection, (client) => drawAsks({ client, issuer }, QUERIES[name], cursorOf));
}

const wanted = listed('--peers', Object.keys(PEERS));
if (wanted.some((name) => PEERS[name]?.command.cwd === PEERS_FOLDER)) ensureInstalled(PEERS_FOLDER);
ensureBuilt();
if (wanted.includes('usual')) await buildUsual();
// from here on there is something to stop
say('Opening the books; they are made at the first run, which takes some minutes …');
const books = await keepBooks({ isSmall });
const peers: Peer[] = [];
const loader = startChild<LoadOrder, LoadResult>('reads-load.ts');
const stopped = new Promise<never>((_, fail) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fail(new Error('Stopped.')));
});
try {
  await Promise.race([stopped, startAll(peers, wanted, books).then(() => run(books, peers, loader))]);
} finally {
  loader.stop();
  await Promise.all(peers.map(({ running }) => running.stop()));
  await books.stop();
}
