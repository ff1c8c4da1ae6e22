import { describe, expect, it } from 'vitest';
import { CANONICAL, type JsonObject, MappingError, NotOurs } from '../../src/connect/index.ts';
import * as records from './fixtures/records.ts';
import { settings } from './settings.ts';
import { type StreamName, streams } from './streams.ts';

const config = settings.parse({
  realmId: '1',
  taxes: [
    { category: 'S', rate: '8', lineCode: 'TAX', documentCode: '2' },
    { category: 'O', rate: '0', lineCode: 'NON' },
  ],
  paymentMethods: { CASH: '1', CHEQUE: '2' },
  customFields: { customerReference: '1' },
  taxIdField: 'BusinessNumber',
});

function assemble(name: StreamName, raw: JsonObject, given = config) {
  const stream = streams.find((one) => one.name === name);
  if (!stream) throw new Error(name);
  const made = stream.assemble(raw, { config: given, functionalCurrency: 'USD' });
  CANONICAL[stream.kind].parse(made.document);
  return made;
}

describe('an invoice of QuickBooks', () => {
  it('becomes a document with its order, its reference, its tax by rate and what is open', () => {
    const { document, createdAt, extensions } = assemble('invoices', records.invoice);
    expect(document).toEqual({
      number: '9031',
      customer: '7',
      currency: 'USD',
      lines: [
        {
          id: '1',
          product: '12',
          description: 'Hose, 20 m',
          quantity: '4',
          unitPrice: '37.5',
          net: '150.00',
          orderLine: '4',
          taxCategory: 'S',
          taxRate: '8',
        },
        {
          id: '2',
          description: 'Delivery',
          quantity: '1',
          unitPrice: '50',
          net: '50',
          taxCategory: 'O',
          taxRate: '0',
        },
      ],
      net: '200',
      tax: '12',
      total: '212',
      customerReference: 'PO 4711',
      memo: 'Thank you',
      issuedOn: '2026-02-03',
      dueOn: '2026-03-05',
      taxes: [
        { taxCategory: 'S', taxRate: '8', taxable: '150', tax: '12' },
        { taxCategory: 'O', taxRate: '0', taxable: '50', tax: '0' },
      ],
      open: '62',
      state: 'ISSUED',
      terms: '3',
      orders: ['28'],
    });
    expect(createdAt).toBe('2026-02-03T09:30:00-08:00');
    expect(extensions).toEqual({ EmailStatus: 'NotSet', customFields: { 'P.O. Number': 'PO 4711' } });
  });

  it('has a discount as a line below zero, so that the lines come to its net', () => {
    const { document } = assemble('invoices', records.discounted);
    expect(document).toMatchObject({
      net: '180',
      lines: [{ net: '200' }, { description: 'Discount 10 %', quantity: '1', unitPrice: '-20', net: '-20' }],
    });
  });

  it('has the parts of a bundle as lines, and one tax for each rate', () => {
    const { document } = assemble('invoices', records.bundled);
    expect(document).toMatchObject({
      net: '90.00',
      lines: [
        { id: '6', net: '60', taxRate: '9.1' },
        { id: '7', net: '30', taxRate: '9.1' },
      ],
      taxes: [
        { taxRate: '7.1', taxable: '90', tax: '6.39' },
        { taxRate: '2', taxable: '90', tax: '1.8' },
      ],
    });
  });

  it('has what is in the subtotal only as a line that says so', () => {
    const { document } = assemble('invoices', records.unlisted);
    expect(document).toMatchObject({ net: '75', total: '81', lines: [{ description: 'Not itemised by QuickBooks', net: '75' }] });
  });

  it('keeps its currency and rate, and a price that does not come to its amount', () => {
    const { document } = assemble('invoices', records.foreign);
    expect(document).toMatchObject({
      currency: 'EUR',
      rate: '1.0925',
      lines: [{ quantity: '3', unitPrice: '333.3333', net: '1000' }],
    });
  });

  it('is void only when QuickBooks says so, not because nothing is to be paid', () => {
    const { document, ours } = assemble('invoices', records.voided);
    expect(document).toMatchObject({ state: 'VOIDED', total: '0', number: '9037' });
    expect(ours).toBe('inv_0190');
    expect(assemble('invoices', records.free).document).toMatchObject({ state: 'ISSUED', total: '0' });
  });

  it('is refused with the field where something has another form or is missing', () => {
    const refused = (change: JsonObject) => {
      try {
        assemble('invoices', { ...records.invoice, ...change });
      } catch (error) {
        if (error instanceof MappingError) return error.field;
        throw error;
      }
      return null;
    };
    expect(refused({ TotalAmt: 'much' })).toBe('TotalAmt');
    expect(refused({ TxnDate: '2026-02-30' })).toBe('TxnDate');
    expect(refused({ CustomerRef: null })).toBe('CustomerRef');
    expect(refused({ Line: 'none' })).toBe('Line');
    expect(refused({ Line: [{ DetailType: 'SalesItemLineDetail' }] })).toBe('Line[0].Amount');
    expect(refused({ CurrencyRef: { value: 'dollars' } })).toBe('CurrencyRef.value');
  });

  it('keeps every digit of an amount that no binary number could hold', () => {
    const raw = {
      ...records.discounted,
      Line: [records.sale(1)],
      TotalAmt: '9007199254740993.17',
      TxnTaxDetail: { TotalTax: '0.10' },
    };
    expect(assemble('invoices', raw).document).toMatchObject({ net: '9007199254740993.07', total: '9007199254740993.17' });
  });
});

