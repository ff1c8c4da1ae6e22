/** `cashgraph connector`: which connectors there are, a new one from the template, and the conformance kit against one. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { KitResult, KitTarget } from '../connect/testing/index.ts';
import { folderOf, loadBeside, loadConnector, loadConnectors } from './connectors.ts';
import { EXIT, Failure, UsageError } from './failure.ts';
import { readConfig, withJson } from './options.ts';
import { print, printJson, say, table } from './terminal.ts';

const TEMPLATE = join(import.meta.dirname, '../../examples/connector-template');
const CONNECTORS = join(import.meta.dirname, '../../connectors');
const EXAMPLES = `
Examples:
  cashgraph connector new our-erp                    a connector that works, in connectors/our-erp
  cashgraph connector new our-erp --into ../erps     the same in ../erps/our-erp
  cashgraph connector test our-erp                   the hostile ERP of the conformance kit, against its simulator

connectors/README.md tells how one is written.`;

export function addConnector(program: Command): void {
  const command = program.command('connector').description('list, make and test connectors').addHelpText('after', EXAMPLES);
  withJson(command.command('list').description('the connectors that this installation has (CASHGRAPH_CONNECTORS)')).action(list);
  command
    .command('new')
    .description('make a connector that works, with its simulator, to start from')
    .argument('<name>', 'kebab-case, such as our-erp')
    .option('--into <folder>', 'where its folder is made (default: connectors/)')
    .action(makeNew);
  withJson(command.command('test').description('run the conformance kit against a connector and its simulator'))
    .argument('<name>', 'its folder in connectors/, a path, or a package')
    .action(test);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const connectors = await loadConnectors(readConfig().connectors);
  const rows = connectors.map(({ name, title, description, streams, pushes }) => ({
    name,
    title,
    description,
    reads: streams.map((stream) => stream.name),
    writes: pushes.map(({ kind }) => kind),
  }));
  if (json === true) return printJson(rows);
  const cells = rows.map(({ name, title, reads, writes }) => [name, title, reads.join(', '), writes.join(', ') || 'nothing']);
  print(table(['connector', 'ERP', 'reads', 'writes'], cells));
}

function makeNew(name: string, { into }: { readonly into?: string }): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new UsageError(`A connector's name is kebab-case, such as our-erp, and "${name}" is not.`);
  if (!existsSync(TEMPLATE))
    throw new Failure('The template comes with a clone of the repository, not with the installed package.');
  const target = join(into === undefined ? CONNECTORS : resolve(into), name);
  if (existsSync(target)) throw new UsageError(`${target} exists already: choose another name, or --into another folder.`);
  cpSync(TEMPLATE, target, { recursive: true });
  const title = name
    .split('-')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' '); // prettier-ignore
  for (const file of filesBelow(target)) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('connector-template', name).replaceAll('Connector Template', title));
    if (basename(file).includes('connector-template')) renameSync(file, file.replace(/connector-template(?=[^/]*$)/, name));
  }
  const where = relative(process.cwd(), target);
  print(target);
  say(
    `Made ${where}. It works as it is: run \`cashgraph connector test ${into === undefined ? name : `./${where}`}\`, then make it yours (connectors/README.md).`,
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

async function test(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const connector = await loadConnector(name);
  const target = (await loadBeside(name, 'kit'))?.['kit'] as KitTarget | undefined;
  if (typeof target?.start !== 'function')
    throw new Failure(`${folderOf(name) ?? name} has no kit.ts that exports \`kit\`: the kit needs a simulator to run against.`);
  // the kit brings servers and random documents: no other command loads it
  const { runKit } = await import('../connect/testing/index.ts');
  const report = await runKit({ connector, target, onResult: (result) => json === true || say(lineOf(result)) });
  const count = (outcome: KitResult['outcome']) => report.results.filter((one) => one.outcome === outcome).length;
  if (json === true) printJson(report);
  else print(`${connector.name}: ${count('PASSED')} passed, ${count('FAILED')} failed, ${count('SKIPPED')} skipped`);
  if (count('FAILED') > 0) process.exitCode = EXIT.failed;
}

const SHOWN = { PASSED: 'passed ', FAILED: 'FAILED ', SKIPPED: 'skipped' } as const;
const lineOf = ({ outcome, promise, reason }: KitResult): string =>
  `${SHOWN[outcome]}  ${promise}${reason === null ? '' : `\n         ${reason}`}`;
