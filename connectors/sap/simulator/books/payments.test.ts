// Money: payments in full, in parts, with a rest, on account and ahead of time; what is cleared by what, and how it is taken back.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../model.ts';
import type { Posted } from './index.ts';
import {
  amountOf,
  CUSTOMER,
  JPY_CUSTOMER,
  keyOf,
  KWD_CUSTOMER,
  LINES,
  localOf,
  numberOf,
  receivables,
  testCompany,
  type TestCompany,
} from './test-company.ts';

let company: TestCompany;
beforeEach(() => {
  company = testCompany();
});

const now = (line: Row): Row => company.books.get(LINES, line) ?? {};
const statusOf = (billing: Row): unknown => company.books.get('A_BillingDocument', billing)?.InvoiceClearingStatus;
const lineOf = (billing: Row): Row => receivables(company.books, { BillingDocument: numberOf(billing) })[0] ?? {};
const customerLines = ({ lines }: Posted): Row[] => lines.filter((line) => line.FinancialAccountType === 'D').map(now);
const open = (): string[] =>
  receivables(company.books)
    .filter((line) => line.IsCleared !== true)
    .map((line) => String(line.AmountInTransactionCurrency));
const balances = (lines: readonly Row[]): [bigint, bigint] => [
  lines.reduce((sum, line) => sum + amountOf(line), 0n),
  lines.reduce((sum, line) => sum + localOf(line), 0n),
];