describe('an estimate of QuickBooks', () => {
  it('is an order once it was accepted, invoiced or rejected', () => {
    const stateOf = (status: string) => (assemble('estimates', records.estimate(status)).document as { state: string }).state;
    expect(['Accepted', 'Closed', 'Rejected'].map(stateOf)).toEqual(['CONFIRMED', 'COMPLETED', 'CANCELLED']);
    expect(() => stateOf('Mislaid')).toThrow(MappingError);
  });

  it('is no business of ours while nobody has accepted it, unless it is ours or the settings say so', () => {
    const pending = records.estimate('Pending');
    expect(() => assemble('estimates', pending)).toThrow(NotOurs);
    expect(assemble('estimates', pending, { ...config, pendingEstimates: 'ORDER' }).document).toMatchObject({ state: 'OPEN' });
    expect(assemble('estimates', { ...pending, PrivateNote: '[cashgraph:ord_1]' }).ours).toBe('ord_1');
  });

  it('has the day and the place that it is to be delivered', () => {
    expect(assemble('estimates', records.estimate('Accepted')).document).toMatchObject({
      requestedOn: '2026-02-20',
      shipTo: {
        lines: ['Dock 3', '12 Quay St', 'Rear gate'],
        city: 'Oakland',
        region: 'CA',
        postalCode: '94607',
        country: 'US',
      },
    });
  });
});

