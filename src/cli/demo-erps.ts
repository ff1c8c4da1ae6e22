/**
 * The demo's legal entities whose books are in ERPs: simulated ones beside the server, on this machine only, which keep their books between
 * starts. They are connected by the commands that an administrator would use, and signed in to anew at each start.
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
import { DEMO_ERPS, type DemoErp, type DemoLegalEntity } from './demo-erp-list.ts';
import { followSync } from './follow-sync.ts';
import type { Lifetime } from './lifetime.ts';
import { hasSimulator, startErpSimulator } from './simulator.ts';

const TENANT = 'demo';
const SYNC_EVERY_S = 30;
/** Customers that are compared with all others in one transaction. */
const COMPARED_MAX_COUNT = 500;
/** Before the first of its documents, and of all others of the demo. */
const RATE_MONTHS_BEFORE = 24;
/** What documents in the ERPs are in, in the group's currency. */
const RATES: Readonly<Record<string, string | undefined>> = {
  USD: EURO_WORTH['USD'],
  GBP: EURO_WORTH['GBP'],
  JPY: EURO_WORTH['JPY'],
  KWD: '2.99',
};

type Run = (name: string, input: Readonly<Record<string, unknown>>) => Promise<string>;

/** One that runs, and is connected. */
export interface DemoErpAtWork {
  readonly title: string;
  /** Its screen for people. */
  readonly url: string;
  /** Codes of the legal entities whose books it keeps. */
  readonly legalEntities: readonly string[];
}

interface Opened extends DemoErpAtWork {
  readonly erp: DemoErp;
  readonly simulator: ErpSimulator;
  readonly connectionId: string;
}

export interface DemoErps {
  readonly atWork: readonly DemoErpAtWork[];
  /** From now on they report to our own server, which listens on this machine; resolves when each was read once, or says why it was not. */
  follow(port: number): Promise<void>;
}

interface Parts {
  readonly life: Lifetime;
  readonly dataDir: string;
}

const folderOf = (dataDir: string): string => join(dataDir, 'simulators');

/** With the database that they go with. */
export const forgetDemoErps = (dataDir: string): void => rmSync(folderOf(dataDir), { recursive: true, force: true });

/**
 * Before the platform's background work begins, so that nothing asks at the addresses of the start before. None where there is no demo, or
 * no simulator to run.
 */
export async function openDemoErps(platform: Platform, { life, dataDir }: Parts): Promise<DemoErps> {
  const [tenant] = await platform.systemRows<{ id: string }>(sql`select tenant_id as id from tenant where slug = ${TENANT}`);
  const erps = DEMO_ERPS.filter(({ connector }) => hasSimulator(connector) && platform.sync.connectors.has(connector));
  if (!tenant || erps.length === 0) return { atWork: [], follow: async () => {} };
  const tenantId = tenant.id;
  const run = await runAs(platform, tenantId);
  await setRates(platform, tenantId, run);
  const opened: Opened[] = [];
  for (const erp of erps) {
    const simulator = await startErpSimulator(erp.connector, {
      seed: TENANT,
      size: erp.size,
      companies: erp.companies,
      statePath: join(folderOf(dataDir), `${erp.connector}-${tenantId}.json`),
      now: () => platform.sync.clock.now(),
    });
    await life.own(() => simulator.close());
    const connectionId = await connected(run, { erp, simulator, known: await knownOf(platform, tenantId, erp) });
    const legalEntities = erp.entities.map(({ code }) => code);
    opened.push({ erp, title: erp.title, url: `${simulator.url}/`, legalEntities, simulator, connectionId });
  }
  const since = platform.sync.clock.now();
  return {
    atWork: opened,
    async follow(port) {
      for (const { simulator, erp } of opened)
        simulator.setWebhook({ url: `http://127.0.0.1:${port}/webhooks/erp/${TENANT}/${erp.code}` });
      const connections = opened.map(({ connectionId, title: name }) => ({ connectionId, name }));
      // as the administrator's first look: what it finds, or why it fails, stands on the connection
      const { check } = createOperations(platform.sync);
      await Promise.all(connections.map(({ connectionId }) => check({ tenantId, connectionId }).catch(() => undefined)));
      await followSync(platform, { tenantId, connections, since, signal: life.signal });
      await compareCustomers(platform, tenantId);
    },
  };
}

