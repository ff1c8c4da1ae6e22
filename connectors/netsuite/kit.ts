// What the conformance kit needs of the simulated account beside its API: a person who works on NetSuite's own screens.
import type { ErpSimulatorOptions } from '../../src/connect/index.ts';
import type { KitBooked, KitErp, KitOpenDocument, KitReferences, KitTarget } from '../../src/connect/testing/index.ts';
import { type Body, type NetSuiteSimulator, type RecordTypeName, startSimulator } from './simulator/index.ts';
import type { StreamName } from './streams.ts';

export const kit: KitTarget = {
  async start(options: ErpSimulatorOptions): Promise<KitErp> {
    const person = new Person(await startSimulator({ ...options, concurrency: null, slowMs: 200 }));
    if (options.size !== 0) person.billEachCurrency();
    return person;
  },
};

const COMPANIES = ['1', '2'] as const;
const TYPES: Readonly<Record<StreamName, readonly RecordTypeName[]>> = {
  terms: ['term'],
  products: ['inventoryItem', 'serviceSaleItem', 'nonInventorySaleItem'],
  customers: ['customer'],
  orders: ['salesOrder'],
  deliveries: ['itemFulfillment'],
  invoices: ['invoice', 'cashSale'],
  'credit-memos': ['creditMemo'],
  payments: ['customerPayment', 'customerDeposit', 'creditMemo'],
};
const LISTS: ReadonlySet<string> = new Set(['terms', 'products', 'customers']);
const SALES: ReadonlySet<RecordTypeName> = new Set<RecordTypeName>(['salesOrder', 'invoice', 'cashSale', 'creditMemo']);

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const idIn = (value: unknown): string =>
  typeof value === 'object' && value !== null ? text((value as Body)['id']) : text(value);
const itemsIn = (value: unknown): readonly Body[] =>
  typeof value === 'object' && value !== null ? (((value as Body)['items'] ?? []) as unknown as readonly Body[]) : [];
const isAbove = (amount: unknown): boolean => Number(text(amount)) > 0;

interface Tax {
  readonly category: string;
  readonly rate: string;
  readonly code: string;
}

class Person implements KitErp {
  readonly legalEntities = COMPANIES;
  readonly functionalCurrency: string;
  readonly config: KitErp['config'];
  readonly credentials: KitErp['credentials'];
  readonly #taxes: readonly Tax[];
  readonly #symbols: ReadonlyMap<string, string>;
  #serial = 0;

