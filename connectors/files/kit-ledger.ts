/** A small company for the conformance kit: rows as an ERP exports them, in currencies with two, no and three decimals. Whole minor units. */
import { type JsonObject, seededRandom, type SeededRandomness } from '../../src/connect/index.ts';
import { STREAM_NAMES, type StreamName } from './settings.ts';

export type Row = JsonObject & { readonly id: string };

const DECIMALS = { USD: 2, JPY: 0, KWD: 3 } as const;
type Code = keyof typeof DECIMALS;
const CODES: readonly Code[] = ['USD', 'JPY', 'KWD'];
const NAMES = ['Müller & Söhne', 'O"Brien, Ltd', '東京商事', 'Acme'];
const TAX_PERCENT = 8;
const DAY_MS = 86_400_000;
const TERM_DAYS = 30;

interface Sale {
  readonly currency: Code;
  readonly lines: readonly { readonly quantity: number; readonly priceMinor: number }[];
  /** Else it is rounded on the whole. */
  readonly isTaxByLine: boolean;
}

export class Ledger {
  readonly #rows = new Map<StreamName, Map<string, Row>>(STREAM_NAMES.map((name) => [name, new Map()]));
  readonly #random: SeededRandomness;
  readonly #now: () => Date;
  #serial = 0;

  constructor({ seed, now }: { readonly seed: number | string; readonly now: () => Date }) {
    this.#random = seededRandom(seed);
    this.#now = now;
  }

  /** About so many invoices, and what comes with them. */
  fill(size: number): void {
    const counts = { products: 8, customers: 12, invoices: size, 'credit-notes': size / 6, payments: size / 2 };
    for (const stream of STREAM_NAMES) for (let i = 0; i < counts[stream] && size > 0; i++) this.make(stream);
  }

  rows(stream: StreamName): readonly Row[] {
    return [...(this.#rows.get(stream)?.values() ?? [])];
  }

  /** The id of a new row. */
  make(stream: StreamName): string {
    this.#serial += 1;
    const id = `${stream.slice(0, 3).toUpperCase()}-${this.#serial}`;
    this.#put(stream, { id, ...this.#made(stream) });
    return id;
  }

  change(stream: StreamName, id: string): boolean {
    this.#serial += 1;
    const text = `Changed, ${this.#serial} times "in all"`;
    return this.#set(stream, id, stream === 'products' || stream === 'customers' ? { name: text } : { memo: text });
  }

  /** It stays in the export, and says that it is out of use or void. */
  remove(stream: StreamName, id: string): boolean {
    if (stream === 'products' || stream === 'customers') return this.#set(stream, id, { isActive: false });
    return this.#set(stream, id, { state: 'VOIDED', ...(stream === 'payments' ? { unapplied: '0' } : { open: '0' }) });
  }

  #put(stream: StreamName, row: Row): void {
    this.#rows.get(stream)?.set(row.id, row);
  }

  #set(stream: StreamName, id: string, change: JsonObject): boolean {
    const before = this.#rows.get(stream)?.get(id);
    if (before) this.#put(stream, { ...before, ...change });
    return before !== undefined;
  }

  #made(stream: StreamName): JsonObject {
    const [random, number] = [this.#random, this.#serial];
    const name = `${random.pick(NAMES)} ${number}`;
    if (stream === 'products') return { sku: `P-${number}`, name, kind: 'GOODS', unitPrice: '12.50', isActive: true };
    if (stream === 'customers')
      return { number: `K-${number}`, name, country: 'DE', currency: CODES[number % CODES.length] ?? 'USD', isActive: true };
    if (stream === 'payments') return this.#payment();
    const bill = this.#bill(`R-${number}`);
    if (stream === 'invoices') return bill;
    const { lines: _lines, taxes: _taxes, dueOn: _dueOn, ...note } = bill;
    return { ...note, taxRate: String(TAX_PERCENT) };
  }

  #day(days = 0): string {
    return new Date(this.#now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
  }

  #bill(number: string): JsonObject {
    const { id: customer, currency } = this.#random.pick(this.rows('customers'));
    const count = 1 + this.#random.int(4);
    const lines = Array.from({ length: count }, () => ({
      quantity: 1 + this.#random.int(9),
      priceMinor: this.#random.int(9_999),
    }));
    const sale = { currency: currency as Code, lines, isTaxByLine: this.#random.int(2) === 0 };
    const rate = currency === 'USD' ? {} : { rate: currency === 'JPY' ? '0.0067' : '3.25' };
    return {
      number,
      customer,
      currency: sale.currency,
      ...rate,
      issuedOn: this.#day(),
      dueOn: this.#day(TERM_DAYS),
      ...sums(sale),
    };
  }

  #payment(): JsonObject {
    const bills = this.rows('invoices').filter((row) => row['open'] !== '0' && row['state'] !== 'VOIDED');
    const bill = bills.length === 0 ? null : this.#random.pick(bills);
    const day = { receivedOn: this.#day(), method: 'BANK_TRANSFER', reference: `REF-${this.#serial}` };
    const { id: customer, currency = 'USD' } = this.#random.pick(this.rows('customers'));
    if (bill === null) return { ...day, customer, currency, amount: '10', unapplied: '10', applications: [] };
    const amount = bill['open'] ?? '0';
    const applications = [{ kind: 'Invoice', document: bill.id, amount }];
    this.#set('invoices', bill.id, { open: '0' });
    const payer = { customer: bill['customer'] ?? customer, currency: bill['currency'] ?? currency };
    return { ...day, ...payer, amount, unapplied: '0', applications };
  }
}

/** Half up, of amounts that are not below zero. */
const taxOn = (minor: number): number => Math.floor((minor * TAX_PERCENT + 50) / 100);

/** @example amountText(1250, 'USD') // '12.50' */
function amountText(minor: number, currency: Code): string {
  const decimals = DECIMALS[currency];
  const digits = String(minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function sums({ currency, lines, isTaxByLine }: Sale): JsonObject {
  const text = (minor: number) => amountText(minor, currency);
  const nets = lines.map(({ quantity, priceMinor }) => quantity * priceMinor);
  const netMinor = nets.reduce((sum, one) => sum + one, 0);
  const taxMinor = isTaxByLine ? nets.map(taxOn).reduce((sum, one) => sum + one, 0) : taxOn(netMinor);
  const rates = { taxCategory: 'S', taxRate: String(TAX_PERCENT) };
  return {
    lines: lines.map(({ quantity, priceMinor }, i) => ({
      description: `Part ${i + 1}`,
      quantity: String(quantity),
      unitPrice: text(priceMinor),
      net: text(nets[i] ?? 0),
      ...rates,
    })),
    taxes: [{ ...rates, taxable: text(netMinor), tax: text(taxMinor) }],
    net: text(netMinor),
    tax: text(taxMinor),
    total: text(netMinor + taxMinor),
    open: text(netMinor + taxMinor),
    state: 'ISSUED',
  };
}
