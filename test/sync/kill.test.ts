// Workers that are killed at random while they read a whole company and write to it, over a network on which a quarter of all requests
// fails: in the end both books have each record once, and agree. So it is with each ERP.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { FAULT_KINDS } from '../../src/connect/simulator.ts';
import type { KitErp } from '../../src/connect/testing/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { withClient } from '../support/connection.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { connectionTo, type ErpCase, erpParts, ERPS } from '../support/erp-world.ts';
import { RATES } from '../support/rates.ts';
import { broken } from '../support/invariants.ts';
import { type NodeProcess, runSource, until } from '../support/processes.ts';
import type { WorkerSettings } from './worker.ts';

const KILLS = Number(process.env['KILLS'] ?? 1);
const SIZE = Number(process.env['SIZE'] ?? 40);
const PUSHES = Number(process.env['PUSHES'] ?? 8);
const FAULTS = 0.25;
const SEED = process.env['RANDOM_SEED'] ?? 'kill';
const CASES = ERPS.filter(({ name }) => name === (process.env['ERP'] ?? name));

/** A tenant, an ERP and the hands on both; workers are processes of their own. */
class Scene {
  readonly random = seededRandom(SEED);
  readonly written: string[] = [];
  /** Price lists that have the product's price. */
  private readonly priced = new Set<string>();

  private constructor(
    readonly erpCase: ErpCase,
    readonly erp: KitErp,
    readonly database: FreshDatabase,
    readonly tenantId: string,
    private readonly platform: Platform,
    private readonly settings: WorkerSettings,
  ) {}

  static async open(erpCase: ErpCase): Promise<Scene> {
    const { connector, kit } = await erpParts(erpCase.name);
    const database = await freshDatabase();
    const erp = await kit.start({ seed: SEED, size: SIZE });
    const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-kill-'));
    const secretKey = Buffer.from(seededRandom(`${SEED} key`).bytes(32));
    const address = { connection: database.connection, rolePrefix: 'cashgraph' };
    const tenant = { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true };
    const { id: tenantId } = await ensureTenant(address, tenant, systemClock);
    /** Never started: it only commands and looks. */
    const platform = await createPlatform({
      ...address,
      clock: systemClock,
      randomness: seededRandom(`${SEED} ids`),
      config: loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
      secretKeys: [secretKey],
      connectors: [connector],
    });
    const { connection } = database;
    const settings = { connection, dataDir, secretKey: secretKey.toString('base64'), connector: erpCase.name };
    const scene = new Scene(erpCase, erp, database, tenantId, platform, settings);
    await scene.connect();
    return scene;
  }

  async close(): Promise<void> {
    await this.platform.close();
    await this.erp.close();
  }

  look<T extends object>(text: string): Promise<readonly T[]> {
    return withClient(this.database.connection, async (client) => (await client.query<T>(text)).rows);
  }

