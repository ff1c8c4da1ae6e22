// What the conformance kit needs of the simulated system beside its services: people who work in SAP's own screens, and a look into its books.
import { type ErpSimulatorOptions, negated, plus, sumOf } from '../../src/connect/index.ts';
import type { KitBooked, KitCustomer, KitErp, KitReferences, KitTarget } from '../../src/connect/testing/index.ts';
import { quotient } from './amounts.ts';
import { plainKey } from './fields.ts';
import { toReference } from './reference.ts';
import { type Row, type SapSimulator, startSimulator } from './simulator/index.ts';

export const kit: KitTarget = {
  async start(options: ErpSimulatorOptions): Promise<KitErp> {
    return new Person(await startSimulator({ ...options, slowMs: 200, concurrent: null }));
  },
};

/** By the company in which the kit's people work, and the other one. */
const HOME = '1710';
const COMPANIES = [HOME, '1010'];
const CURRENCIES: Readonly<Record<string, string>> = { '1710': 'USD', '1010': 'EUR' };
const LINES = 'A_OperationalAcctgDocItemCube';
const BILLING = 'A_BillingDocument';
const PAYMENTS: ReadonlySet<string> = new Set(['DZ', 'AB']);
const FROM_BILLING = 'RV';
/** A field of orders that the connector neither reads nor writes. */
const FOREIGN = 'IncotermsLocation1';

const text = (row: Row | null | undefined, name: string): string => String(row?.[name] ?? '');
const number = (row: Row, name: string): string => plainKey(text(row, name));
const day = (row: Row, name: string): string => text(row, name).slice(0, 10);
const isNone = (value: string): boolean => /^0*$/.test(value);
const documentId = (row: Row): string =>
  [text(row, 'CompanyCode'), text(row, 'FiscalYear'), number(row, 'AccountingDocument'), number(row, 'Customer')].join('/');
const amountOf = (row: Row): string => text(row, 'AmountInTransactionCurrency');
const refersTo = (line: Row, document: Row): boolean =>
  text(line, 'InvoiceReference') === text(document, 'AccountingDocument') &&
  text(line, 'InvoiceReferenceFiscalYear') === text(document, 'FiscalYear') &&
  text(line, 'CompanyCode') === text(document, 'CompanyCode');
const isIn = (line: Row, document: Row): boolean =>
  ['CompanyCode', 'FiscalYear', 'AccountingDocument'].every((name) => line[name] === document[name]);

class Person implements KitErp {
  readonly config: KitErp['config'];
  readonly credentials: KitErp['credentials'];
  readonly legalEntities = COMPANIES;
  readonly functionalCurrency = 'USD';
  readonly #customers: readonly KitCustomer[];
  #serial = 0;

  constructor(readonly simulator: SapSimulator) {
    const { baseUrl, clientId, clientSecret, tokenUrl, client, webhookSecret } = simulator.access;
    const salesAreas = COMPANIES.map((code) => ({
      companyCode: code,
      salesOrganization: code,
      country: 'AT',
      reconciliationAccount: '12100000',
    }));
    // a minute's requests are gone in seconds where the clock goes faster than the budget is filled
    const requestsPerMinuteMaxCount = 6_000;
    const writes = { priceCondition: 'PMP0', rejectionReason: '10', postsDeliveries: true };
    this.config = { baseUrl, tokenUrl, client, salesAreas, requestsPerMinuteMaxCount, ...writes };
    this.credentials = { clientId, clientSecret, webhookSecret };
    this.#customers = [
      this.#abroad('Export House', 'DE', HOME, 'USD'),
      this.#abroad('Export House of Wien', 'AT', '1010', 'EUR'),
      this.#abroad('Export Kabushiki Kaisha', 'JP', HOME, 'JPY'),
      this.#abroad('Export Trading', 'KW', HOME, 'KWD'),
    ];
    for (const { id, currency, legalEntity = HOME } of this.#customers)
      this.#invoice(id.split('/')[0] ?? '', { company: legalEntity, currency });
  }

