/** Every command with its help, and what becomes of an error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { EXIT, explain } from './failure.ts';
import { say } from './terminal.ts';

const EXAMPLES = `
Examples:
  cashgraph start                                      everything, with a demo company, on http://127.0.0.1:4000
  cashgraph token --role cash                          a token for the demo's cash team, alone on the standard output
  cashgraph import open-invoices open.csv --map customer=cust_number --map amount=total_open_amount
  cashgraph sync quickbooks                            read an ERP now, with a bar of how far it is
  cashgraph doctor --invariants                        is all well, and do the books agree?

Settings come from the environment (PORT, DATABASE_URL, …); options win over them. In a clone, write
  npm run --silent cashgraph -- <command>
`;

/** In the order of the help. Only what is called is loaded: most of the time that a short command takes is loading the others. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start.ts')).addStart,
  serve: async () => (await import('./serve.ts')).addServe,
  worker: async () => (await import('./worker.ts')).addWorker,
  migrate: async () => (await import('./migrate-command.ts')).addMigrate,
  token: async () => (await import('./token.ts')).addToken,
  import: async () => (await import('./import.ts')).addImport,
  sync: async () => (await import('./sync.ts')).addSync,
  reconcile: async () => (await import('./reconcile.ts')).addReconcile,
  'reporting-login': async () => (await import('./reporting-login.ts')).addReportingLogin,
  schema: async () => (await import('./schema.ts')).addSchema,
  documents: async () => (await import('./documents.ts')).addDocuments,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  connector: async () => (await import('./connector.ts')).addConnector,
  simulator: async () => (await import('./simulator.ts')).addSimulator,
};

/** Runs one command and gives its exit code; what a command answers is on stdout, all else on stderr. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await (await program(args)).parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok;
  } catch (error) {
    // commander has said it already
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { text, exitCode } = explain(error);
    say(text);
    return exitCode;
  }
}

async function program(args: readonly string[]): Promise<Command> {
  const command = new Command('cashgraph')
    .description('Order to cash in one graph: customers, invoices, payments and credit risk over every ERP a group runs.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText('after', EXAMPLES);
  const called = Object.entries(COMMANDS).filter(([name]) => name === args.find((arg) => !arg.startsWith('-')));
  for (const [, load] of called.length > 0 ? called : Object.entries(COMMANDS)) (await load())(command);
  return command;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}
