/**
 * A second opinion on receivables: plain bigint sums over a list of items and a list of allocations, written from the rules of
 * the domain and never from the code. It stores no balance: every figure is added up anew when it is asked for.
 */
import { addDays } from '../../src/kernel/date.ts';
import type { Account, Allocation, Invoice, Item, Note, Payment } from './books-types.ts';

export type * from './books-types.ts';

export const EXPONENT: Readonly<Record<string, bigint>> = { EUR: 2n, JPY: 0n, KWD: 3n, USD: 2n };
export const BUCKETS = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90', 'unapplied'] as const;

interface Rate {
  readonly from: string;
  readonly to: string;
  readonly on: string;
  /** Millionths. */
  readonly micros: bigint;
}

interface Moment {
  readonly asOf?: string;
  readonly knownAt?: number;
  readonly kind?: Allocation['kind'];
}

export const size = (n: bigint) => (n < 0n ? -n : n);
export const total = (numbers: readonly bigint[]) => numbers.reduce((a, b) => a + b, 0n);
export const later = (a: string, b: string) => (a > b ? a : b);

/** Half away from zero, as on a receipt. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  const n = (size(numerator) * 2n + denominator) / (denominator * 2n);
  return numerator < 0n ? -n : n;
}

export class Books {
  readonly items: Item[] = [];
  readonly allocations: Allocation[] = [];
  readonly invoices: Invoice[] = [];
  readonly notes: Note[] = [];
  readonly payments: Payment[] = [];

  constructor(
    readonly accounts: readonly Account[],
    readonly rates: readonly Rate[],
  ) {}

  taken(item: Item, { asOf, knownAt, kind }: Moment = {}): bigint {
    const counted = this.allocations.filter(
      (a) =>
        (asOf === undefined || a.on <= asOf) &&
        (knownAt === undefined || a.at <= knownAt) &&
        (kind === undefined || a.kind === kind),
    );
    return total(counted.map((a) => (a.to === item ? a.toMinor : a.from === item ? -a.fromMinor : 0n)));
  }

  open(item: Item, moment: Moment = {}): bigint {
    const isThere =
      (moment.asOf === undefined || item.on <= moment.asOf) && (moment.knownAt === undefined || item.at <= moment.knownAt);
    return isThere ? item.original - this.taken(item, moment) : 0n;
  }

  /** The days on which something was allocated from or to it. */
  days(item: Item): string[] {
    return this.allocations
      .filter((a) => a.to === item || a.from === item)
      .map((a) => a.on)
      .sort();
  }

  /** What can be taken of it from a day on without more being taken than there was on that day or any later one. */
  leftFrom(item: Item, day: string): bigint {
    const left = [day, ...this.days(item).filter((d) => d > day)].map((asOf) => size(this.open(item, { asOf })));
    return day < item.on ? 0n : left.reduce((a, b) => (a < b ? a : b));
  }

  /** The first day, not before `day`, from which each item has its amount. */
  firstDay(wanted: readonly (readonly [Item, bigint])[], day: string): string {
    const start = wanted.reduce((d, [item]) => later(d, item.on), day);
    const days = [
      start,
      ...wanted
        .flatMap(([item]) => this.days(item))
        .filter((d) => d > start)
        .sort(),
    ];
    return days.find((d) => wanted.every(([item, minor]) => this.leftFrom(item, d) >= minor)) ?? start;
  }

  settledOn(item: Item): string | null {
    return this.open(item) === 0n ? (this.days(item).at(-1) ?? item.on) : null;
  }

  isReversed(allocation: Allocation): boolean {
    return this.allocations.some((a) => a.reverses === allocation);
  }

  /** What a payment of that day gets off for settling all that is open. */
  offer(item: Item, receivedOn: string): bigint {
    if (!item.early || receivedOn > item.early.until) return 0n;
    const left = item.early.offered - this.taken(item, { kind: 'DISCOUNT' });
    const share = halfUp(item.early.offered * this.open(item), item.original);
    return left <= 0n ? 0n : left < share ? left : share;
  }

  /** The discounts that were granted with an allocation and count still. */
  grantedWith(allocation: Allocation): readonly Allocation[] {
    return this.allocations.filter((a) => a.with === allocation && a.reverses === null && !this.isReversed(a));
  }

  hasRate(currency: string, to: string, day: string): boolean {
    return currency === to || this.rates.some((r) => r.from === currency && r.to === to && r.on <= day);
  }

  /** The amount in functional currency at the newest rate of the day, rounded once. */
  base(minor: bigint, currency: string, { to, on }: { to: string; on: string }): bigint {
    if (currency === to) return minor;
    const rate = this.rates
      .filter((r) => r.from === currency && r.to === to && r.on <= on)
      .sort((a, b) => (a.on < b.on ? 1 : -1))[0];
    const scale = (code: string) => 10n ** (EXPONENT[code] ?? 2n);
    return halfUp(minor * (rate?.micros ?? 0n) * scale(to), 1_000_000n * scale(currency));
  }

  invoiceStatus(invoice: Invoice): string {
    const { item } = invoice;
    if (!item) return invoice.state;
    const by = (kind: Allocation['kind']) => this.taken(item, { kind });
    if (this.open(item) > 0n) return by('CASH') > 0n ? 'PARTIALLY_PAID' : 'OPEN';
    const isPaid = by('CASH') > 0n || (by('CREDIT') === 0n && by('WRITE_OFF') === 0n);
    if (isPaid) return by('WRITE_OFF') > by('CASH') ? 'WRITTEN_OFF' : 'PAID';
    return by('CREDIT') >= by('WRITE_OFF') ? 'CREDITED' : 'WRITTEN_OFF';
  }

  usedStatus(item: Item, [none, some, all]: readonly [string, string, string]): string {
    const open = size(this.open(item));
    return open === 0n ? all : open === size(item.original) ? none : some;
  }

  /** Legal entity and currency → its buckets, as `ageing` shows them; groups with nothing open are left out. */
  ageing(asOf: string, knownAt?: number): Map<string, Record<(typeof BUCKETS)[number], bigint>> {
    const groups = new Map<string, Record<(typeof BUCKETS)[number], bigint>>();
    for (const item of this.items) {
      const open = this.open(item, knownAt === undefined ? { asOf } : { asOf, knownAt });
      if (open === 0n) continue;
      const key = `${item.account.entity.code} ${item.currency}`;
      const group = groups.get(key) ?? { notDue: 0n, days1To30: 0n, days31To60: 0n, days61To90: 0n, over90: 0n, unapplied: 0n };
      groups.set(key, group);
      const overdue = ([30, 60, 90] as const).filter((days) => addDays(item.dueOn, days) < asOf).length;
      const late = (['days1To30', 'days31To60', 'days61To90', 'over90'] as const)[overdue] ?? 'over90';
      group[open < 0n ? 'unapplied' : item.dueOn >= asOf ? 'notDue' : late] += open;
    }
    return groups;
  }
}
