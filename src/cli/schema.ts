/** `cashgraph schema`: writes the contracts to `schema/`, where people review what changed; with `--check` it compares instead. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { canonicalJson } from '../canonical/canonical-schema.ts';
import { type ConnectorCoverage, coverageTable } from '../connect/testing/coverage.ts';
import { modules } from '../sync/modules.ts';
import { createGraph, createPlatformCatalogue } from '../platform.ts';
import { printGraph } from '../read/schema.ts';
import { loadConnectors } from './connectors.ts';
import { EXIT } from './failure.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { readConfig } from './options.ts';
import { accessMd, errorsMd, eventsJson, machinesMd, postingsMd } from './schema/contracts.ts';
import { databaseSql } from './schema/database-listing.ts';
import { firstDifference } from './schema/difference.ts';
import { throwawayDatabase } from './schema/throwaway.ts';
import { print } from './terminal.ts';

const FOLDER = join(import.meta.dirname, '../../schema');

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description(
      'write the contracts to schema/: GraphQL, database, events, errors, lifecycles, postings, access, documents, coverage',
    )
    .option('--check', 'compare with what is there instead, and fail where it differs')
    .addHelpText('after', '\nExamples:\n  cashgraph schema\n  cashgraph schema --check')
    .action(emitAll);
}

async function emitAll({ check = false }: { readonly check?: boolean }): Promise<void> {
  const files = await withLifetime(emitted);
  if (files === undefined) return;
  if (!check) mkdirSync(FOLDER, { recursive: true });
  const different = [...files].flatMap(([name, text]) => {
    const before = present(name);
    if (before === text) return [];
    if (!check) writeFileSync(join(FOLDER, name), text);
    return [{ name, difference: firstDifference(before, text) }];
  });
  for (const { name, difference } of different)
    print(check ? `schema/${name} is not up to date${difference}` : `Wrote schema/${name}.`);
  if (different.length === 0) print(`schema/ is up to date (${files.size} files).`);
  else if (check) {
    print('Run `cashgraph schema` and review what changed.');
    process.exitCode = EXIT.failed;
  }
}

async function emitted(life: Lifetime): Promise<ReadonlyMap<string, string>> {
  const catalogue = createPlatformCatalogue();
  const graph = printGraph(await createGraph(catalogue));
  const database = await databaseSql(await throwawayDatabase(readConfig(), life));
  return new Map([
    ['schema.graphql', graph],
    ['database.sql', database],
    ['events.json', eventsJson(modules)],
    ['errors.md', errorsMd()],
    ['machines.md', machinesMd(modules)],
    ['postings.md', postingsMd(modules)],
    ['access.md', accessMd(modules, catalogue.records)],
    ['canonical.json', canonicalJson()],
    ['coverage.md', await coverageMd()],
  ]);
}

/** Of the connectors that come with the repository, as the conformance kit found it. */
async function coverageMd(): Promise<string> {
  const connectors = await loadConnectors(null);
  return coverageTable(connectors.flatMap(({ coverage }) => (coverage ? [coverage as unknown as ConnectorCoverage] : [])));
}

function present(name: string): string | null {
  try {
    return readFileSync(join(FOLDER, name), 'utf8');
  } catch {
    return null;
  }
}
