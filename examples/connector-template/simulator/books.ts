/** The books of the simulated ERP: lists of records, a few rules, and a small company to begin with. No float ever touches an amount. */
import {
  addDecimal,
  compareDecimal,
  decimal,
  decimalText,
  type JsonObject,
  type SeededRandomness,
  subtractDecimal,
} from 'cashgraph/connector'; // prettier-ignore

export type SetName = 'products' | 'customers' | 'invoices' | 'payments';
export const SETS: readonly SetName[] = ['products', 'customers', 'invoices', 'payments'];

export type BookRecord = JsonObject & {
  readonly id: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reference?: string;
  readonly removed?: boolean;
};

/** Refused by a rule of the books; the message is shown to the client. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const CURRENCY = 'USD';
const plus = (a: string, b: string): string => decimalText(addDecimal(decimal(a), decimal(b)));
const minus = (a: string, b: string): string => decimalText(subtractDecimal(decimal(a), decimal(b)));
const isLess = (a: string, b: string): boolean => compareDecimal(decimal(a), decimal(b)) < 0;
const cents = (count: number): string => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`;

const textIn = (record: JsonObject, name: string): string => {
  const value = record[name];
  return typeof value === 'string' ? value : '';
};

const placeOf = ({ updatedAt, id }: Pick<BookRecord, 'updatedAt' | 'id'>): string => `${updatedAt}|${id.padStart(12, '0')}`;

interface Applied {
  readonly type: string;
  readonly document: string;
  readonly amount: string;
}

export class Books {
  readonly #sets = new Map<SetName, Map<string, BookRecord>>(SETS.map((name) => [name, new Map()]));
  readonly #random: SeededRandomness;
  readonly #now: () => Date;
  #serial = 0;
  #closedThrough: string | null = null;
  /** Told of each record that was made or changed. */
  onChange: (set: SetName, id: string) => void = () => {};

  constructor(random: SeededRandomness, now: () => Date) {
    this.#random = random;
    this.#now = now;
  }

  /** By the time of their last change, then by id. */
  all(set: SetName): readonly BookRecord[] {
    return [...this.#of(set).values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** Those that come after `time|id` in that order. */
  allAfter(set: SetName, place: string): readonly BookRecord[] {
    const [updatedAt = '', id = ''] = place.split('|');
    return this.all(set).filter((one) => placeOf(one) > placeOf({ updatedAt, id }));
  }

  get(set: SetName, id: string): BookRecord | null {
    return this.#of(set).get(id) ?? null;
  }

  make(set: SetName, fields: JsonObject): BookRecord {
    this.#mustBeOpen(fields['date']);
    this.#serial += 1;
    const id = String(this.#serial);
    const whole = { ...this.#standard(set, id), ...fields, ...this.#derived(set, id, fields) };
    if (set === 'payments') this.#apply(fields, 'MADE');
    const at = this.#now().toISOString();
    return this.#keep(set, { ...whole, id, version: 1, createdAt: at, updatedAt: at });
  }

  /** Fields that are not named stay. Null: there is no such record. */
  change(set: SetName, id: string, fields: JsonObject): BookRecord | null {
    const before = this.get(set, id);
    if (before === null) return null;
    const contact = { ...(before['contact'] as JsonObject | undefined), ...(fields['contact'] as JsonObject | undefined) };
    const nested = before['contact'] === undefined ? {} : { contact };
    const updatedAt = this.#now().toISOString();
    return this.#keep(set, { ...before, ...fields, ...nested, id, version: before.version + 1, updatedAt });
  }

  /** Another app writes a field of its own, which is no change of the record. */
  mark(set: SetName, id: string, note: string): void {
    const before = this.get(set, id);
    if (before !== null) this.#of(set).set(id, { ...before, note });
  }

  /** An invoice or payment becomes void and stays; the rest is removed, and stays as a mark of that. */
  remove(set: SetName, id: string): boolean {
    if (set === 'invoices' || set === 'payments') return this.void(set, id) !== null;
    return this.change(set, id, { removed: true }) !== null;
  }

  void(set: SetName, id: string): BookRecord | null {
    const before = this.get(set, id);
    if (before === null || before['status'] === 'void') return before;
    this.#mustBeOpen(before['date']);
    if (set === 'invoices' && before['open'] !== before['total'])
      throw new Refusal(422, 'PAID', `Invoice ${textIn(before, 'number')} has payments.`);
    if (set === 'payments') this.#apply(before, 'VOIDED');
    return this.change(set, id, { status: 'void', ...(set === 'invoices' ? { open: '0.00' } : { unapplied: '0.00' }) });
  }

  close(through: string | null): void {
    this.#closedThrough = through;
  }

  /** A person makes one on the ERP's own screens. */
  makeOne(set: SetName): BookRecord {
    const random = this.#random;
    const date = this.#now().toISOString().slice(0, 10);
    if (set === 'products')
      return this.make(set, { name: `Part ${random.int(10_000)}`, type: 'stock', price: cents(random.int(50_000) + 1) });
    if (set === 'customers') return this.make(set, { name: `Customer ${random.int(1_000_000)}`, country: 'US' });
    const customer = random.pick(this.all('customers').filter(({ removed }) => removed !== true));
    const open = this.all('invoices').filter((one) => one['status'] === 'open');
    if (set === 'payments' && open.length > 0) {
      const invoice = random.pick(open);
      const amount = textIn(invoice, 'open');
      const applied = [{ type: 'invoice', document: invoice.id, amount }];
      return this.make(set, { customer: textIn(invoice, 'customer'), date, amount, method: 'transfer', applied });
    }
    if (set === 'payments') return this.make(set, { customer: customer.id, date, amount: '10.00', method: 'cash', applied: [] });
    const lines = Array.from({ length: random.int(3) + 1 }, () => {
      const quantity = random.int(9) + 1;
      const price = random.int(20_000) + 1;
      const product = random.pick(this.all('products')).id;
      return {
        product,
        text: 'Part',
        quantity: String(quantity),
        price: cents(price),
        net: cents(quantity * price),
        taxCategory: 'O',
        taxRate: '0',
      };
    }); // prettier-ignore
    const net = lines.map((line) => line.net).reduce(plus, '0.00');
    const taxes = [{ category: 'O', rate: '0', taxable: net, tax: '0.00' }];
    return this.make(set, { customer: customer.id, date, due: date, lines, taxes, net, tax: '0.00', total: net });
  }

  references() {
    const customers = this.all('customers').filter(({ removed }) => removed !== true);
    const open = this.all('invoices').filter((one) => one['status'] === 'open');
    return {
      customers: customers.map(({ id }) => ({ id, currency: CURRENCY })),
      products: this.all('products').map(({ id }) => id),
      terms: [],
      openInvoices: open.map((one) => ({
        id: one.id,
        customer: textIn(one, 'customer'),
        currency: CURRENCY,
        open: textIn(one, 'open'),
      })),
      openCreditNotes: [],
      taxes: [{ category: 'O', rate: '0' }],
    }; // prettier-ignore
  }

  #of(set: SetName): Map<string, BookRecord> {
    return this.#sets.get(set) as Map<string, BookRecord>;
  }

  #keep(set: SetName, record: BookRecord): BookRecord {
    this.#of(set).set(record.id, record);
    this.onChange(set, record.id);
    return record;
  }

  #standard(set: SetName, id: string): JsonObject {
    const number = `${set.slice(0, 3).toUpperCase()}-${id}`;
    if (set === 'products') return { code: number, active: 'Y' };
    if (set === 'customers') return { code: number, active: 'Y', currency: CURRENCY, balance: '0.00', contact: {} };
    return { number, currency: CURRENCY };
  }

  /** What the ERP works out itself, whatever is sent. */
  #derived(set: SetName, id: string, fields: JsonObject): JsonObject {
    if (set === 'invoices') {
      const { net, tax, total, customer } = fields as Readonly<Record<string, string>>;
      if (!this.#of('customers').has(customer ?? '')) throw new Refusal(422, 'NO_CUSTOMER', 'There is no such customer.');
      if (plus(net ?? '0', tax ?? '0') !== plus(total ?? '0', '0.00'))
        throw new Refusal(422, 'TOTAL', 'The total is not net and tax together.');
      const lines = (fields['lines'] as readonly JsonObject[]).map((line, i) => ({ ...line, id: `${id}-${i + 1}` }));
      return { lines, status: 'open', open: total ?? '0' };
    }
    if (set !== 'payments') return {};
    const applied = (fields['applied'] as unknown as readonly Applied[]).reduce((sum, one) => plus(sum, one.amount), '0.00');
    const amount = textIn(fields, 'amount');
    if (isLess(amount, applied)) throw new Refusal(422, 'TOO_MUCH', 'More is set against invoices than was paid.');
    return { status: 'received', unapplied: minus(amount, applied) };
  }

  #apply(fields: JsonObject, what: 'MADE' | 'VOIDED'): void {
    const applied = (fields['applied'] ?? []) as unknown as readonly Applied[];
    for (const { document, amount } of applied) {
      const invoice = this.get('invoices', document);
      if (invoice === null) throw new Refusal(422, 'NO_INVOICE', `There is no invoice ${document}.`);
      const open = what === 'MADE' ? minus(textIn(invoice, 'open'), amount) : plus(textIn(invoice, 'open'), amount);
      if (isLess(open, '0')) throw new Refusal(422, 'TOO_MUCH', `Invoice ${textIn(invoice, 'number')} has less open than that.`);
      this.change('invoices', document, { open, status: isLess('0', open) ? 'open' : 'paid' });
    }
  }

  #mustBeOpen(date: unknown): void {
    if (typeof date === 'string' && this.#closedThrough !== null && date <= this.#closedThrough)
      throw new Refusal(422, 'CLOSED', `The books are closed through ${this.#closedThrough}.`);
  }
}
