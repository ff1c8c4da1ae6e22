// A tenant in which everything that is done most can be done: orders on credit, payments, open invoices, goods on their way. Two of them
// made by one run of this are equal but for their ids.
import { bare, publicId, type World } from '../support/world.ts';
import { commandsOf, range, rowsOf } from './company.ts';

export interface HotCompany {
  readonly tenant: string;
  readonly legalEntityId: string;
  readonly accounts: readonly string[];
  readonly productId: string;
  /** Received, each of 300. */
  readonly payments: readonly string[];
  /** Issued, each of 238. */
  readonly invoices: readonly string[];
  /** Of confirmed orders, released; the last two are of one order. */
  readonly fulfilments: readonly string[];
}

const CUSTOMERS = 3;
/** Of the first customer: ten orders of one piece, which is 119.00. */
const LIMIT = { amount: '1190', currency: 'EUR' };

export async function openHotCompany(world: World, tenant: string): Promise<HotCompany> {
  const admin = await commandsOf(world, 'admin', tenant);
  const make = async (prefix: string, name: string, input: unknown) => publicId(prefix, await admin.make(name, input));
  const books = { code: 'DE01', name: 'DE01', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' };
  const legalEntityId = await make('le', 'createLegalEntity', books);
  const accounts: string[] = [];
  for (const i of range(CUSTOMERS)) {
    const customerId = await make('cus', 'createCustomer', { number: `C-${i}`, name: `Customer ${i}` });
    accounts.push(await make('acc', 'openAccount', { customerId, legalEntityId, number: `C-${i}`, currency: 'EUR' }));
    if (i === 0) await grantLimit(world, tenant, customerId);
  }
  const productId = await make('prd', 'createProduct', { sku: 'PUMP', name: 'Pump', unit: 'C62' });
  const priceListId = await make('pl', 'createPriceList', { code: 'LIST', name: 'List', currency: 'EUR', isDefault: true });
  await admin.make('setPrice', { priceListId, productId, unitPrice: '100', validFrom: '2020-01-01' });
  const tax = { sellerCountry: 'DE', taxClass: 'STANDARD', taxCategory: 'S', rate: '19', validFrom: '2020-01-01' };
  await admin.make('setTaxRule', tax);
  const made = { tenant, legalEntityId, accounts, productId };
  return { ...made, ...(await documents(world, made, make)) };
}

async function grantLimit(world: World, tenant: string, customerId: string): Promise<void> {
  const desk = await world.as('order-desk', tenant);
  const credit = await world.as('credit', tenant);
  const asked = await desk.do('requestCreditLimit', { customerId, limit: LIMIT, reason: 'New' }, 'approval');
  await credit.do('approveCreditLimit', { approvalId: asked.id, amount: LIMIT, reason: 'Seen' }, 'creditAccount');
}

type Make = (prefix: string, name: string, input: unknown) => Promise<string>;

async function documents(world: World, { accounts, productId }: Pick<HotCompany, 'accounts' | 'productId'>, make: Make) {
  const [payments, invoices, fulfilments]: [string[], string[], string[]] = [[], [], []];
  const amount = { amount: '300', currency: 'EUR' };
  const lines = [{ description: 'Pump', quantity: '2', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  const accountId = accounts[1];
  for (const _ of range(3)) {
    payments.push(await make('pay', 'recordPayment', { accountId, amount, receivedOn: '2026-06-20' }));
    const id = await make('inv', 'draftInvoice', { accountId, lines });
    await make('inv', 'issueInvoice', { id, issuedOn: '2026-06-10' });
    invoices.push(id);
  }
  for (const count of [1, 2]) {
    const orderId = await make('ord', 'placeOrder', { accountId, lines: [{ productId, quantity: String(count) }] });
    const [line] = await rowsOf<{ id: string }>(world, 'select id from order_line where order_id = $1', [bare(orderId)]);
    for (const _ of range(count)) {
      const planned = [{ orderLineId: publicId('orl', line?.id ?? ''), quantity: '1' }];
      const id = await make('ful', 'planFulfilment', { orderId, lines: planned });
      fulfilments.push(await make('ful', 'releaseFulfilment', { id }));
    }
  }
  return { payments, invoices, fulfilments };
}
