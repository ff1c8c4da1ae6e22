// A customer whom both subsidiaries of a simulated NetSuite account sell to: what a person does there, and how what comes of it is looked at
// here until it is so.
import type { Body, NetSuiteSimulator, RecordTypeName } from '../../connectors/netsuite/simulator/index.ts';
import { type ErpWorld, erpCase, startErpWorld } from './erp-world.ts';
import type { Shown } from './world.ts';

export function idOf(value: unknown): string {
  const { id } = value as { readonly id: string };
  return id;
}

const ACCOUNT = 'id currency legalEntity { code } customer { id name email accounts { nodes { id } } }';
export const ORDER = `id number lifecycle fulfilmentStatus billingStatus billed { amount } total { amount } legalEntity { code }
  fulfilments { id number lifecycle shippedOn carrier trackingNumber lines { quantity } source { externalId } pending { command } }
  source { externalId externalNumber } pending { command lifecycle }`;
const INVOICE = `id number status version total { amount currency } open { amount } paid { amount } credited { amount } order { id }
  legalEntity { code } account { id } source { connection externalId externalNumber isGone authority } pending { command }`;
export const PAYMENT = `id number lifecycle status amount { amount } unapplied { amount } source { externalId isGone }
  pending { command lifecycle erpText }`;
export const CREDIT_NOTE = 'id status total { amount } open { amount } source { externalId isGone }';

/** What changes is told by the bundle's webhooks: hardly anything is read by itself. */
export async function startNetSuiteTrade() {
  const erpWorld = await startErpWorld(erpCase('netsuite'), { syncEveryS: 3_600 });
  const simulator = erpWorld.erp.simulator as NetSuiteSimulator;
  const there = trading(simulator);
  return { ...erpWorld, simulator, ...there, ...(await looking(erpWorld, there.customer)) };
}

function trading(simulator: NetSuiteSimulator) {
  const idWhere = (type: RecordTypeName, name: string, is: string): string =>
    idOf(simulator.all(type).find((row) => row[name] === is));
  const [yen, standard, zeroRated] = [
    idWhere('currency', 'symbol', 'JPY'),
    idWhere('salesTaxItem', 'itemId', 'S-GB'),
    idWhere('salesTaxItem', 'itemId', 'Z-JP'),
  ];
  // a customer that has business with both companies
  const customer = simulator.create('customer', {
    companyName: 'Sea View Hotel',
    email: 'ap@seaview.example',
    subsidiary: { id: '1' },
    currencyList: { items: [{ currency: { id: yen } }] },
  });
  simulator.create('customerSubsidiaryRelationship', { entity: { id: customer }, subsidiary: { id: '2' } });
  const pump = simulator.create('inventoryItem', { itemId: 'PUMP', displayName: 'Garden pump', rate: 250 });
  const sale = (quantity: number, rate = 250): Body => ({
    entity: { id: customer },
    item: { items: [{ item: { id: pump }, quantity, rate, taxCode: { id: standard } }] },
  });
  const pay = (invoice: string, payment: number, more: Body = {}): string =>
    simulator.create('customerPayment', {
      customer: { id: customer },
      payment,
      ...more,
      apply: { items: [{ doc: { id: invoice }, apply: true, amount: payment }] },
    });
  const notApplied = (invoice: string): Body => ({ apply: { items: [{ doc: { id: invoice }, apply: false }] } });
  const openThere = (invoice: string): number => Number(simulator.read('invoice', invoice)?.['amountRemaining']);

  return { yen, zeroRated, idWhere, customer, pump, sale, pay, notApplied, openThere };
}

async function looking({ world, until }: ErpWorld, customer: string) {
  const analyst = await world.as('analyst');
  const byRef = async (field: string, id: string, selection: string): Promise<Shown> =>
    (
      await analyst.ask(`query($id: String!) { ${field}(externalRef: { connection: "netsuite", id: $id }) { ${selection} } }`, {
        id,
      })
    )[field];
  const byId = async (field: string, id: string, selection: string): Promise<Shown> =>
    (await analyst.ask(`query($id: ID!) { ${field}(id: $id) { ${selection} } }`, { id }))[field];
  const invoiceOf = (id: string): Promise<Shown> => byRef('invoice', id, INVOICE);
  const accountOf = (company: '1' | '2'): Promise<Shown> =>
    until('the customer', () => byRef('customerAccount', `${customer}/${company}`, ACCOUNT));
  /** What shows, once it is so. */
  const when = (what: string, look: () => Promise<Shown>, isSo: (shown: Shown) => boolean): Promise<Shown> =>
    until(what, async () => {
      const shown = await look();
      return shown && isSo(shown) && shown;
    });
  const invoiceWith = (id: string, status: string): Promise<Shown> =>
    when(
      `invoice ${id} ${status}`,
      () => invoiceOf(id),
      (shown) => shown.status === status,
    );
  const orderWith = (id: string, fields: Readonly<Record<string, unknown>>): Promise<Shown> =>
    when(
      `order with ${JSON.stringify(fields)}`,
      () => byId('order', id, ORDER),
      (shown) => Object.entries(fields).every(([name, value]) => shown[name] === value),
    );
  /** NetSuite has it, and nothing of it is under way. */
  const answered = (what: string, field: string, id: string, selection: string): Promise<Shown> =>
    when(
      what,
      () => byId(field, id, selection),
      (shown) => shown.source && shown.pending.length === 0,
    );
  return { analyst, byRef, byId, invoiceOf, accountOf, when, invoiceWith, orderWith, answered };
}
