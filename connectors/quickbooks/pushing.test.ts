import { afterEach, describe, expect, it } from 'vitest';
import type { Canonical, ExternalError, JsonObject, PushRequest } from '../../src/connect/index.ts';
import { asked, type Company, knownAs, openCompany } from './fixtures/company.ts';

let company: Company;
afterEach(() => company.close());

const words = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: ExternalError) => `${error.kind}: ${error.words}`,
  );

function lines(...nets: readonly number[]): Canonical<'Order'>['lines'] {
  return nets.map((net, i) => ({
    product: company.item,
    description: `Hose ${i + 1}`,
    quantity: '2',
    unitPrice: String(net / 2),
    net: String(net),
    taxCategory: 'O',
    taxRate: '0',
  }));
}

const order = (...nets: readonly number[]): Canonical<'Order'> => ({
  customer: company.customer,
  currency: 'USD',
  lines: lines(...nets),
  net: String(nets.reduce((sum, net) => sum + net, 0)),
  tax: '0',
  total: String(nets.reduce((sum, net) => sum + net, 0)),
  orderedOn: '2026-03-09',
  state: 'CONFIRMED',
  customerReference: 'PO 4711',
});

const invoice = (net: number, more: Partial<Canonical<'Invoice'>> = {}): Canonical<'Invoice'> => {
  const { orderedOn, state: _state, ...form } = order(net);
  return { ...form, issuedOn: orderedOn, dueOn: '2026-04-09', taxes: [], state: 'ISSUED', ...more };
};

const payment = (amount: string, applications: Canonical<'Payment'>['applications'] = []): Canonical<'Payment'> => ({
  customer: company.customer,
  receivedOn: '2026-03-10',
  currency: 'USD',
  amount,
  method: 'OTHER',
  state: 'RECEIVED',
  applications,
});

const byHand = (amount: number) => ({
  Line: [{ DetailType: 'SalesItemLineDetail', Amount: amount, SalesItemLineDetail: { ItemRef: { value: company.item } } }],
});

const push = <K extends 'Customer' | 'Order' | 'Invoice' | 'CreditNote' | 'Payment'>(kind: K, request: PushRequest<K>) =>
  company.push(kind).send(company.harness.context, request);
const row = (...of: Parameters<Company['row']>) => company.row(...of);

