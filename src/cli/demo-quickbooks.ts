/**
 * The demo's legal entity whose books are in QuickBooks: a simulated company beside the server, on this machine only, which keeps its
 * books between starts. It is connected by the commands that an administrator would use, and signed in to anew at each start.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ErpSimulator } from '../connect/simulator.ts';
import { addMonths, type PlainDate, startOfMonth } from '../kernel/date.ts';
import { publicId } from '../kernel/ids.ts';
import type { Platform } from '../platform.ts';
import { sql } from '../read/sql.ts';
import { createOperations } from '../sync/operations.ts';
import { EURO_WORTH } from './demo/company.ts';
import { followSync } from './follow-sync.ts';
import type { Lifetime } from './lifetime.ts';
import { hasSimulator, startErpSimulator } from './simulator.ts';

const TENANT = 'demo';
const CONNECTOR = 'quickbooks';
const CODE = 'qb';
const ENTITY = {
  code: 'QB',
  name: 'Larkspur Landscape Supply LLC',
  country: 'US',
  functionalCurrency: 'USD',
  timeZone: 'America/Los_Angeles',
} as const;
/** Invoices, about, of eighteen months. */
const SIZE = 280;
const SYNC_EVERY_S = 30;
/** Before the first of its documents, and of all others of the demo. */
const RATE_MONTHS_BEFORE = 24;
/** What the simulated company has set up, by its own ids: see `seed-setup.ts` of the simulator. */
const SETTINGS = {
  taxes: [
    { category: 'S', rate: '8', lineCode: 'TAX', documentCode: '2' },
    { category: 'S', rate: '9.1', lineCode: 'TAX', documentCode: '3' },
    { category: 'O', rate: '0', lineCode: 'NON' },
  ],
  freeTextItem: '1',
  paymentMethods: { CASH: '1', CHEQUE: '2', CARD: '3', DIRECT_DEBIT: '5', BANK_TRANSFER: '6' },
};

type Run = (name: string, input: Readonly<Record<string, unknown>>) => Promise<string>;

interface Known {
  readonly tenantId: string;
  readonly connectionId: string | null;
  readonly entityId: string | null;
  readonly hasRate: boolean;
}

export interface DemoQuickBooks {
  /** Its screen for people. */
  readonly url: string;
  /** From now on it reports to our own server, which listens on this machine; resolves when it was read once, or says why it was not. */
  follow(port: number): Promise<void>;
}

interface Parts {
  readonly life: Lifetime;
  readonly dataDir: string;
}

const folderOf = (dataDir: string): string => join(dataDir, 'simulators');

/** With the database that they go with. */
export const forgetDemoQuickBooks = (dataDir: string): void => rmSync(folderOf(dataDir), { recursive: true, force: true });

/**
 * Before the platform's background work begins, so that nothing asks at the address of the start before. Null where there is no demo, or
 * no simulator to run.
 */
export async function openDemoQuickBooks(platform: Platform, { life, dataDir }: Parts): Promise<DemoQuickBooks | null> {
  const firstRateOn = addMonths(startOfMonth(today(platform)), -RATE_MONTHS_BEFORE);
  const known = await knownOf(platform, firstRateOn);
  if (!known || !hasSimulator(CONNECTOR) || !platform.sync.connectors.has(CONNECTOR)) return null;
  const { tenantId } = known;
  const simulator = await startErpSimulator(CONNECTOR, {
    seed: TENANT,
    size: SIZE,
    statePath: join(folderOf(dataDir), `${CONNECTOR}-${tenantId}.json`),
    now: () => platform.sync.clock.now(),
  });
  await life.own(() => simulator.close());
  const connectionId = await connected(await runAs(platform, tenantId), { known, simulator, firstRateOn });
  const since = platform.sync.clock.now();
  return {
    url: `${simulator.url}/`,
    async follow(port) {
      simulator.setWebhook({ url: `http://127.0.0.1:${port}/webhooks/erp/${TENANT}/${CODE}` });
      // as the administrator's first look: what it finds, or why it fails, stands on the connection
      await createOperations(platform.sync)
        .check({ tenantId, connectionId })
        .catch(() => undefined);
      await followSync(platform, { tenantId, connectionId, name: 'QuickBooks', since, signal: life.signal });
    },
  };
}

const today = (platform: Platform): PlainDate => platform.sync.clock.now().toISOString().slice(0, 10);

async function knownOf(platform: Platform, firstRateOn: PlainDate): Promise<Known | undefined> {
  const [tenant] = await platform.systemRows<{ id: string }>(sql`select tenant_id as id from tenant where slug = ${TENANT}`);
  if (!tenant) return undefined;
  const { id } = tenant;
  const [known] = await platform.sync.inTenant(id, (session) =>
    session.rows<Omit<Known, 'tenantId'>>(sql`
      select (select id from connection where code = ${CODE}) as "connectionId",
        (select id from legal_entity where code = ${ENTITY.code}) as "entityId",
        exists (select from exchange_rate where from_currency = 'USD' and to_currency = 'EUR' and valid_on <= ${firstRateOn}) as "hasRate"`),
  );
  return known && { tenantId: id, ...known };
}

async function runAs(platform: Platform, tenantId: string): Promise<Run> {
  const principal = await platform.systemPrincipal(tenantId);
  return async (name, input) => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'demo-quickbooks' });
    if (!outcome.ok) throw new Error(`The demo's ${name}: ${outcome.problems.map((p) => p.message).join(' ')}`);
    return outcome.recordId;
  };
}

interface Connecting {
  readonly known: Known;
  readonly simulator: ErpSimulator;
  readonly firstRateOn: PlainDate;
}

/** Each step is done once; a start that was killed between two of them goes on with the next. */
async function connected(run: Run, { known, simulator, firstRateOn }: Connecting): Promise<string> {
  const { realmId, clientId, clientSecret, refreshToken, webhookVerifier } = simulator.access;
  const config = { realmId, baseUrl: simulator.url, tokenUrl: `${simulator.url}/oauth2/v1/tokens/bearer`, ...SETTINGS };
  const credentials = { clientId, clientSecret, refreshToken, webhookVerifier };
  if (known.connectionId !== null)
    return run('updateConnection', { id: publicId('con', known.connectionId), config, credentials });
  if (!known.hasRate)
    await run('setExchangeRate', { fromCurrency: 'USD', toCurrency: 'EUR', validOn: firstRateOn, rate: EURO_WORTH['USD'] });
  const entityId = known.entityId ?? (await run('createLegalEntity', ENTITY));
  return run('createConnection', {
    code: CODE,
    name: 'QuickBooks Online (simulated)',
    connector: CONNECTOR,
    legalEntityIds: [publicId('le', entityId)],
    config,
    credentials,
    syncEveryS: SYNC_EVERY_S,
  });
}
