/** `cashgraph connector`: which connectors there are, a new one from the template, and the conformance kit against one. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { KitReport, KitResult, KitTarget } from '../connect/testing/index.ts';
import { folderOf, loadBeside, loadConnector, loadConnectors } from './connectors.ts';
import { EXIT, Failure, UsageError } from './failure.ts';
import { collected, readConfig, withJson } from './options.ts';
import { print, printJson, say, table } from './terminal.ts';

const TEMPLATE = join(import.meta.dirname, '../../examples/connector-template');
const CONNECTORS = join(import.meta.dirname, '../../connectors');
const EXAMPLES = `
Examples:
  cashgraph connector new our-erp                    a connector that works, in connectors/our-erp
  cashgraph connector new our-erp --into ../erps     the same in ../erps/our-erp
  cashgraph connector test our-erp                   the hostile ERP of the conformance kit, against its simulator
  cashgraph connector test our-erp --only 'full read'  one of its checks
  cashgraph connector test our-erp --write           the same as the first; what it found goes to coverage.json

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
    .option('--only <check>', 'run this check, and no coverage; may stand several times', collected)
    .option('--write', "write what it covers to coverage.json in the connector's folder, if it passes")
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

interface TestOptions {
  readonly json?: boolean;
  readonly only?: readonly string[];
  readonly write?: boolean;
}

async function test(name: string, { json, only, write }: TestOptions): Promise<void> {
  if (write === true && only !== undefined) throw new UsageError('--write takes all checks: leave --only out.');
  const connector = await loadConnector(name);
  const target = (await loadBeside(name, 'kit'))?.['kit'] as KitTarget | undefined;
  if (typeof target?.start !== 'function')
    throw new Failure(`${folderOf(name) ?? name} has no kit.ts that exports \`kit\`: the kit needs a simulator to run against.`);
  // the kit brings servers and random documents: no other command loads it
  const { coverageText, KIT_CHECKS, runKit } = await import('../connect/testing/index.ts');
  const unknown = only?.find((check) => !KIT_CHECKS.includes(check));
  if (unknown !== undefined) throw new UsageError(`There is no check "${unknown}". There are: ${KIT_CHECKS.join(', ')}.`);
  const onResult = ({ name: check, outcome }: KitResult) => json === true || say(`${SHOWN[outcome]}  ${check}`);
  const report = await runKit({ connector, target, ...(only ? { only } : {}), onResult });
  if (json === true) printJson(report);
  else print(outcomeOf(report));
  if (report.results.some(({ outcome }) => outcome === 'FAILED')) process.exitCode = EXIT.failed;
  else if (write === true && report.coverage) writeCoverage(name, coverageText(report.coverage));
}

function writeCoverage(name: string, text: string): void {
  const folder = folderOf(name);
  if (folder === null) throw new UsageError(`${name} is a package: --write takes the folder of a connector.`);
  const file = join(folder, 'coverage.json');
  writeFileSync(file, text);
  say(`Wrote ${file}.`);
}

const SHOWN = { PASSED: 'passed', FAILED: 'FAILED', SKIPPED: 'skipped' } as const;

/** Each check with its promise; a failure with what is wrong, a skip with its reason. */
function outcomeOf({ connector, results }: KitReport): string {
  const rows = results.map(({ name, outcome, promise, reason }) => [SHOWN[outcome], name, reason ?? promise]);
  const count = (wanted: KitResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  const sums = `${count('PASSED')} passed, ${count('FAILED')} failed, ${count('SKIPPED')} skipped`;
  return `${table(['', 'check', 'promise, or what is wrong'], rows)}\n\n${connector}: ${sums}`;
}
