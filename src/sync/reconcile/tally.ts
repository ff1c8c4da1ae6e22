/**
 * What the records of an ERP come to, one after the other: sums and counts by stream and month, what is open of each document, and what
 * of each customer is not in the books and why. Pure but for its own sums.
 */
import type { Canonical } from '../../canonical/canonical.ts';
import { addDecimal, compareDecimal, decimal, type Decimal } from '../../kernel/decimal.ts';
import { endOfMonth } from '../../kernel/date.ts';
import type { Period } from './finding.ts';

export type Document = Canonical<'Order' | 'Invoice' | 'CreditNote' | 'Payment'>;

/** Our record that one of theirs is. */
export interface Here {
  readonly recordId: string;
  readonly accountId: string;
  readonly total: string;
  readonly open: string;
  readonly currency: string;
  readonly writtenOff: string;
}

export interface Seen {
  readonly stream: string;
  readonly legalEntityId: string;
  readonly externalId: string;
  readonly state: string;
  readonly document: Document;
  readonly here: Here | null;
}

export interface MonthSum {
  readonly stream: string;
  readonly legalEntityId: string;
  readonly period: Period;
  readonly currency: string;
  ours: Decimal;
  theirs: Decimal;
  /** Of those that make the difference. */
  waiting: number;
  refused: number;
  ignored: number;
}

/** A document that has not as much open here as there. */
export interface OpenDifference {
  readonly stream: string;
  readonly legalEntityId: string;
  readonly externalId: string;
  readonly customer: string;
  readonly here: Here;
  readonly theirs: string;
}

/** What of a customer is there and not in the books here. */
export interface Missing {
  waiting: number;
  refused: number;
  ignored: number;
  /** Payments that are set against what the platform doesn't know. */
  others: number;
}

const ZERO = decimal('0');
export const isSameAmount = (a: string, b: string): boolean => compareDecimal(decimal(a), decimal(b)) === 0;
const dayOf = (document: Document): string =>
  'issuedOn' in document ? document.issuedOn : 'receivedOn' in document ? document.receivedOn : document.orderedOn;
const openOf = (document: Document): string | undefined =>
  'applications' in document ? document.unapplied : 'open' in document ? document.open : undefined;
const totalOf = (document: Document): string =>
  document.state === 'VOIDED' || document.state === 'CANCELLED' ? '0' : 'amount' in document ? document.amount : document.total;

export class Tally {
  readonly sums = new Map<string, MonthSum>();
  /** By stream, by legal entity, then by the first day of the month. */
  readonly counts = new Map<string, Map<string, Map<string, number>>>();
  readonly open: OpenDifference[] = [];
  readonly missing = new Map<string, Missing>();

  add(seen: Seen): void {
    const { stream, legalEntityId, document } = seen;
    const from = `${dayOf(document).slice(0, 7)}-01`;
    const entities = this.counts.get(stream) ?? new Map<string, Map<string, number>>();
    const months = entities.get(legalEntityId) ?? new Map<string, number>();
    this.counts.set(stream, entities.set(legalEntityId, months.set(from, (months.get(from) ?? 0) + 1)));
    this.note(seen);
    if ('orderedOn' in document) return; // ordered there is not owed there
    this.sum(seen, from);
    const theirs = openOf(document);
    const { here } = seen;
    if (here && theirs !== undefined && !isSameAmount(here.open, theirs))
      this.open.push({ stream, legalEntityId, externalId: seen.externalId, customer: document.customer, here, theirs });
  }

  private sum({ stream, legalEntityId, document, here, state }: Seen, from: string): void {
    const key = `${stream} ${legalEntityId} ${from} ${document.currency}`;
    const sum = this.sums.get(key) ?? {
      stream,
      legalEntityId,
      period: { from, to: endOfMonth(from) },
      currency: document.currency,
      ours: ZERO,
      theirs: ZERO,
      waiting: 0,
      refused: 0,
      ignored: 0,
    };
    this.sums.set(key, sum);
    sum.theirs = addDecimal(sum.theirs, decimal(totalOf(document)));
    if (here) sum.ours = addDecimal(sum.ours, decimal(here.total));
    count(sum, state);
  }

  private note({ document, state, here }: Seen): void {
    const hasOthers = 'applications' in document && document.applications.some(({ kind }) => kind === 'OTHER');
    if (here && state === 'SYNCED' && !hasOthers) return;
    // a payment of nothing sets a credit note against an invoice, as it is here too
    if (!hasOthers && state === 'IGNORED' && isSameAmount(totalOf(document), '0')) return;
    const missing = this.missing.get(document.customer) ?? { waiting: 0, refused: 0, ignored: 0, others: 0 };
    this.missing.set(document.customer, missing);
    count(missing, state);
    if (hasOthers) missing.others += 1;
  }
}

function count(into: Pick<Missing, 'waiting' | 'refused' | 'ignored'>, state: string): void {
  if (state === 'WAITING') into.waiting += 1;
  else if (state === 'REFUSED') into.refused += 1;
  else if (state === 'IGNORED') into.ignored += 1;
}
