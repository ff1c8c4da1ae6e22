/** What rows of NetSuite become, rule by rule; no server is asked. */
import { describe, expect, it } from 'vitest';
import { CANONICAL, MappingError, NotOurs } from '../../src/connect/index.ts';
import { creditRaw, customerRaw, invoiceRaw, line, link, orderRaw, paymentRaw } from './fixtures/rows.ts';
import { assembleCustomer } from './mapping-customer.ts';
import { assembleDelivery } from './mapping-delivery.ts';
import { assembleProduct, assembleTerms } from './mapping-lists.ts';
import { assemblePayment } from './mapping-payment.ts';
import { assembleCreditMemo, assembleInvoice, assembleOrder } from './mapping-sales.ts';
import { type Settings, settings } from './settings.ts';
import { taxByLine } from './split-sales.ts';

const config: Settings = settings.parse({
  account: '1234567',
  timeZone: 'America/Los_Angeles',
  taxes: [{ category: 'S', rate: '20', code: '31' }],
  paymentMethods: { CHEQUE: '2' },
});
const context = { config, functionalCurrency: 'GBP' };

describe('invoices', () => {
  it('are turned to the side of the customer, with tax, order and rate', () => {
    const { document, ours, createdAt } = assembleInvoice(invoiceRaw(), context);
    expect(CANONICAL.Invoice.parse(document)).toEqual({
      number: 'INV900',
      customerReference: 'PO-7',
      terms: '5',
      issuedOn: '2026-03-02',
      dueOn: '2026-04-01',
      customer: '107/2',
      legalEntity: '2',
      currency: 'USD',
      rate: '0.79',
      lines: [
        {
          id: '1',
          product: '21',
          sku: 'HOSE',
          description: 'Hose 10 m',
          quantity: '2',
          unitPrice: '45',
          net: '90',
          order: '800',
          orderLine: '4',
          taxCategory: 'S',
          taxRate: '20',
        },
        { id: '2', description: 'Freight', quantity: '1', unitPrice: '10', net: '10', taxCategory: 'S', taxRate: '20' },
      ],
      net: '100',
      tax: '20',
      total: '120',
      taxes: [{ taxCategory: 'S', taxRate: '20', taxable: '100', tax: '20' }],
      open: '70.5',
      state: 'ISSUED',
      orders: ['800'],
    });
    expect(ours).toBe('inv_018f0000-0000-7000-8000-000000000001');
    expect(createdAt).toBe('2026-03-02T16:15:00.000Z');
  });

  it('come with whatever the total has that no line explains', () => {
    const { document } = assembleInvoice(invoiceRaw({ foreigntotal: '125', mainamount: '125' }), context);
    expect(document.lines.at(-1)).toEqual({ description: 'Not itemised by NetSuite', quantity: '1', unitPrice: '5', net: '5' });
    expect([document.net, document.tax, document.total]).toEqual(['105', '20', '125']);
  });

  it('have no tax on a line where two taxes make it uncertain, and both in the whole', () => {
    const taxed = (id: string, item: string, rate: string, amount: string) =>
      line({ id, item, itemtype: 'TaxItem', taxline: 'T', rate, foreignamount: amount });
    const raw = invoiceRaw({
      lines: [
        line({ id: '1', item: '21', itemtype: 'InvtPart', quantity: '-2', rate: '50', foreignamount: '-100' }),
        taxed('2', '31', '20', '-10'),
        taxed('3', '32', '5', '-2.5'),
      ],
      foreigntotal: '112.5',
      mainamount: '112.5',
    });
    const { document } = assembleInvoice(raw, context);
    expect(document.lines[0]).not.toHaveProperty('taxRate');
    expect(document.taxes.map(({ taxRate, taxable, tax }) => [taxRate, taxable, tax])).toEqual([
      ['20', '50.00', '10'],
      ['5', '50.00', '2.5'],
    ]);
  });

  it('take a status with its type before it, and refuse one that is not known', () => {
    expect(assembleInvoice(invoiceRaw({ status: 'CustInvc:B' }), context).document.state).toBe('ISSUED');
    expect(() => assembleInvoice(invoiceRaw({ status: 'X' }), context)).toThrow(
      'status of a CustInvc must be one of A, B, D, E, V, and is X.',
    );
    expect(() => assembleInvoice(invoiceRaw({ status: 'D' }), context)).toThrow(NotOurs);
  });

  it('are void with the lines that are left of them', () => {
    const { document } = assembleInvoice(
      invoiceRaw({ status: 'V', voided: 'T', foreigntotal: '0', mainamount: '0', lines: [] }),
      context,
    );
    expect(document).toMatchObject({ state: 'VOIDED', lines: [], total: '0', taxes: [] });
  });

  it('keep a discount and a line in percent as what they come to', () => {
    const lines = [
      line({ id: '1', item: '21', itemtype: 'InvtPart', quantity: '-2', rate: '45', foreignamount: '-90' }),
      line({ id: '2', item: '8', itemtype: 'Discount', rate: '-10.0%', foreignamount: '9', transactiondiscount: 'T' }),
      line({ id: '3', itemtype: 'Subtotal', foreignamount: '-81' }),
      line({ id: '4', item: '22', itemtype: 'InvtPart', kitcomponent: 'T', quantity: '-4' }),
    ];
    const { document } = assembleInvoice(invoiceRaw({ lines, foreigntotal: '81', mainamount: '81', links: [] }), context);
    expect(document.lines.map(({ net, unitPrice, quantity }) => [net, unitPrice, quantity])).toEqual([
      ['90', '45', '2'],
      ['-9', '-9', '1'],
    ]);
    expect(document.lines[1]).not.toHaveProperty('product');
  });

  it('that are cash sales are paid at once, by a way that the settings name', () => {
    const { document } = assembleInvoice(invoiceRaw({ type: 'CashSale', status: 'C', paymentmethod: '2' }), context);
    expect(document).toMatchObject({ paidBy: 'CHEQUE', open: '0', dueOn: '2026-03-02' });
  });

  it('without a currency are in that of the books, and refused without one', () => {
    const { currency: _currency, ...raw } = invoiceRaw();
    expect(assembleInvoice(raw, context).document.currency).toBe('GBP');
    expect(() => assembleInvoice(raw, { config, functionalCurrency: '' })).toThrow(MappingError);
  });

  it('are refused where one of their lines is of two lines of orders', () => {
    const two = [
      link({ previousdoc: '800', previousline: '4', nextline: '1' }),
      link({ previousdoc: '801', previousline: '4', nextline: '1' }),
    ];
    expect(() => assembleInvoice(invoiceRaw({ links: two }), context)).toThrow('comes from more than one line');
  });
});

