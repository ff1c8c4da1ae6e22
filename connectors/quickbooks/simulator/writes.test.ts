// Writes over the API: what is stored, what follows for other records, and what is refused with which code.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, line, signedIn, type TestClient, text } from './test-client.ts';

let client: TestClient;
let customer: string;
let item: string;
let taxed: string;
beforeEach(async () => {
  client = await signedIn({ limits: null });
  customer = text((await client.post('customer', { DisplayName: 'Acme', BillAddr: { Line1: '1 A St.' } })).Id);
  const income = { IncomeAccountRef: { value: '79' } };
  item = text((await client.post('item', { Name: 'Hour', Type: 'Service', ...income })).Id);
  taxed = text((await client.post('item', { Name: 'Pump', Type: 'NonInventory', Taxable: true, ...income })).Id);
});
afterEach(() => client.simulator.close());

const invoiceOf = (amount: number, more = {}) =>
  client.post('invoice', { CustomerRef: { value: customer }, Line: [line(amount, item)], ...more });
const paid = (amount: number, links: readonly (readonly [string, unknown, number])[]) => ({
  CustomerRef: { value: customer },
  TotalAmt: amount,
  Line: links.map(([TxnType, id, Amount]) => ({ Amount, LinkedTxn: [{ TxnId: text(id), TxnType }] })),
});
const key = ({ Id, SyncToken }: Answer) => ({ Id, SyncToken });
const balance = () => client.simulator.read('Customer', customer)?.Balance;
const read = async (path: string) => Object.values((await client.call('GET', path)).body)[0] as unknown as Answer;

