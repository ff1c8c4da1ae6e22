// A second server beside the one of the stage, on the same platform and database: with other limits, or with reads that pass
// row-level security, to show that the first wall holds by itself.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { createReadEngine, type ReadEngine } from '../../src/read/engine.ts';
import { createReadPool } from '../../src/read/pool.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import { listen } from '../../src/transport/http.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { createLogger } from '../../src/transport/logger.ts';
import type { Answer, Person } from '../support/world.ts';
import type { Stage } from './stage.ts';

export interface Server {
  readonly url: string;
  tokenOf(subject: string, tenant: string): Promise<string>;
  personOf(subject: string, tenant: string): Promise<Pick<Person, 'send' | 'ask'>>;
}

interface Serving {
  readonly limits?: Readonly<Record<string, number>>;
  readonly hasSecondWall?: boolean;
  /** By which logins end. */
  readonly clock?: Clock;
}

export async function serve(stage: Stage, { limits = {}, hasSecondWall = true, clock = systemClock }: Serving): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-access-'));
  const config = loadConfig(
    { NODE_ENV: 'test' },
    { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent', SHUTDOWN_IDLE_MS: 0, ...limits },
  );
  const { platform } = stage.world;
  const read = hasSecondWall ? platform.read : await openEngine(stage);
  const server = await listen({
    schema: platform.schema,
    config,
    signIn: platform.signIn,
    context: (principal, facts) => Object.assign(platform.contextOf(principal, facts), { read }),
    readiness: () => platform.readiness(),
    logger: createLogger({ level: 'silent' }),
    clock,
    fieldResolver: fieldResolver as never,
  });
  afterAll(() => server.close());
  const [ofConfig] = config.issuers;
  if (!ofConfig) throw new Error('There is no issuer.');
  const issuer = await openLocalIssuer({ dataDir, issuer: ofConfig, clock: systemClock });
  const tokenOf: Server['tokenOf'] = (subject, tenant) => issuer.issueToken({ subject, tenant, lifetimeS: 3600 });
  return { url: server.url, tokenOf, personOf: async (subject, tenant) => personAt(server.url, await tokenOf(subject, tenant)) };
}

/** Reads as a superuser, whom no policy stops: nothing but the row scope keeps the answers apart. */
async function openEngine({ world, rows }: Stage): Promise<ReadEngine> {
  const [me] = await rows<{ role: string }>('select current_user as role');
  const pool = createReadPool({
    connection: world.database.connection,
    role: me?.role ?? '',
    max: 4,
    statementTimeoutMs: 10_000,
  });
  afterAll(() => pool.end());
  return createReadEngine({
    catalogue: world.platform.catalogue,
    pools: { read: pool, portal: pool },
    clock: world.clock,
  });
}

function personAt(url: string, token: string): Pick<Person, 'send' | 'ask'> {
  const send: Person['send'] = async (query, variables = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return (await response.json()) as Answer;
  };
  return {
    send,
    async ask(query, variables) {
      const { data, errors } = await send(query, variables);
      if (errors || !data) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}
