// A process of its own that does the background work of one database until it is killed: started by tests, with what it needs as JSON in WORKER.
import 'reflect-metadata';
import type pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';

export interface WorkerSettings {
  readonly connection: pg.ClientConfig;
  readonly dataDir: string;
  readonly pageRows: number;
}

const { connection, dataDir, pageRows } = JSON.parse(process.env['WORKER'] ?? '{}') as WorkerSettings;
const settings = { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent', CHUNK_MAX_COUNT: pageRows };
const platform = await createPlatform({
  connection,
  rolePrefix: 'cashgraph',
  clock: systemClock,
  randomness: systemRandom,
  config: loadConfig({ NODE_ENV: 'test' }, settings),
  secretKeys: [],
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
await platform.start();
process.stdout.write('ready\n');
