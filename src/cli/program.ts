/** Every command with its help, and what becomes of an error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addConnector } from './connector.ts';
import { addDoctor } from './doctor.ts';
import { addDocuments } from './documents.ts';
import { EXIT, explain } from './failure.ts';
import { addImport } from './import.ts';
import { addMigrate } from './migrate-command.ts';
import { addReconcile } from './reconcile.ts';
import { addReportingLogin } from './reporting-login.ts';
import { addSchema } from './schema.ts';
import { addServe } from './serve.ts';
import { addSimulator } from './simulator.ts';
import { addStart } from './start.ts';
import { addSync } from './sync.ts';
import { say } from './terminal.ts';
import { addToken } from './token.ts';

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

/** Runs one command and gives its exit code; what a command answers is on stdout, all else on stderr. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok;
  } catch (error) {
    // commander has said it already
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { text, exitCode } = explain(error);
    say(text);
    return exitCode;
  }
}

function program(): Command {
  const command = new Command('cashgraph')
    .description('Order to cash in one graph: customers, invoices, payments and credit risk over every ERP a group runs.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText('after', EXAMPLES);
  for (const add of [
    addStart,
    addServe,
    addMigrate,
    addToken,
    addImport,
    addSync,
    addReconcile,
    addReportingLogin,
    addSchema,
    addDocuments,
    addDoctor,
    addConnector,
    addSimulator,
  ])
    add(command);
  return command;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}