describe('a document', () => {
  it('comes back whole: numbered, dated, due, with names, a subtotal without id, and tax by the rates of its code', async () => {
    const TxnTaxDetail = { TxnTaxCodeRef: { value: '3' } };
    const lines = [line(100, item), line(36.99, taxed, { Qty: 3, UnitPrice: 12.33 })];
    const { status, body } = await client.call('POST', 'invoice', {
      CustomerRef: { value: customer },
      Line: lines,
      TxnTaxDetail,
    });
    expect(status).toBe(200);
    expect(body.Invoice).toMatchObject({
      domain: 'QBO',
      sparse: false,
      SyncToken: '0',
      MetaData: { CreateTime: '2026-05-05T02:00:00-07:00', LastUpdatedTime: '2026-05-05T02:00:00-07:00' },
      DocNumber: '1001',
      TxnDate: '2026-05-05',
      DueDate: '2026-06-04',
      CurrencyRef: { value: 'USD', name: 'United States Dollar' },
      CustomerRef: { value: customer, name: 'Acme' },
      BillAddr: { Line1: '1 A St.' },
      LinkedTxn: [],
      TotalAmt: 140.36,
      Balance: 140.36,
      EmailStatus: 'NotSet',
      TxnTaxDetail: {
        TotalTax: 3.37,
        TaxLine: [
          { Amount: 2.63, TaxLineDetail: { TaxRateRef: { value: '1' }, TaxPercent: 7.1, NetAmountTaxable: 36.99 } },
          { Amount: 0.74, TaxLineDetail: { TaxRateRef: { value: '2' }, TaxPercent: 2 } },
        ],
      },
      Line: [
        {
          Id: '1',
          LineNum: 1,
          SalesItemLineDetail: { ItemRef: { name: 'Hour' }, TaxCodeRef: { value: 'NON' }, ItemAccountRef: { value: '79' } },
        },
        { Id: '2', LineNum: 2, Amount: 36.99, SalesItemLineDetail: { TaxCodeRef: { value: 'TAX' } } },
        { Amount: 136.99, DetailType: 'SubTotalLineDetail' },
      ],
    });
    expect(body.Invoice?.Line?.[2]).not.toHaveProperty('Id');
    expect(await read(`invoice/${text(body.Invoice?.Id)}`)).toEqual(body.Invoice);
  });

  it('takes off a discount before or after tax, and keeps a tax that was sent unless tax is automatic', async () => {
    const discount = { DetailType: 'DiscountLineDetail', DiscountLineDetail: { PercentBased: true, DiscountPercent: 10 } };
    const TxnTaxDetail = { TxnTaxCodeRef: { value: '2' } };
    const lines = { Line: [line(50, item), line(50, taxed), discount] };
    const total = async (more: object) => (await invoiceOf(0, { ...lines, TxnTaxDetail, ...more })).TotalAmt;
    expect(await total({})).toBe(94);
    expect(await total({ ApplyTaxAfterDiscount: true })).toBe(93.6);
    const sent = { TxnTaxDetail: { ...TxnTaxDetail, TotalTax: 4.01 } };
    expect(await total(sent)).toBe(94.01);
    const { TxnTaxDetail: taxes } = await invoiceOf(0, {
      ...lines,
      TxnTaxDetail: { TxnTaxCodeRef: { value: '3' }, TotalTax: 5 },
    });
    expect(taxes).toMatchObject({ TotalTax: 5, TaxLine: [{ Amount: 4 }, { Amount: 1 }] });
    client.simulator.setPreferences({ automaticSalesTax: true });
    expect(await total(sent)).toBe(94);
  });

  it('is due by its term, also by one that names a day of the month', async () => {
    const due = async (term: string, TxnDate: string) => (await invoiceOf(1, { SalesTermRef: { value: term }, TxnDate })).DueDate;
    expect(await due('2', '2026-01-25')).toBe('2026-02-04');
    expect(await due('7', '2026-01-25')).toBe('2026-02-15');
    expect(await due('7', '2026-02-05')).toBe('2026-03-15');
  });

  it('is changed by a sparse update where it says so, and cleared by a full one where it doesn’t', async () => {
    const made = await invoiceOf(100, { PrivateNote: 'ours', CustomerMemo: { value: 'thanks' } });
    const sparse = await client.post('invoice?operation=update', { ...key(made), sparse: true, PrivateNote: 'new' });
    expect(sparse).toMatchObject({
      SyncToken: '1',
      PrivateNote: 'new',
      CustomerMemo: { value: 'thanks' },
      TotalAmt: 100,
      DocNumber: '1001',
    });
    const lines = await client.post('invoice', { ...key(sparse), sparse: true, Line: [line(7, taxed)] });
    expect(lines).toMatchObject({ TotalAmt: 7, Line: [{ Id: '2', Amount: 7 }, { Amount: 7 }], PrivateNote: 'new' });
    const full = await client.post('invoice', { ...key(lines), CustomerRef: { value: customer }, Line: [line(8, item)] });
    expect(full).toMatchObject({ SyncToken: '3', TotalAmt: 8 });
    const taxes = await invoiceOf(0, { Line: [line(100, taxed)], TxnTaxDetail: { TxnTaxCodeRef: { value: '2' } } });
    const less = await client.post('invoice', { ...key(taxes), sparse: true, Line: [line(50, taxed)] });
    expect(less).toMatchObject({ TotalAmt: 54, TxnTaxDetail: { TotalTax: 4 } });
    for (const cleared of ['PrivateNote', 'CustomerMemo', 'DocNumber']) expect(full).not.toHaveProperty(cleared);
  });

  it('is sent back as it was read without any change but its version', async () => {
    const made = await invoiceOf(100, {
      TxnTaxDetail: { TxnTaxCodeRef: { value: '2' } },
      Line: [line(19.99, taxed), line(5, item)],
    });
    const { SyncToken, ...again } = (await client.post('invoice', made)) as unknown as Record<string, unknown>;
    const { SyncToken: _token, ...before } = made as unknown as Record<string, unknown>;
    expect(SyncToken).toBe('1');
    expect(again).toEqual(before);
  });

  it('is refused in a version that is gone, and found no more once deleted', async () => {
    const made = await invoiceOf(100);
    await client.post('invoice', { ...key(made), sparse: true, PrivateNote: 'x' });
    expect(await client.refusal('POST', 'invoice', { ...key(made), sparse: true })).toMatch(/^400 5010 Stale Object Error/);
    expect(await client.refusal('POST', 'invoice?operation=delete', key(made))).toMatch(/5010/);
    expect(await client.post('invoice?operation=delete', { Id: made.Id, SyncToken: '1' })).toEqual({
      status: 'Deleted',
      domain: 'QBO',
      Id: made.Id,
    });
    expect(await client.refusal('GET', `invoice/${text(made.Id)}`)).toMatch(/^400 610 Object Not Found/);
    expect(await client.refusal('POST', 'invoice', { ...key(made), sparse: true })).toMatch(/610/);
  });

  it('is voided to nothing, and stays', async () => {
    const made = await invoiceOf(100, { PrivateNote: 'ours' });
    const pay = await client.post('payment', paid(30, [['Invoice', made.Id, 30]]));
    const gone = await client.post('invoice?operation=void', { Id: made.Id, SyncToken: '1' });
    expect(gone).toMatchObject({
      TotalAmt: 0,
      Balance: 0,
      LinkedTxn: [],
      PrivateNote: 'Voided - ours',
      Line: [{ Amount: 0 }, { Amount: 0 }],
    });
    // the money is still there
    expect(await read(`payment/${text(pay.Id)}`)).toMatchObject({ SyncToken: '1', TotalAmt: 30, UnappliedAmt: 30, Line: [] });
    expect(balance()).toBe(-30);
  });

  it('is e-mailed, which is a version later', async () => {
    const made = await invoiceOf(100);
    const path = `invoice/${text(made.Id)}/send`;
    expect(await client.refusal('POST', path)).toMatch(/2020 .*BillEmail/);
    expect(await client.post(`${path}?sendTo=a@example.com`, '')).toMatchObject({
      SyncToken: '1',
      EmailStatus: 'EmailSent',
      DeliveryInfo: { DeliveryType: 'Email' },
    });
  });

  it('is a PDF for who asks for one', async () => {
    const made = await invoiceOf(100);
    const { url, access } = client.simulator;
    const { status, headers, body } = await client.call('GET', `invoice/${text(made.Id)}/pdf`, undefined, {
      accept: 'application/pdf',
    });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(text(body.text)).toMatch(/^%PDF-1\.4\n[^]*\(Invoice 1001\)[^]*%%EOF\n$/);
    expect(`${url}${access.realmId}`).not.toBe('');
  });
});

