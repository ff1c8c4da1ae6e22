/**
 * A small ERP of its own for random histories: documents that it changes as ERPs do, and what they come to. It is the model that our books
 * are held against, so it computes everything anew from the documents as they are, without items, allocations or entries.
 */
export interface Doc {
  readonly kind: 'Invoice' | 'CreditNote' | 'Payment';
  readonly key: string;
  account: number;
  number: string;
  day: number;
  dueIn: number;
  /** Of an invoice or a note: by tax rate; of a payment: one amount. */
  nets: readonly [standard: bigint, reduced: bigint];
  amount: bigint;
  isVoided: boolean;
  /** The day on which it was taken back; null: as if it had never been. */
  voidedOn: number | null;
  isDeleted: boolean;
  /** A cash sale, a refund receipt. */
  isAtOnce: boolean;
  /** Of a payment: document → amount, discount, and the day on which it was set against it. */
  applied: ReadonlyMap<string, Applied>;
  revision: number;
}

export interface Applied {
  readonly amount: bigint;
  readonly discount: bigint;
  /** Null: the ERP doesn't say. */
  readonly on: number | null;
}

export type Op = readonly [what: number, which: number, amount: number, other: number];

export const DAY = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
export const DAYS = 60;
export const ACCOUNTS = 2;

export const taxesOf = ({ nets: [standard, reduced] }: Pick<Doc, 'nets'>) => {
  const taxes = [
    { rate: '19', taxable: standard, tax: (standard * 19n + 50n) / 100n },
    { rate: '7', taxable: reduced, tax: (reduced * 7n + 50n) / 100n },
  ];
  return taxes.filter((t) => t.taxable !== 0n);
};

export const totalOf = (doc: Doc): bigint =>
  doc.kind === 'Payment' ? doc.amount : doc.nets[0] + doc.nets[1] + taxesOf(doc).reduce((sum, t) => sum + t.tax, 0n);

const stands = (doc: Doc) => !doc.isVoided && !doc.isDeleted;
/** What stood on a day: by what is known now of that day. */
const stoodOn = (doc: Doc, day: number) =>
  doc.day <= day && !doc.isDeleted && (!doc.isVoided || (doc.voidedOn !== null && day < doc.voidedOn));
const sum = (list: Iterable<bigint>) => [...list].reduce((a, b) => a + b, 0n);

export class Erp {
  readonly docs = new Map<string, Doc>();
  /** Every version of every document, in the order in which they were made. */
  readonly log: Doc[] = [];

  private all(kind: Doc['kind']): Doc[] {
    return [...this.docs.values()].filter((d) => d.kind === kind);
  }

  private payments(): Doc[] {
    return this.all('Payment').filter(stands);
  }

  /** What payments have set against a document, and used of it. */
  private usedOf(key: string, but?: string): bigint {
    return sum(
      this.payments().flatMap((p) =>
        p.key === but ? [] : [p.applied.get(key)].flatMap((a) => (a ? [a.amount + a.discount] : [])),
      ),
    );
  }

  /** What is open of it there: as a positive amount. */
  openOf(doc: Doc, but?: string): bigint {
    if (!stands(doc) || (doc.isAtOnce && doc.kind !== 'Payment')) return 0n;
    if (doc.kind !== 'Payment') return totalOf(doc) - this.usedOf(doc.key, but);
    return doc.amount - this.spentBy(doc);
  }

  /** Of its own money: what it pays less the credit notes that it uses. */
  private spentBy(payment: Doc): bigint {
    const of = (kind: Doc['kind']) =>
      sum([...payment.applied].flatMap(([key, a]) => (this.docs.get(key)?.kind === kind ? [a.amount] : [])));
    return of('Invoice') - of('CreditNote');
  }

  private keep(doc: Doc): void {
    const next = { ...doc, revision: doc.revision + 1 };
    this.docs.set(doc.key, next);
    this.log.push(next);
  }

