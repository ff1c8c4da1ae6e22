// An SAP S/4HANA system with two company codes in whose screens people work: what is sold there, by number, and what documents are called
// on both sides. It looks at the books there and works in them; what comes of it here is the story's.
import type { Row, SapSimulator } from '../../connectors/sap/simulator/index.ts';
import { erpCase, type ErpWorld, startErpWorld } from './erp-world.ts';

const LINES = 'A_OperationalAcctgDocItemCube';

/** As people write it: without the zeros in front. */
export const shown = (row: Row | undefined, field: string): string => String(row?.[field] ?? '').replace(/^0+(?=\d)/, '');
export const padded = (number: string): string => number.padStart(10, '0');
export const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** A document in accounting. */
export interface Document {
  readonly company: string;
  readonly year: string;
  readonly document: string;
}

interface Sold {
  readonly to: string;
  readonly company?: string;
  readonly quantity?: string;
  readonly currency?: string;
  readonly date?: string;
}

/** What people there do, and what stands in the books. */
export class SapOffice {
  readonly people: SapSimulator['books']['people'];

  constructor(readonly simulator: SapSimulator) {
    this.people = simulator.books.people;
  }

  /** Ordered, delivered and billed. */
  sell({ company = '1010', quantity = '1', to, currency = 'EUR', date }: Sold): Row {
    const order = this.people.createOrder({ soldTo: to, company, currency, items: [{ material: 'GP-100', quantity }] });
    const delivery = this.people.deliver({ order: String(order['SalesOrder']) });
    return this.people.bill({ deliveries: [String(delivery['DeliveryDocument'])], ...(date === undefined ? {} : { date }) });
  }

  documentOf(billing: Row): Document {
    const now = this.simulator.books.get('A_BillingDocument', { BillingDocument: String(billing['BillingDocument']) });
    return {
      company: String(now?.['CompanyCode']),
      year: String(now?.['FiscalYear']),
      document: String(now?.['AccountingDocument']),
    };
  }

  /** The line on the customer's account, by its key. */
  lineOf({ company, year, document }: Document) {
    const line = this.#receivables(company).find((row) => row['FiscalYear'] === year && row['AccountingDocument'] === document);
    return { company, year, document, item: String(line?.['AccountingDocumentItem']) };
  }

  ordersWith = (reference: string): readonly Row[] =>
    [...this.simulator.books.rows('A_SalesOrder')].filter((row) => row['PurchaseOrderByCustomer'] === reference);

  order = (number: string): Row | null => this.simulator.books.get('A_SalesOrder', { SalesOrder: padded(number) });
  itemsOf = (order: string): readonly Row[] => [
    ...this.simulator.books.related('A_SalesOrderItem', { SalesOrder: padded(order) }),
  ];

  /** What customers owe a company, by currency; what stands on special accounts is apart. */
  owed(company: string): Record<string, bigint> {
    const open = this.#receivables(company).filter((row) => row['IsCleared'] !== true && row['SpecialGLCode'] === '');
    return sums(open.map((row) => [String(row['TransactionCurrency']), String(row['AmountInTransactionCurrency'])]));
  }

  #receivables = (company: string): readonly Row[] =>
    [...this.simulator.books.rows(LINES)].filter((row) => row['FinancialAccountType'] === 'D' && row['CompanyCode'] === company);
}

/** Of amounts by their currencies. */
export function sums(amounts: readonly (readonly [string, string])[]): Record<string, bigint> {
  const all: Record<string, bigint> = {};
  for (const [currency, amount] of amounts) all[currency] = (all[currency] ?? 0n) + cents(amount);
  return Object.fromEntries(Object.entries(all).filter(([, sum]) => sum !== 0n));
}

export interface SapWorld extends ErpWorld {
  readonly office: SapOffice;
  /** Buys in euros of 1010, less 2 % within 14 days, and in dollars of 1710. */
  readonly customer: string;
  /** Buys in yen of 1710. */
  readonly abroad: string;
  /** Has an account with 1710, and nobody there has said how it buys. */
  readonly unready: string;
}

export async function startSapWorld(): Promise<SapWorld> {
  const erpWorld = await startErpWorld(erpCase('sap'));
  const office = new SapOffice(erpWorld.erp.simulator as SapSimulator);
  const { people, simulator } = office;
  const pump = { description: 'Garden pump', unit: 'PC', prices: { '1010': '200', '1710': '250' } };
  people.createProduct({ product: 'GP-100', ...pump });
  people.createProduct({ product: 'GP-HOSE', description: 'Hose', unit: 'PC', prices: { '1010': '40', '1710': '50' } });
  const partner = (given: Parameters<typeof people.createPartner>[0]) => shown(people.createPartner(given), 'BusinessPartner');
  const customer = partner({
    name: 'Seeblick Hotel GmbH',
    country: 'DE',
    street: 'Uferweg',
    city: 'Konstanz',
    postalCode: '78462',
    email: 'ap@seeblick.example',
    accounts: [
      { company: '1010', terms: '0002', currency: 'EUR' },
      { company: '1710', terms: 'NT30', currency: 'USD' },
    ],
  });
  const [yen, home] = [
    { company: '1710', terms: 'NT30', currency: 'JPY' },
    { company: '1010', terms: 'NT30' },
  ];
  const abroad = partner({ name: 'Umi Hotel KK', country: 'JP', accounts: [yen] });
  const unready = partner({ name: 'Hotel im Bau GmbH', country: 'DE', accounts: [home] });
  simulator.books.create('A_CustomerCompany', { row: { Customer: padded(unready), CompanyCode: '1710' }, children: {} });
  return { ...erpWorld, office, customer, abroad, unready };
}