describe('a name', () => {
  it('is shared by nobody among customers, vendors and employees, and free again when its record is out of use', async () => {
    expect(await client.refusal('POST', 'vendor', { DisplayName: 'ACME' })).toMatch(
      /^400 6240 Duplicate Name Exists Error: .*Another customer/,
    );
    const before = await read(`customer/${customer}`);
    const gone = await client.post('customer', { ...key(before), sparse: true, Active: false });
    expect(gone).toMatchObject({ Active: false, DisplayName: 'Acme (deleted)', FullyQualifiedName: 'Acme (deleted)' });
    expect(await client.refusal('POST', 'invoice', { CustomerRef: { value: customer }, Line: [line(1, item)] })).toMatch(/2500/);
    await client.post('vendor', { DisplayName: 'Acme' });
    expect(await client.refusal('POST', 'customer', { ...key(gone), sparse: true, Active: true })).toMatch(/6240/);
    expect(await client.refusal('POST', 'customer?operation=delete', key(gone))).toMatch(
      /500 .*Operation delete is not supported/,
    );
  });

  it('has those above it before it, and their balances below', async () => {
    const child = await client.post('customer', { DisplayName: 'North', ParentRef: { value: customer }, BillWithParent: true });
    expect(child).toMatchObject({ FullyQualifiedName: 'Acme:North', Job: true, Level: 1 });
    await client.post('invoice', { CustomerRef: { value: child.Id }, Line: [line(12, item)] });
    expect(await read(`customer/${customer}`)).toMatchObject({ Balance: 0, BalanceWithJobs: 12 });
  });
});

