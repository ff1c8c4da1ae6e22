/** A small company for the tests of these books: a few customers and materials, nothing sold yet, and a clock that they move. */
import { minorOf } from './amounts.ts';
import { createBooks, type LineKey, type SapBooks, type SapSettings } from './index.ts';
import { textOf } from './context.ts';
import type { Row } from '../model.ts';

export const LINES = 'A_OperationalAcctgDocItemCube';
export const CUSTOMER = '0010100001';
export const US_CUSTOMER = '0017100001';
export const EXPORT_CUSTOMER = '0010100002';
export const JPY_CUSTOMER = '0010100003';
export const KWD_CUSTOMER = '0010100004';

export interface TestCompany {
  readonly books: SapBooks;
  readonly people: SapBooks['people'];
  /** To noon of this day. */
  goTo(day: string): void;
  /** Ordered, delivered and billed. @returns the billing document */
  invoice(quantity?: string, more?: { readonly soldTo?: string; readonly company?: string; readonly terms?: string }): Row;
  order(number: Row): Row;
}

export function testCompany(settings: SapSettings = {}): TestCompany {
  let now = new Date('2026-05-04T12:00:00.123Z');
  const books = createBooks({ size: 0, now: () => now, settings });
  const { people } = books;
  const accounts = [{ company: '1010', terms: 'NT30' }];
  people.createPartner({ name: 'Alster Pumpen GmbH', country: 'DE', number: CUSTOMER, taxId: 'DE123456789', accounts });
  people.createPartner({
    name: 'Cascade Valves Inc.',
    country: 'US',
    number: US_CUSTOMER,
    accounts: [{ company: '1710', terms: 'NT30' }],
  });
  people.createPartner({ name: 'Linz Antriebe AG', country: 'AT', number: EXPORT_CUSTOMER, accounts });
  people.createPartner({
    name: 'Nagoya K.K.',
    country: 'JP',
    number: JPY_CUSTOMER,
    accounts: [{ company: '1010', terms: '0001', currency: 'JPY' }],
  });
  people.createPartner({
    name: 'Kuwait Supply',
    country: 'KW',
    number: KWD_CUSTOMER,
    accounts: [{ company: '1010', terms: 'NT60', currency: 'KWD' }],
  });
  people.createProduct({ product: 'PUMP', description: 'Pump', prices: { '1010': '100.00', '1710': '110.00' } });
  people.createProduct({ product: 'BOLT', description: 'Bolt', prices: { '1010': '0.35', '1710': '0.40' } });
  people.createProduct({
    product: 'VISIT',
    description: 'Visit',
    unit: 'H',
    isService: true,
    prices: { '1010': '80.00', '1710': '90.00' },
  });
  const invoice: TestCompany['invoice'] = (quantity = '1', { soldTo = CUSTOMER, company = '1010', terms } = {}) => {
    const order = people.createOrder({
      soldTo,
      company,
      items: [{ material: 'PUMP', quantity }],
      ...(terms === undefined ? {} : { terms }),
    });
    const delivery = people.deliver({ order: textOf(order, 'SalesOrder') });
    return people.bill({ deliveries: [textOf(delivery, 'DeliveryDocument')] });
  };
  return {
    books,
    people,
    goTo: (day) => {
      now = new Date(`${day}T12:00:00.123Z`);
    },
    invoice,
    order: (row) => books.get('A_SalesOrder', { SalesOrder: row.SalesOrder ?? '' }) ?? {},
  };
}

export const numberOf = (row: Row, name = 'BillingDocument'): string => textOf(row, name);

/** The lines of customers: of a document, or all. */
export function receivables(books: SapBooks, where: Row = {}): Row[] {
  return [...books.related(LINES, where)].filter((line) => line.FinancialAccountType === 'D');
}

export const accountingOf = (books: SapBooks, billing: Row): Row[] => [
  ...books.related(LINES, {
    AccountingDocument: billing.AccountingDocument ?? '',
    CompanyCode: billing.CompanyCode ?? '',
    FiscalYear: billing.FiscalYear ?? '',
  }),
];

export const keyOf = (line: Row): LineKey => ({
  company: textOf(line, 'CompanyCode'),
  year: textOf(line, 'FiscalYear'),
  document: textOf(line, 'AccountingDocument'),
  item: textOf(line, 'AccountingDocumentItem'),
});

export const amountOf = (line: Row): bigint =>
  minorOf(textOf(line, 'AmountInTransactionCurrency'), textOf(line, 'TransactionCurrency'));
export const localOf = (line: Row): bigint =>
  minorOf(textOf(line, 'AmountInCompanyCodeCurrency'), textOf(line, 'CompanyCodeCurrency'));
