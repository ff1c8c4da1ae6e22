/** `cashgraph serve`: serves a database that is there and migrated, and fills in nothing. It leaves the work behind the API to `cashgraph worker`. */
import type { Command } from 'commander';
import { openDatabase, requireMigrated } from './database.ts';
import { withLifetime } from './lifetime.ts';
import { type DataOptions, readConfig, wholeNumber, withDataDir } from './options.ts';
import { requireFreePort, serve } from './serving.ts';
import { print } from './terminal.ts';

export const withPort = (command: Command): Command =>
  command.option('--port <number>', 'where it listens, 0 for any free port (default: 4000)', wholeNumber(0, 65_535));

export interface ServeOptions extends DataOptions {
  readonly port?: number;
}

export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('serve the API; run `cashgraph migrate` before, and `cashgraph worker` beside it');
  withPort(withDataDir(command))
    .addHelpText(
      'after',
      '\nExamples:\n  cashgraph serve --port 8080\n  NODE_ENV=production DATABASE_URL=postgres://… ISSUERS=… cashgraph serve',
    )
    .action(serveAlone);
}

async function serveAlone({ port, dataDir }: ServeOptions): Promise<void> {
  await withLifetime(async (life) => {
    const config = readConfig({ PORT: port, CASHGRAPH_DATA_DIR: dataDir });
    await requireFreePort(config);
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const { url } = await serve({ config, database, life, command: 'serve' });
    print(`ready ${url}/graphql`);
    await life.stopped;
  });
}