describe('orders', () => {
  it.each([
    ['A', 'OPEN'],
    ['B', 'CONFIRMED'],
    ['SalesOrd:D', 'CONFIRMED'],
    ['E', 'CONFIRMED'],
    ['F', 'CONFIRMED'],
    ['G', 'COMPLETED'],
    ['C', 'CANCELLED'],
  ])('in status %s are %s', (status, state) => {
    expect(assembleOrder(orderRaw({ status }), context).document.state).toBe(state);
  });

  it('that are closed were cancelled where nothing was delivered or billed, else closed short', () => {
    const [open] = orderRaw()['lines'] as { [name: string]: string }[];
    const closed = (more: object) => orderRaw({ status: 'H', lines: [{ ...open, isclosed: 'T', ...more }] });
    expect(assembleOrder(closed({}), context).document.state).toBe('CANCELLED');
    const short = assembleOrder(closed({ quantityshiprecv: '1' }), context).document;
    expect(short.state).toBe('COMPLETED');
    expect(short.lines[0]).toMatchObject({ isClosed: true, quantity: '3', net: '135' });
  });

  it('are wished for the latest day that a line is expected to be shipped', () => {
    expect(assembleOrder(orderRaw(), context).document.requestedOn).toBe('2026-03-09');
  });
});

describe('deliveries', () => {
  const raw = {
    id: '850',
    tranid: 'IF850',
    type: 'ItemShip',
    status: 'C',
    trandate: '2026-03-01',
    entity: '107',
    subsidiary: '2',
    lines: [
      line({ id: '1', item: '21', quantity: '-2', foreignamount: '0' }),
      line({ id: '2', item: '21', quantity: '2', foreignamount: '0' }),
    ],
    links: [
      link({
        previousdoc: '800',
        previousline: '4',
        previoustype: 'SalesOrd',
        nextdoc: '850',
        nextline: '1',
        linktype: 'ShipRcpt',
      }),
    ],
  };

  it('are of the order and its lines, each once', () => {
    expect(assembleDelivery(raw, context).document).toEqual({
      number: 'IF850',
      order: '800',
      state: 'SHIPPED',
      legalEntity: '2',
      shippedOn: '2026-03-01',
      lines: [{ id: '1', orderLine: '4', quantity: '2' }],
    });
  });

  it('that are picked or packed are in the house, and none is of us without an order', () => {
    expect(assembleDelivery({ ...raw, status: 'B' }, context).document).toMatchObject({ state: 'RELEASED' });
    expect(() => assembleDelivery({ ...raw, links: [] }, context)).toThrow(NotOurs);
  });
});

