// Figures of the write engine on an embedded server in memory: `npm run bench`. Ratios say more than the
// times, which are this machine's. It asserts nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import { sql } from '../../src/read/sql.ts';
import { listen } from '../../src/transport/http.ts';
import { openLocalIssuer } from '../../src/transport/local-issuer.ts';
import { createLogger } from '../../src/transport/logger.ts';
import type { SetRequest } from '../../src/write/runner.ts';
import { makeScratchFolder } from '../support/scratch.ts';

const SINGLES = 150;
const PAGE = 1_000;
const PAGES = 10;
const say = (text: string) => process.stdout.write(`${text}\n`);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

async function atOnce(workers: number, count: number, work: () => Promise<unknown>): Promise<number> {
  let left = count;
  const start = performance.now();
  await Promise.all(
    range(workers).map(async () => {
      while (left-- > 0) await work();
    }),
  );
  return performance.now() - start;
}

/** Best of three, in microseconds each. */
async function best(title: string, workers: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (const _ of range(3)) times.push((await atOnce(workers, SINGLES, work)) / SINGLES);
  const ms = Math.min(...times);
  say(`${title.padEnd(58)} ${(ms * 1000).toFixed(0).padStart(6)} µs each ${(1000 / ms).toFixed(0).padStart(6)} /s`);
  return ms * 1000;
}

async function run(
  platform: Platform,
  { tenantId, url, token }: { tenantId: string; url: string; token: string },
): Promise<void> {
  const principal = await platform.systemPrincipal(tenantId);
  const request = { principal, requestId: 'bench' };
  const make = async (name: string, input: unknown) => {
    const outcome = await platform.write.run(platform.command(name), input, request);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  };
  const legalEntityId = publicId(
    'le',
    await make('createLegalEntity', { code: 'DE01', name: 'DE01', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' }),
  );
  await make('importCustomer', { legalEntityId, number: 'C-1', name: 'C-1', currency: 'EUR' });
  const [account] = await platform.systemRows<{ id: string }>(sql`select id from customer_account`);
  const accountId = publicId('acc', account?.id ?? '');
  const input = { accountId, amount: { amount: '10.00', currency: 'EUR' } };
  const overHttp = (selection: string) => async () => {
    const query = `mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { ${selection} userErrors { code } } }`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const body = await response.text();
    if (!response.ok || body.includes('"errors"')) throw new Error(body);
  };
  await best('warming up', 8, overHttp('payment { id }'));
  await best('recordPayment, runner, one after the other', 1, () => make('recordPayment', input));
  await best('recordPayment, runner, 8 at once', 8, () => make('recordPayment', input));
  const bare = await best('recordPayment, HTTP, one after the other, nothing selected', 1, overHttp(''));
  const small = await best('… its id and status selected', 1, overHttp('payment { id status }'));
  const large = await best(
    '… with account, customer and items selected',
    1,
    overHttp(
      'payment { id number status unapplied { amount } account { number customer { name } } items { open { amount } dueOn } }',
    ),
  );
  await best('recordPayment, HTTP, 8 at once, id selected', 8, overHttp('payment { id }'));
  say(
    `reading the answer inside the transaction: ${(small - bare).toFixed(0)} µs (id, status), ${(large - bare).toFixed(0)} µs (four records), of ${bare.toFixed(0)} µs`,
  );

  await imports(platform, { legalEntityId, request });
}

interface Imports {
  readonly legalEntityId: string;
  readonly request: SetRequest;
}

async function imports(platform: Platform, { legalEntityId, request }: Imports): Promise<void> {
  const importInvoice = platform.command('importInvoice');
  const invoices = (page: number) =>
    range(PAGE).map((i) => ({
      legalEntityId,
      externalId: `${page} ${i}`,
      customerNumber: 'C-1',
      number: `N-${page}-${i}`,
      amount: '119.00',
      currency: 'EUR',
      issuedOn: '2026-01-10',
      dueOn: '2026-02-09',
      settledOn: '2026-02-01',
    }));
  let peakBytes = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, 20);
  const before = peakBytes;
  const start = performance.now();
  for (const page of range(PAGES)) {
    const outcomes = await platform.write.runSet(importInvoice, invoices(page), request);
    if (!outcomes.every((outcome) => outcome.ok)) throw new Error('An import was refused');
  }
  const rate = (PAGE * PAGES) / ((performance.now() - start) / 1000);
  clearInterval(watch);
  say(
    `runSet importInvoice settled, ${PAGES} pages of ${PAGE}: ${rate.toFixed(0)} rows/s, peak RSS ${(peakBytes / 1e6).toFixed(0)} MB (${(before / 1e6).toFixed(0)} MB before)`,
  );
  const one = invoices(PAGES).map((row, i) => (i === 500 ? { ...row, number: 'broken', amount: '1', dueOn: '2026-01-01' } : row));
  const mixed = performance.now();
  await platform.write.runSet(importInvoice, one, request);
  say(`a page with one refusal in it: ${(PAGE / ((performance.now() - mixed) / 1000)).toFixed(0)} rows/s`);
}

async function main(): Promise<void> {
  const home = makeScratchFolder();
  const settings = { fsync: 'off', synchronous_commit: 'off', autovacuum: 'off', io_method: 'sync', shared_buffers: '128MB' };
  const server = await startPostgres({ home, settings, dieWithParent: true });
  const connection = { ...server.connection, database: 'postgres' };
  await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
  const address = { connection, rolePrefix: 'cashgraph' };
  const { id: tenantId } = await ensureTenant(
    address,
    { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true },
    systemClock,
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-bench-'));
  const config = loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const issuer = await openLocalIssuer({ dataDir, issuer: config.issuers[0]!, clock: systemClock });
  await ensureActor(address, tenantId, { name: 'cash', issuer: config.issuers[0]!.issuer, subject: 'cash', roles: ['cash'] });
  const platform = await createPlatform({ ...address, clock: systemClock, randomness: systemRandom, config });
  await platform.start();
  const { schema, signIn } = platform;
  const listening = await listen({
    schema,
    config,
    signIn,
    context: platform.contextOf,
    readiness: platform.readiness,
    logger: createLogger({ level: 'silent' }),
    clock: systemClock,
    fieldResolver: fieldResolver as never,
  });
  try {
    await run(platform, {
      tenantId,
      url: `${listening.url}/graphql`,
      token: await issuer.issueToken({ subject: 'cash', tenant: 'acme', lifetimeS: 3600 }),
    });
  } finally {
    await listening.close();
    await platform.close();
    await server.stop();
    for (const folder of [home, dataDir]) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
