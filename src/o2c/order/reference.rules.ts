/** Orders by the customer's reference: whether another one was handed in with the same. Pure but for what one set of decisions adds. */
import { daysBetween } from '../../kernel/date.ts';
import { normalise } from '../../kernel/text.ts';

/** Longer ago than this a number may well come again. */
const DAYS = 365;

export interface Reference {
  readonly accountId: string;
  readonly referenceKey: string | null;
}

export interface SameReference extends Reference {
  readonly id: string;
  readonly orderedOn: string;
  /** Null: handed in by the same set, so that it has no number yet. */
  readonly number: string | null;
}

/** The form in which references are compared: two ways of writing one number are one. */
export const referenceKeyOf = (reference: string | null): string | null =>
  reference === null ? null : normalise(reference) || null;

export class References {
  private readonly known: SameReference[];

  /** The orders that were handed in and not cancelled, of the references that are asked for. */
  constructor(known: readonly SameReference[]) {
    this.known = [...known];
  }

  /** Another order of the account with the same reference, within a year. */
  twinOf(order: Omit<SameReference, 'number'>): SameReference | null {
    if (order.referenceKey === null) return null;
    const isTwin = (other: SameReference) =>
      other.id !== order.id &&
      other.accountId === order.accountId &&
      other.referenceKey === order.referenceKey &&
      Math.abs(daysBetween(other.orderedOn, order.orderedOn)) <= DAYS;
    return this.known.find(isTwin) ?? null;
  }

  /** Later decisions of the same set see it. */
  add({ id, accountId, referenceKey, orderedOn }: Omit<SameReference, 'number'>): void {
    this.known.push({ id, accountId, referenceKey, orderedOn, number: null });
  }
}
