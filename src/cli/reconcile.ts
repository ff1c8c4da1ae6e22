/** `cashgraph reconcile`: compares the books here with an ERP's now, and says what differs and why. A server may be running beside it. */
import type { Command } from 'commander';
import { ExternalError } from '../connect/external-error.ts';
import type { Finding } from '../sync/reconcile/finding.ts';
import { reconcile, type Reconciled } from '../sync/reconcile/reconcile.ts';
import { openDatabase, requireMigrated } from './database.ts';
import { findConnection } from './erp-connection.ts';
import { EXIT, Failure } from './failure.ts';
import { withLifetime } from './lifetime.ts';
import { openPlatform } from './open-platform.ts';
import { configFor, type DataOptions, withDataDir, withJson } from './options.ts';
import { findTenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

interface ReconcileOptions extends DataOptions {
  readonly tenant?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  cashgraph reconcile quickbooks
  cashgraph reconcile quickbooks --json | jq '.findings[].cause'

It ends with 1 where anything differs. What differs is also shown in the graph, under the connection's drift, until it doesn't.`;

export function addReconcile(program: Command): void {
  const command = program
    .command('reconcile')
    .description("compare the books here with an ERP's: counts, sums, what is open, what each customer owes")
    .argument('<connection>', 'its code')
    .option('--tenant <slug>', 'the tenant (default: the only one, or demo)');
  withJson(withDataDir(command)).addHelpText('after', EXAMPLES).action(reconcileConnection);
}

async function reconcileConnection(code: string, options: ReconcileOptions): Promise<void> {
  const config = configFor(options);
  const done = await withLifetime(async (life): Promise<Reconciled> => {
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const { id: tenantId } = await findTenant(database, options.tenant);
    const platform = await openPlatform({ config, database, life });
    const { id: connectionId } = await findConnection(platform, tenantId, code);
    const reconciled = await reconcile(platform.sync, { tenantId, connectionId, signal: life.signal }).catch(inWords);
    if (!reconciled) throw new Failure(`${code} stands still, or another process compares it at the moment.`);
    await platform.sealer.sealed();
    return reconciled;
  });
  if (!done) return;
  if (options.json) printJson(done);
  else tell(code, done);
  process.exitCode = done.open === 0 ? EXIT.ok : EXIT.failed;
}

function inWords(error: unknown): never {
  throw error instanceof ExternalError ? new Failure(error.message) : error;
}

function tell(code: string, { findings, found, resolved }: Reconciled): void {
  if (findings.length > 0) print(table(['what', 'of', 'here', 'there', 'cause'], findings.map(rowOf)));
  const differing = findings.length === 0 ? 'Everything agrees' : `${findings.length} figures differ`;
  say(`${code}: ${differing}; ${found} are new, ${resolved} are gone.`);
}

const rowOf = ({ kind, stream, period, externalId, currency, ours, theirs, cause }: Finding): string[] => [
  kind.toLowerCase(),
  [stream, period?.from.slice(0, 7), externalId, currency].filter((part) => typeof part === 'string').join(' '),
  ours,
  theirs,
  cause,
];
