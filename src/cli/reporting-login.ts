/** `cashgraph reporting-login`: logins of the database for BI tools, each for one tenant. A password is printed once and kept nowhere. */
import type { Command } from 'commander';
import { systemRandom } from '../kernel/random.ts';
import { publicId } from '../kernel/ids.ts';
import { type Database, openDatabase, requireMigrated } from './database.ts';
import { Failure } from './failure.ts';
import { withLifetime } from './lifetime.ts';
import { openPlatform } from './open-platform.ts';
import { configFor, type DataOptions, wholeNumber, withDataDir, withJson } from './options.ts';
import {
  createStatements,
  dropStatements,
  newLoginName,
  newPassword,
  rotateStatements,
  scramVerifier,
  withRole,
} from './reporting-role.ts';
import { asTenant, type DatabaseAddress, withClient } from './session.ts';
import { findTenant, type Tenant } from './tenant.ts';
import { print, printJson, say, table } from './terminal.ts';

interface Options extends DataOptions {
  readonly tenant?: string;
  readonly json?: boolean;
  readonly purpose?: string;
  readonly connections?: number;
  readonly timeout?: number;
}

const EXAMPLES = `
Examples:
  cashgraph reporting-login create --tenant acme --purpose "Power BI"
  cashgraph reporting-login list --tenant acme
  cashgraph reporting-login rotate cashgraph_reporting_3f9a1c20b7e4
  cashgraph reporting-login drop cashgraph_reporting_3f9a1c20b7e4

A login reads the views of the schema reporting, and of those the rows of its tenant. It is a login of the database: give it
to people whom you trust with the load that they make.`;

export function addReportingLogin(program: Command): void {
  const group = program
    .command('reporting-login')
    .description('logins of the database for BI tools, each for one tenant')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string) =>
    withJson(withDataDir(group.command(name).description(description))).option(
      '--tenant <slug>',
      'the tenant (default: the only one, or demo)',
    );
  add('create', 'make a login and print its password, once')
    .requiredOption('--purpose <text>', 'what it is for, for example "Power BI"')
    .option('--connections <count>', 'sessions at once (default: 5)', wholeNumber(1, 100))
    .option('--timeout <seconds>', 'how long a statement may take (default: 120)', wholeNumber(1, 86_400))
    .action(create);
  add('list', 'show the logins of a tenant').action(list);
  add('rotate', 'give a login another password and print it, once').argument('<name>', 'its name').action(rotate);
  add('drop', 'end a login: from then on it sees nothing').argument('<name>', 'its name').action(drop);
}

interface Place {
  readonly database: Database;
  readonly tenant: Tenant;
  /** Runs a command as Cashgraph itself. */
  record(command: string, input: object): Promise<void>;
}

async function inPlace(options: Options, work: (place: Place) => Promise<void>): Promise<void> {
  const config = configFor(options);
  await withLifetime(async (life) => {
    const database = await openDatabase(config, life, { mayCreate: false });
    await requireMigrated(database);
    const tenant = await findTenant(database, options.tenant);
    const record = async (command: string, input: object) => {
      const platform = await openPlatform({ config, database, life });
      const principal = await platform.systemPrincipal(tenant.id);
      const outcome = await platform.write.run(platform.command(command), input, { principal, requestId: 'reporting-login' });
      if (!outcome.ok) throw new Failure(outcome.problems.map(({ message }) => message).join(' '));
      await platform.sealer.sealed();
    };
    await work({ database, tenant, record });
  });
}

interface Made {
  readonly name: string;
  readonly password: string;
  /** What an administrator has to run first. */
  readonly statements: readonly string[];
}

const secretFor = () => {
  const password = newPassword((count) => systemRandom.bytes(count));
  return { password, verifier: scramVerifier(password, systemRandom.bytes(16)) };
};

const create = (options: Options): Promise<void> =>
  inPlace(options, async ({ database, tenant, record }) => {
    const { purpose = '', connections: connectionsMax = 5, timeout: statementTimeoutS = 120 } = options;
    const { rolePrefix } = database;
    const name = newLoginName(rolePrefix, (count) => systemRandom.bytes(count));
    const { password, verifier } = secretFor();
    const statements = await change(
      database,
      createStatements({ name, verifier, rolePrefix, connectionsMax, statementTimeoutS }),
      () => record('createReportingLogin', { name, purpose }),
    );
    tell(options, database, { name, password, statements });
    say(`${name} reads the schema reporting, of the tenant ${tenant.slug}.`);
  });

const rotate = (name: string, options: Options): Promise<void> =>
  inPlace(options, async ({ database, tenant, record }) => {
    const { id } = await findLogin(database, tenant, name);
    const { password, verifier } = secretFor();
    const statements = await change(database, rotateStatements({ name, verifier }), () => record('rotateReportingLogin', { id }));
    tell(options, database, { name, password, statements });
  });

const drop = (name: string, options: Options): Promise<void> =>
  inPlace(options, async ({ database, tenant, record }) => {
    const { id } = await findLogin(database, tenant, name);
    const statements = await change(database, dropStatements(name), () => record('dropReportingLogin', { id }));
    if (options.json) printJson({ name, statements });
    askAdministrator(statements);
    say(`${name} sees nothing any more.`);
  });

const change = ({ connection }: DatabaseAddress, statements: readonly string[], work: () => Promise<void>) =>
  withClient(connection, (client) => withRole(client, statements, work));

interface Login {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly createdAt: Date;
}

const loginsOf = (database: DatabaseAddress, { id }: Tenant): Promise<readonly Login[]> =>
  asTenant(
    database,
    id,
    async (client) =>
      (
        await client.query<Login>(
          'select id, name, purpose, created_at as "createdAt" from reporting_login where dropped_at is null order by created_at',
        )
      ).rows,
  );

async function findLogin(database: DatabaseAddress, tenant: Tenant, name: string): Promise<Login> {
  const logins = await loginsOf(database, tenant);
  const found = logins.find((login) => login.name === name);
  if (found) return { ...found, id: publicId('rpl', found.id) };
  const names = logins.map((login) => login.name).join(', ');
  throw new Failure(`The tenant ${tenant.slug} has no reporting login ${name}${names === '' ? '.' : `; there are ${names}.`}`);
}

const list = (options: Options): Promise<void> =>
  inPlace(options, async ({ database, tenant }) => {
    const rows = (await loginsOf(database, tenant)).map(({ name, purpose, createdAt }) => ({
      name,
      purpose,
      createdAt: createdAt.toISOString(),
    }));
    if (options.json) return printJson(rows);
    if (rows.length === 0) return say(`The tenant ${tenant.slug} has no reporting login.`);
    print(
      table(
        ['name', 'purpose', 'since'],
        rows.map((row) => [row.name, row.purpose, row.createdAt]),
      ),
    );
  });

function tell({ json = false }: Options, database: Database, { name, password, statements }: Made): void {
  if (json) printJson({ name, password, schema: 'reporting', statements });
  else print(table(['user', 'password'], [[name, password]]));
  askAdministrator(statements);
  say('The password is kept nowhere: put it where it belongs now.');
  if (database.isEmbedded)
    say('The embedded database listens on no port: a tool on another machine needs a server (DATABASE_URL).');
}

function askAdministrator(statements: readonly string[]): void {
  if (statements.length === 0) return;
  say('This database user may not change logins. Let an administrator run:');
  for (const statement of statements) say(`  ${statement};`);
}