  async ids(stream: string): Promise<readonly string[]> {
    const every = (set: string, name: string) => this.#rows(set).map((row) => number(row, name));
    const plainly = (set: string, name: string) => this.#rows(set).map((row) => text(row, name));
    const billed = (categories: string) =>
      this.#rows(BILLING).flatMap((row) =>
        categories.includes(text(row, 'SDDocumentCategory')) ? [number(row, 'BillingDocument')] : [],
      );
    const lists: Readonly<Record<string, () => readonly string[]>> = {
      terms: () =>
        [...plainly('A_CustomerCompany', 'PaymentTerms'), ...plainly('A_CustomerSalesArea', 'CustomerPaymentTerms')].filter(
          (key) => key !== '',
        ),
      products: () => every('A_Product', 'Product'),
      customers: () => this.#rows('A_CustomerCompany').map((row) => `${number(row, 'Customer')}/${text(row, 'CompanyCode')}`),
      orders: () => every('A_SalesOrder', 'SalesOrder'),
      deliveries: () =>
        this.#rows('A_OutbDeliveryItem').map((row) => `${number(row, 'DeliveryDocument')}/${number(row, 'ReferenceSDDocument')}`),
      invoices: () => billed('MP'),
      'credit-memos': () => billed('O'),
      'accounting-invoices': () =>
        this.#lines()
          .filter((line) => isOwn(line) && text(line, 'DebitCreditCode') === 'S')
          .map(documentId),
      'accounting-credit-memos': () =>
        this.#lines()
          .filter((line) => isOwn(line) && text(line, 'DebitCreditCode') === 'H' && !isPayment(line))
          .map(documentId),
      payments: () => [...this.#payments().map(documentId), ...this.#clearings()],
    };
    return [...new Set(lists[stream]?.() ?? [])];
  }