  /** One thing that happens there; what can't be is left out. */
  step([what, which, amount, other]: Op): void {
    const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
    const nets: [bigint, bigint] = [BigInt(100 + amount * 13), other % 3 === 0 ? BigInt(amount * 7) : 0n];
    const made = {
      account: other % ACCOUNTS,
      day: other % DAYS,
      dueIn: 10 + (amount % 30),
      nets,
      amount: 0n,
      isVoided: false,
      voidedOn: null,
      isDeleted: false,
    };
    const make = (kind: Doc['kind'], more: Partial<Doc> = {}) => {
      const key = `${kind} ${this.docs.size + 1}`;
      this.keep({ kind, key, number: `N${which % 7}`, applied: new Map(), isAtOnce: false, revision: 0, ...made, ...more });
    };
    const changed = pick([...this.docs.values()].filter(stands), which);
    const gone = pick(
      [...this.docs.values()].filter((d) => d.isVoided),
      which,
    );
    switch (what % 13) {
      case 0:
      case 1:
        return make('Invoice', { isAtOnce: other % 11 === 0 });
      case 2:
        return make('CreditNote', { isAtOnce: other % 5 === 0 });
      case 3:
      case 4:
        return this.pay(make, { amount, other });
      case 5:
        return this.reapply(pick(this.payments(), which), { amount, other });
      case 6:
        return changed && this.change(changed, { amount, other });
      case 7:
        return changed && this.void(changed, { isDeleted: other % 3 === 0, after: other % 3 === 1 ? amount % 25 : null });
      case 8:
        return changed && this.date(changed, other);
      case 10:
        return gone && this.reinstate(gone, other);
      case 11:
        return gone && this.keep({ ...gone, isDeleted: other % 4 === 0, voidedOn: this.voidDay(gone, amount % 25) });
      case 12:
        return this.redate(pick(this.payments(), which), other);
      default:
        return this.grow(pick(this.payments(), which), amount);
    }
  }

  /** An amount, or nothing but credit notes; set against documents of its account as far as they are open. */
  private pay(make: (kind: 'Payment', more: Partial<Doc>) => void, { amount, other }: { amount: number; other: number }): void {
    const account = other % ACCOUNTS;
    const money = amount % 4 === 0 ? 0n : BigInt(1 + amount * 11);
    const applied = this.chosen({ account, money, seed: other, but: '' });
    if (money > 0n || applied.size > 0) make('Payment', { amount: money, applied, account, nets: [0n, 0n] });
  }

  private chosen({ account, money, seed, but }: { account: number; money: bigint; seed: number; but: string }) {
    const applied = new Map<string, Applied>();
    const on = seed % 2 === 0 ? null : seed % DAYS;
    const open = (kind: Doc['kind']) => this.all(kind).filter((d) => d.account === account && this.openOf(d, but) > 0n);
    const notes = open('CreditNote').filter((_, i) => (seed >> i) % 2 === 0 || money === 0n);
    let funds = money;
    for (const note of notes) funds += this.openOf(note, but);
    let spent = 0n;
    open('Invoice').forEach((invoice, i) => {
      if ((seed >> i) % 3 === 2 || spent >= funds) return;
      const left = this.openOf(invoice, but);
      const discount = seed % 4 === 1 && left > 10n ? left / 50n : 0n;
      const rest = funds - spent;
      const part = left - discount < rest ? left - discount : rest;
      if (part <= 0n) return;
      applied.set(invoice.key, { amount: part, discount: part === left - discount ? discount : 0n, on });
      spent += part;
    });
    // credit notes are used up to what is spent, the money only for what they leave
    for (const note of notes) {
      const used = this.openOf(note, but) < spent ? this.openOf(note, but) : spent;
      if (used > 0n) applied.set(note.key, { amount: used, discount: 0n, on });
      spent -= used;
    }
    if (spent > money) throw new Error('The ERP spends more than it has');
    return applied;
  }

  private reapply(payment: Doc | undefined, { amount, other }: { amount: number; other: number }): void {
    if (!payment) return;
    const money = amount % 3 === 0 ? payment.amount : BigInt(1 + amount * 17);
    const applied = this.chosen({ account: payment.account, money, seed: other, but: payment.key });
    this.keep({ ...payment, amount: money, applied });
  }

  /** What a payment is set against comes to more, and the payment with it: whoever reads the payment first has not that much open. */
  private grow(payment: Doc | undefined, amount: number): void {
    const [key, set] = [...(payment?.applied ?? [])].find(([other]) => this.docs.get(other)?.kind === 'Invoice') ?? [];
    const invoice = this.docs.get(key ?? '');
    if (!payment || !invoice || !set) return;
    const [standard, reduced] = invoice.nets;
    this.keep({ ...invoice, nets: [standard + BigInt(100 + amount), reduced] });
    const more = totalOf(this.docs.get(invoice.key) ?? invoice) - totalOf(invoice);
    const applied = new Map([...payment.applied, [invoice.key, { ...set, amount: set.amount + more }]]);
    this.keep({ ...payment, amount: payment.amount + more, applied });
  }