describe('an order on its way to QuickBooks', () => {
  it('is an accepted estimate, which comes back with our mark; asked twice it is made once', async () => {
    company = await openCompany();
    const request = asked<'Order'>(order(80, 20));
    const { record } = await push('Order', request);
    expect(row('Estimate', record.externalId)).toMatchObject({ TxnStatus: 'Accepted', TotalAmt: 100, TxnDate: '2026-03-09' });
    expect(company.document<'Order'>('estimates', record)).toMatchObject({ state: 'CONFIRMED', customerReference: 'PO 4711' });
    await push('Order', { ...request, attempt: 2 });
    expect(company.simulator.all('Estimate')).toHaveLength(1);
    const found = await company.push('Order').find(company.harness.context, { ...request, attempt: 2 });
    expect(found?.externalId).toBe(record.externalId);
  });

  it('brings what changed here, leaves what changed there, and tells what it went over', async () => {
    company = await openCompany();
    const request = asked<'Order'>({ ...order(80, 20), memo: 'By noon' });
    const { record } = await push('Order', request);
    const [first] = row('Estimate', record.externalId)['Line'] as JsonObject[];
    company.simulator.update('Estimate', record.externalId, {
      ShipDate: '2026-03-20',
      CustomerMemo: { value: 'By evening' },
      TxnDate: '2026-03-08',
      PrivateNote: 'Ask Jo',
      Line: [
        {
          ...first,
          SalesItemLineDetail: { ...(first?.['SalesItemLineDetail'] as JsonObject), ServiceDate: '2026-03-21' },
        },
      ],
    });
    const changed: Canonical<'Order'> = { ...order(60, 20), memo: 'By noon', orderedOn: '2026-03-10' };
    const { overridden, record: after } = await push('Order', {
      ...request,
      command: 'UPDATE',
      document: changed,
      key: `${request.key.slice(0, -1)}u`,
      known: knownAs(record),
    });
    expect(row('Estimate', after.externalId)).toMatchObject({
      TotalAmt: 80,
      ShipDate: '2026-03-20',
      CustomerMemo: { value: 'By evening' },
      TxnDate: '2026-03-10',
      PrivateNote: `Ask Jo [cashgraph:${request.ours}]`,
      Line: [
        { Id: '1', Amount: 60, SalesItemLineDetail: { ServiceDate: '2026-03-21', Qty: 2, UnitPrice: 30 } },
        { Amount: 20 },
        { DetailType: 'SubTotalLineDetail' },
      ],
    });
    expect(overridden?.map(({ field }) => field).toSorted()).toEqual(['Line', 'TxnDate']);
  });

  it('writes nothing where nothing differs, and does not open again what was invoiced', async () => {
    company = await openCompany();
    const request = asked<'Order'>(order(80));
    const { record } = await push('Order', request);
    company.make('Invoice', { ...byHand(80), LinkedTxn: [{ TxnId: record.externalId, TxnType: 'Estimate' }] });
    const before = row('Estimate', record.externalId);
    const { isFound } = await push('Order', { ...request, command: 'UPDATE', known: knownAs(record) });
    expect(isFound).toBe(true);
    expect(row('Estimate', record.externalId)).toEqual(before);
    expect(before).toMatchObject({ TxnStatus: 'Closed' });
  });

  it('is rejected there when it is cancelled here, once', async () => {
    company = await openCompany();
    const request = asked<'Order'>(order(80));
    const { record } = await push('Order', request);
    const voiding = { ...request, command: 'VOID' as const, known: knownAs(record) };
    expect(company.document('estimates', (await push('Order', voiding)).record)).toMatchObject({ state: 'CANCELLED' });
    const token = row('Estimate', record.externalId)['SyncToken'];
    expect((await push('Order', voiding)).isFound).toBe(true);
    expect(row('Estimate', record.externalId)['SyncToken']).toBe(token);
  });

  it('is refused in words before it is sent where QuickBooks has no way to say it', async () => {
    company = await openCompany({ freeTextItem: 'none' });
    const { freeTextItem: _item, ...config } = company.harness.context.config as JsonObject;
    const context = { ...company.harness.context, config };
    const send = (document: Canonical<'Order'>) => words(company.push('Order').send(context, asked<'Order'>(document)));
    const [line] = lines(80);
    if (!line) throw new Error('no line');
    const { product: _product, ...free } = line;
    expect(await send({ ...order(80), lines: [free] })).toContain('REJECTED: Line 1 names no product');
    expect(await send({ ...order(80), lines: [{ ...line, taxRate: '19', taxCategory: 'S' }] })).toContain('taxed S 19 %');
    expect(await send({ ...order(80), lines: [] })).toContain('without lines');
    expect(await send({ ...order(80), memo: 'x'.repeat(1_001) })).toContain('1000 characters');
    expect(company.simulator.all('Estimate')).toEqual([]);
  });
});

