// What the commands of the write bench are done on: customers, products, payments with invoices, fulfilments under way and orders on hold,
// made through the same commands in sets, before anything is timed.
import type pg from 'pg';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import type { Platform } from '../../src/platform.ts';
import { withClient } from '../support/connection.ts';

export interface BooksSize {
  readonly customers: number;
  readonly products: number;
  /** Payments with an invoice each, fulfilments, and orders to hold: what commands are done on. */
  readonly records: number;
}

/** Ids as clients see them. */
export interface Stock {
  readonly customers: readonly string[];
  readonly accounts: readonly string[];
  readonly products: readonly string[];
  /** A payment and an invoice of one account, each. */
  readonly cash: readonly (readonly [paymentId: string, invoiceId: string])[];
  readonly fulfilments: readonly string[];
  /** So many open holds, as many as needed put anew. */
  holds(count: number): Promise<readonly string[]>;
}

interface Making {
  readonly platform: Platform;
  readonly connection: pg.ClientConfig;
  readonly tenantId: string;
  readonly size: BooksSize;
}

const PAGE = 1_000;
const AMOUNT = '100000.00';
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Does one command on many inputs. @throws Error with the first refusal */
type Do = (name: string, inputs: readonly object[]) => Promise<readonly string[]>;

const doer = async (platform: Platform, tenantId: string): Promise<Do> => {
  const principal = await platform.systemPrincipal(tenantId);
  return async (name, inputs) => {
    const ids: string[] = [];
    for (let from = 0; from < inputs.length; from += PAGE) {
      const page = inputs.slice(from, from + PAGE);
      const outcomes = await platform.write.runSet(platform.command(name), page, { principal, requestId: 'bench' });
      for (const outcome of outcomes) {
        if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problems)}`);
        ids.push(outcome.recordId);
      }
    }
    return ids;
  };
};

export async function makeStock({ platform, connection, tenantId, size }: Making): Promise<Stock> {
  const run = await doer(platform, tenantId);
  const today = systemClock.now().toISOString().slice(0, 10);
  const entity = { code: 'DE01', name: 'Bench GmbH', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' };
  const [legalEntityUuid = ''] = await run('createLegalEntity', [entity]);
  const legalEntityId = publicId('le', legalEntityUuid);
  await run('setTaxRule', [{ sellerCountry: 'DE', taxCategory: 'S', rate: '19', validFrom: '2020-01-01' }]);
  const products = await run(
    'createProduct',
    range(size.products).map((i) => ({ sku: `SKU-${i}`, name: `Product ${i}`, unit: 'C62' })),
  );
  const numbers = range(size.customers).map((i) => `C-${i}`);
  const customers = await run(
    'importCustomer',
    numbers.map((number) => ({ legalEntityId, number, name: `Customer ${number}`, currency: 'EUR', country: 'DE' })),
  );
  const made = await rowsOf<{ id: string; number: string }>(connection, 'select id, number from customer_account');
  const byNumber = new Map(made.map(({ id, number }) => [number, publicId('acc', id)]));
  const accounts = numbers.map((number) => byNumber.get(number) ?? '');
  await limitCredit(connection);
  const cash = await makeCash(run, { legalEntityId, accounts, count: size.records, today });
  const orders = await placed(run, { accounts, productId: publicId('prd', products[0] ?? ''), count: size.records * 2 });
  const planned = await run(
    'planFulfilment',
    orders.slice(0, size.records).map((orderId) => ({ orderId })),
  );
  const fulfilments = planned.map((id) => publicId('ful', id));
  for (const name of ['releaseFulfilment', 'shipFulfilment'])
    await run(
      name,
      fulfilments.map((id) => ({ id })),
    );
  return {
    customers: customers.map((id) => publicId('cus', id)),
    accounts,
    products: products.map((id) => publicId('prd', id)),
    cash,
    fulfilments,
    holds: (count) => openHolds(connection, run, { orders: orders.slice(size.records), count }),
  };
}

const rowsOf = <T extends pg.QueryResultRow>(connection: pg.ClientConfig, text: string): Promise<readonly T[]> =>
  withClient(connection, async (client) => (await client.query<T>(text)).rows);

/** For everyone, as two people would grant one to each. */
const limitCredit = (connection: pg.ClientConfig): Promise<void> =>
  withClient(connection, async (client) => {
    await client.query(
      "update credit_account set currency = 'EUR', limit_minor = 1000000000000, limit_rate = 1, limit_group_minor = 1000000000000",
    );
  });

interface Cash {
  readonly legalEntityId: string;
  readonly accounts: readonly string[];
  readonly count: number;
  readonly today: string;
}

async function makeCash(run: Do, { legalEntityId, accounts, count, today }: Cash): Promise<Stock['cash']> {
  const invoices = await run(
    'importInvoice',
    range(count).map((i) => ({
      legalEntityId,
      externalId: `I-${i}`,
      customerNumber: `C-${i}`,
      number: `I-${i}`,
      amount: AMOUNT,
      currency: 'EUR',
      issuedOn: today,
      dueOn: today,
    })),
  );
  const amount = { amount: AMOUNT, currency: 'EUR' };
  const payments = await run(
    'recordPayment',
    range(count).map((i) => ({ accountId: accounts[i], amount })),
  );
  return payments.map((id, i) => [publicId('pay', id), publicId('inv', invoices[i] ?? '')] as const);
}

interface Placing {
  readonly accounts: readonly string[];
  readonly productId: string;
  readonly count: number;
}

async function placed(run: Do, { accounts, productId, count }: Placing): Promise<readonly string[]> {
  const lines = [{ productId, quantity: '100', unitPrice: '1' }];
  const ids = await run(
    'placeOrder',
    range(count).map((i) => ({ accountId: accounts[i % accounts.length], lines })),
  );
  return ids.map((id) => publicId('ord', id));
}

async function openHolds(
  connection: pg.ClientConfig,
  run: Do,
  { orders, count }: { orders: readonly string[]; count: number },
): Promise<readonly string[]> {
  if (count > orders.length) throw new Error(`There are ${orders.length} orders to hold, and ${count} are asked for.`);
  const open = await rowsOf<{ id: string; order_id: string }>(
    connection,
    "select id, order_id from hold where lifecycle = 'OPEN'",
  );
  const isHeld = new Set(open.map(({ order_id }) => publicId('ord', order_id)));
  const free = orders.filter((id) => !isHeld.has(id)).slice(0, Math.max(0, count - open.length));
  const put = await run(
    'placeHold',
    free.map((orderId) => ({ orderId, kind: 'MANUAL', stage: 'RELEASE', reason: 'Looked at by hand.' })),
  );
  return [...open.map(({ id }) => id), ...put].map((id) => publicId('hld', id));
}
