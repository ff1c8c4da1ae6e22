/**
 * `cashgraph documents`: the documents of clients that the operator trusts. A build of a client is added before it is rolled out and
 * removed when nobody runs it any more; several stand side by side.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { createGraph, createPlatformCatalogue } from '../platform-graph.ts';
import { type CheckedDocument, checkDocuments, type NamedDocument, schemaFrom } from '../transport/document-check.ts';
import { type Database, openDatabase, requireMigrated } from './database.ts';
import { readManifest } from './documents/manifest.ts';
import { addBuild, type Build, listBuilds, removeBuild, storedDocuments } from './documents/store.ts';
import { EXIT, Failure, UsageError } from './failure.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { configFor, type DataOptions, withDataDir, withJson } from './options.ts';
import { findTenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

const EXAMPLES = `
Examples:
  cashgraph documents add persisted-query-manifest.json --as portal@2.4.0
  cashgraph documents add persisted.json --as acme-app@7 --tenant acme
  cashgraph documents check                                do they still work with this program's schema?
  cashgraph documents check --schema next/schema.graphql   … and with that of another release?
  cashgraph documents remove portal@2.3.0

With TRUSTED_DOCUMENTS=only a server takes no others, but from those who have the permission documents:any.`;

interface TenantOptions extends DataOptions {
  readonly tenant?: string;
}

interface CheckOptions extends DataOptions {
  readonly schema?: string;
  readonly json?: boolean;
}

export function addDocuments(program: Command): void {
  const command = program
    .command('documents')
    .description('add, list, check and remove trusted documents')
    .addHelpText('after', EXAMPLES);
  const withBuild = (one: Command): Command =>
    withDataDir(one).option('--tenant <slug>', 'only for logins of this tenant (default: all)');
  withBuild(command.command('add').description('trust the documents of a build, once all of them work with the schema'))
    .argument('<file>', "Apollo's persisted-query-manifest.json, or a JSON object from id to text as Relay writes it")
    .requiredOption('--as <client@version>', 'which build of which client they are of, such as portal@2.4.0')
    .action(add);
  withJson(withDataDir(command.command('list').description('the builds whose documents are trusted'))).action(list);
  withJson(
    withDataDir(
      command.command('check').description('whether documents work with a schema, and what they use that is deprecated'),
    ),
  )
    .argument('[file]', 'a manifest (default: all that are trusted)')
    .option('--schema <file>', "another schema than this program's")
    .action(check);
  withBuild(command.command('remove').description('trust the documents of a build no more'))
    .argument('<client@version>', 'such as portal@2.3.0')
    .action(remove);
}

async function add(file: string, { as: name, ...options }: TenantOptions & { readonly as: string }): Promise<void> {
  const build = buildNamed(name);
  const documents = readManifest(readFileSync(file, 'utf8'), file);
  const config = configFor(options);
  const checked = checkDocuments(documents, { schema: await ownSchema(), limits: config.limits });
  if (tell(checked, file))
    throw new Failure(`Nothing was added: mend the documents above, or add them with the program whose schema they are for.`);
  await withLifetime(async (life) => {
    const database = await opened(config, life);
    await addBuild(database, { ...build, tenantId: await tenantOf(database, options) }, checked);
  });
  print(`${name} is trusted with ${countOf(checked.length)}.`);
}

async function list({ json, ...options }: DataOptions & { readonly json?: boolean }): Promise<void> {
  const builds = await withLifetime(async (life) => listBuilds(await opened(configFor(options), life)));
  if (json === true) return printJson(builds ?? []);
  const cells = (builds ?? []).map(({ client, version, tenant, documents, addedAt }) => [
    client,
    version,
    tenant ?? 'all',
    String(documents),
    addedAt.toISOString(),
  ]);
  print(table(['client', 'version', 'tenant', 'documents', 'added'], cells));
}

async function check(file: string | undefined, { schema: schemaFile, json, ...options }: CheckOptions): Promise<void> {
  const config = configFor(options);
  const schema = schemaFile === undefined ? await ownSchema() : schemaIn(schemaFile);
  const documents: readonly NamedDocument[] | undefined =
    file === undefined
      ? await withLifetime(async (life) => storedDocuments(await opened(config, life)))
      : readManifest(readFileSync(file, 'utf8'), file);
  const checked = checkDocuments(documents ?? [], { schema, limits: config.limits });
  if (json === true) printJson(checked);
  const isBroken = tell(checked, file ?? 'the database');
  if (isBroken) process.exitCode = EXIT.failed;
  else if (json !== true) print(`${countOf(checked.length)}: all work with the schema.`);
}

async function remove(name: string, options: TenantOptions): Promise<void> {
  const build = buildNamed(name);
  const count = await withLifetime(async (life) => {
    const database = await opened(configFor(options), life);
    return removeBuild(database, { ...build, tenantId: await tenantOf(database, options) });
  });
  if (!count) throw new Failure(`There are no documents of ${name}: \`cashgraph documents list\` shows what there is.`);
  print(`${name} is trusted no more: servers forget its ${countOf(count)} within a minute.`);
}

const countOf = (count: number): string => `${count} ${count === 1 ? 'document' : 'documents'}`;

/** Names what is wrong and what is deprecated; true when something is wrong. */
function tell(checked: readonly CheckedDocument[], where: string): boolean {
  const broken = checked.filter(({ problems }) => problems.length > 0);
  for (const { id, name, problems } of broken) say(`${name || 'A document'} (${id}): ${problems.join(' ')}`);
  for (const { id, name, deprecated } of checked)
    if (deprecated.length > 0) say(`${name} (${id}) uses what is deprecated: ${deprecated.join(', ')}.`);
  if (broken.length > 0) say(`${broken.length} of ${countOf(checked.length)} in ${where} would be refused.`);
  return broken.length > 0;
}

const ownSchema = () => createGraph(createPlatformCatalogue());

async function opened(config: Config, life: Lifetime): Promise<Database> {
  const database = await openDatabase(config, life, { mayCreate: false });
  await requireMigrated(database);
  return database;
}

async function tenantOf(database: Database, { tenant }: TenantOptions): Promise<string | null> {
  return tenant === undefined ? null : (await findTenant(database, tenant)).id;
}

/** @example buildNamed('portal@2.4.0') // { client: 'portal', version: '2.4.0' } */
function buildNamed(text: string): Pick<Build, 'client' | 'version'> {
  const [, client, version] = /^([\w./-]{1,100})@([\w.+-]{1,100})$/.exec(text) ?? [];
  if (client === undefined || version === undefined)
    throw new UsageError(`A build is named as client@version, such as portal@2.4.0, and "${text}" is not.`);
  return { client, version };
}

function schemaIn(file: string): ReturnType<typeof schemaFrom> {
  const text = readFileSync(file, 'utf8');
  try {
    return schemaFrom(text);
  } catch (error) {
    throw new Failure(`${file} is not a GraphQL schema: ${(error as Error).message}`);
  }
}
