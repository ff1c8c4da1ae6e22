/** `cashgraph schema`: writes the contracts to `schema/`, where people review what changed; with `--check` it compares instead. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { canonicalJson } from '../canonical/canonical-schema.ts';
import { type ConnectorCoverage, coverageTable } from '../connect/testing/coverage.ts';
import { modules } from '../transport/modules.ts';
import { createGraph, createPlatformCatalogue } from '../platform-graph.ts';
import { printGraph, printSubgraph } from '../read/schema.ts';
import { loadConnectors } from './connectors.ts';
import { EXIT, UsageError } from './failure.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { readConfig } from './options.ts';
import { accessMd, errorsMd, eventsJson, machinesMd, postingsMd } from './schema/contracts.ts';
import { databaseSql } from './schema/database-listing.ts';
import { firstDifference } from './schema/difference.ts';
import { type SinceRelease, sinceRelease } from '../transport/schema-release.ts';
import { reportingSql } from './schema/reporting-views.ts';
import { throwawayDatabase } from './schema/throwaway.ts';
import { print } from './terminal.ts';

const FOLDER = join(import.meta.dirname, '../../schema');
const CHANGE_LOG = join(import.meta.dirname, '../../CHANGELOG.md');
const RELEASED = 'released.graphql';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description(
      'write the contracts to schema/: GraphQL, database, events, errors, lifecycles, postings, access, documents, coverage',
    )
    .option('--check', 'compare with what is there instead, and fail where it differs')
    .option(
      '--release',
      `keep the graph as that of a release, in schema/${RELEASED}: what breaks it later must stand in CHANGELOG.md`,
    )
    .addHelpText('after', '\nExamples:\n  cashgraph schema\n  cashgraph schema --check\n  cashgraph schema --release')
    .action(emitAll);
}

interface SchemaOptions {
  readonly check?: boolean;
  readonly release?: boolean;
}

async function emitAll({ check = false, release = false }: SchemaOptions): Promise<void> {
  if (check && release) throw new UsageError('--check writes nothing: leave --release out.');
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
  const now = files.get('schema.graphql') ?? '';
  if (release) writeFileSync(join(FOLDER, RELEASED), now);
  const released = present(RELEASED);
  if (released === null) return;
  const since = sinceRelease({ released, now, changeLog: readFileSync(CHANGE_LOG, 'utf8') });
  tell(since);
  if (check && since.unnamed.length > 0) process.exitCode = EXIT.failed;
}

function tell({ unnamed, named, dangerous }: SinceRelease): void {
  for (const change of dangerous) print(`Since the last release, mind: ${change}`);
  for (const change of named) print(`Since the last release, breaks clients, as CHANGELOG.md says: ${change}`);
  for (const change of unnamed) print(`Since the last release, breaks clients: ${change}`);
  if (unnamed.length > 0)
    print(
      'Take it back, or deprecate instead; else put these sentences into the unreleased part of CHANGELOG.md, with what to do.',
    );
}

async function emitted(life: Lifetime): Promise<ReadonlyMap<string, string>> {
  const catalogue = createPlatformCatalogue();
  const graph = await createGraph(catalogue);
  const database = await databaseSql(await throwawayDatabase(readConfig(), life));
  return new Map([
    ['schema.graphql', printGraph(graph)],
    ['subgraph.graphql', printSubgraph(graph)],
    ['database.sql', database],
    ['reporting.sql', reportingSql(catalogue)],
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
