import { afterEach, describe, expect, it } from 'vitest';
import type { Canonical } from '../../src/connect/index.ts';
import { balancesOf, COMPANY, openSystem, type System, unbalanced } from './fixtures/system.ts';

type Invoice = Canonical<'Invoice'>;
type Payment = Canonical<'Payment'>;

let system: System;
afterEach(() => system.close());

async function mustFoot(): Promise<void> {
  expect(await unbalanced(system)).toEqual([]);
  const { open, owed } = await balancesOf(system);
  expect(open).toEqual(owed);
}
const people = () => system.simulator.books.people;
const invoiceOf = async (id: string): Promise<Invoice> => (await system.documents<Invoice>('invoices')).get(id) as Invoice;
const payments = async (): Promise<Payment[]> =>
  [...(await system.documents<Payment>('payments')).values()].filter((one) => one !== null);
const keyOf = ({ company, year, document, lines }: ReturnType<ReturnType<typeof people>['receivePayment']>) => ({
  company,
  year,
  document,
  // a rest stands behind the line that was cleared
  item: String(lines.findLast((line) => line['FinancialAccountType'] === 'D')?.['AccountingDocumentItem']),
});

describe('receivables of SAP', () => {
  it('has a payment in part against its invoice, which stays open by the rest, and later is paid off', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    people().receivePayment({ invoices: [invoice], how: 'PARTIAL', amount: '30' });
    expect(await invoiceOf(invoice)).toMatchObject({ total: '100', open: '70' });
    expect(await payments()).toMatchObject([
      { amount: '30', unapplied: '0', applications: [{ kind: 'Invoice', document: invoice, amount: '30' }] },
    ]);
    await mustFoot();
    people().receivePayment({ invoices: [invoice], how: 'FULL', amount: '70' });
    expect(await invoiceOf(invoice)).toMatchObject({ open: '0' });
    expect((await payments()).map(({ amount }) => amount)).toEqual(['30', '70']);
    await mustFoot();
  });

  it('has an invoice open by the rest that was left of it, and by the rest that was left of that', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    const first = people().receivePayment({ invoices: [invoice], how: 'RESIDUAL', amount: '60' });
    expect(await invoiceOf(invoice)).toMatchObject({ open: '40' });
    expect(await payments()).toMatchObject([{ amount: '60', applications: [{ document: invoice, amount: '60' }] }]);
    await mustFoot();
    const cursor = await system.last('invoices');
    system.wait(3 * 24 * 60);
    const second = people().receivePayment({ invoices: [keyOf(first)], how: 'RESIDUAL', amount: '25' });
    expect(await system.since('invoices', cursor)).toContain(invoice);
    expect(await invoiceOf(invoice)).toMatchObject({ open: '15' });
    await mustFoot();
    people().receivePayment({ invoices: [keyOf(second)], how: 'FULL' });
    expect(await invoiceOf(invoice)).toMatchObject({ open: '0' });
    expect((await payments()).map(({ amount }) => amount)).toEqual(['60', '25', '15']);
    await mustFoot();
  });

  it.each([
    ['by the line of the payment', {}],
    ['by the accounts that it was posted on', { discountAccounts: ['44000000'] }],
  ])('tells cash discount apart from the money that came, %s', async (_, config) => {
    system = await openSystem({ config });
    const { customer, product } = system;
    const order = people().createOrder({
      soldTo: customer,
      company: COMPANY,
      terms: '0002',
      items: [{ material: product, quantity: '1', price: '100.00' }],
    });
    const delivery = people().deliver({ order: String(order['SalesOrder']) });
    const invoice = String(people().bill({ deliveries: [String(delivery['DeliveryDocument'])] })['BillingDocument']).replace(
      /^0+/,
      '',
    );
    people().receivePayment({ invoices: [invoice], amount: '98' });
    expect(await payments()).toMatchObject([
      { amount: '98', applications: [{ document: invoice, amount: '98', discount: '2' }] },
    ]);
    await mustFoot();
  });

  it('gives money that lay on account to the payment that brought it, on the day on which it was used', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    const { customer } = system;
    const paid = people().receivePayment({ customer, company: COMPANY, amount: '100', currency: 'USD' });
    expect(await payments()).toMatchObject([{ amount: '100', unapplied: '100', applications: [] }]);
    // long after both were made, so that nothing but the clearing is new
    system.wait(5 * 24 * 60);
    const cursor = await system.last('payments');
    const bills = await system.last('invoices');
    system.wait(2 * 24 * 60);
    const billed = system.simulator.books.rows('A_OperationalAcctgDocItemCube');
    const line = [...billed].find(
      (one) => one['FinancialAccountType'] === 'D' && String(one['BillingDocument']).endsWith(invoice),
    );
    people().clear([
      {
        company: COMPANY,
        year: String(line?.['FiscalYear']),
        document: String(line?.['AccountingDocument']),
        item: String(line?.['AccountingDocumentItem']),
      },
      keyOf(paid),
    ]);
    expect(await system.since('payments', cursor)).toHaveLength(1);
    expect(await system.since('invoices', bills)).toEqual([invoice]);
    expect(await payments()).toMatchObject([
      { receivedOn: '2026-03-10', unapplied: '0', applications: [{ document: invoice, amount: '100', appliedOn: '2026-03-17' }] },
    ]);
    await mustFoot();
  });

  it('has a credit memo that was set against an invoice as a payment of nothing with both sides', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    people().creditMemo({ invoice, percent: 25n });
    await mustFoot();
    const [credit = ''] = (await system.documents('credit-memos')).keys();
    people().receivePayment({ invoices: [invoice], credits: [credit], how: 'FULL' });
    expect(await payments()).toMatchObject([{ amount: '75' }]);
    expect((await payments())[0]?.applications).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'Invoice', amount: '100' }),
        expect.objectContaining({ kind: 'CreditNote', document: credit, amount: '25' }),
      ]),
    );
    await mustFoot();
  });

  it('takes a returned payment back, and has its invoice open again', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    const paid = people().receivePayment({ invoices: [invoice], how: 'FULL' });
    system.wait(5 * 24 * 60);
    const cursor = await system.last('invoices');
    system.wait(24 * 60 + 60);
    people().returnPayment(paid);
    expect(await system.since('invoices', cursor)).toContain(invoice);
    expect(await payments()).toMatchObject([
      { amount: '100', state: 'VOIDED', voidedOn: '2026-03-16', applications: [], unapplied: '0' },
    ]);
    expect(await invoiceOf(invoice)).toMatchObject({ open: '100', state: 'ISSUED' });
    await mustFoot();
  });

  it('voids a cancelled invoice on the day of the document that cancels it, which is none itself', async () => {
    system = await openSystem();
    const invoice = system.bill('100.00');
    system.wait(5 * 24 * 60);
    const cursor = await system.last('invoices');
    system.wait(24 * 60 + 60);
    people().cancelBilling(invoice);
    expect(await system.since('invoices', cursor)).toEqual([invoice]);
    const invoices = await system.documents<Invoice>('invoices');
    expect([...invoices.values()]).toMatchObject([{ state: 'VOIDED', voidedOn: '2026-03-16', open: '0', total: '100' }]);
    expect(await payments()).toEqual([]);
    await mustFoot();
  });

  it('leaves an invoice out that waits for its release to accounting, and brings it once it is posted', async () => {
    system = await openSystem();
    const { customer, product } = system;
    const order = people().createOrder({
      soldTo: customer,
      company: COMPANY,
      items: [{ material: product, quantity: '1', price: '50.00' }],
    });
    const delivery = people().deliver({ order: String(order['SalesOrder']) });
    const held = String(
      people().bill({ deliveries: [String(delivery['DeliveryDocument'])], isHeld: true })['BillingDocument'],
    ).replace(/^0+/, '');
    expect((await system.documents('invoices')).get(held)).toBeNull();
    const cursor = await system.last('invoices');
    system.wait(5 * 24 * 60);
    people().releaseBilling(held);
    expect(await system.since('invoices', cursor)).toContain(held);
    expect(await invoiceOf(held)).toMatchObject({ open: '50', total: '50' });
    await mustFoot();
  });

  it('keeps down payments apart: they are no payment of a receivable, and in no balance', async () => {
    system = await openSystem();
    const { customer } = system;
    people().receivePayment({ customer, company: COMPANY, amount: '500', currency: 'USD', how: 'DOWN_PAYMENT' });
    expect([...(await system.documents('payments')).values()]).toEqual([null]);
    await mustFoot();
    expect((await balancesOf(system)).owed).toEqual({});
  });

  it('has receivables and credits that no billing stands behind, once each', async () => {
    system = await openSystem();
    const { customer } = system;
    people().postInvoice({ customer, company: COMPANY, amount: '80', text: 'Freight' });
    people().postInvoice({ customer, company: COMPANY, amount: '20', isCredit: true });
    expect([...(await system.documents('accounting-invoices')).values()]).toMatchObject([
      { total: '80', open: '80', lines: [{ description: 'Freight' }] },
    ]);
    expect([...(await system.documents('accounting-credit-memos')).values()]).toMatchObject([{ total: '20', open: '20' }]);
    expect((await system.documents('invoices')).size).toBe(0);
    await mustFoot();
  });

  it('foots in both companies of a seeded group of 300 invoices, in every currency', async () => {
    system = await openSystem({ size: 300, companies: ['1710', '1010'] });
    await mustFoot();
    expect(Object.keys((await balancesOf(system)).owed).length).toBeGreaterThan(15);
    expect(system.simulator.violations()).toBe(0);
  });
});
