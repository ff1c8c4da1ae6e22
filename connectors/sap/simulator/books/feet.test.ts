// The books foot whatever people do, in whichever order: over random histories of a small company.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Row, SapRefusal } from '../model.ts';
import { quantityOf } from './amounts.ts';
import { exposureOf } from './credit.ts';
import {
  amountOf,
  CUSTOMER,
  JPY_CUSTOMER,
  keyOf,
  KWD_CUSTOMER,
  LINES,
  localOf,
  numberOf,
  testCompany,
  type TestCompany,
  US_CUSTOMER,
} from './test-company.ts';

const CUSTOMERS = [CUSTOMER, JPY_CUSTOMER, KWD_CUSTOMER, US_CUSTOMER];
const RUNS = 30;
const STEPS_MIN = 15;
const STEPS_MAX = 45;

const anyStep = fc.record({
  what: fc.nat(18),
  which: fc.nat(40),
  quantity: fc.integer({ min: 1, max: 9 }),
  part: fc.integer({ min: 1, max: 120 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const nth = (rows: readonly Row[], at: number): Row | undefined => (rows.length === 0 ? undefined : rows[at % rows.length]);

const isOpen = (row: Row): boolean => row.FinancialAccountType === 'D' && row.IsCleared !== true;

/** What can be done to sales, by turns. */
function salesOf(test: TestCompany, { which, quantity }: Step): (() => unknown)[] {
  const { books, people } = test;
  const among = (set: string, name: string, isIt: (row: Row) => boolean): string =>
    numberOf(nth([...books.rows(set)].filter(isIt), which) ?? {}, name);
  const order = among('A_SalesOrder', 'SalesOrder', (row) => row.OverallSDProcessStatus !== 'C');
  const delivery = among('A_OutbDeliveryHeader', 'DeliveryDocument', (row) => row.OverallDelivReltdBillgStatus !== 'C');
  const [soldTo, company] = customerOf(which);
  const two = [
    { material: 'PUMP', quantity: String(quantity) },
    { material: 'BOLT', quantity: String(quantity * 7), discountPercent: '3' },
  ];
  return [
    () => test.invoice(String(quantity), { soldTo, company, terms: '0002' }),
    () => test.invoice(String(quantity), { soldTo, company }),
    () => people.createOrder({ soldTo, company, items: two }),
    () => people.createOrder({ soldTo, company, items: [{ material: 'VISIT', quantity: `${quantity}.5` }] }),
    () => people.deliver({ order, items: [{ item: '10', quantity: String(Math.ceil(quantity / 2)) }] }),
    () => people.deliver({ order }),
    () => people.bill({ deliveries: [delivery] }),
    () => people.bill({ order }),
    () => people.changeItem(order, '10', { RequestedQuantity: String(quantity) }),
  ];
}

/** What can be done to invoices and money. */
function moneyOf({ books, people }: TestCompany, { which, part }: Step): (() => unknown)[] {
  const among = (set: string, isIt: (row: Row) => boolean): Row => nth([...books.rows(set)].filter(isIt), which) ?? {};
  const invoice = numberOf(
    among('A_BillingDocument', (row) => row.SDDocumentCategory === 'M' && row.InvoiceClearingStatus !== 'C'),
  );
  const credit = among(LINES, (row) => isOpen(row) && amountOf(row) < 0n);
  const isItsDebit = (row: Row): boolean =>
    isOpen(row) && row.Customer === credit.Customer && amountOf(row) === -amountOf(credit);
  const payment = among(LINES, (row) => row.AccountingDocumentType === 'DZ' && row.IsReversed !== true);
  const cleared = among(LINES, (row) => row.IsCleared === true && row.IsReversed !== true);
  const text = (name: string): string => numberOf(credit, name);
  const [customer, company] = customerOf(which);
  const amount = String(part);
  return [
    () => people.cancelBilling(invoice),
    () => people.creditMemo({ invoice, percent: BigInt(Math.min(part, 100)) }),
    () => people.receivePayment({ invoices: [invoice] }),
    () => people.receivePayment({ invoices: [invoice], amount, how: 'PARTIAL' }),
    () => people.receivePayment({ invoices: [invoice], amount, how: 'RESIDUAL' }),
    () => people.receivePayment({ customer, company, amount, how: 'ON_ACCOUNT' }),
    () => people.returnPayment(keyOf(payment)),
    () =>
      people.postInvoice({
        customer: text('Customer'),
        company: text('CompanyCode'),
        currency: text('TransactionCurrency'),
        amount: text('AmountInTransactionCurrency').slice(1),
      }),
    () => people.clear([credit, ...[...books.rows(LINES)].filter(isItsDebit).slice(0, 1)].map(keyOf)),
    () =>
      people.resetClearing(
        numberOf(cleared, 'CompanyCode'),
        numberOf(cleared, 'ClearingAccountingDocument'),
        numberOf(cleared, 'ClearingDocFiscalYear'),
      ),
  ];
}

const customerOf = (which: number): readonly [customer: string, company: string] => {
  const customer = CUSTOMERS[which % CUSTOMERS.length] ?? CUSTOMER;
  return [customer, customer === US_CUSTOMER ? '1710' : '1010'];
};

/** One thing that somebody does to a row that it can be done to, as far as the rules let it. */
function act(test: TestCompany, step: Step, day: number): void {
  test.goTo(`2026-${String(5 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`);
  const actions = [...salesOf(test, step), ...moneyOf(test, step)];
  try {
    actions[step.what % actions.length]?.();
  } catch (error) {
    if (!(error instanceof SapRefusal)) throw error;
  }
}

function groups(rows: Iterable<Row>, name: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(name(row), [...(found.get(name(row)) ?? []), row]);
  return found;
}

const sum = (lines: readonly Row[], read: (line: Row) => bigint): bigint => lines.reduce((total, line) => total + read(line), 0n);

function checkFeet({ books }: TestCompany): void {
  const lines = [...books.rows(LINES)];
  const customerLines = lines.filter((line) => line.FinancialAccountType === 'D');
  for (const document of groups(lines, (line) => Object.values(keyOf(line)).slice(0, 3).join('/')).values())
    expect([sum(document, amountOf), sum(document, localOf)]).toEqual([0n, 0n]);
  const cleared = customerLines.filter((line) => line.IsCleared === true);
  for (const group of groups(
    cleared,
    (line) => `${String(line.CompanyCode)}/${String(line.ClearingDocFiscalYear)}/${String(line.ClearingAccountingDocument)}`,
  ).values())
    expect([sum(group, amountOf), sum(group, localOf)]).toEqual([0n, 0n]);
  for (const account of groups(customerLines, (line) => `${String(line.Customer)}/${String(line.CompanyCode)}`).values())
    expect(sum(account.filter(isOpen), localOf)).toBe(sum(account, localOf));
  for (const line of customerLines) expect(line.IsCleared === true).toBe(line.ClearingDate !== null);
}

function checkDocuments({ books }: TestCompany): void {
  for (const item of books.rows('A_SalesOrderItem')) {
    const ordered = quantityOf(String(item.RequestedQuantity));
    const deliveries = [...books.related('A_OutbDeliveryItem', { ReferenceSDDocument: item.SalesOrder ?? '' })].filter(
      (row) => Number(row.ReferenceSDDocumentItem) === Number(item.SalesOrderItem),
    );
    const delivered = sum(deliveries, (row) => quantityOf(String(row.ActualDeliveryQuantity)));
    const billed = [
      ...books.related('A_BillingDocumentItem', {
        SalesDocument: item.SalesOrder ?? '',
        SalesDocumentItem: item.SalesOrderItem ?? '',
      }),
    ].filter((row) => {
      const billing = books.get('A_BillingDocument', { BillingDocument: row.BillingDocument ?? '' });
      return billing?.SDDocumentCategory === 'M' && billing.BillingDocumentIsCancelled !== true;
    });
    expect(delivered <= ordered).toBe(true);
    expect(sum(billed, (row) => quantityOf(String(row.BillingQuantity))) <= ordered).toBe(true);
    const expected = item.SalesOrderItemCategory === 'TAD' ? '' : delivered === 0n ? 'A' : delivered < ordered ? 'B' : 'C';
    expect(item.DeliveryStatus).toBe(expected);
  }
  for (const billing of books.rows('A_BillingDocument')) {
    const [own] = [
      ...books.related(LINES, {
        AccountingDocument: billing.AccountingDocument ?? '',
        CompanyCode: billing.CompanyCode ?? '',
        FiscalYear: billing.FiscalYear ?? '',
      }),
    ];
    const sign = ['M', 'S'].includes(String(billing.SDDocumentCategory)) ? '' : '-';
    expect(own?.AmountInTransactionCurrency).toBe(`${sign}${String(billing.TotalGrossAmount)}`);
    expect(billing.InvoiceClearingStatus === 'C').toBe(own?.IsCleared);
  }
}

const exposures = ({ books }: TestCompany): readonly bigint[] =>
  CUSTOMERS.flatMap((customer) => ['1010', '1710'].map((company) => exposureOf(books.context, customer, company)));

/** The same rows, counted anew. */
function recounted({ books }: TestCompany): TestCompany {
  const fresh = testCompany();
  fresh.books.load(books.kept());
  return fresh;
}

it('has documents that balance in both currencies, clearings that sum up to nothing, open lines that are what is owed, and quantities that never exceed the order', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: STEPS_MIN, maxLength: STEPS_MAX }), (steps) => {
      const company = testCompany();
      steps.forEach((one, day) => act(company, one, day));
      checkFeet(company);
      checkDocuments(company);
      expect(exposures(company)).toEqual(exposures(recounted(company)));
    }),
    // a history is long, and takes minutes to shrink
    { numRuns: RUNS, seed: 20_261_122, endOnFailure: true },
  );
});