  async command(name: string, input: Record<string, unknown>): Promise<string> {
    const principal = await this.platform.systemPrincipal(this.tenantId);
    const outcome = await this.platform.write.run(this.platform.command(name), input, { principal, requestId: 'kill' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  }

  private async connect(): Promise<void> {
    const { entities } = this.erpCase;
    for (const rate of RATES) await this.command('setExchangeRate', rate);
    const ids: string[] = [];
    for (const { externalId: _, ...entity } of entities)
      ids.push(publicId('le', await this.command('createLegalEntity', entity)));
    for (const { country, functionalCurrency: currency } of entities) {
      const of = { taxCategory: 'O', rate: '0', reasonCode: 'VATEX-EU-O', validFrom: '2015-01-01' };
      await this.command('setTaxRule', { sellerCountry: country, ...of });
      await this.command('createPriceList', { code: currency, name: currency, currency, isDefault: true });
    }
    await this.command('createConnection', connectionTo(this.erpCase, this.erp, { ids, syncEveryS: 10 }));
  }

  startWorker = (): NodeProcess => {
    const worker = join(import.meta.dirname, 'worker.ts');
    return runSource(worker, {
      env: { ...process.env, WORKER: JSON.stringify(this.settings) },
      stdin: 'ignore',
    });
  };

  /** What a dead process held is free, as if its leases had run out. */
  async leasesRunOut(): Promise<void> {
    const pool = this.database.as('system');
    await pool.query(`update lease set until = clock_timestamp() - interval '1 second' where until > clock_timestamp()`);
    await pool.query(`update delivery set claimed_until = null where state = 'PENDING'`);
  }

  /** What waits for its time goes on, as if minutes had passed. */
  async timePasses(): Promise<void> {
    const pool = this.database.as('system');
    await pool.query(`update delivery set next_at = now() where state = 'PENDING' and next_at > now()`);
    await pool.query(
      `update sync_stream set next_run_at = now() where next_run_at > now() and (failure is not null or last_succeeded_at is null)`,
    );
    await pool.query(`update connection_state set breaker_until = null where breaker_until is not null`);
    await pool.query(`update rate_budget set blocked_until = null where blocked_until is not null`);
  }

  /** As if the interval at which streams are read were over. */
  async allAreDue(): Promise<void> {
    await this.database.as('system').query('update sync_stream set next_run_at = now() where next_run_at > now()');
  }

  /** What is wrong with what is here, against the simulator's own books; empty: each record is here once, and nothing is on its way. */
  async differences(): Promise<readonly string[]> {
    const found = await this.look<{ stream: string; state: string; ids: readonly string[]; records: number }>(
      `select stream, state, array_agg(external_id) as ids, count(distinct record_id)::int as records from erp_record group by stream, state`,
    );
    const [asked] = await this.look<{ count: number }>(`select count(*)::int as count from erp_request where lifecycle = 'SENT'`);
    const streams = await this.look<{ name: string; kind: string }>('select name, record_kind as kind from sync_stream');
    const wrong = asked && asked.count > 0 ? [`${asked.count} requests are on their way`] : [];
    for (const { name, kind } of streams) {
      const there = [...(await this.erp.ids(name))].sort();
      // what is no business of ours is kept, and is not here
      const kept = found.filter((one) => one.stream === name && ['SYNCED', 'IGNORED'].includes(one.state));
      const ids = kept.flatMap((one) => one.ids).sort();
      const others = found.filter(
        (one) => one.stream === name && one.ids.some((id) => there.includes(id)) && !kept.includes(one),
      );
      const how = others.map((one) => `${one.state} ${one.ids.slice(0, 3).join()}`).join(' ');
      const missing = there.filter((id) => !found.some((one) => one.stream === name && one.ids.includes(id)));
      if (ids.join() !== there.join())
        wrong.push(`${name}: ${there.length} there, ${ids.length} here; ${how}; nothing of ${missing.slice(0, 3).join()}`);
      const synced = kept.filter((one) => one.state === 'SYNCED');
      const [count, records] = [synced.flatMap((one) => one.ids).length, synced.reduce((sum, one) => sum + one.records, 0)];
      if (records !== count && kind !== 'PaymentTerms') wrong.push(`${name}: ${count} of theirs are ${records} of ours`);
    }
    return wrong;
  }

  /** Payments or orders of accounts that were read already: each is to be there once. */
  async write(count: number): Promise<void> {
    const known = await this.look<{ id: string; currency: string; external: string }>(
      `select a.id, a.currency, r.external_id as external from customer_account a
       join erp_record r on r.record_id = a.id and r.state = 'SYNCED' order by a.id`,
    );
    // nothing is sold to or paid for customers that are not used any more
    const active = new Map((await this.erp.references()).customers.map((one) => [one.id, one.currency]));
    const accounts = known.filter(({ external, currency }) => active.get(external) === currency);
    if (accounts.length === 0) return;
    for (let i = 0; i < count; i++) {
      const made = await this.writeOne(this.random.pick(accounts));
      if (made !== null) this.written.push(made);
    }
  }

  private async writeOne({ id, currency }: { readonly id: string; readonly currency: string }): Promise<string | null> {
    const accountId = publicId('acc', id);
    const reference = `R-${this.written.length}`;
    if (this.erpCase.writes === 'PAYMENT') {
      const amount = { amount: String(1 + this.random.int(900)), currency };
      return publicId('pay', await this.command('recordPayment', { accountId, amount, reference }));
    }
    const [product] = await this.look<{ id: string; list: string }>(
      `select p.id, l.id as list from product p join erp_record r on r.record_id = p.id and r.state = 'SYNCED'
       join price_list l on l.currency = '${currency}' where p.is_active order by p.id limit 1`,
    );
    if (!product) return null;
    const price = { priceListId: publicId('pl', product.list), productId: publicId('prd', product.id) };
    if (!this.priced.has(product.list)) await this.command('setPrice', { ...price, unitPrice: '12', validFrom: '2015-01-01' });
    this.priced.add(product.list);
    const lines = [{ productId: price.productId, quantity: String(1 + this.random.int(9)) }];
    return publicId('ord', await this.command('placeOrder', { accountId, customerReference: reference, lines }));
  }
}

const WAIT_TRIES = 480;
const WAIT_MS = 250;

// each waits most of the time
describe.concurrent.each(CASES)('$name', (erpCase) => {
  it(`loses and doubles nothing through ${KILLS} kills and a quarter of failing requests`, async () => {
    const scene = await Scene.open(erpCase);
    try {
      await survive(scene);
      expect(await broken(scene.database, scene.tenantId)).toEqual([]);
    } finally {
      await scene.close();
    }
  }, 300_000);
});

async function survive(scene: Scene): Promise<void> {
  const { random, erp, written } = scene;
  erp.simulator.setFaults({ rate: FAULTS, kinds: FAULT_KINDS.filter((kind) => kind !== 'TIMEOUT') });
  for (let kill = 0; kill < KILLS; kill++) {
    // one alone, or two that share the work
    const workers = Array.from({ length: 1 + (kill % 2) }, scene.startWorker);
    await until(() => workers.every((worker) => worker.stdout().includes('ready')));
    await sleep(200 + random.int(1_500));
    await scene.write(Math.ceil(PUSHES / KILLS));
    await sleep(random.int(1_500));
    for (const worker of workers) worker.child.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.ended));
    await scene.leasesRunOut();
    await scene.timePasses();
  }
  const last = scene.startWorker();
  try {
    let wrong: readonly string[] = ['not looked yet'];
    for (let i = 0; i < WAIT_TRIES && wrong.length > 0; i++) {
      await sleep(WAIT_MS);
      if (i % 4 === 3) await scene.timePasses();
      if (i % 16 === 15) await scene.allAreDue();
      wrong = await scene.differences();
      if (wrong.length === 0 && written.length === 0) {
        await scene.write(PUSHES);
        wrong = ['just written'];
      }
    }
    const failing = await scene.look('select name, failure from sync_stream where failure is not null');
    expect(wrong, `${JSON.stringify(failing)} ${last.stderr()}`).toEqual([]);
  } finally {
    last.child.kill('SIGTERM');
    await last.ended;
  }
  erp.simulator.setFaults({});
  expect(written.length).toBeGreaterThan(0);
  for (const id of written) expect(await erp.countOurs(scene.erpCase.writtenTo, id), id).toBe(1);
}
