// A whole company for one test file: fresh database, platform, HTTP server, people of each role, clients over HTTP and WebSocket.
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import { afterAll } from 'vitest';
import { WebSocket } from 'ws';
import { ensureActors, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import type { Connector } from '../../src/connect/connector.ts';
import { type FixedClock, fixedClock, systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import { listen, type Listening } from '../../src/transport/http.ts';
import { type LocalIssuer, openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { createLogger } from '../../src/transport/logger.ts';
import { openSecretKeys } from '../../src/transport/secret-key.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';

/** What came back from the API: JSON of a shape that the query decides. */
export type Shown = ReturnType<JSON['parse']>;

export interface Answer {
  readonly data?: Record<string, Shown> | null;
  readonly errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** Somebody who is signed in. */
export interface Person {
  readonly token: string;
  /** Sends an operation; the whole answer. */
  send(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** Its data; throws on errors. */
  ask(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Record<string, Shown>>;
  /** Runs a mutation `name(input)` that must succeed; gives the payload's field. */
  do(name: string, input: Record<string, unknown>, field: string, selection?: string): Promise<Shown>;
  /** Runs a mutation that must be refused; gives its userErrors. */
  refused(name: string, input: Record<string, unknown>): Promise<{ code: string; message: string; path: string[] }[]>;
  socket(): Client;
}

export interface World {
  readonly database: FreshDatabase;
  readonly platform: Platform;
  readonly tenantId: string;
  readonly clock: FixedClock;
  readonly url: string;
  /** The folder of its server: keys, and files of exports. */
  readonly dataDir: string;
  /** A person with one role, in the first tenant unless told. */
  as(role: string, tenant?: string): Promise<Person>;
  tokenOf(subject: string, tenant?: string): Promise<string>;
  withToken(token: string): Person;
  addTenant(slug: string): Promise<string>;
  /** Stops server and platform, and starts them anew on the same database. */
  restart(): Promise<void>;
}

/** Of the tokens by which everybody signs in. */
export const ISSUER = 'urn:cashgraph:local';
export const ROLES = ['admin', 'order-desk', 'warehouse', 'billing', 'cash', 'credit', 'collections', 'analyst', 'integration'];

/** Who looks again and again for what is to come is no load to be held back. */
const UNRATIONED = { BUDGET_PRINCIPAL_MAX_COST: 1_000_000_000, BUDGET_TENANT_MAX_COST: 10_000_000_000 };

export async function startWorld({
  now = systemClock.now().toISOString(),
  isSandbox = true,
  database: given,
  connectors = [],
  settings = {},
}: {
  now?: string;
  isSandbox?: boolean;
  /** One that holds other tenants already. */
  database?: FreshDatabase;
  /** What connections can be made with. */
  connectors?: readonly Connector[];
  /** Of its configuration, as an operator writes them. */
  settings?: Readonly<Record<string, string | number>>;
} = {}): Promise<World> {
  const database = given ?? (await freshDatabase());
  const address = { connection: database.connection, rolePrefix: 'cashgraph' };
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-world-'));
  const config = loadConfig(
    { NODE_ENV: 'test' },
    { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent', SHUTDOWN_IDLE_MS: 0, ...UNRATIONED, ...settings },
  );
  const clock = fixedClock(now);
  const [ofConfig] = config.issuers;
  if (!ofConfig) throw new Error('The configuration has no local issuer');
  const issuer = await openLocalIssuer({ dataDir, issuer: ofConfig, clock: systemClock });
  const addTenant = async (slug: string) => {
    const { id } = await ensureTenant(address, { slug, name: slug, groupCurrency: 'EUR', isSandbox }, clock);
    const people = ROLES.map((role) => ({ name: role, issuer: ISSUER, subject: role, roles: [role] }));
    await ensureActors(address, id, people);
    return id;
  };
  const tenantId = await addTenant('acme');
  let running = await run({ database, clock, config, connectors });
  const sockets: Client[] = [];
  afterAll(async () => {
    for (const socket of sockets) await socket.dispose();
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const tokenOf = (subject: string, tenant = 'acme') => tokenFrom(issuer, subject, tenant);
  const withToken = (token: string) => personWith(token, () => `${running.listening.url}/graphql`, sockets);
  return {
    database,
    get platform() {
      return running.platform;
    },
    tenantId,
    clock,
    dataDir,
    get url() {
      return `${running.listening.url}/graphql`;
    },
    as: async (role, tenant) => withToken(await tokenOf(role, tenant)),
    tokenOf,
    withToken,
    addTenant,
    async restart() {
      const port = running.listening.port;
      await running.stop();
      running = await run({ database, clock, config: { ...config, port }, connectors });
    },
  };
}

const tokenFrom = (issuer: LocalIssuer, subject: string, tenant: string) =>
  issuer.issueToken({ subject, tenant, lifetimeS: 3600 });

interface Running {
  readonly platform: Platform;
  readonly listening: Listening;
  stop(): Promise<void>;
}

async function run({
  database,
  clock,
  config,
  connectors,
}: {
  database: FreshDatabase;
  clock: FixedClock;
  config: ReturnType<typeof loadConfig>;
  connectors: readonly Connector[];
}): Promise<Running> {
  const platform = await createPlatform({
    connection: database.connection,
    rolePrefix: 'cashgraph',
    clock,
    randomness: seededRandom(database.name),
    config,
    secretKeys: await openSecretKeys(config),
    connectors,
  });
  await platform.start();
  const listening = await listen({
    schema: platform.schema,
    config,
    signIn: platform.signIn,
    context: (principal, facts) => platform.contextOf(principal, facts),
    readiness: () => platform.readiness(),
    downloads: platform.downloads,
    trustedDocuments: platform.trustedDocuments,
    saveUses: (uses) => platform.saveUses(uses),
    sendExport: platform.sendExport,
    importFiles: platform.importFiles,
    receiveLogistics: platform.receiveLogistics,
    receiveErp: platform.receiveErp,
    logger: createLogger({ level: process.env['WORLD_LOG'] ? 'error' : 'silent' }),
    clock: systemClock,
    fieldResolver: fieldResolver as never,
  });
  return {
    platform,
    listening,
    async stop() {
      await listening.close();
      await platform.close();
    },
  };
}

/** Somebody with a token, at the server of an address. */
export function personWith(token: string, url: () => string, sockets: Client[]): Person {
  const send: Person['send'] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    // what the login's budget holds differs from one answer to the next
    const { extensions: _cost, ...answer } = (await response.json()) as Answer & { readonly extensions?: unknown };
    return answer;
  };
  const ask: Person['ask'] = async (query, variables, headers) => {
    const { data, errors } = await send(query, variables, headers);
    if (errors || !data) throw new Error(JSON.stringify(errors));
    return data;
  };
  const call = (name: string, selection: string) => {
    const input = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input!`;
    return `mutation($input: ${input}) { ${name}(input: $input) { ${selection} userErrors { code message path } } }`;
  };
  return {
    token,
    send,
    ask,
    async do(name, input, field, selection = 'id') {
      const payload = (await ask(call(name, `${field} { ${selection} }`), { input }))[name] as Record<string, Shown>;
      if (payload['userErrors'].length > 0) throw new Error(JSON.stringify(payload['userErrors']));
      return payload[field];
    },
    async refused(name, input) {
      const payload = (await ask(call(name, ''), { input }))[name] as Record<string, Shown>;
      if (payload['userErrors'].length === 0) throw new Error(`${name} was not refused`);
      return payload['userErrors'];
    },
    socket() {
      const socket = createClient({
        url: url().replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
        lazy: true,
      });
      sockets.push(socket);
      return socket;
    },
  };
}

/** Reads a subscription until `enough` says so; ends it and gives all its messages. */
export async function collect<T>(
  socket: Client,
  query: string,
  variables: Record<string, unknown>,
  enough: (messages: readonly T[]) => boolean,
): Promise<T[]> {
  const messages: T[] = [];
  for await (const { data, errors } of socket.iterate<T>({ query, variables })) {
    if (errors) throw new Error(JSON.stringify(errors));
    if (data) messages.push(data);
    if (enough(messages)) break;
  }
  return messages;
}

export interface Books {
  readonly legalEntityId: string;
  readonly customerId: string;
  readonly accountId: string;
}

/** A legal entity with one customer that has an account with it. */
export async function openBooks(
  world: Pick<World, 'as'>,
  {
    code = 'DE01',
    currency = 'EUR',
    number = 'C-1',
    tenant,
  }: { code?: string; currency?: string; number?: string; tenant?: string } = {},
): Promise<Books> {
  const admin = await world.as('admin', tenant);
  const { id: legalEntityId } = await admin.do(
    'createLegalEntity',
    { code, name: `${code} company`, country: 'DE', functionalCurrency: currency, timeZone: 'Europe/Berlin' },
    'legalEntity',
  );
  const { id: customerId } = await admin.do('createCustomer', { number, name: `Customer ${number}` }, 'customer');
  const { id: accountId } = await admin.do('openAccount', { customerId, legalEntityId, number, currency }, 'account');
  return { legalEntityId, customerId, accountId };
}

export const bare = (id: string): string => id.slice(id.indexOf('_') + 1);
export { publicId };
