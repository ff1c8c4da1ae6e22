/** `cashgraph simulator`: a server that behaves like a system at the other end, from the folder of its connector. Never in production. */
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { isWebhookSecret } from '../connect/signature.ts';
import type {
  ErpSimulator,
  ErpSimulatorModule,
  ErpSimulatorOptions,
  Simulator,
  SimulatorModule,
  SimulatorOptions,
} from '../connect/simulator.ts';
import { Failure, UsageError } from './failure.ts';
import { withLifetime } from './lifetime.ts';
import { readConfig, wholeNumber } from './options.ts';
import { print } from './terminal.ts';

interface Options {
  readonly port?: number;
  readonly seed?: number;
  readonly webhook?: string;
  readonly secret?: string;
  readonly delayMs?: number;
  readonly faults?: number;
  readonly size?: number;
  readonly certificate?: string;
}

const ERPS = ['quickbooks', 'netsuite', 'sap'];
const NAMES = ['logistics', ...ERPS];
const FOLDER = join(import.meta.dirname, '../../connectors');
const EXAMPLES = `
Examples:
  cashgraph simulator logistics --port 4100
  cashgraph simulator logistics --port 4100 --faults 0.25 --delay-ms 500 \\
    --webhook http://127.0.0.1:4000/webhooks/logistics/demo/acme --secret whsec_…
  cashgraph simulator quickbooks --port 4200 --size 1000 --faults 0.05 \\
    --webhook http://127.0.0.1:4000/webhooks/quickbooks
  cashgraph simulator netsuite --port 4300 --certificate ./certificate.pem
  cashgraph simulator sap --port 4400 --size 0

It prints its address as one line of JSON. For logistics, make a provider with that address (the mutation createLogisticsProvider),
then start it again with --webhook and with the secret that the mutation gave. An ERP prints what a client needs to sign in as well;
its webhooks are signed with a key of its own, which is in that line.`;

export function addSimulator(program: Command): void {
  program
    .command('simulator')
    .description('run a simulated system for trying things out: a logistics provider, an ERP')
    .addArgument(new Argument('<system>', 'what it simulates').choices(NAMES))
    .option('--port <number>', 'where it listens (default: any free port)', wholeNumber(0, 65_535))
    .option(
      '--seed <number>',
      'what goes wrong, and when, follows from it; the company of an ERP as well',
      wholeNumber(0, 4_294_967_295),
    )
    .option('--webhook <url>', 'where it reports to')
    .option('--secret <secret>', 'logistics: the secret that both sides sign with, whsec_…')
    .option('--delay-ms <number>', 'logistics: between two steps (default: 2000)', wholeNumber(0, 3_600_000))
    .option(
      '--size <number>',
      'an ERP: how many invoices it has, about (default: 120); 0 for an empty company',
      wholeNumber(0, 1_000_000),
    )
    .option(
      '--certificate <pem>',
      'netsuite: the certificate that clients prove themselves with, a file or its text (default: one of its own)',
    )
    .option('--faults <rate>', 'the part of requests and reports that go wrong, 0 to 1 (default: 0)', rate)
    .addHelpText('after', EXAMPLES)
    .action(simulate);
}

function rate(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value > 1) throw new InvalidArgumentError('It must be a number from 0 to 1, such as 0.25.');
  return value;
}

async function simulate(name: string, options: Options): Promise<void> {
  if (readConfig().isProduction) throw new UsageError('Simulators are for development: NODE_ENV is production here.');
  if (ERPS.includes(name)) return simulateErp(name, options);
  const { webhook: url, secret, size, certificate, ...more } = options;
  if (certificate !== undefined) throw new UsageError('--certificate is for netsuite.');
  if (size !== undefined) throw new UsageError('--size is for an ERP: logistics starts with no shipments.');
  if ((url === undefined) !== (secret === undefined)) throw new UsageError('Give --webhook and --secret together, or neither.');
  if (url !== undefined && !URL.canParse(url))
    throw new UsageError('--webhook takes an address such as http://127.0.0.1:4000/webhooks/logistics/demo/acme.');
  if (secret !== undefined && !isWebhookSecret(secret))
    throw new UsageError('--secret takes whsec_ and base64, as createLogisticsProvider shows it.');
  const webhook = url === undefined || secret === undefined ? {} : { webhook: { url, secret } };
  await withLifetime(async (life) => {
    const simulator = await startSimulator(name, { ...more, ...webhook });
    await life.own(() => simulator.close());
    print(JSON.stringify({ simulator: name, url: simulator.url }));
    await life.stopped;
  });
}

async function simulateErp(name: string, options: Options): Promise<void> {
  const { webhook: url, secret, delayMs, faults: faultRate, certificate: file, ...more } = options;
  if (secret !== undefined)
    throw new UsageError('--secret is for logistics: an ERP signs with a key of its own, which it prints.');
  if (delayMs !== undefined) throw new UsageError('--delay-ms is for logistics.');
  if (url !== undefined && !URL.canParse(url))
    throw new UsageError('--webhook takes an address such as http://127.0.0.1:4000/webhooks/erp.');
  if (file !== undefined && name !== 'netsuite') throw new UsageError('--certificate is for netsuite.');
  const certificate = file === undefined ? {} : { certificate: certificateIn(file) };
  const webhook = url === undefined ? {} : { webhook: { url } };
  const faults = faultRate === undefined ? {} : { faults: { rate: faultRate } };
  await withLifetime(async (life) => {
    const simulator = await startErpSimulator(name, { ...more, ...webhook, ...faults, ...certificate });
    await life.own(() => simulator.close());
    print(JSON.stringify({ simulator: name, url: simulator.url, ...simulator.access }));
    await life.stopped;
  });
}

/** A file, or the text itself. @throws UsageError that names it */
function certificateIn(given: string): string {
  const isText = given.startsWith('-----BEGIN');
  try {
    return createPublicKey(isText ? given : readFileSync(given))
      .export({ type: 'spki', format: 'pem' })
      .toString();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it is no certificate in PEM';
    throw new UsageError(`--certificate ${isText ? '' : given}: ${why}.`);
  }
}

const filesOf = (name: string): readonly string[] => [
  join(FOLDER, name, 'simulator.ts'),
  join(FOLDER, name, 'simulator/index.ts'),
];
const fileOf = (name: string): string | undefined => filesOf(name).find((file) => existsSync(file));
export const hasSimulator = (name: string): boolean => fileOf(name) !== undefined;

export async function startSimulator(name: string, options: SimulatorOptions): Promise<Simulator> {
  const { startSimulator: start } = await loaded<SimulatorModule>(name);
  return start(options).catch((error: unknown) => portTaken(error, options.port));
}

export async function startErpSimulator(name: string, options: ErpSimulatorOptions): Promise<ErpSimulator> {
  const { startSimulator: start } = await loaded<ErpSimulatorModule>(name);
  return start(options).catch((error: unknown) => portTaken(error, options.port));
}

/** Connectors are no part of the program: they are loaded by their name. */
async function loaded<Module>(name: string): Promise<Module> {
  const file = fileOf(name);
  if (file === undefined) throw new Failure('Simulators come with a clone of the repository, not with the installed package.');
  return (await import(pathToFileURL(file).href)) as Module;
}

function portTaken(error: unknown, port: number | undefined): never {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  throw isTaken ? new Failure(`Port ${port} is taken by another program. Choose another one with --port.`) : error;
}