describe('what is refused', () => {
  it.each([
    ['without a customer', { Line: [{}] }, /^400 2020 .*CustomerRef/],
    ['without lines', { CustomerRef: { value: '1' } }, /2020 .*Line/],
    ['for a customer that is not there', { CustomerRef: { value: '999' }, Line: [line(1, '1')] }, /2500/],
    ['with an item that is not there', { CustomerRef: { value: '1' }, Line: [line(1, '999')] }, /2500/],
    [
      'with a number that is too long',
      { CustomerRef: { value: '1' }, Line: [line(1, '1')], DocNumber: 'x'.repeat(22) },
      /2050 .*Max:21 supported\. Supplied length:22/,
    ],
    ['with an amount that is none', { CustomerRef: { value: '1' }, Line: [{ ...line(1, '1'), Amount: 'much' }] }, /2080/],
    [
      'with an amount that is not price times quantity',
      { CustomerRef: { value: '1' }, Line: [line(10, '1', { Qty: 3, UnitPrice: 3 })] },
      /6070/,
    ],
    ['with a status that is none', { CustomerRef: { value: '1' }, Line: [line(1, '1')], EmailStatus: 'Maybe' }, /2170/],
    [
      'with a property that is not known',
      { CustomerRef: { value: '1' }, Line: [line(1, '1')], ExternalId: 'ours' },
      /2010 .*ExternalId/,
    ],
    ['that is no JSON', 'nonsense', /^400 2010/],
  ])('an invoice %s', async (_, body, words) => {
    expect(await client.refusal('POST', 'invoice', body)).toMatch(words);
    expect(client.simulator.all('Invoice')).toEqual([]);
  });

  it('a number that another document of the kind has, unless duplicates are allowed', async () => {
    await invoiceOf(1, { DocNumber: 'A-1' });
    const body = { CustomerRef: { value: customer }, Line: [line(1, item)], DocNumber: 'A-1' };
    expect(await client.refusal('POST', 'invoice', body)).toMatch(/^400 6140 .*DocNumber=A-1 is assigned to TxnType=Invoice/);
    expect(await client.post('estimate', body)).toMatchObject({ DocNumber: 'A-1' });
    expect(await client.post('invoice?include=allowduplicatedocnum', body)).toMatchObject({ DocNumber: 'A-1' });
    client.simulator.setPreferences({ customTxnNumbers: true });
    expect(await invoiceOf(1)).not.toHaveProperty('DocNumber');
  });

  it('a write in a period that is closed, other than by a person', async () => {
    const made = await invoiceOf(1, { TxnDate: '2026-03-31' });
    client.simulator.setPreferences({ bookCloseDate: '2026-03-31' });
    expect(await client.refusal('POST', 'invoice', { ...key(made), sparse: true, TxnDate: '2026-04-01' })).toMatch(/^400 6210 /);
    expect(await client.refusal('POST', 'invoice?operation=void', key(made))).toMatch(/6210/);
    expect(client.simulator.void('Invoice', text(made.Id))).toMatchObject({ TotalAmt: 0 });
    expect((await client.call('GET', 'preferences')).body.Preferences).toMatchObject({
      AccountingInfoPrefs: { BookCloseDate: '2026-03-31' },
    });
  });

  it('paths and operations that are not there', async () => {
    expect(await client.refusal('GET', 'Invoice/1')).toMatch(/^404 10000 .*Could not find resource/);
    expect(await client.refusal('GET', 'nothing/1')).toMatch(/^404/);
    expect(await client.refusal('POST', 'estimate?operation=void', { Id: '1', SyncToken: '0' })).toMatch(
      /^400 500 .*Operation void is not supported\./,
    );
    expect(await client.refusal('POST', 'taxcode', { Name: 'x' })).toMatch(/^400 500 /);
  });
});

describe('a request', () => {
  it('with an id that comes again is done once and answered the same, a refused one anew', async () => {
    const body = { CustomerRef: { value: customer }, Line: [line(5, item)] };
    const first = await client.call('POST', 'invoice?requestid=abc', body);
    client.advance(100);
    expect((await client.call('POST', 'invoice?requestid=abc&minorversion=75', body)).body).toEqual(first.body);
    expect(client.simulator.all('Invoice')).toHaveLength(1);
    expect(await client.refusal('POST', 'invoice?requestid=abc', { ...body, PrivateNote: 'x' })).toMatch(/600 /);
    expect(await client.refusal('POST', `invoice?requestid=${'x'.repeat(51)}`, body)).toMatch(/2050 /);
    const early = { CustomerRef: { value: text(Number(customer) + 1) }, Line: [line(5, item)] };
    expect(await client.refusal('POST', 'invoice?requestid=early', early)).toMatch(/2500/);
    await client.post('customer', { DisplayName: 'Next' });
    expect((await client.call('POST', 'invoice?requestid=early', early)).status).toBe(200);
  });

  it('in a batch is done by itself: one after the other, refused without the others, blind for what the batch made', async () => {
    const made = await invoiceOf(5);
    const items = [
      { bId: 'a', operation: 'create', Customer: { DisplayName: 'Batch' } },
      { bId: 'b', operation: 'create', Customer: { DisplayName: 'Batch' } },
      { bId: 'c', Query: "select * from Customer where DisplayName = 'Batch'" },
      { bId: 'd', operation: 'update', Invoice: { ...key(made), sparse: true, PrivateNote: 'x' } },
      { bId: 'e', operation: 'delete', Invoice: { Id: made.Id, SyncToken: '1' } },
    ];
    const { status, body } = await client.call('POST', 'batch', { BatchItemRequest: items });
    expect(status).toBe(200);
    expect(body.BatchItemResponse).toMatchObject([
      { bId: 'a', Customer: { DisplayName: 'Batch' } },
      { bId: 'b', Fault: { type: 'ValidationFault', Error: [{ code: '6240' }] } },
      { bId: 'c', QueryResponse: {} },
      { bId: 'd', Invoice: { SyncToken: '1', PrivateNote: 'x' } },
      { bId: 'e', Invoice: { status: 'Deleted' } },
    ]);
    const many = Array.from({ length: 31 }, (_, index) => ({ bId: text(index), Query: 'select * from Customer' }));
    expect(await client.refusal('POST', 'batch', { BatchItemRequest: many })).toMatch(/6000 .*at most 30/);
  });
});