describe('credit memos', () => {
  it('are positive, with what is left of them and the invoice that they are for', () => {
    const { document } = assembleCreditMemo(creditRaw(), context);
    expect(document).toMatchObject({ total: '12', tax: '2', net: '10', open: '12', invoice: '900', memo: 'One hose came back' });
    expect(document.lines[0]).toMatchObject({ quantity: '1', net: '10', unitPrice: '10' });
  });

  it('that are set against invoices are payments of nothing with both sides', () => {
    const links = [
      link({
        previousdoc: '900',
        previoustype: 'CustInvc',
        nextdoc: '950',
        nextline: '0',
        linktype: 'Payment',
        foreignamount: '7',
      }),
      link({
        previousdoc: '950',
        previoustype: 'CustCred',
        nextdoc: '990',
        nexttype: 'CustRfnd',
        linktype: 'Payment',
        foreignamount: '5',
      }),
    ];
    const { document, ours } = assemblePayment(
      creditRaw({ links, externalid: 'cn_018f0000-0000-7000-8000-000000000003' }),
      context,
    );
    expect(ours).toBeUndefined();
    expect(document).toMatchObject({
      amount: '0',
      state: 'RECEIVED',
      applications: [
        { kind: 'Invoice', document: '900', amount: '7' },
        { kind: 'OTHER', document: 'CustRfnd-990', amount: '5' },
        { kind: 'CreditNote', document: '950', amount: '12' },
      ],
    });
  });
});

describe('payments', () => {
  it('have one amount for each document, whatever number of lines links it', () => {
    expect(assemblePayment(paymentRaw(), context).document).toMatchObject({
      amount: '60',
      unapplied: '10.5',
      reference: 'REF-1',
      applications: [
        { kind: 'Invoice', document: '900', amount: '45.5' },
        { kind: 'OTHER', document: 'Journal-970', amount: '4' },
      ],
    });
  });

  it('that are deposits are set against what their applications are, on that day', () => {
    const applied = link({
      previousdoc: '900',
      previoustype: 'CustInvc',
      nextdoc: '981',
      nexttype: 'DepAppl',
      linktype: 'Payment',
      foreignamount: '20',
      nextdate: '2026-03-08',
    });
    const { document } = assemblePayment(
      paymentRaw({ id: '980', type: 'CustDep', status: 'B', unused: '0', links: [applied] }),
      context,
    );
    expect(document).toMatchObject({
      unapplied: '40',
      applications: [{ kind: 'Invoice', document: '900', amount: '20', appliedOn: '2026-03-08' }],
    });
  });

  it('that nobody has approved are none yet, and void ones are set against nothing', () => {
    expect(() => assemblePayment(paymentRaw({ status: 'A' }), context)).toThrow(NotOurs);
    expect(assemblePayment(paymentRaw({ voided: 'T', foreigntotal: '0' }), context).document).toMatchObject({
      state: 'VOIDED',
      applications: [],
      unapplied: '0',
    });
  });
});

