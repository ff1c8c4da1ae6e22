/**
 * Which credit was set against which debit. SAP says only which lines were cleared together; so credit notes are used up first, then the
 * payments, each against the debits in the order of their keys: always the same, whichever of the documents is looked at. Pure.
 */
import { type JsonObject, isZero, minus, plus } from '../../src/connect/index.ts';
import { isAbove, sizeOf, smaller } from './amounts.ts';
import { keyAt, textAt } from './fields.ts';
import { joined } from './keyset.ts';
import { amountOf, continues, isDebit, LINE_KEY } from './lines.ts';
import { type Books, type Owner, ownerOf, targetOf } from './owners.ts';

type Named = Exclude<Owner, { kind: 'PAYMENT' | 'NONE' }>;

/** So much of a credit was set against a debit. */
export interface Share {
  /** The key of the credit's line. */
  readonly line: string;
  readonly customer: string;
  /** Of a credit note; null: a payment's money. */
  readonly creditNote: Named | null;
  readonly target: Named;
  readonly amount: string;
}

export const lineKey = (line: JsonObject): string => joined(LINE_KEY.map((field) => textAt(line, field) ?? ''));

interface Side {
  readonly line: JsonObject;
  readonly owner: Owner;
  left: string;
}

/** Of the lines that were cleared together. */
export function sharesOf(lines: readonly JsonObject[], books: Books): readonly Share[] {
  const sides = lines
    .map((line): Side => ({ line, owner: ownerOf(line, books), left: sizeOf(amountOf(line)) }))
    .filter(({ owner }) => owner.kind !== 'NONE')
    .toSorted((a, b) => (lineKey(a.line) < lineKey(b.line) ? -1 : 1));
  const debits = sides.filter(({ line }) => isDebit(line));
  const credits = sides.filter(({ line }) => !isDebit(line));
  for (const part of credits) settlePart(part, debits, books);
  const notes = credits.filter(({ owner }) => owner.kind !== 'PAYMENT');
  const money = credits.filter(({ owner }) => owner.kind === 'PAYMENT');
  return [...notes, ...money].flatMap((credit) => sharesOfOne(credit, debits));
}

/** A payment in part was set against its invoice when it was made: that much of both is done. */
function settlePart(part: Side, debits: readonly Side[], books: Books): void {
  if (part.owner.kind !== 'PAYMENT' || !continues(part.line, books.settings)) return;
  const target = targetOf(part.line, books);
  if (target === null || !('id' in target)) return;
  for (const debit of debits) {
    if (!('id' in debit.owner) || debit.owner.id !== target.id) continue;
    const done = smaller(part.left, debit.left);
    part.left = minus(part.left, done);
    debit.left = minus(debit.left, done);
  }
  part.left = '0';
}

function sharesOfOne(credit: Side, debits: readonly Side[]): Share[] {
  const shares: Share[] = [];
  for (const debit of debits) {
    const { owner } = debit;
    const amount = smaller(credit.left, debit.left);
    if (isZero(amount) || !('id' in owner)) continue;
    shares.push({
      line: lineKey(credit.line),
      customer: keyAt(credit.line, 'Customer') ?? '',
      creditNote: 'id' in credit.owner ? credit.owner : null,
      target: owner,
      amount,
    });
    credit.left = minus(credit.left, amount);
    debit.left = minus(debit.left, amount);
  }
  return shares;
}

/** What a payment, or a clearing without money, is set against. */
export interface Application {
  readonly kind: Named['kind'];
  readonly document: string;
  amount: string;
  discount?: string;
  appliedOn?: string;
}

/** Applications by their documents, added up. */
export class Applications {
  readonly #all = new Map<string, Application>();

  add({ kind, id }: Named, amount: string, appliedOn: string | undefined): void {
    const key = `${kind} ${id}`;
    const before = this.#all.get(key);
    if (!before) this.#all.set(key, { kind, document: id, amount, ...(appliedOn === undefined ? {} : { appliedOn }) });
    else before.amount = plus(before.amount, amount);
  }

  /** A rest that was left of the document is not paid by it. */
  leave(target: Named, amount: string): void {
    const found = this.#all.get(`${target.kind} ${target.id}`);
    if (found) found.amount = isAbove(amount, found.amount) ? '0' : minus(found.amount, amount);
  }

  /** A part of what was set against invoices is no money: from the largest one on. */
  discount(amount: string): void {
    let left = amount;
    const invoices = [...this.#all.values()].filter(({ kind }) => kind === 'Invoice');
    for (const one of invoices.toSorted((a, b) => (isAbove(b.amount, a.amount) ? 1 : -1))) {
      const some = smaller(left, one.amount);
      if (isZero(some)) continue;
      one.amount = minus(one.amount, some);
      one.discount = some;
      left = minus(left, some);
    }
  }

  list(): Application[] {
    return [...this.#all.values()].filter((one) => !isZero(one.amount) || one.discount !== undefined);
  }
}
