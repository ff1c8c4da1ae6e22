/** `cashgraph start`, what `npm start` runs: database, tables, demo company and server in one step, and one screen that says what to do. */
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { type Database, migrateDatabase, openDatabase } from './database.ts';
import { startDemoLogistics } from './demo-logistics.ts';
import { startDemoWebhooks } from './demo-webhooks.ts';
import { type DemoErpAtWork, type DemoErps, forgetDemoErps, openDemoErps } from './demo-erps.ts';
import { UsageError } from './failure.ts';
import { type Lifetime, withLifetime } from './lifetime.ts';
import { type Login, loginsSql } from './logins.ts';
import { readConfig, withDataDir } from './options.ts';
import { screenOf } from './screen.ts';
import { type ServeOptions, withPort } from './serve.ts';
import { requireFreePort, serve, type Serving } from './serving.ts';
import { asSystem, rowsOf } from './session.ts';
import { ensureActor, ensureTenant } from './tenant.ts';
import { print, say } from './terminal.ts';
import type { Platform } from '../platform.ts';

interface StartOptions extends ServeOptions {
  readonly reset?: boolean;
  readonly empty?: boolean;
}

const EXAMPLES = `
Examples:
  npm start                                  a demo company on http://127.0.0.1:4000
  npm start -- --port 5000 --reset           begin anew, on another port
  npm start -- --empty --data-dir ../books   an empty tenant with one administrator, for your own data
  DATABASE_URL=postgres://owner@localhost/books npm start`;

export function addStart(program: Command): void {
  const command = program
    .command('start')
    .description('start everything: database, tables, a demo company, the API')
    .option('--reset', 'throw the embedded database away first')
    .option('--empty', 'no demo company: only a tenant "main" with an administrator');
  withPort(withDataDir(command)).addHelpText('after', EXAMPLES).action(start);
}

async function start({ port, dataDir, reset = false, empty = false }: StartOptions): Promise<void> {
  await withLifetime(async (life) => {
    const config = readConfig({ PORT: port, CASHGRAPH_DATA_DIR: dataDir });
    if (reset && config.databaseUrl !== null) {
      throw new UsageError(
        '--reset throws away the embedded database only, and DATABASE_URL names another one. Empty that by its own tools (dropdb, createdb), then start without --reset.',
      );
    }
    await requireFreePort(config);
    say(config.databaseUrl === null ? 'Starting the embedded Postgres …' : 'Connecting to the database …');
    const database = await openDatabase(config, life, { mayCreate: true, isReset: reset });
    if (reset) forgetDemoErps(config.dataDir);
    const applied = await migrateDatabase(database);
    if (applied.length > 0) say(`Made the tables (${applied.length} migrations).`);
    await seed({ config, database, isEmpty: empty });
    const hasDemo = config.hasDemoData && !config.isProduction && !empty && config.allowsLoopback;
    const { serving, ...demo } = await (hasDemo ? serveDemo : serveAlone)({ config, database, life });
    const logins = await loginsOf(config, database);
    print(screenOf({ serving, config, database, logins, ...demo, isDataDirGiven: dataDir !== undefined }));
    print(`ready ${serving.url}/graphql`);
    await life.stopped;
  });
}

interface Parts {
  readonly config: Config;
  readonly database: Database;
  readonly life: Lifetime;
}

interface Served {
  readonly serving: Serving;
  /** Of the demo's simulated third parties; null: there are none. */
  readonly logisticsUrl: string | null;
  readonly webhooksUrl: string | null;
  readonly erps: readonly DemoErpAtWork[];
}

const serveAlone = async (parts: Parts): Promise<Served> => ({
  serving: await serve({ ...parts, command: 'start' }),
  logisticsUrl: null,
  webhooksUrl: null,
  erps: [],
});

/** With the systems that the demo company works with. */
async function serveDemo({ config, database, life }: Parts): Promise<Served> {
  const opened: { erps: DemoErps | null } = { erps: null };
  const prepare = async (platform: Platform): Promise<void> => {
    opened.erps = await openDemoErps(platform, { life, dataDir: config.dataDir });
  };
  const serving = await serve({ config, database, life, command: 'start', prepare });
  const logisticsUrl = await startDemoLogistics({ ...serving, life });
  await opened.erps?.follow(serving.port);
  // after the ERPs, whose first reading is thousands of events
  const webhooksUrl = await startDemoWebhooks({ ...serving, life });
  return { serving, logisticsUrl, webhooksUrl, erps: opened.erps?.atWork ?? [] };
}

/** Nothing in production; without demo data a tenant that somebody can sign in to. */
async function seed({ config, database, isEmpty }: { config: Config; database: Database; isEmpty: boolean }): Promise<void> {
  const issuer = config.issuers.find((row) => row.local === true)?.issuer;
  if (config.isProduction || issuer === undefined) return;
  if (config.hasDemoData && !isEmpty) {
    const { seedDemo } = await import('./demo/index.ts'); // a server without a demo never loads it
    await seedDemo({ connection: database.connection, rolePrefix: database.rolePrefix, config, issuer, say });
    return;
  }
  const { id } = await ensureTenant(database, { slug: 'main', name: 'Main', groupCurrency: 'EUR', isSandbox: false });
  await ensureActor(database, id, { name: 'Administrator', issuer, subject: 'admin', roles: ['admin'] });
}

async function loginsOf(config: Config, database: Database): Promise<readonly Login[]> {
  const issuer = config.issuers.find((row) => row.local === true)?.issuer;
  if (issuer === undefined) return [];
  return asSystem(database, (client) => rowsOf<Login>(client, loginsSql(issuer)));
}
