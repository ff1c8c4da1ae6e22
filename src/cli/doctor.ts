/** `cashgraph doctor`: is everything as it must be, and with `--invariants`, do the books, documents and the log agree? It changes nothing. */
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { verifyChain } from '../outbox/chain.ts';
import { openSystemPool } from '../outbox/connection.ts';
import { type Database, openDatabase, pendingMigrations } from './database.ts';
import { EXIT } from './failure.ts';
import { type Finding, runInvariants } from './invariants.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { configFor, type DataOptions, withDataDir, withJson } from './options.ts';
import { asRole, roleName } from './roles.ts';
import { asSystem, asTenant, rowsOf, withClient } from './session.ts';
import { findTenant, listTenants, type Tenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

interface DoctorOptions extends DataOptions {
  readonly invariants?: boolean;
  readonly tenant?: string;
  readonly json?: boolean;
}

interface Check {
  readonly name: string;
  readonly isWell: boolean;
  readonly note: string;
}

const SHOWN_MAX = 5;

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check the installation; with --invariants also everything that must always be true of the data')
    .option('--invariants', 'check the books, the documents, the log and the schema, tenant by tenant')
    .option('--tenant <slug>', 'only this tenant (default: all)');
  withJson(withDataDir(command))
    .addHelpText('after', '\nExamples:\n  cashgraph doctor\n  cashgraph doctor --invariants --json')
    .action(examine);
}

async function examine(options: DoctorOptions): Promise<void> {
  const found = await withLifetime(async (life) => {
    const config = configFor(options);
    const database = await openDatabase(config, life, { mayCreate: false });
    const checks = await checksOf(config, database);
    if (!options.invariants || checks.some(({ isWell }) => !isWell)) return { checks, findings: null };
    const tenants = options.tenant === undefined ? await listTenants(database) : [await findTenant(database, options.tenant)];
    const findings: Record<string, readonly Finding[]> = {};
    for (const tenant of tenants) {
      say(`Checking the invariants of ${tenant.slug} …`);
      findings[tenant.slug] = await findingsOf({ database, tenant, life });
    }
    return { checks, findings };
  });
  if (found === undefined) return;
  const { checks, findings } = found;
  if (options.json) printJson({ checks, findings });
  else tell(checks, findings);
  const isWell = checks.every((check) => check.isWell) && Object.values(findings ?? {}).every((list) => list.length === 0);
  process.exitCode = isWell ? EXIT.ok : EXIT.failed;
}

function tell(checks: readonly Check[], findings: Readonly<Record<string, readonly Finding[]>> | null): void {
  print(
    table(
      ['check', '', 'note'],
      checks.map(({ name, isWell, note }) => [name, isWell ? 'ok' : 'WRONG', note]),
    ),
  );
  for (const [tenant, list] of Object.entries(findings ?? {})) {
    print(`\n${tenant}: ${list.length === 0 ? 'every invariant holds' : `${list.length} invariants are broken`}`);
    for (const { number, name, offending } of list) {
      print(`  ${number} ${name}: ${offending.length} rows`);
      for (const row of offending.slice(0, SHOWN_MAX)) print(`    ${JSON.stringify(row)}`);
    }
  }
}

async function checksOf(config: Config, database: Database): Promise<readonly Check[]> {
  const pending = await pendingMigrations(database);
  const base: Check[] = [
    { name: 'Node', isWell: true, note: process.versions.node },
    {
      name: 'Database',
      isWell: true,
      note: `Postgres ${database.version}, ${database.isEmbedded ? `embedded in ${config.dataDir}` : 'of DATABASE_URL'}`,
    },
    {
      name: 'Migrations',
      isWell: pending.length === 0,
      note: pending.length === 0 ? 'all applied' : `${pending.length} to do: run cashgraph migrate`,
    },
  ];
  if (pending.length > 0) return base;
  const tenants = await listTenants(database);
  const { rows } = await asSystem(database, (client) =>
    client.query<{ waiting: string; dead: string; position: string; pruned: string }>(
      `select (select count(*) from event_inbox) as waiting, (select count(*) from delivery where state = 'DEAD') as dead, position, pruned_to as pruned from event_head`,
    ),
  );
  const { waiting = '0', dead = '0', position = '0', pruned = '0' } = rows[0] ?? {};
  const kept = pruned === '0' ? '' : `, forgotten up to ${pruned}`;
  return [
    ...base,
    {
      name: 'Tenants',
      isWell: tenants.length > 0,
      note: tenants.length === 0 ? 'none: run npm start once' : tenants.map(({ slug }) => slug).join(', '),
    },
    { name: 'Event log', isWell: true, note: `${position} events sealed, ${waiting} waiting${kept}` },
    { name: 'Deliveries', isWell: dead === '0', note: dead === '0' ? 'none given up' : `${dead} given up` },
  ];
}

/** After an import the planner knows nothing of what has come yet, and some of these queries would then take hours for seconds. */
const refreshStatistics = ({ connection, rolePrefix }: Database): Promise<unknown> =>
  withClient(asRole(connection, roleName(rolePrefix, 'owner')), (owner) => owner.query('analyze'));

async function findingsOf({
  database,
  tenant,
  life,
}: {
  database: Database;
  tenant: Tenant;
  life: Lifetime;
}): Promise<readonly Finding[]> {
  await refreshStatistics(database);
  const pool = openSystemPool({ connection: database.connection, role: roleName(database.rolePrefix, 'system'), max: 2 });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await pool.end();
    isOpen = false;
  };
  await life.own(close);
  const findings = await asTenant(database, tenant.id, (client) =>
    runInvariants({
      tenantId: tenant.id,
      rows: (source) => rowsOf(client, source),
      systemRows: (source) => rowsOf(pool, source),
      verify: (tenantId) => verifyChain({ pool, tenantId }),
    }),
  );
  await close();
  return findings;
}