describe('a payment', () => {
  it('in full clears the invoices and itself, by its own number', () => {
    const invoices = [company.invoice('1'), company.invoice('2')];
    company.goTo('2026-06-01');
    const paid = company.people.receivePayment({ invoices: invoices.map((one) => numberOf(one)), reference: 'STMT 17' });
    expect(paid.document).toBe('1400000001');
    expect(paid.lines.map((line) => [line.FinancialAccountType, line.PostingKey, line.AmountInTransactionCurrency])).toEqual([
      ['S', '40', '357.00'],
      ['D', '15', '-357.00'],
    ]);
    for (const line of [...invoices.map(lineOf), ...customerLines(paid)])
      expect(line).toMatchObject({
        IsCleared: true,
        ClearingDate: '2026-06-01',
        ClearingCreationDate: '2026-06-01',
        ClearingAccountingDocument: '1400000001',
        ClearingDocFiscalYear: '2026',
        LastChangeDate: null,
      });
    expect(statusOf(invoices[0] ?? {})).toBe('C');
    expect(() => company.people.receivePayment({ invoices: [numberOf(invoices[0] ?? {})] })).toThrow('already cleared');
  });

  it('of a part is an open line of its own that refers to the invoice, which stays open in full until it is paid off', () => {
    const billing = company.invoice('1');
    const part = company.people.receivePayment({ invoices: [numberOf(billing)], amount: '40.00', how: 'PARTIAL' });
    expect(customerLines(part)).toMatchObject([
      {
        AmountInTransactionCurrency: '-40.00',
        IsCleared: false,
        InvoiceReference: billing.AccountingDocument,
        InvoiceReferenceFiscalYear: '2026',
        InvoiceItemReference: '1',
      },
    ]);
    expect(open()).toEqual(['-40.00', '119.00']);
    expect(statusOf(billing)).toBe('B');
    const rest = company.people.receivePayment({ invoices: [numberOf(billing)] });
    expect(rest.lines[0]?.AmountInTransactionCurrency).toBe('79.00');
    expect(open()).toEqual([]);
    expect(customerLines(part)[0]).toMatchObject({ ClearingAccountingDocument: rest.document });
    expect(statusOf(billing)).toBe('C');
  });

  it('with a rest clears the invoice and leaves the rest as a new line, due as the invoice was', () => {
    const billing = company.invoice('1');
    const paid = company.people.receivePayment({ invoices: [numberOf(billing)], amount: '100.00', how: 'RESIDUAL' });
    expect(customerLines(paid)).toMatchObject([
      { PostingKey: '15', AmountInTransactionCurrency: '-119.00', IsCleared: true },
      {
        PostingKey: '06',
        AmountInTransactionCurrency: '19.00',
        IsCleared: false,
        NetDueDate: '2026-06-03',
        InvoiceReference: billing.AccountingDocument,
      },
    ]);
    expect(statusOf(billing)).toBe('C');
    expect(open()).toEqual(['19.00']);
  });

  it('may take the cash discount of its terms in time, and no more', () => {
    const billing = company.invoice('1', { terms: '0002' });
    expect(lineOf(billing)).toMatchObject({
      CashDiscount1Days: '14',
      CashDiscount1Percent: '2.000',
      NetPaymentDays: '30',
      CashDiscount1DueDate: '2026-05-18',
      NetDueDate: '2026-06-03',
    });
    const pay = (amount: string) => company.people.receivePayment({ invoices: [numberOf(billing)], amount });
    expect(() => pay('116.61')).toThrow('Difference is too large for clearing');
    company.goTo('2026-05-18');
    const paid = pay('116.62');
    expect(customerLines(paid)).toMatchObject([
      { AmountInTransactionCurrency: '-119.00', CashDiscountAmount: '2.38', IsCleared: true },
    ]);
    expect(balances(paid.lines)).toEqual([0n, 0n]);
    const late = company.invoice('1', { terms: '0002' });
    company.goTo('2026-06-30');
    expect(() => company.people.receivePayment({ invoices: [numberOf(late)], amount: '116.62' })).toThrow(
      'Difference is too large',
    );
  });

  it('on account is open until it is cleared with an invoice by a document of type AB without lines', () => {
    const billing = company.invoice('1');
    const paid = company.people.receivePayment({ customer: '10100001', company: '1010', amount: '119.00', how: 'ON_ACCOUNT' });
    expect(customerLines(paid)).toMatchObject([{ InvoiceReference: '', IsCleared: false }]);
    company.goTo('2026-05-20');
    const [own] = customerLines(paid);
    const cleared = company.people.clear([keyOf(lineOf(billing)), keyOf(own ?? {})]);
    expect(cleared.document).toBe('0100000001');
    expect([...company.books.related(LINES, { AccountingDocument: cleared.document })]).toEqual([]);
    expect([lineOf(billing), now(own ?? {})].map((line) => [line.ClearingAccountingDocument, line.ClearingDate])).toEqual([
      ['0100000001', '2026-05-20'],
      ['0100000001', '2026-05-20'],
    ]);
  });

  it('ahead of time stands on a special account', () => {
    const paid = company.people.receivePayment({ customer: CUSTOMER, company: '1010', amount: '500', how: 'DOWN_PAYMENT' });
    expect(customerLines(paid)).toMatchObject([
      { PostingKey: '19', SpecialGLCode: 'A', GLAccount: '0021190000', AmountInTransactionCurrency: '-500.00' },
    ]);
  });

  it('may set off a credit memo', () => {
    const billing = company.invoice('4');
    const memo = company.people.creditMemo({ invoice: numberOf(billing), percent: 25n });
    const paid = company.people.receivePayment({ invoices: [numberOf(billing)], credits: [numberOf(memo)] });
    expect(paid.lines[0]?.AmountInTransactionCurrency).toBe('357.00');
    expect([statusOf(billing), statusOf(memo), open()]).toEqual(['C', 'C', []]);
  });

  it('that the bank takes back is reversed, and the invoice is open again', () => {
    const billing = company.invoice('1');
    const paid = company.people.receivePayment({ invoices: [numberOf(billing)] });
    company.goTo('2026-05-12');
    const reversal = company.people.returnPayment(paid);
    expect(lineOf(billing)).toMatchObject({
      IsCleared: false,
      ClearingDate: null,
      ClearingAccountingDocument: '',
      LastChangeDate: '2026-05-12',
    });
    expect(statusOf(billing)).toBe('A');
    expect(customerLines(paid)).toMatchObject([
      {
        IsReversed: true,
        ReverseDocument: reversal.document,
        ClearingAccountingDocument: reversal.document,
        ClearingIsReversed: true,
      },
    ]);
    expect(customerLines(reversal)).toMatchObject([
      {
        AccountingDocumentType: 'DA',
        IsReversal: true,
        ReverseDocument: paid.document,
        AmountInTransactionCurrency: '119.00',
        IsCleared: true,
      },
    ]);
    expect(open()).toEqual(['119.00']);
    expect(() => company.people.returnPayment(paid)).toThrow('was already reversed');
  });

  it('of a part that comes back is no more counted against the invoice', () => {
    const billing = company.invoice('1');
    const part = company.people.receivePayment({ invoices: [numberOf(billing)], amount: '40', how: 'PARTIAL' });
    company.people.returnPayment(part);
    expect([statusOf(billing), open()]).toEqual(['A', ['119.00']]);
    expect(company.people.receivePayment({ invoices: [numberOf(billing)] }).lines[0]?.AmountInTransactionCurrency).toBe('119.00');
  });

  it.each([
    ['yen', JPY_CUSTOMER, /^\d+$/],
    ['dinars', KWD_CUSTOMER, /^\d+\.\d{3}$/],
  ])('in %s shows their decimals; what the exchange rate changed is a line of its own', (_, soldTo, decimals) => {
    const billing = company.invoice('3', { soldTo });
    company.goTo('2026-09-01');
    const paid = company.people.receivePayment({ invoices: [numberOf(billing)] });
    expect(String(paid.lines[0]?.AmountInTransactionCurrency)).toMatch(decimals);
    expect(String(paid.lines[0]?.AmountInCompanyCodeCurrency)).toMatch(/^\d+\.\d{2}$/);
    expect(balances(paid.lines)).toEqual([0n, 0n]);
    const difference = paid.lines.find((line) => line.GLAccount === '0072540000');
    expect(amountOf(difference ?? {})).toBe(0n);
    expect(localOf(difference ?? {})).not.toBe(0n);
    expect(balances([lineOf(billing), ...customerLines(paid)])).toEqual([0n, 0n]);
  });

  it('is refused for more than is open, for nothing, and into a closed period', () => {
    const invoices = [numberOf(company.invoice('1'))];
    expect(() => company.people.receivePayment({ invoices, amount: '119.01' })).toThrow('exceeds the selected items by 0.01 EUR');
    expect(() => company.people.receivePayment({ invoices, amount: '120', how: 'PARTIAL' })).toThrow(
      'exceeds the selected items by 1.00 EUR',
    );
    expect(() => company.people.receivePayment({ customer: CUSTOMER, company: '1010', how: 'ON_ACCOUNT' })).toThrow(
      'Enter the amount',
    );
    company.people.closePeriod('2026-05-04', '1010');
    expect(() => company.people.receivePayment({ invoices })).toThrow('is not open for account type D');
    expect(open()).toEqual(['119.00']);
  });
});

