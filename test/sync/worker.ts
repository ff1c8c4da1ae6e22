// A process of its own that does the background work of one database until it is killed: started by tests, with what it needs as JSON in WORKER.
import 'reflect-metadata';
import type pg from 'pg';
import { loadConnector } from '../../src/cli/connectors.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';

export interface WorkerSettings {
  readonly connection: pg.ClientConfig;
  readonly dataDir: string;
  /** base64 */
  readonly secretKey: string;
  readonly connector: string;
}

const { connection, dataDir, secretKey, connector } = JSON.parse(process.env['WORKER'] ?? '{}') as WorkerSettings;
const platform = await createPlatform({
  connection,
  rolePrefix: 'cashgraph',
  clock: systemClock,
  randomness: systemRandom,
  config: loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
  secretKeys: [Buffer.from(secretKey, 'base64')],
  connectors: [await loadConnector(connector)],
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
await platform.start();
process.stdout.write('ready\n');
