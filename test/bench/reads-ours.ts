// Our server for benches, as `cashgraph start`, `serve` or `worker` runs it and compiled as it is published: tokens, tenant and row scope, row-level security
// and cost limits are on. Libraries run in their production form; the configuration is that of development, since only there Cashgraph makes
// tokens itself.
import 'reflect-metadata';
import { join } from 'node:path';
import type { PeerStart } from './reads-peer.ts';

/** One reader asks more in a second than any limit allows in earnest; it is counted all the same. */
const BUDGET = 1_000_000_000;

const built = <T>(name: string): Promise<T> => import(join(import.meta.dirname, '../../dist', name)) as Promise<T>;
const { openDatabase } = await built<typeof import('../../src/cli/database.ts')>('cli/database.js');
const { withLifetime } = await built<typeof import('../../src/cli/lifetime.ts')>('cli/lifetime.js');
const { loggerOf, serve, working } = await built<typeof import('../../src/cli/serving.ts')>('cli/serving.js');
const { loadConfig } = await built<typeof import('../../src/config.ts')>('config.js');

const { databaseUrl, dataDir, command = 'start' } = JSON.parse(process.argv[2] ?? '') as PeerStart;
await withLifetime(async (life) => {
  const config = loadConfig(
    { ...process.env, NODE_ENV: 'development' },
    {
      PORT: 0,
      DATABASE_URL: databaseUrl,
      CASHGRAPH_DATA_DIR: dataDir,
      // none: no books of an ERP are among these, and those of the repository aren't compiled
      CASHGRAPH_CONNECTORS: ',',
      LOG_LEVEL: 'warn',
      BUDGET_PRINCIPAL_MAX_COST: BUDGET,
      BUDGET_PRINCIPAL_PER_SECOND_COST: BUDGET,
      BUDGET_TENANT_MAX_COST: BUDGET,
      BUDGET_TENANT_PER_SECOND_COST: BUDGET,
    },
  );
  const database = await openDatabase(config, life, { mayCreate: false });
  const work = async (): Promise<number> => {
    const platform = await working({ config, database, life, logger: loggerOf(config), command });
    await platform.start();
    return 0;
  };
  const port = command === 'worker' ? await work() : (await serve({ config, database, life, command })).port;
  process.stdout.write(`ready ${port}\n`);
  // with the bench, also when that is killed
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
  await life.stopped;
});
// what still listens for the end of the bench would keep it
process.exit();
