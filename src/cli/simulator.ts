/** `cashgraph simulator`: a server that behaves like a system at the other end, from the folder of its connector. Never in production. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { isWebhookSecret } from '../connect/signature.ts';
import type { Simulator, SimulatorModule, SimulatorOptions } from '../connect/simulator.ts';
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
}

const NAMES = ['logistics'];
const FOLDER = join(import.meta.dirname, '../../connectors');
const EXAMPLES = `
Examples:
  cashgraph simulator logistics --port 4100
  cashgraph simulator logistics --port 4100 --faults 0.25 --delay-ms 500 \\
    --webhook http://127.0.0.1:4000/webhooks/logistics/demo/acme --secret whsec_…

It prints its address as one line of JSON. Make a provider with that address (the mutation createLogisticsProvider), then start it
again with --webhook and with the secret that the mutation gave.`;

export function addSimulator(program: Command): void {
  program
    .command('simulator')
    .description('run a simulated system for trying things out: a logistics provider')
    .addArgument(new Argument('<system>', 'what it simulates').choices(NAMES))
    .option('--port <number>', 'where it listens (default: any free port)', wholeNumber(0, 65_535))
    .option('--seed <number>', 'what goes wrong, and when, follows from it', wholeNumber(0, 4_294_967_295))
    .option('--webhook <url>', 'where it reports to')
    .option('--secret <secret>', 'the secret that both sides sign with, whsec_…')
    .option('--delay-ms <number>', 'between two steps (default: 2000)', wholeNumber(0, 3_600_000))
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
  const { webhook: url, secret, ...more } = options;
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

const fileOf = (name: string): string => join(FOLDER, name, 'simulator.ts');
export const hasSimulator = (name: string): boolean => existsSync(fileOf(name));

/** Connectors are no part of the program: they are loaded by their name. */
export async function startSimulator(name: string, options: SimulatorOptions): Promise<Simulator> {
  const file = fileOf(name);
  if (!existsSync(file)) throw new Failure('Simulators come with a clone of the repository, not with the installed package.');
  const { startSimulator: start } = (await import(pathToFileURL(file).href)) as SimulatorModule;
  return start(options).catch((error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE';
    throw isTaken ? new Failure(`Port ${options.port} is taken by another program. Choose another one with --port.`) : error;
  });
}
