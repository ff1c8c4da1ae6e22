// What the conformance kit needs of the simulated company beside its API: a person who works in QuickBooks' own screens.
import type { KitBooked, KitErp, KitReferences, KitTarget } from '../../src/connect/testing/index.ts';
import type { ErpSimulatorOptions } from '../../src/connect/index.ts';
import { type Body, type EntityName, type QuickBooksSimulator, startSimulator } from './simulator/index.ts';
import { ENTITIES, type StreamName } from './streams.ts';

/** Taxed by the code of California, or not at all. */
export const KIT_TAXES = [
  { category: 'S', rate: '8', lineCode: 'TAX', documentCode: '2' },
  { category: 'O', rate: '0', lineCode: 'NON' },
] as const;

const LISTS: ReadonlySet<EntityName> = new Set<EntityName>(['Term', 'Item', 'Customer']);
/** Of the simulated company's own chart of accounts. */
const INCOME = '79';

export const kit: KitTarget = {
  async start(options: ErpSimulatorOptions): Promise<KitErp> {
    const simulator = await startSimulator({ ...options, limits: null, slowMs: 200, multiCurrency: true });
    return new Person(simulator);
  },
};

const entityOf = (stream: string): EntityName => ENTITIES[stream as StreamName];
const text = (value: unknown): string => String(value);
const refOf = (value: unknown): string => text((value as { readonly value?: unknown }).value);
const currencyOf = (row: Body): string => (row['CurrencyRef'] === undefined ? 'USD' : refOf(row['CurrencyRef']));

/** What is not settled of each kind of document; of the others nothing ever is open. */
const OPEN: Partial<Record<EntityName, string>> = { Invoice: 'Balance', CreditMemo: 'RemainingCredit', Payment: 'UnappliedAmt' };

class Person implements KitErp {
  readonly config: KitErp['config'];
  readonly credentials: KitErp['credentials'];
  #serial = 0;

  constructor(readonly simulator: QuickBooksSimulator) {
    const { baseUrl, realmId, clientId, clientSecret, refreshToken, webhookVerifier } = simulator.access;
    const freeTextItem = text(this.#active('Item')[0]?.['Id']);
    const taxes = [...KIT_TAXES];
    this.config = { baseUrl, realmId, tokenUrl: `${baseUrl}/oauth2/v1/tokens/bearer`, freeTextItem, taxes };
    this.credentials = { clientId, clientSecret, refreshToken, webhookVerifier };
  }

  async ids(stream: string): Promise<readonly string[]> {
    return this.simulator.all(entityOf(stream)).map((row) => text(row['Id']));
  }

  async booked(stream: string): Promise<readonly KitBooked[]> {
    const entity = entityOf(stream);
    const open = OPEN[entity];
    if (LISTS.has(entity)) return [];
    return this.simulator.all(entity).map((row) => ({
      id: text(row['Id']),
      day: text(row['TxnDate']),
      currency: currencyOf(row),
      rate: row['ExchangeRate'] === undefined ? null : text(row['ExchangeRate']),
      total: text(row['TotalAmt']),
      tax: entity === 'Payment' ? null : text((row['TxnTaxDetail'] as Body | undefined)?.['TotalTax'] ?? 0),
      open: open === undefined ? null : text(row[open]),
    }));
  }

  async make(stream: string): Promise<string | null> {
    this.#serial += 1;
    const entity = entityOf(stream);
    return text(this.simulator.create(entity, this.#newBody(entity))['Id']);
  }

  async change(stream: string, id: string): Promise<boolean> {
    this.#serial += 1;
    const entity = entityOf(stream);
    const name = `Changed ${this.#serial}`;
    const bodies: Partial<Record<EntityName, Body>> = {
      Term: { Name: name },
      Item: { Description: name },
      Customer: { PrimaryPhone: { FreeFormNumber: `+1 555 ${1_000 + this.#serial}` } },
    };
    const { PrivateNote: note, LinkedTxn: links = [] } = this.simulator.read(entity, id) ?? {};
    // what was deposited can't be changed
    if ((links as readonly Body[]).some((link) => link['TxnType'] === 'Deposit')) return false;
    const after = typeof note === 'string' ? `${note} ${name}` : name;
    this.simulator.update(entity, id, bodies[entity] ?? { PrivateNote: after });
    return true;
  }

  async remove(stream: string, id: string): Promise<boolean> {
    const entity = entityOf(stream);
    if (LISTS.has(entity)) this.simulator.update(entity, id, { Active: false });
    else this.simulator.remove(entity, id);
    return true;
  }

  async countOurs(stream: string, ours: string): Promise<number> {
    const carries = (row: Body) => `${text(row['PrivateNote'])} ${text(row['Notes'])}`.includes(ours);
    return this.simulator.all(entityOf(stream)).filter(carries).length;
  }

  async references(): Promise<KitReferences> {
    const open = (entity: EntityName, field: string) =>
      this.simulator
        .all(entity)
        .filter((row) => Number(row[field]) > 0)
        .map((row) => ({
          id: text(row['Id']),
          customer: refOf(row['CustomerRef']),
          currency: currencyOf(row),
          open: text(row[field]),
        }));
    return {
      customers: this.#active('Customer').map((row) => ({ id: text(row['Id']), currency: currencyOf(row) })),
      products: this.#active('Item').map((row) => text(row['Id'])),
      terms: this.#active('Term').map((row) => text(row['Id'])),
      openInvoices: open('Invoice', 'Balance'),
      openCreditNotes: open('CreditMemo', 'RemainingCredit'),
      taxes: KIT_TAXES.map(({ category, rate }) => ({ category, rate })),
    };
  }

  async mark(stream: string, id: string, mark: string): Promise<void> {
    this.simulator.update(entityOf(stream), id, { [this.#foreignField(stream)]: mark });
  }

  async marked(stream: string, id: string): Promise<string | null> {
    const mark = this.simulator.read(entityOf(stream), id)?.[this.#foreignField(stream)];
    return mark === undefined ? null : text(mark);
  }

  async closeBooks(through: string | null): Promise<void> {
    this.simulator.setPreferences({ bookCloseDate: through });
  }

  setNow(): void {
    // it has the clock that it was started with
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  #foreignField = (stream: string): string => (stream === 'customers' ? 'PrintOnCheckName' : 'TransactionLocationType');

  #active(entity: EntityName): Body[] {
    return this.simulator.all(entity).filter((row) => row['Active'] === true && row['Type'] !== 'Category');
  }

  #newBody(entity: EntityName): Body {
    const name = `Made by hand ${this.#serial}`;
    const lists: Partial<Record<EntityName, Body>> = {
      Term: { Name: name, DueDays: 20 },
      Item: { Name: name, Type: 'Service', UnitPrice: 12.5, IncomeAccountRef: { value: INCOME } },
      Customer: { DisplayName: name },
    };
    const listed = lists[entity];
    if (listed !== undefined) return listed;
    const CustomerRef = { value: text(this.#active('Customer')[0]?.['Id']) };
    if (entity === 'Payment') return { CustomerRef, TotalAmt: 41.5, Line: [] };
    const ItemRef = { value: text(this.#active('Item')[0]?.['Id']) };
    const line = { DetailType: 'SalesItemLineDetail', Amount: 41.5, SalesItemLineDetail: { ItemRef, Qty: 1, UnitPrice: 41.5 } };
    const more = entity === 'Estimate' ? { TxnStatus: 'Accepted' } : {};
    return {
      CustomerRef,
      Line: [line],
      ...more,
      ...(entity === 'RefundReceipt' ? { DepositToAccountRef: { value: '35' } } : {}),
    };
  }
}