  constructor(readonly simulator: NetSuiteSimulator) {
    const { account, baseUrl, clientId, certificateId, privateKey, webhookSecret } = simulator.access;
    this.#symbols = new Map(simulator.all('currency').map((row) => [text(row['id']), text(row['symbol'])]));
    this.functionalCurrency = this.#currencyOf(COMPANIES[0]);
    const [first, second] = COMPANIES;
    this.#taxes = this.#taxesOf(first);
    const [item] = this.#products();
    this.config = {
      account,
      baseUrl,
      taxes: [...this.#taxes, ...this.#taxesOf(second).map((tax) => ({ ...tax, subsidiary: second }))],
      timeZone: 'America/Los_Angeles',
      lineTaxColumn: 'taxcode',
      sendsTaxAmounts: true,
      takesBack: 'DELETE',
      ...(item === undefined ? {} : { freeTextItem: item }),
      paymentMethods: { CASH: '1', CHEQUE: '2', CARD: '3', BANK_TRANSFER: '4', DIRECT_DEBIT: '5' },
      taxId: { column: 'vatregnumber', field: 'vatRegNumber' },
      bankAccountColumn: 'custentity_bank_account',
    };
    this.credentials = { clientId, certificateId, privateKey, webhookSecret };
  }

  /** So that the history has a document in each currency that customers have, however small it is. */
  billEachCurrency(): void {
    const billed = new Set(this.simulator.all('invoice').map(this.#symbol));
    for (const customer of this.#active('customer')) {
      if (billed.has(this.#symbol(customer))) continue;
      billed.add(this.#symbol(customer));
      this.simulator.create('invoice', this.#sale({ entity: { id: text(customer['id']) } }));
    }
  }

  async ids(stream: string): Promise<readonly string[]> {
    if (stream === 'customers')
      return this.simulator
        .query('SELECT r.entity, r.subsidiary FROM customersubsidiaryrelationship r')
        .map(({ entity, subsidiary }) => `${entity}/${subsidiary}`);
    if (stream === 'products') return this.simulator.query('SELECT i.id FROM item i').map(({ id = '' }) => id);
    return this.#rows(stream).map(({ row }) => text(row['id']));
  }

  async booked(stream: string): Promise<readonly KitBooked[]> {
    if (LISTS.has(stream) || stream === 'deliveries') return [];
    return this.#rows(stream).map(({ type, row }) => this.#booked(stream, { type, row }));
  }

  async make(stream: string): Promise<string | null> {
    this.#serial += 1;
    const name = `Made by hand ${this.#serial}`;
    const type = TYPES[stream as StreamName][0] as RecordTypeName;
    if (stream === 'terms') return this.simulator.create(type, { name, daysUntilNetDue: 20 });
    if (stream === 'products') return this.simulator.create(type, { itemId: name, displayName: name, rate: 12.5 });
    const [company] = COMPANIES;
    if (stream === 'customers') {
      const id = this.simulator.create(type, { companyName: name, isPerson: false, subsidiary: { id: company } });
      return `${id}/${company}`;
    }
    if (stream === 'deliveries')
      return this.simulator.transform('salesOrder', this.simulator.create('salesOrder', this.#sale()), type, {
        shipStatus: { id: 'C' },
      });
    return this.simulator.create(type, stream === 'payments' ? { ...this.#payer('customer'), payment: 41.5 } : this.#sale());
  }

  async change(stream: string, id: string): Promise<boolean> {
    this.#serial += 1;
    const name = `Changed ${this.#serial}`;
    const changes: Readonly<Record<string, Body>> = {
      terms: { name },
      products: { displayName: name },
      customers: { phone: `+44 20 ${1_000 + this.#serial}` },
    };
    const found = this.#found(stream, id);
    // what a credit memo is set against shows in a settlement, not what people note on it
    const change =
      stream === 'payments' && found?.type === 'creditMemo' ? { tranDate: this.#dayAfter(found.row) } : { memo: name };
    if (!found) return false;
    this.simulator.update(found.type, found.id, changes[stream] ?? change);
    return true;
  }

  async remove(stream: string, id: string): Promise<boolean> {
    const found = this.#found(stream, id);
    if (!found) return false;
    if (LISTS.has(stream)) this.simulator.update(found.type, found.id, { isInactive: true });
    else this.simulator.remove(found.type, found.id);
    return true;
  }

  async countOurs(stream: string, ours: string): Promise<number> {
    const carries = ({ externalId }: Body) => text(externalId) === ours || text(externalId).startsWith(`${ours}.`);
    return TYPES[stream as StreamName].flatMap((type) => this.simulator.all(type)).filter(carries).length;
  }

  async references(): Promise<KitReferences> {
    const open = (type: RecordTypeName, field: string): readonly KitOpenDocument[] =>
      this.simulator
        .all(type)
        .filter((row) => isAbove(row[field]))
        .map((row) => ({
          id: text(row['id']),
          customer: `${idIn(row['entity'])}/${idIn(row['subsidiary'])}`,
          currency: this.#symbol(row),
          open: text(row[field]),
        }));
    return {
      customers: this.#customers(),
      products: this.#products(),
      terms: this.#active('term').map((row) => text(row['id'])),
      openInvoices: open('invoice', 'amountRemaining'),
      openCreditNotes: open('creditMemo', 'unapplied'),
      openOrders: this.#openOrders(),
      taxes: this.#taxes.map(({ category, rate }) => ({ category, rate })),
    };
  }

  async mark(stream: string, id: string, mark: string): Promise<void> {
    const found = this.#found(stream, id);
    if (found) this.simulator.update(found.type, found.id, { [this.#foreignField(stream)]: mark });
  }

  async marked(stream: string, id: string): Promise<string | null> {
    const mark = this.#found(stream, id)?.row[this.#foreignField(stream)];
    return mark === undefined ? null : text(mark);
  }

  async closeBooks(through: string | null): Promise<void> {
    this.simulator.closePeriod(through);
  }

  endSessions(): void {
    this.simulator.expireTokens();
  }

  setNow(): void {
    // it has the clock that it was started with
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** Standard and zero rate, of codes that its country has of its own. */
  #taxesOf(company: string): Tax[] {
    const codes = this.simulator.all('salesTaxItem').filter((row) => idIn(row['subsidiary']) === company);
    return ['S', 'Z'].map((category) => {
      const row = codes.find(({ itemId }) => text(itemId).startsWith(category));
      return { category, rate: text(row?.['rate']), code: text(row?.['id']) };
    });
  }

  #foreignField = (stream: string): string => (stream === 'customers' ? 'custentity_note' : 'custbody_note');

  #symbol = (row: Body): string => this.#symbols.get(idIn(row['currency'])) ?? '';

  #currencyOf = (subsidiary: string): string => this.#symbol(this.simulator.read('subsidiary', subsidiary) ?? {});

  #dayAfter = (row: Body): string => new Date(Date.parse(text(row['tranDate'])) + 86_400_000).toISOString().slice(0, 10);

  #active(type: RecordTypeName): Body[] {
    return this.simulator.all(type).filter((row) => row['isInactive'] !== true);
  }

  #products(): string[] {
    return TYPES.products.flatMap((type) => this.#active(type)).map((row) => text(row['id']));
  }

  /** A credit memo that is set against nothing is no payment. */
  #rows(stream: string): readonly { readonly type: RecordTypeName; readonly row: Body }[] {
    const isOne = (type: RecordTypeName, row: Body) =>
      stream !== 'payments' || type !== 'creditMemo' || isAbove(this.simulator.read(type, text(row['id']))?.['applied']);
    return TYPES[stream as StreamName].flatMap((type) =>
      this.simulator
        .all(type)
        .filter((row) => isOne(type, row))
        .map((row) => ({ type, row })),
    );
  }

  #found(stream: string, id: string): { readonly type: RecordTypeName; readonly id: string; readonly row: Body } | null {
    const own = stream === 'customers' ? (id.split('/')[0] ?? '') : id;
    const types = stream === 'products' ? [...TYPES.products, 'discountItem' as const] : TYPES[stream as StreamName];
    for (const type of types) {
      const row = this.simulator.all(type).find((one) => text(one['id']) === own);
      if (row) return { type, id: own, row };
    }
    return null;
  }

  #booked(stream: string, { type, row }: { readonly type: RecordTypeName; readonly row: Body }): KitBooked {
    const currency = this.#symbol(row);
    const isSettlement = stream === 'payments' && type === 'creditMemo';
    const money = type === 'customerPayment' || type === 'customerDeposit' ? row['payment'] : row['total'];
    const open = type === 'cashSale' ? '0' : type === 'salesOrder' ? null : text(row['amountRemaining'] ?? row['unapplied'] ?? 0);
    const isOwn = currency === this.#currencyOf(idIn(row['subsidiary']));
    return {
      id: text(row['id']),
      day: text(row['tranDate']),
      currency,
      rate: isOwn || row['exchangeRate'] === undefined ? null : text(row['exchangeRate']),
      total: isSettlement ? '0' : text(money),
      tax: SALES.has(type) && !isSettlement ? text(row['taxTotal'] ?? 0) : null,
      open: isSettlement ? '0' : type === 'customerDeposit' ? null : open,
    };
  }

  #customers(): KitReferences['customers'] {
    const names = new Map(this.#active('customer').map((row) => [text(row['id']), row]));
    return this.simulator
      .query('SELECT r.entity, r.subsidiary FROM customersubsidiaryrelationship r')
      .flatMap(({ entity = '', subsidiary = '' }) => {
        const row = names.get(entity);
        if (row === undefined) return [];
        const functionalCurrency = this.#currencyOf(subsidiary);
        return [{ id: `${entity}/${subsidiary}`, currency: this.#symbol(row), legalEntity: subsidiary, functionalCurrency }];
      });
  }

  #openOrders(): NonNullable<KitReferences['openOrders']> {
    const goods = new Set(
      ['inventoryItem', 'nonInventorySaleItem']
        .flatMap((type) => this.simulator.all(type as RecordTypeName))
        .map(({ id }) => text(id)),
    );
    return this.simulator
      .all('salesOrder')
      .filter((row) => ['B', 'D', 'E'].includes(idIn(row['status'])))
      .map((row) => this.simulator.read('salesOrder', text(row['id'])) ?? row)
      .map((row) => ({
        id: text(row['id']),
        legalEntity: idIn(row['subsidiary']),
        lines: itemsIn(row['item'])
          .filter(
            (line) =>
              goods.has(idIn(line['item'])) &&
              line['isClosed'] !== true &&
              Number(line['quantity']) > Number(line['quantityFulfilled'] ?? 0),
          )
          .map((line) => ({
            id: text(line['line']),
            quantity: `${Number(line['quantity']) - Number(line['quantityFulfilled'] ?? 0)}`,
          })),
      }))
      .filter(({ lines }) => lines.length > 0);
  }

  #payer(field: 'entity' | 'customer'): Body {
    const [company] = COMPANIES;
    const customer = this.#active('customer').find((row) => idIn(row['subsidiary']) === company);
    return { [field]: { id: text(customer?.['id']) }, subsidiary: { id: company } };
  }

  #sale(payer = this.#payer('entity')): Body {
    const item = { id: this.#products()[0] ?? '' };
    return { ...payer, item: { items: [{ item, quantity: 1, rate: 41.5, amount: 41.5 }] } };
  }
}
