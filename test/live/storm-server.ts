// A server that the command line started, in a process of its own, so that it can be stopped and killed while others go on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Usage } from '../bench/live-probe.ts';
import type { World } from '../support/world.ts';

const ROOT = join(import.meta.dirname, '../..');
/** One login asks for more here than any would in earnest. */
const BUDGET = '1000000000';

export interface Server {
  readonly port: number;
  /** By SIGTERM, as whoever replaces a server stops the old one; gives its exit code. */
  stop(): Promise<number | null>;
  /** By SIGKILL. */
  kill(): Promise<void>;
  /** What it uses once all that can be freed was freed; with `spare` it also gives back what the engine holds in reserve, and says how much that was. */
  usage(how?: 'after gc' | 'and spare'): Promise<Usage>;
}

/** Until it says that it is ready. */
export async function startServer({ database, dataDir }: World, settings: Readonly<Record<string, string>>): Promise<Server> {
  const { host = '', port, user, database: name } = database.connection;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    CASHGRAPH_DATA_DIR: dataDir,
    CASHGRAPH_CONNECTORS: ',',
    POOL_READ_MAX_COUNT: '8',
    POOL_WRITE_MAX_COUNT: '8',
    BUDGET_PRINCIPAL_MAX_COST: BUDGET,
    BUDGET_PRINCIPAL_PER_SECOND_COST: BUDGET,
    BUDGET_TENANT_MAX_COST: BUDGET,
    BUDGET_TENANT_PER_SECOND_COST: BUDGET,
    ...settings,
  };
  const flags = ['--expose-gc', '--import', join(ROOT, 'test/bench/live-probe.ts')];
  const child = spawn(process.execPath, [...flags, join(ROOT, 'boot.mjs'), 'cashgraph', 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const url = await readyUrl(child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ((await ended) as [number | null])[0];
  };
  return {
    port: Number(new URL(url).port),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    usage: async (how = 'after gc') => {
      child.send({ ask: `usage ${how}` });
      return ((await once(child, 'message')) as [Usage])[0];
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const said = { out: '', err: '' };
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err = (said.err + chunk.toString()).slice(-4_000);
  });
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`The server ended with ${code}: ${said.err}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      said.out += chunk.toString();
      const url = /^ready (\S+)$/m.exec(said.out)?.[1];
      if (url !== undefined) done(url);
    });
  });
}