  /** Other amounts, another customer or number; what is set against it lets go of what doesn't fit, as payments there do. */
  private change(doc: Doc, { amount, other }: { amount: number; other: number }): void {
    if (doc.kind === 'Payment') return this.keep({ ...doc, number: `N${other % 7}` });
    const account = other % 9 === 0 ? (doc.account + 1) % ACCOUNTS : doc.account;
    this.keep({
      ...doc,
      account,
      nets: [BigInt(amount * 19), other % 4 === 0 ? 0n : BigInt(other * 5)],
      number: `N${other % 7}`,
    });
    const after = this.docs.get(doc.key) ?? doc;
    if (account !== doc.account || totalOf(after) < this.usedOf(doc.key)) this.letGo(doc.key);
  }

  private date(doc: Doc, other: number): void {
    this.keep({ ...doc, day: other % DAYS, dueIn: 1 + (other % 40) });
  }

  /** A refund that was given at once is taken back as if it had never been. */
  private voidDay(doc: Doc, after: number | null): number | null {
    return after === null || (doc.isAtOnce && doc.kind === 'CreditNote') ? null : doc.day + after;
  }

  private void(doc: Doc, { isDeleted, after }: { isDeleted: boolean; after: number | null }): void {
    this.keep(isDeleted ? { ...doc, isDeleted } : { ...doc, isVoided: true, voidedOn: this.voidDay(doc, after) });
    if (doc.kind !== 'Payment') this.letGo(doc.key);
  }

  /** It counts again, maybe from another day on; a payment is set against nothing. */
  private reinstate(doc: Doc, other: number): void {
    const day = other % 2 === 0 ? doc.day : other % DAYS;
    this.keep({ ...doc, day, isVoided: false, voidedOn: null, applied: new Map() });
  }

  private redate(payment: Doc | undefined, other: number): void {
    if (!payment) return;
    const on = other % 4 === 0 ? null : other % DAYS;
    this.keep({ ...payment, applied: new Map([...payment.applied].map(([key, a]) => [key, { ...a, on }])) });
  }

  /** Every payment that uses it is set against the rest only, and no more than it has. */
  private letGo(key: string): void {
    for (const payment of this.payments()) {
      if (!payment.applied.has(key)) continue;
      const applied = new Map([...payment.applied].filter(([other]) => other !== key));
      const after = { ...payment, applied };
      if (this.spentBy(after) < 0n || this.spentBy(after) > payment.amount) applied.clear();
      this.keep(after);
    }
  }
}

/** What an account owes at the end of a day, and what stands on each code: from the documents alone. */
export function balanceOf(erp: Erp, account: number, day: number): bigint {
  let owed = 0n;
  for (const doc of erp.docs.values()) {
    if (!stoodOn(doc, day) || doc.account !== account) continue;
    if (doc.kind === 'Payment') owed -= doc.amount;
    else if (!doc.isAtOnce) owed += doc.kind === 'Invoice' ? totalOf(doc) : -totalOf(doc);
  }
  for (const payment of erp.docs.values())
    if (stands(payment))
      for (const [key, applied] of payment.applied) {
        const invoice = erp.docs.get(key);
        if (invoice?.account === account && countsFrom(payment, invoice, applied) <= day) owed -= applied.discount;
      }
  return owed;
}

/** What is set against a document counts once both are there. */
const countsFrom = (payment: Doc, invoice: Doc | undefined, { on }: Applied): number =>
  Math.max(payment.day, invoice?.day ?? 0, on ?? 0);

export function trialOf(erp: Erp, day: number): ReadonlyMap<string, bigint> {
  const codes = new Map<string, bigint>();
  const add = (code: string, amount: bigint) => codes.set(code, (codes.get(code) ?? 0n) + amount);
  for (const doc of erp.docs.values()) {
    if (!stoodOn(doc, day)) continue;
    const sign = doc.kind === 'Invoice' ? 1n : -1n;
    if (doc.kind === 'Payment') {
      add('CASH_CLEARING', doc.amount);
      const granted = [...doc.applied].filter(([key, a]) => stands(doc) && countsFrom(doc, erp.docs.get(key), a) <= day);
      add('DISCOUNT', sum(granted.map(([, a]) => a.discount)));
      continue;
    }
    const tax = sum(taxesOf(doc).map((t) => t.tax));
    add('BILLED', (tax - totalOf(doc)) * sign);
    add('TAX', -tax * sign);
    if (doc.isAtOnce) add('CASH_CLEARING', totalOf(doc) * sign);
  }
  add('RECEIVABLE', -sum(codes.values()));
  for (const [code, amount] of codes) if (amount === 0n) codes.delete(code);
  return codes;
}