  async booked(stream: string): Promise<readonly KitBooked[]> {
    if (stream === 'orders') return this.#rows('A_SalesOrder').map((row) => this.#bookedOrder(row));
    if (stream === 'invoices' || stream === 'credit-memos') {
      const ids = new Set(await this.ids(stream));
      const sign = stream === 'invoices' ? (amount: string) => amount : negated;
      return this.#rows(BILLING)
        .filter((row) => ids.has(number(row, 'BillingDocument')))
        .map((row) => this.#bookedBilling(row, sign));
    }
    if (stream === 'payments') return this.#payments().map((line) => this.#bookedPayment(line));
    return [];
  }

  async make(stream: string): Promise<string | null> {
    this.#serial += 1;
    const { people } = this.simulator.books;
    const [customer = ''] = (this.#customers[0]?.id ?? '').split('/');
    const posted = (isCredit: boolean) =>
      documentId(lineOf(people.postInvoice({ customer, company: HOME, amount: '41.50', isCredit })));
    const makers: Readonly<Record<string, () => string>> = {
      products: () =>
        text(
          people.createProduct({
            product: `KIT${this.#serial}`,
            description: 'Made by hand',
            unit: 'PC',
            prices: { [HOME]: '12.50' },
          }),
          'Product',
        ),
      customers: () => this.#abroad(`Made by hand ${this.#serial}`, 'AT', HOME, 'USD').id,
      orders: () => number(this.#order(customer), 'SalesOrder'),
      deliveries: () => this.#delivery(customer, 'CREATED'),
      invoices: () => number(this.#invoice(customer), 'BillingDocument'),
      'accounting-invoices': () => posted(false),
      'credit-memos': () =>
        number(people.creditMemo({ invoice: text(this.#invoice(customer), 'BillingDocument'), percent: 25n }), 'BillingDocument'),
      'accounting-credit-memos': () => posted(true),
      payments: () => documentId(lineOf(people.receivePayment({ customer, company: HOME, amount: '41.50', currency: 'USD' }))),
    };
    return makers[stream]?.() ?? null;
  }

  async change(stream: string, id: string): Promise<boolean> {
    this.#serial += 1;
    const { books } = this.simulator;
    const mark = `Changed ${this.#serial}`;
    const key = id.padStart(10, '0');
    if (stream === 'products') books.update('A_Product', { Product: id }, { ProductOldID: mark });
    else if (stream === 'customers') books.people.changePartner(id.split('/')[0] ?? '', { name: mark });
    else if (stream === 'orders') books.people.changeOrder(id, { PurchaseOrderByCustomer: mark });
    else if (stream === 'deliveries')
      books.update(
        'A_OutbDeliveryHeader',
        { DeliveryDocument: (id.split('/')[0] ?? '').padStart(10, '0') },
        { BillOfLading: mark },
      );
    else if (stream !== 'terms') {
      const line = this.#lineBehind(stream, stream === 'invoices' || stream === 'credit-memos' ? key : id);
      if (!line) return false;
      books.people.markLine(keyOf(line), { text: mark });
    }
    return stream !== 'terms';
  }

  async remove(stream: string, id: string): Promise<boolean> {
    const { books } = this.simulator;
    const [first = '', second = '', third = ''] = id.split('/');
    if (stream === 'products') books.update('A_Product', { Product: id }, { IsMarkedForDeletion: true });
    else if (stream === 'customers')
      books.update('A_BusinessPartner', { BusinessPartner: first.padStart(10, '0') }, { IsMarkedForArchiving: true });
    else if (stream === 'orders') books.people.deleteOrder(id);
    else if (stream === 'deliveries') books.people.deleteDelivery(first);
    else if (stream === 'invoices' || stream === 'credit-memos') books.people.cancelBilling(id);
    else if (stream === 'payments') books.people.returnPayment({ company: first, year: second, document: third });
    else return false;
    return true;
  }

  async countOurs(stream: string, ours: string): Promise<number> {
    const places: Readonly<Record<string, readonly [string, string]>> = {
      orders: ['A_SalesOrder', 'PurchaseOrderByShipToParty'],
      customers: ['A_CustomerCompany', 'CustomerAccountNote'],
      deliveries: ['A_OutbDeliveryHeader', 'DeliveryDocumentBySupplier'],
    };
    const place = places[stream];
    return place === undefined ? 0 : this.#rows(place[0]).filter((row) => row[place[1]] === toReference(ours)).length;
  }

  async references(): Promise<KitReferences> {
    return {
      customers: this.#customers,
      products: this.#materials(),
      terms: [...new Set(await this.ids('terms'))],
      openInvoices: [],
      openCreditNotes: [],
      openOrders: this.#openOrders(),
      // those customers sit abroad: SAP works tax out by itself, and there is none
      taxes: [{ category: 'O', rate: '0' }],
    };
  }

  async mark(stream: string, id: string, mark: string): Promise<void> {
    if (stream === 'orders') this.simulator.books.people.changeOrder(id, { [FOREIGN]: mark });
  }

  async marked(stream: string, id: string): Promise<string | null> {
    if (stream !== 'orders') return null;
    return text(this.simulator.books.get('A_SalesOrder', { SalesOrder: id.padStart(10, '0') }), FOREIGN);
  }

  endSessions(): void {
    this.simulator.endSessions();
  }

  setNow(): void {
    // it has the clock that it was started with
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  #rows = (set: string): readonly Row[] => [...this.simulator.books.rows(set)];
  #lines = (): readonly Row[] => this.#rows(LINES).filter((row) => row['FinancialAccountType'] === 'D');

  /** Credits, and what stands on special accounts: one line for each document and customer. */
  #payments(): readonly Row[] {
    const lines = this.#lines().filter(
      (line) => isPayment(line) && (line['DebitCreditCode'] === 'H' || line['SpecialGLCode'] !== ''),
    );
    return [...new Map(lines.map((line) => [documentId(line), line])).values()];
  }

  /** Documents that set credit memos against invoices. */
  #clearings(): readonly string[] {
    const cleared = this.#lines().filter((line) => !isNone(text(line, 'ClearingAccountingDocument')) && this.#counts(line));
    const clearingOf = (line: Row) =>
      [text(line, 'CompanyCode'), text(line, 'ClearingDocFiscalYear'), number(line, 'ClearingAccountingDocument')].join('/');
    const debits = new Set(cleared.filter((line) => line['DebitCreditCode'] === 'S').map(clearingOf));
    const credits = cleared.filter((line) => line['DebitCreditCode'] === 'H' && !isPayment(line));
    return credits
      .filter((line) => debits.has(clearingOf(line)))
      .map((line) => `${clearingOf(line)}/${number(line, 'Customer')}`);
  }

  #counts(line: Row): boolean {
    const billing = this.simulator.books.get(BILLING, { BillingDocument: text(line, 'BillingDocument') });
    const isCancelled = billing?.['BillingDocumentIsCancelled'] === true || !isNone(text(billing, 'CancelledBillingDocument'));
    return !isCancelled && line['IsReversed'] !== true && line['IsReversal'] !== true && line['SpecialGLCode'] === '';
  }

  #bookedOrder(row: Row): KitBooked {
    const items = [...this.simulator.books.related('A_SalesOrderItem', { SalesOrder: text(row, 'SalesOrder') })];
    const tax = sumOf(items.filter((item) => item['SalesDocumentRjcnReason'] === '').map((item) => text(item, 'TaxAmount')));
    const net = text(row, 'TotalNetAmount');
    const head = { id: number(row, 'SalesOrder'), day: day(row, 'SalesOrderDate'), currency: text(row, 'TransactionCurrency') };
    return { ...head, rate: null, total: plus(net, tax), tax, open: null };
  }

  #bookedBilling(row: Row, sign: (amount: string) => string): KitBooked {
    const lines = this.#lines();
    const own = lines.filter((line) => isIn(line, row));
    const parts = lines.filter(
      (line) => refersTo(line, row) && !isIn(line, row) && text(line, 'AccountingDocumentType') !== FROM_BILLING,
    );
    const open = sumOf([...own, ...parts].filter((line) => line['IsCleared'] !== true).map(amountOf));
    return {
      id: number(row, 'BillingDocument'),
      day: day(row, 'BillingDocumentDate'),
      currency: text(row, 'TransactionCurrency'),
      rate: rateOf(own[0]),
      total: plus(text(row, 'TotalNetAmount'), text(row, 'TaxAmount')),
      tax: text(row, 'TaxAmount'),
      open: sign(row['BillingDocumentIsCancelled'] === true ? '0' : open),
    };
  }

  #bookedPayment(line: Row): KitBooked {
    const { books } = this.simulator;
    const all = [...books.rows(LINES)].filter((one) => isIn(one, line));
    const bank = all.filter((one) => one['FinancialAccountType'] !== 'D' && text(one, 'HouseBank') !== '');
    const open = all.filter(
      (one) => one['FinancialAccountType'] === 'D' && one['IsCleared'] !== true && isNone(text(one, 'InvoiceReference')),
    );
    return {
      id: documentId(line),
      day: day(line, 'PostingDate'),
      currency: text(line, 'TransactionCurrency'),
      rate: null,
      total: sumOf(bank.map(amountOf)),
      tax: null,
      open: line['IsReversed'] === true ? '0' : negated(sumOf(open.filter((one) => one['SpecialGLCode'] === '').map(amountOf))),
    };
  }

  #abroad(name: string, country: string, company: string, currency: string): KitCustomer {
    const partner = { name, country, city: 'Abroad', accounts: [{ company, terms: 'NT30', currency }] };
    const made = this.simulator.books.people.createPartner(partner);
    const functional = CURRENCIES[company] ?? '';
    return { id: `${number(made, 'Customer')}/${company}`, currency, legalEntity: company, functionalCurrency: functional };
  }

  #materials = (): readonly string[] =>
    this.#rows('A_Product').flatMap((row) =>
      row['IsMarkedForDeletion'] === true || text(row, 'ProductType') === 'SERV' ? [] : [text(row, 'Product')],
    );

