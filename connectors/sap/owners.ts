/**
 * Which document a line on a customer's account belongs to: the invoice or credit note that billing made, an accounting document by itself, a
 * payment, or none that counts, such as both sides of a cancellation. Pure.
 */
import type { JsonObject } from '../../src/connect/index.ts';
import { CHAIN_MAX_COUNT } from './chains.ts';
import { isSet, keyAt, textAt } from './fields.ts';
import {
  accountingId,
  continues,
  documentOf,
  isDebit,
  isOfBilling,
  isOfPayment,
  isSpecial,
  isTakenBack,
  ownLine,
  referencedLine,
  referenceOf,
} from './lines.ts';
import type { Settings } from './settings.ts';

export type Owner =
  | { readonly kind: 'Invoice' | 'CreditNote' | 'OTHER'; readonly id: string }
  /** The payment itself, or a part of it that stands against a document already. */
  | { readonly kind: 'PAYMENT' }
  | { readonly kind: 'NONE' };

export interface Books {
  readonly settings: Settings;
  /** Billing documents by their number. */
  readonly billing: ReadonlyMap<string, JsonObject>;
  /** Lines of documents that are referred to, by the document. */
  readonly targets: ReadonlyMap<string, readonly JsonObject[]>;
}

export const INVOICES: ReadonlySet<string> = new Set(['M', 'P']);
export const CREDITS: ReadonlySet<string> = new Set(['O']);
const CANCELLATIONS: ReadonlySet<string> = new Set(['N', 'S']);

/** Cancelled, or the document that cancels another one: together they come to nothing. */
const isCancelled = (billing: JsonObject): boolean => isSet(billing, 'BillingDocumentIsCancelled') || isCancelling(billing);
export const isCancelling = (billing: JsonObject): boolean =>
  keyAt(billing, 'CancelledBillingDocument') !== undefined || CANCELLATIONS.has(textAt(billing, 'SDDocumentCategory') ?? '');

export function ownerOf(line: JsonObject, books: Books): Owner {
  const { settings } = books;
  if (isSpecial(line) || isTakenBack(line)) return { kind: 'NONE' };
  if (isOfBilling(line, settings)) return ofBilling(line, books);
  if (isDebit(line)) {
    const target = continues(line, settings) ? targetOf(line, books) : null;
    return target ?? { kind: 'Invoice', id: accountingId(line) };
  }
  return isOfPayment(line, settings) ? { kind: 'PAYMENT' } : { kind: 'CreditNote', id: accountingId(line) };
}

function ofBilling(line: JsonObject, { billing }: Books): Owner {
  const id = keyAt(line, 'BillingDocument');
  if (id === undefined) return { kind: 'OTHER', id: accountingId(line) };
  const document = billing.get(id);
  // archived, or none that we may see: nothing is to wait for it
  if (!document) return { kind: 'OTHER', id };
  if (isCancelled(document)) return { kind: 'NONE' };
  const category = textAt(document, 'SDDocumentCategory') ?? '';
  if (INVOICES.has(category)) return { kind: 'Invoice', id };
  return { kind: CREDITS.has(category) ? 'CreditNote' : 'OTHER', id };
}

/** The document that a line refers to, if that is one of the customer's; a rest that was left of a rest is followed to the first one. */
export function targetOf(line: JsonObject, books: Books, depth = 0): Owner | null {
  const reference = referenceOf(line);
  if (reference === null || reference === documentOf(line) || depth > CHAIN_MAX_COUNT) return null;
  const customer = keyAt(line, 'Customer');
  const lines = (books.targets.get(reference) ?? []).filter((one) => keyAt(one, 'Customer') === customer);
  const named = lines.filter((one) => ownLine(one) === referencedLine(line));
  const owners = (named.length > 0 ? named : lines).map((one) =>
    referenceOf(one) === null ? ownerOf(one, books) : targetOf(one, books, depth + 1),
  );
  return owners.find((owner) => owner?.kind === 'Invoice' || owner?.kind === 'CreditNote') ?? null;
}