describe('money in QuickBooks', () => {
  it('is set against invoices, and against what only QuickBooks knows; its deposit is passed over', () => {
    expect(assemble('payments', records.payment).document).toEqual({
      customer: '7',
      receivedOn: '2026-02-10',
      currency: 'USD',
      amount: '200',
      unapplied: '20',
      method: 'CHEQUE',
      reference: '6552',
      memo: 'By messenger',
      state: 'RECEIVED',
      applications: [
        { kind: 'Invoice', document: '31', amount: '150' },
        { kind: 'OTHER', document: 'JournalEntry-77', amount: '30' },
      ],
    });
  });

  it('of nothing sets a credit note against an invoice', () => {
    expect(assemble('payments', records.zeroPayment).document).toMatchObject({
      amount: '0',
      state: 'RECEIVED',
      method: 'OTHER',
      applications: [
        { kind: 'Invoice', document: '32', amount: '15' },
        { kind: 'CreditNote', document: '42', amount: '15' },
      ],
    });
  });

  it('that was voided is void, and set against nothing', () => {
    expect(assemble('payments', records.voidedPayment).document).toMatchObject({
      state: 'VOIDED',
      amount: '0',
      applications: [],
    });
  });

  it('of a cash sale or a refund is told by its way of paying', () => {
    expect(assemble('sales-receipts', records.salesReceipt).document).toMatchObject({
      paidBy: 'CASH',
      open: '0',
      dueOn: '2026-02-03',
    });
    expect(assemble('refund-receipts', records.refundReceipt).document).toMatchObject({ refundedBy: 'OTHER', open: '0' });
  });

  it('of a sale to nobody needs a customer for such sales', () => {
    const { CustomerRef: _customer, ...nobody } = records.salesReceipt;
    expect(() => assemble('sales-receipts', nobody)).toThrow('cashSaleCustomer');
    expect(assemble('sales-receipts', nobody, { ...config, cashSaleCustomer: '99' }).document).toMatchObject({ customer: '99' });
  });

  it('of a credit memo is what remains of it, with the invoice that our mark names', () => {
    const { document, ours } = assemble('credit-memos', records.creditMemo);
    expect(document).toMatchObject({ total: '40', open: '25', invoice: '31' });
    expect(ours).toBe('crn_0190');
  });
});

describe('a list of QuickBooks', () => {
  it('has customers by their name, with what they owe and the country in two letters', () => {
    const { document, ours, extensions } = assemble('customers', records.customer);
    expect(document).toEqual({
      name: 'Harbour Gardens',
      isActive: true,
      email: 'ap@harbour.example',
      phone: '(555) 010-2030',
      taxId: '12-3456789',
      country: 'US',
      region: 'CA',
      currency: 'USD',
      parent: '6',
      terms: '3',
      address: { lines: ['9 Pier Rd'], city: 'Oakland', region: 'CA', postalCode: '94607', country: 'US' },
      balance: '-12.5',
    });
    expect(ours).toBe('acc_0190');
    expect(extensions).toMatchObject({ CompanyName: 'Harbour Gardens Inc.', Level: 1 });
  });

  it('keeps a country that nobody knows as it is there', () => {
    const { document } = assemble('customers', { ...records.customer, BillAddr: { City: 'Hollow', Country: 'Freedonia' } });
    expect(document).toMatchObject({ address: { city: 'Hollow' } });
    expect(document).not.toHaveProperty('country');
  });

  it('has products, without a price where that is nothing, and no categories or bundles', () => {
    expect(assemble('items', records.item({})).document).toMatchObject({
      sku: 'Watering:Hose',
      kind: 'GOODS',
      unitPrice: '37.5',
    });
    const free = assemble('items', records.item({ Sku: 'H-20', Type: 'Service', UnitPrice: 0, Active: false })).document;
    expect(free).toMatchObject({ sku: 'H-20', kind: 'SERVICE', isActive: false });
    expect(free).not.toHaveProperty('unitPrice');
    expect(() => assemble('items', records.item({ Type: 'Category' }))).toThrow(NotOurs);
    expect(() => assemble('items', records.item({ Type: 'Group' }))).toThrow(NotOurs);
  });

  it('has terms by days, by the end of a month, and by a day of the month as the longest that it can be', () => {
    const read = (more: JsonObject) => assemble('terms', records.term(more)).document;
    expect(read({ DueDays: 30, DiscountDays: 10, DiscountPercent: '2.0000000' })).toEqual({
      code: 'Net 30',
      name: 'Net 30',
      isActive: true,
      netDays: 30,
      discountDays: 10,
      discountPercent: '2',
    });
    expect(read({ DueDays: 0, DiscountPercent: 0, DiscountDays: 0 })).not.toHaveProperty('discountPercent');
    const byDate = (day: number, tooSoon: number) => read({ Type: 'DATE_DRIVEN', DayOfMonthDue: day, DueNextMonthDays: tooSoon });
    expect(byDate(31, 5)).toMatchObject({ netDays: 5, isEndOfMonth: true });
    expect(byDate(15, 5)).toMatchObject({ netDays: 35 });
  });
});
