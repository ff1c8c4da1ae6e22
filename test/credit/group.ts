// A group for tests of credit: a holding over two companies over two shops, accounts with three legal entities in three currencies.
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { withClient } from '../support/connection.ts';
import type { FreshDatabase } from '../support/database.ts';
import { type Person, type Shown, type World } from '../support/world.ts';
import { commandsOf } from '../write/company.ts';

export interface Group {
  /** Customers by number: H over M1 and M2, M1 over S1, M2 over S2. */
  readonly customers: Readonly<Record<string, string>>;
  /** Accounts by customer number and legal entity: `S1 DE`. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly entities: Readonly<Record<string, string>>;
  /** Legal entities, customers and accounts by HTTP; what moves money goes by commands, without it. */
  readonly admin: Person;
  /** Asks for a limit as one person and grants it as another. */
  limit(number: string, amount: string | null, currency?: string): Promise<Shown>;
  /** Runs a command as the admin; the id of its record with its prefix. */
  make(name: string, input: Record<string, unknown>, prefix?: string): Promise<string>;
}

const PARENTS = { H: null, M1: 'H', M2: 'H', S1: 'M1', S2: 'M2' } as const;
const CURRENCIES: Readonly<Record<string, string>> = { DE: 'EUR', US: 'USD', FR: 'EUR' };

export async function openGroup(world: World): Promise<Group> {
  const admin = await world.as('admin');
  const [desk, credit] = [await world.as('order-desk'), await world.as('credit')];
  const commands = await commandsOf(world, 'admin');
  const customers: Record<string, string> = {};
  const accounts: Record<string, string> = {};
  const entities: Record<string, string> = {};
  for (const [code, functionalCurrency] of Object.entries(CURRENCIES)) {
    const input = { code, name: code, country: code, functionalCurrency, timeZone: 'Europe/Berlin' };
    entities[code] = (await admin.do('createLegalEntity', input, 'legalEntity')).id;
  }
  for (const [fromCurrency, toCurrency, rate] of [
    ['USD', 'EUR', '0.9137'],
    ['JPY', 'EUR', '0.00611'],
    ['JPY', 'USD', '0.0067'],
    ['EUR', 'USD', '1.0944'],
  ]) {
    await admin.do('setExchangeRate', { fromCurrency, toCurrency, rate, validOn: '2026-01-01' }, 'exchangeRate');
  }
  for (const [number, parent] of Object.entries(PARENTS)) {
    const input = { number, name: `Customer ${number}`, ...(parent ? { parentId: customers[parent] } : {}) };
    const { id: customerId } = await admin.do('createCustomer', input, 'customer');
    customers[number] = customerId;
    for (const [code, currency] of Object.entries(CURRENCIES)) {
      const opening = { customerId, legalEntityId: entities[code], number, currency };
      accounts[`${number} ${code}`] = (await admin.do('openAccount', opening, 'account')).id;
    }
  }
  return {
    customers,
    accounts,
    entities,
    admin,
    async limit(number, amount, currency = 'EUR') {
      const wish = amount === null ? { isUnlimited: true } : { limit: { amount, currency } };
      const { id: approvalId } = await desk.do(
        'requestCreditLimit',
        { customerId: customers[number], reason: 'It grows.', ...wish },
        'approval',
      );
      const given = amount === null ? {} : { amount: { amount, currency } };
      return credit.do('approveCreditLimit', { approvalId, ...given }, 'creditAccount', 'id version creditStatus');
    },
    make: async (name, input, prefix = '') => `${prefix}${await commands.make(name, input)}`,
  };
}

/** An issued invoice; its id. */
export async function issue({ accounts, make }: Group, account: string, net: string, more: object = {}): Promise<string> {
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: net, taxCategory: 'Z', taxRate: '0' }];
  const id = await make('draftInvoice', { accountId: accounts[account], lines, ...more }, 'inv_');
  return make('issueInvoice', { id }, 'inv_');
}

/** A payment that came; its id. */
export const pay = ({ accounts, make }: Group, account: string, amount: string, currency = 'EUR'): Promise<string> =>
  make('recordPayment', { accountId: accounts[account], amount: { amount, currency } }, 'pay_');

/** Exposure by customer number, in cents. */
export async function exposures(database: FreshDatabase): Promise<Record<string, number>> {
  const { rows } = await withClient(database.connection, (client) =>
    client.query<{ number: string; minor: number }>(
      'select c.number, ca.exposure_minor::int as minor from credit_account ca join customer c on c.tenant_id = ca.tenant_id and c.id = ca.customer_id',
    ),
  );
  return Object.fromEntries(rows.map(({ number, minor }) => [number, minor]));
}

const RECOMPUTED = `
  with recursive up as (
    select tenant_id, id as customer_id, id as ancestor_id from customer
    union all
    select up.tenant_id, up.customer_id, c.parent_id from up join customer c on c.tenant_id = up.tenant_id and c.id = up.ancestor_id where c.parent_id is not null
  ), part as (
    select tenant_id, account_id, group_open_minor as open_item, 0 as unbilled, 0 as delivered from open_item
    union all select tenant_id, account_id, 0, group_unbilled_minor, group_delivered_minor from order_line
  ), total as (
    select up.tenant_id, up.ancestor_id as customer_id, sum(p.open_item) as open_item, sum(p.unbilled) as unbilled, sum(p.delivered) as delivered
    from part p join customer_account a on a.tenant_id = p.tenant_id and a.id = p.account_id
    join up on up.tenant_id = a.tenant_id and up.customer_id = a.customer_id group by 1, 2
  )
  select c.number, ca.open_item_minor::text as stored, coalesce(t.open_item, 0)::text as recomputed
  from customer c left join credit_account ca on ca.tenant_id = c.tenant_id and ca.customer_id = c.id
  left join total t on t.tenant_id = c.tenant_id and t.customer_id = c.id
  where (ca.open_item_minor, ca.unbilled_minor, ca.delivered_minor)
    is distinct from (coalesce(t.open_item, 0), coalesce(t.unbilled, 0), coalesce(t.delivered, 0)) order by c.number`;

/** Customers whose stored exposure is not what items and order lines of everything below them add up to. */
export const wrongExposure = async (database: FreshDatabase): Promise<unknown[]> =>
  (await withClient(database.connection, (client) => client.query(RECOMPUTED))).rows as unknown[];

/** What is stored of each customer, in cents, after a look whether it is right. */
export async function rightExposures(database: FreshDatabase): Promise<Record<string, number>> {
  const wrong = await wrongExposure(database);
  if (wrong.length > 0) throw new Error(`Exposure is wrong: ${JSON.stringify(wrong)}`);
  return exposures(database);
}

/** A second server on the same database, with so many connections for writing. */
export async function wide({ database, clock }: World, connections: number): Promise<Platform> {
  const platform = await createPlatform({
    connection: database.connection,
    rolePrefix: 'cashgraph',
    clock,
    randomness: seededRandom(`wide ${database.name}`),
    config: loadConfig({ NODE_ENV: 'test' }, { POOL_WRITE_MAX_COUNT: connections }),
  });
  afterAll(() => platform.close());
  return platform;
}