describe('accounting', () => {
  it('posts invoices and credit memos of its own, which clear each other', () => {
    const invoice = company.people.postInvoice({
      customer: CUSTOMER,
      company: '1010',
      amount: '59.50',
      tax: '9.50',
      text: 'Recharge',
    });
    const memo = company.people.postInvoice({
      customer: CUSTOMER,
      company: '1010',
      amount: '59.50',
      tax: '9.50',
      isCredit: true,
    });
    const lines = [...customerLines(invoice), ...customerLines(memo)];
    expect(
      lines.map((line) => [
        line.AccountingDocumentType,
        line.AccountingDocument,
        line.AmountInTransactionCurrency,
        line.BillingDocument,
      ]),
    ).toEqual([
      ['DR', '1800000001', '59.50', ''],
      ['DG', '1600000001', '-59.50', ''],
    ]);
    company.people.clear(lines.map(keyOf));
    expect(open()).toEqual([]);
  });

  it('clears only what sums up to nothing, and takes a clearing back', () => {
    const billing = company.invoice('1');
    const paid = company.people.receivePayment({ customer: CUSTOMER, company: '1010', amount: '100', how: 'ON_ACCOUNT' });
    const keys = [lineOf(billing), ...customerLines(paid)].map(keyOf);
    expect(() => company.people.clear(keys)).toThrow('Difference is too large for clearing');
    const rest = company.people.receivePayment({ customer: CUSTOMER, company: '1010', amount: '19', how: 'ON_ACCOUNT' });
    const cleared = company.people.clear([...keys, ...customerLines(rest).map(keyOf)]);
    company.people.resetClearing('1010', cleared.document, cleared.year);
    expect(open()).toHaveLength(3);
    expect(() => company.people.resetClearing('1010', cleared.document, cleared.year)).toThrow('is no clearing document');
  });

  it('marks lines for people: they have changed on that day', () => {
    const billing = company.invoice('1');
    company.goTo('2026-05-11');
    company.people.markLine(keyOf(lineOf(billing)), { text: 'Disputed', dunningBlock: 'A', dunningLevel: '2' });
    expect(lineOf(billing)).toMatchObject({
      DocumentItemText: 'Disputed',
      DunningBlockingReason: 'A',
      DunningLevel: '2',
      LastDunningDate: '2026-05-11',
      LastChangeDate: '2026-05-11',
    });
  });
});
