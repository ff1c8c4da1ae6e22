/** `cashgraph migrate`: brings the database to the newest form. */
import type { Command } from 'commander';
import { migrateDatabase, openDatabase } from './database.ts';
import { withLifetime } from './lifetime.ts';
import { configFor, type DataOptions, withDataDir, withJson } from './options.ts';
import { print, printJson } from './terminal.ts';

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database to the newest form; safe to run at any time and by several at once');
  withJson(withDataDir(command))
    .addHelpText(
      'after',
      '\nExamples:\n  cashgraph migrate\n  DATABASE_URL=postgres://owner@db/cashgraph cashgraph migrate --json',
    )
    .action(migrateAll);
}

async function migrateAll(options: DataOptions & { readonly json?: boolean }): Promise<void> {
  await withLifetime(async (life) => {
    const database = await openDatabase(configFor(options), life, { mayCreate: true });
    const applied = await migrateDatabase(database);
    if (options.json) printJson({ applied });
    else print(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
  });
}