describe('customers', () => {
  it('are an account with a subsidiary, of one party', () => {
    const { document, ours } = assembleCustomer(customerRaw(), context);
    expect(document).toMatchObject({
      name: 'Harbour Gardens Ltd',
      number: 'C-107',
      party: '107',
      legalEntity: '2',
      creditLimit: '25000',
      isCreditBlocked: false,
      country: 'GB',
      address: { lines: ['1 Quay'], city: 'Leith', postalCode: 'EH6', country: 'GB' },
    });
    expect(ours).toBe('acc_018f0000-0000-7000-8000-000000000002');
    expect(assembleCustomer(customerRaw({ subsidiary: '3' }), context).ours).toBeUndefined();
  });

  it('that are persons, leads or blocked are told as such', () => {
    const person = customerRaw({
      isperson: 'T',
      firstname: 'Ada',
      lastname: 'Byron',
      companyname: 'x',
      creditholdoverride: 'ON',
    });
    expect(assembleCustomer(person, context).document).toMatchObject({ name: 'Ada Byron', isCreditBlocked: true });
    expect(() => assembleCustomer(customerRaw({ searchstage: 'Lead' }), context)).toThrow(NotOurs);
    const taken = { config: { ...config, leads: 'CUSTOMER' as const }, functionalCurrency: 'GBP' };
    expect(assembleCustomer(customerRaw({ searchstage: 'Lead' }), taken).document.name).toBe('Harbour Gardens Ltd');
  });

  it('without subsidiaries are themselves', () => {
    const { subsidiary: _subsidiary, ...raw } = customerRaw({
      externalid: 'acc_018f0000-0000-7000-8000-000000000002',
      parent: '9',
    });
    const { document, ours } = assembleCustomer(raw, context);
    expect(document).toMatchObject({ parent: '9' });
    expect(document).not.toHaveProperty('party');
    expect(ours).toBe('acc_018f0000-0000-7000-8000-000000000002');
  });
});

describe('lists', () => {
  it('terms have their days and discount', () => {
    const raw = {
      id: '5',
      name: '2% 10 Net 30',
      daysuntilnetdue: '30',
      discountpercent: '2.0%',
      daysuntilexpiry: '10',
      isinactive: 'F',
    };
    expect(assembleTerms(raw, context).document).toEqual({
      code: '2% 10 Net 30',
      name: '2% 10 Net 30',
      netDays: 30,
      discountDays: 10,
      discountPercent: '2',
      isActive: true,
    });
  });

  it('items are goods or services; what is only a line is no product', () => {
    const item = (itemtype: string) => assembleProduct({ id: '1', itemid: 'A', itemtype, isinactive: 'T' }, context).document;
    expect(item('InvtPart')).toMatchObject({ kind: 'GOODS', isActive: false, name: 'A' });
    expect(item('Service').kind).toBe('SERVICE');
    expect(() => item('Subtotal')).toThrow(NotOurs);
  });
});

describe('tax by line', () => {
  it('comes to the tax of the document to the last digit', () => {
    const one = (net: string, taxRate: string) => ({ description: '', quantity: '1', unitPrice: net, net, taxRate });
    const lines = [one('0.33', '20'), one('0.33', '20'), one('9.99', '0')];
    expect(taxByLine({ lines, currency: 'GBP', tax: '0.13' })).toEqual(['0.06', '0.07', '0.00']);
    expect(taxByLine({ lines, currency: 'JPY', tax: '1' })).toEqual(['1', '0', '0']);
  });
});
