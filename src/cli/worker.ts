/** `cashgraph worker`: what goes on behind the API, and nothing that clients talk to. Any number may run beside any number of `serve`. */
import type { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { createMetrics, listenForStatus } from '../transport/index.ts';
import { openDatabase, requireMigrated } from './database.ts';
import { withLifetime } from './lifetime.ts';
import { readConfig, wholeNumber, withDataDir } from './options.ts';
import type { ServeOptions } from './serve.ts';
import { loggerOf, requireFreePort, working } from './serving.ts';
import { print } from './terminal.ts';

const EXAMPLES = `
It seals events, does jobs at their hours, delivers webhooks, reads and writes ERPs, and works on exports and imports. Work of one
that dies is taken over by another within 30 seconds. Files of exports and imports have to be in folders that it shares with those
that serve: EXPORTS_DIR and UPLOADS_DIR.

Examples:
  cashgraph worker
  cashgraph worker --port 4001        with /healthz, /readyz and /metrics there
  NODE_ENV=production DATABASE_URL=postgres://… CASHGRAPH_SECRET_KEY=… cashgraph worker --port 4001`;

export function addWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('do the work behind the API; run it beside `cashgraph serve`')
    .option('--port <number>', 'where it tells of its health, 0 for any free port (default: nowhere)', wholeNumber(0, 65_535));
  withDataDir(command).addHelpText('after', EXAMPLES).action(work);
}

async function work({ port, dataDir }: ServeOptions): Promise<void> {
  await withLifetime(async (life) => {
    const config = readConfig({ PORT: port, CASHGRAPH_DATA_DIR: dataDir });
    if (port !== undefined) await requireFreePort(config);
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const logger = loggerOf(config);
    const platform = await working({ config, database, life, logger, command: 'worker' });
    await platform.start();
    if (port === undefined) print('ready worker');
    else {
      const metrics = createMetrics();
      platform.measure(metrics);
      const readiness = () => platform.readiness();
      const status = await listenForStatus({ config, readiness, metrics, logger, clock: systemClock });
      await life.own(() => status.close());
      print(`ready worker ${status.url}`);
    }
    await life.stopped;
  });
}