describe('an invoice on its way to QuickBooks', () => {
  it('bills its order there, a second one goes without the link, and each has our number', async () => {
    company = await openCompany();
    const { record } = await push('Order', asked<'Order'>(order(80)));
    const first = await push('Invoice', asked<'Invoice'>(invoice(50, { number: 'INV-1', orders: [record.externalId] })));
    const second = await push('Invoice', asked<'Invoice'>(invoice(30, { number: 'INV-2', orders: [record.externalId] })));
    expect(company.document('invoices', first.record)).toMatchObject({
      number: 'INV-1',
      orders: [record.externalId],
      total: '50',
    });
    expect(company.document('invoices', second.record)).toMatchObject({ number: 'INV-2', total: '30' });
    expect(row('Estimate', record.externalId)).toMatchObject({ TxnStatus: 'Closed' });
  });

  it('whose number is taken is refused in the words of QuickBooks, unless it is the one that we made', async () => {
    company = await openCompany();
    const request = asked<'Invoice'>(invoice(50, { number: 'INV-1' }));
    await push('Invoice', request);
    const again = await push('Invoice', { ...request, key: `${request.key.slice(0, -1)}z` });
    expect(again.isFound).toBe(true);
    expect(await words(push('Invoice', asked<'Invoice'>(invoice(60, { number: 'INV-1' }))))).toContain(
      'REJECTED: Duplicate Document Number',
    );
    expect(company.simulator.all('Invoice')).toHaveLength(1);
  });

  it('is made after it was mended, though QuickBooks has used its request id up', async () => {
    company = await openCompany();
    const used = asked<'Invoice'>(invoice(50));
    await push('Invoice', used);
    const request = asked<'Invoice'>(invoice(70), { key: used.key });
    expect(await words(push('Invoice', request))).toContain('600');
    const { record } = await push('Invoice', { ...request, attempt: 2 });
    expect(company.document('invoices', record)).toMatchObject({ total: '70' });
    await push('Invoice', { ...request, attempt: 3 });
    expect(company.simulator.all('Invoice')).toHaveLength(2);
  });

  it('of a closed period is refused in the words of QuickBooks', async () => {
    company = await openCompany();
    company.simulator.setPreferences({ bookCloseDate: '2026-03-31' });
    expect(await words(push('Invoice', asked<'Invoice'>(invoice(50))))).toMatch(/^REJECTED: .*period.*\(code 6210/i);
  });

  it('has the tax that the platform worked out, and is voided', async () => {
    company = await openCompany();
    const [line] = lines(80);
    if (!line) throw new Error('no line');
    const taxes = [{ taxCategory: 'S', taxRate: '8', taxable: '80', tax: '6.40' }];
    const document = { ...invoice(80), lines: [{ ...line, taxCategory: 'S', taxRate: '8' }], tax: '6.40', total: '86.40', taxes };
    const request = asked<'Invoice'>(document);
    const { record } = await push('Invoice', request);
    expect(company.document('invoices', record)).toMatchObject({
      total: '86.4',
      tax: '6.4',
      taxes: [{ taxCategory: 'S', taxRate: '8', taxable: '80', tax: '6.4' }],
    });
    const { record: gone } = await push('Invoice', { ...request, command: 'VOID', known: knownAs(record) });
    expect(company.document('invoices', gone)).toMatchObject({ state: 'VOIDED', total: '0' });
  });

  it('with a discount on a line has the price that gives its amount', async () => {
    company = await openCompany();
    const line = {
      ...(lines(27)[0] as Canonical<'Order'>['lines'][number]),
      quantity: '3',
      unitPrice: '10',
      discountPercent: '10',
    };
    const { record } = await push('Invoice', asked<'Invoice'>({ ...invoice(27), lines: [line] }));
    expect(company.document('invoices', record)).toMatchObject({ lines: [{ quantity: '3', unitPrice: '9', net: '27' }] });
    const third = { ...line, quantity: '3', net: '10', unitPrice: '3.5' };
    const odd = await push('Invoice', asked<'Invoice'>({ ...invoice(10), lines: [third] }));
    expect(company.document('invoices', odd.record)).toMatchObject({
      lines: [{ quantity: '3', unitPrice: '3.3333333', net: '10' }],
    });
  });
});

describe('money on its way to QuickBooks', () => {
  it('is set against an invoice, less of it later, and keeps what was set there meanwhile', async () => {
    company = await openCompany();
    const [one, two] = [company.make('Invoice', byHand(100)), company.make('Invoice', byHand(40))];
    const request = asked<'Payment'>(payment('120', [{ kind: 'Invoice', document: one, amount: '100' }]));
    const { record } = await push('Payment', request);
    expect(row('Invoice', one)).toMatchObject({ Balance: 0 });
    company.simulator.update('Payment', record.externalId, {
      PaymentRefNum: '77',
      Line: [
        { Amount: 100, LinkedTxn: [{ TxnId: one, TxnType: 'Invoice' }] },
        { Amount: 20, LinkedTxn: [{ TxnId: two, TxnType: 'Invoice' }] },
      ],
    });
    const less = payment('120', [{ kind: 'Invoice', document: one, amount: '70' }]);
    const update = {
      ...request,
      command: 'UPDATE' as const,
      document: less,
      known: knownAs(record),
      key: `${request.key.slice(0, -1)}u`,
    };
    const { record: after } = await push('Payment', update);
    expect(company.document('payments', after)).toMatchObject({
      reference: '77',
      unapplied: '30',
      applications: [
        { document: one, amount: '70' },
        { document: two, amount: '20' },
      ],
    });
    expect(row('Invoice', one)).toMatchObject({ Balance: 30 });
    const back = { ...update, document: payment('120'), known: knownAs(after), key: `${request.key.slice(0, -1)}b` };
    expect(company.document('payments', (await push('Payment', back)).record)).toMatchObject({
      unapplied: '120',
      applications: [],
    });
    expect([one, two].map((id) => row('Invoice', id)['Balance'])).toEqual([100, 40]);
  });

  it('of nothing sets a credit note against an invoice', async () => {
    company = await openCompany();
    const bill = company.make('Invoice', byHand(100));
    const credit = await push('CreditNote', asked<'CreditNote'>({ ...invoice(30), invoice: bill }));
    expect(company.document('credit-memos', credit.record)).toMatchObject({ invoice: bill, open: '30' });
    const document = payment('0', [
      { kind: 'Invoice', document: bill, amount: '30' },
      { kind: 'CreditNote', document: credit.record.externalId, amount: '30' },
    ]);
    const { record } = await push('Payment', asked<'Payment'>(document));
    expect(company.document('payments', record)).toMatchObject({ amount: '0', applications: document.applications });
    expect([row('Invoice', bill)['Balance'], row('CreditMemo', credit.record.externalId)['RemainingCredit']]).toEqual([70, 0]);
  });

  it('is voided, and in a deposit it is not', async () => {
    company = await openCompany();
    const request = asked<'Payment'>({ ...payment('50'), memo: 'By messenger', reference: 'X'.repeat(35) });
    const { record } = await push('Payment', request);
    expect(company.document('payments', record)).toMatchObject({ memo: 'By messenger', reference: 'X'.repeat(35) });
    const { record: gone } = await push('Payment', { ...request, command: 'VOID', known: knownAs(record) });
    expect(company.document('payments', gone)).toMatchObject({ state: 'VOIDED', amount: '0', applications: [] });
    const other = await push('Payment', asked<'Payment'>(payment('50')));
    company.simulator.create('Deposit', {
      DepositToAccountRef: { value: '35' },
      Line: [{ Amount: 50, LinkedTxn: [{ TxnId: other.record.externalId, TxnType: 'Payment', TxnLineId: '0' }] }],
    });
    const refused = asked<'Payment'>(payment('50'), { command: 'VOID', known: knownAs(other.record) });
    expect(await words(push('Payment', refused))).toMatch(/^REJECTED: Deposited Transaction.*6540/);
  });

  it('with a cash discount is refused in words', async () => {
    company = await openCompany();
    const document = payment('98', [{ kind: 'Invoice', document: '1', amount: '98', discount: '2' }]);
    expect(await words(push('Payment', asked<'Payment'>(document)))).toContain('no cash discount');
  });

  it('that is gone there is refused in words', async () => {
    company = await openCompany();
    const { record } = await push('Payment', asked<'Payment'>(payment('50')));
    company.simulator.remove('Payment', record.externalId);
    const request = asked<'Payment'>(payment('60'), { command: 'UPDATE', known: knownAs(record) });
    expect(await words(push('Payment', request))).toContain('not in QuickBooks any more');
  });
});

describe('a customer on the way to QuickBooks', () => {
  const acme: Canonical<'Customer'> = {
    name: "O'Brien & Sons",
    isActive: true,
    email: 'ap@obrien.example',
    country: 'IE',
    address: { lines: ['4 Quay'], city: 'Cork', postalCode: 'T12' },
  };

  it('is made, changed field by field, and taken out of use', async () => {
    company = await openCompany();
    const request = asked<'Customer'>(acme);
    const { record } = await push('Customer', request);
    expect(company.document('customers', record)).toMatchObject({ name: acme.name, country: 'IE', address: { city: 'Cork' } });
    company.simulator.update('Customer', record.externalId, { PrimaryPhone: { FreeFormNumber: '1' }, PrintOnCheckName: 'kept' });
    const document = { ...acme, email: 'new@obrien.example', isActive: false };
    const { record: after } = await push('Customer', { ...request, command: 'UPDATE', document, known: knownAs(record) });
    expect(row('Customer', after.externalId)).toMatchObject({
      PrimaryEmailAddr: { Address: 'new@obrien.example' },
      PrimaryPhone: { FreeFormNumber: '1' },
      PrintOnCheckName: 'kept',
      Active: false,
    });
  });

  it('of a name that is there becomes that customer, unless it stands for another one', async () => {
    company = await openCompany();
    const id = company.simulator.create('Customer', { DisplayName: "o'brien & sons", Notes: 'Since 1990' })['Id'];
    const request = asked<'Customer'>(acme);
    const { record, isFound } = await push('Customer', request);
    expect([record.externalId, isFound]).toEqual([id, true]);
    expect(row('Customer', record.externalId)).toMatchObject({ Notes: `Since 1990 [cashgraph:${request.ours}]` });
    expect(await words(push('Customer', asked<'Customer'>(acme)))).toContain(`stands for ${request.ours}`);
    expect((await company.push('Customer').find(company.harness.context, request))?.externalId).toBe(id);
  });

  it('of a name that a vendor has is refused with what to do', async () => {
    company = await openCompany();
    company.simulator.create('Vendor', { DisplayName: acme.name });
    expect(await words(push('Customer', asked<'Customer'>(acme)))).toMatch(
      /^REJECTED: .*already exists.*a vendor or an employee does/,
    );
  });
});
