// Money over the API: payments, credits, deposits, journal entries and currencies, and what they change on other records.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, line, signedIn, type TestClient, text } from './test-client.ts';

let client: TestClient;
let customer: string;
let item: string;
beforeEach(async () => {
  client = await signedIn({ limits: null });
  customer = text((await client.post('customer', { DisplayName: 'Acme', BillAddr: { Line1: '1 A St.' } })).Id);
  const income = { IncomeAccountRef: { value: '79' } };
  item = text((await client.post('item', { Name: 'Hour', Type: 'Service', ...income })).Id);
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

describe('money', () => {
  it('that comes in pays invoices, changes their version and points both ways; the rest is not applied', async () => {
    const [a, b] = [await invoiceOf(100), await invoiceOf(50)];
    client.advance(60);
    const pay = await client.post(
      'payment',
      paid(200, [
        ['Invoice', a.Id, 100],
        ['Invoice', b.Id, 20],
      ]),
    );
    expect(pay).toMatchObject({ TotalAmt: 200, UnappliedAmt: 80, DepositToAccountRef: { value: '4' }, ProcessPayment: false });
    const any = pay.Line?.[1]?.LineEx?.any as unknown as { value: object }[];
    expect(any.map(({ value }) => value)).toEqual([
      { Name: 'txnId', Value: b.Id },
      { Name: 'txnOpenBalance', Value: '50.00' },
      { Name: 'txnReferenceNumber', Value: '1002' },
    ]);
    expect(await read(`invoice/${text(b.Id)}`)).toMatchObject({
      Balance: 30,
      SyncToken: '1',
      MetaData: { LastUpdatedTime: '2026-05-05T02:01:00-07:00' },
      LinkedTxn: [{ TxnId: pay.Id, TxnType: 'Payment' }],
    });
    expect(balance()).toBe(-50);
    // what is applied the same as before leaves its invoice alone
    await client.post('payment', {
      ...key(pay),
      sparse: true,
      ...paid(200, [
        ['Invoice', a.Id, 100],
        ['Invoice', b.Id, 50],
      ]),
    });
    expect(await read(`invoice/${text(a.Id)}`)).toMatchObject({ SyncToken: '1', Balance: 0 });
    expect(await read(`invoice/${text(b.Id)}`)).toMatchObject({ SyncToken: '2', Balance: 0 });
    const gone = await client.post('payment?operation=update&include=void', { Id: pay.Id, SyncToken: '1', sparse: true });
    expect(gone).toMatchObject({ TotalAmt: 0, UnappliedAmt: 0, PrivateNote: 'Voided', Line: [] });
    expect(await read(`invoice/${text(a.Id)}`)).toMatchObject({ SyncToken: '2', Balance: 100, LinkedTxn: [] });
    expect(balance()).toBe(150);
  });

  it('is never applied beyond what is open, what there is, or whose it is', async () => {
    const made = await invoiceOf(100);
    const other = await client.post('customer', { DisplayName: 'Other' });
    const refused = (body: object) => client.refusal('POST', 'payment', body);
    expect(await refused(paid(200, [['Invoice', made.Id, 101]]))).toMatch(/6000 .*more than what is open/);
    expect(await refused(paid(50, [['Invoice', made.Id, 60]]))).toMatch(/6070/);
    expect(await refused({ ...paid(50, [['Invoice', made.Id, 50]]), CustomerRef: { value: other.Id } })).toMatch(
      /6000 .*another customer/,
    );
    expect(await refused(paid(50, [['Invoice', '999', 50]]))).toMatch(/2500/);
    expect(await read(`invoice/${text(made.Id)}`)).toMatchObject({ SyncToken: '0', Balance: 100 });
    await client.post('payment', paid(80, [['Invoice', made.Id, 80]]));
    expect(
      await client.refusal('POST', 'invoice', { Id: made.Id, SyncToken: '1', sparse: true, Line: [line(70, item)] }),
    ).toMatch(/6000 .*More has been applied/);
  });

  it('of a credit memo pays an invoice through a payment of nothing', async () => {
    const made = await invoiceOf(100);
    const memo = await client.post('creditmemo', { CustomerRef: { value: customer }, Line: [line(30, item)] });
    expect(memo).toMatchObject({ TotalAmt: 30, RemainingCredit: 30, Balance: 30, DocNumber: '1002' });
    expect(balance()).toBe(70);
    const pay = await client.post(
      'payment',
      paid(0, [
        ['Invoice', made.Id, 25],
        ['CreditMemo', memo.Id, 25],
      ]),
    );
    expect(pay).toMatchObject({ TotalAmt: 0, UnappliedAmt: 0 });
    const credited = await read(`creditmemo/${text(memo.Id)}`);
    expect(credited).toMatchObject({ RemainingCredit: 5, Balance: 5 });
    expect(credited).not.toHaveProperty('LinkedTxn');
    expect(await read(`invoice/${text(made.Id)}`)).toMatchObject({ Balance: 75 });
    expect(balance()).toBe(70);
    await client.post('creditmemo?operation=delete', key(credited));
    expect(await client.refusal('GET', `payment/${text(pay.Id)}`)).toMatch(/610/);
    expect(await read(`invoice/${text(made.Id)}`)).toMatchObject({ Balance: 100 });
    expect(balance()).toBe(100);
  });

  it('that is in a deposit is not touched any more', async () => {
    const pay = await client.post('payment', paid(10, []));
    const deposit = await client.post('deposit', {
      DepositToAccountRef: { value: '35' },
      Line: [{ Amount: 10, LinkedTxn: [{ TxnId: pay.Id, TxnType: 'Payment', TxnLineId: '0' }] }],
    });
    expect(await read(`payment/${text(pay.Id)}`)).toMatchObject({
      SyncToken: '0',
      LinkedTxn: [{ TxnId: deposit.Id, TxnType: 'Deposit' }],
    });
    expect(await client.refusal('POST', 'payment?operation=delete', key(pay))).toMatch(/^400 6540 /);
    await client.post('deposit?operation=delete', key(deposit));
    await client.post('payment?operation=delete', key(pay));
    expect(balance()).toBe(0);
  });

  it('moves in a journal entry only when debits and credits are equal, and may change what a customer owes', async () => {
    const posted = (PostingType: string, account: string, Amount: number, more = {}) => ({
      Amount,
      DetailType: 'JournalEntryLineDetail',
      JournalEntryLineDetail: { PostingType, AccountRef: { value: account }, ...more },
    });
    const Entity = { Type: 'Customer', EntityRef: { value: customer } };
    const refused = (...lines: object[]) => client.refusal('POST', 'journalentry', { Line: lines });
    expect(await refused(posted('Debit', '35', 5), posted('Credit', '1', 6))).toMatch(/6000 .*equal/);
    expect(await refused(posted('Debit', '84', 5), posted('Credit', '1', 5))).toMatch(/6000 .*customer/);
    const entry = await client.post('journalentry', { Line: [posted('Debit', '84', 5, { Entity }), posted('Credit', '1', 5)] });
    expect(balance()).toBe(5);
    const { body } = await client.call('POST', 'journalentry?operation=void', key(entry));
    expect(body).toMatchObject({ BatchItemResponse: [] });
    expect(balance()).toBe(5);
  });

  it('of other currencies follows the customer, at a rate', async () => {
    expect(await client.refusal('POST', 'customer', { DisplayName: 'Euro', CurrencyRef: { value: 'EUR' } })).toMatch(
      /6000 .*Multi-currency/,
    );
    client.simulator.setPreferences({ multiCurrency: true });
    const euro = await client.post('customer', { DisplayName: 'Euro', CurrencyRef: { value: 'EUR' } });
    const yen = await client.post('customer', { DisplayName: 'Yen', CurrencyRef: { value: 'JPY' } });
    const made = await client.post('invoice', { CustomerRef: { value: euro.Id }, ExchangeRate: 1.1, Line: [line(10.05, item)] });
    expect(made).toMatchObject({
      CurrencyRef: { value: 'EUR', name: 'Euro' },
      ExchangeRate: 1.1,
      TotalAmt: 10.05,
      HomeTotalAmt: 11.06,
      HomeBalance: 11.06,
    });
    expect(await client.post('invoice', { CustomerRef: { value: yen.Id }, Line: [line(1500, item)] })).toMatchObject({
      TotalAmt: 1500,
      HomeTotalAmt: 10.05,
    });
    expect(
      await client.refusal('POST', 'invoice', {
        CustomerRef: { value: euro.Id },
        CurrencyRef: { value: 'USD' },
        Line: [line(1, item)],
      }),
    ).toMatch(/6000/);
    expect(await client.refusal('POST', 'customer', { ...key(euro), sparse: true, CurrencyRef: { value: 'USD' } })).toMatch(
      /6000 .*currency/i,
    );
    expect(await invoiceOf(1)).not.toHaveProperty('HomeTotalAmt');
  });
});

describe('an estimate', () => {
  it('is closed and points to its invoice once, with its own version unchanged, and opens again without it', async () => {
    const estimate = await client.post('estimate', { CustomerRef: { value: customer }, Line: [line(10, item)] });
    expect(estimate).toMatchObject({ TxnStatus: 'Pending', DocNumber: '1001' });
    client.advance(5);
    const LinkedTxn = [{ TxnId: estimate.Id, TxnType: 'Estimate' }];
    const made = await invoiceOf(10, { LinkedTxn });
    expect(made).toMatchObject({ LinkedTxn, DocNumber: '1001' });
    const path = `estimate/${text(estimate.Id)}`;
    expect(await read(path)).toMatchObject({
      TxnStatus: 'Closed',
      SyncToken: '0',
      LinkedTxn: [{ TxnId: made.Id, TxnType: 'Invoice' }],
      MetaData: { LastUpdatedTime: '2026-05-05T02:00:05-07:00' },
    });
    const again = { CustomerRef: { value: customer }, Line: [line(10, item)], LinkedTxn };
    expect(await client.refusal('POST', 'invoice', again)).toMatch(/620 /);
    await client.post('invoice?operation=delete', key(made));
    expect(await read(path)).toMatchObject({ TxnStatus: 'Pending' });
    expect(await read(path)).not.toHaveProperty('LinkedTxn');
  });
});