  #order(soldTo: string, { company, currency }: Buying = AT_HOME): Row {
    const [material = ''] = this.#materials();
    const price = currency === 'JPY' ? '4150' : '41.50';
    return this.simulator.books.people.createOrder({ soldTo, company, currency, items: [{ material, quantity: '2', price }] });
  }

  #delivery(soldTo: string, upTo: 'CREATED' | 'ISSUED', buying: Buying = AT_HOME): string {
    const order = text(this.#order(soldTo, buying), 'SalesOrder');
    const made = this.simulator.books.people.deliver({ order, upTo });
    return `${number(made, 'DeliveryDocument')}/${plainKey(order)}`;
  }

  #invoice(soldTo: string, buying: Buying = AT_HOME): Row {
    const [delivery = ''] = this.#delivery(soldTo, 'ISSUED', buying).split('/');
    return this.simulator.books.people.bill({ deliveries: [delivery] });
  }

  #openOrders(): NonNullable<KitReferences['openOrders']> {
    const [customer = ''] = (this.#customers[0]?.id ?? '').split('/');
    return Array.from({ length: 3 }, () => {
      const order = text(this.#order(customer), 'SalesOrder');
      return { id: plainKey(order), legalEntity: HOME, lines: [{ id: '10', quantity: '2' }] };
    });
  }

  #lineBehind(stream: string, key: string): Row | undefined {
    if (stream !== 'invoices' && stream !== 'credit-memos') return this.#lines().find((line) => documentId(line) === key);
    const billing = this.simulator.books.get(BILLING, { BillingDocument: key });
    return billing === null ? undefined : this.#lines().find((line) => isIn(line, billing));
  }
}

interface Buying {
  readonly company: string;
  readonly currency: string;
}
const AT_HOME: Buying = { company: HOME, currency: 'USD' };

const isPayment = (line: Row): boolean => PAYMENTS.has(text(line, 'AccountingDocumentType'));
/** Of a document of its own: neither of billing nor a part of another one. */
const isOwn = (line: Row): boolean =>
  line['SpecialGLCode'] === '' && text(line, 'AccountingDocumentType') !== FROM_BILLING && isNone(text(line, 'InvoiceReference'));

const keyOf = (line: Row) => ({
  company: text(line, 'CompanyCode'),
  year: text(line, 'FiscalYear'),
  document: text(line, 'AccountingDocument'),
  item: text(line, 'AccountingDocumentItem'),
});

function lineOf({ lines }: { readonly lines: readonly Row[] }): Row {
  const line = lines.find((one) => one['FinancialAccountType'] === 'D');
  if (!line) throw new Error('The document has no line on a customer.');
  return line;
}

/** As it was booked. */
function rateOf(line: Row | undefined): string | null {
  if (!line || line['TransactionCurrency'] === line['CompanyCodeCurrency']) return null;
  return quotient(text(line, 'AmountInCompanyCodeCurrency'), amountOf(line), 9);
}