/** What a schedule does each minute: those whom several ERPs know are proposed as one from the start. */
async function compareCustomers(platform: Platform, tenantId: string): Promise<void> {
  const rows = await platform.sync.inTenant(tenantId, (session) =>
    session.rows<{ id: string }>(sql`select distinct customer_id as id from customer_to_compare order by 1`),
  );
  const principal = await platform.systemPrincipal(tenantId);
  const inputs = rows.map(({ id }) => ({ customerId: publicId('cus', id) }));
  for (let at = 0; at < inputs.length; at += COMPARED_MAX_COUNT)
    await platform.write.runSet(platform.command('findCustomerMatches'), inputs.slice(at, at + COMPARED_MAX_COUNT), {
      principal,
      requestId: 'demo-erps',
    });
}

const today = (platform: Platform): PlainDate => platform.sync.clock.now().toISOString().slice(0, 10);

/** To the group's currency, of before the first document. */
async function setRates(platform: Platform, tenantId: string, run: Run): Promise<void> {
  const validOn = addMonths(startOfMonth(today(platform)), -RATE_MONTHS_BEFORE);
  const known = await platform.sync.inTenant(tenantId, (session) =>
    session.rows<{ currency: string }>(sql`
      select distinct from_currency as currency from exchange_rate where to_currency = 'EUR' and valid_on <= ${validOn}`),
  );
  const missing = Object.entries(RATES).filter(([currency]) => !known.some((row) => row.currency === currency));
  for (const [fromCurrency, rate] of missing) await run('setExchangeRate', { fromCurrency, toCurrency: 'EUR', validOn, rate });
}

interface Known {
  readonly connectionId: string | null;
  /** By code. */
  readonly entityIds: Readonly<Record<string, string>>;
}

async function knownOf(platform: Platform, tenantId: string, { code, entities }: DemoErp): Promise<Known> {
  const codes = sql.typed(
    entities.map((entity) => entity.code),
    'text[]',
  );
  const [known] = await platform.sync.inTenant(tenantId, (session) =>
    session.rows<Known>(sql`
      select (select id from connection where code = ${code}) as "connectionId",
        (select coalesce(json_object_agg(code, id), '{}') from legal_entity where code = any(${codes})) as "entityIds"`),
  );
  return known ?? { connectionId: null, entityIds: {} };
}

async function runAs(platform: Platform, tenantId: string): Promise<Run> {
  const principal = await platform.systemPrincipal(tenantId);
  return async (name, input) => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'demo-erps' });
    if (!outcome.ok) throw new Error(`The demo's ${name}: ${outcome.problems.map((p) => p.message).join(' ')}`);
    return outcome.recordId;
  };
}

interface Connecting {
  readonly erp: DemoErp;
  readonly simulator: ErpSimulator;
  readonly known: Known;
}

/** Each step is done once; a start that was killed between two of them goes on with the next. */
async function connected(run: Run, { erp, simulator, known }: Connecting): Promise<string> {
  const { config, credentials } = erp.settings(simulator);
  if (known.connectionId !== null)
    return run('updateConnection', { id: publicId('con', known.connectionId), config, credentials });
  const legalEntities = [];
  for (const entity of erp.entities) legalEntities.push(await served(run, entity, known));
  const { code, connector, title } = erp;
  const name = `${title} (simulated)`;
  return run('createConnection', { code, name, connector, legalEntities, config, credentials, syncEveryS: SYNC_EVERY_S });
}

async function served(run: Run, { externalId, ...entity }: DemoLegalEntity, { entityIds }: Known) {
  const id = entityIds[entity.code] ?? (await run('createLegalEntity', entity));
  return { legalEntityId: publicId('le', id), ...(externalId === null ? {} : { externalId }) };
}
