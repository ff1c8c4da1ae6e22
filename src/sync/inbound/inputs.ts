/** Turns a document of an ERP into the input of the command that observes it: the records that it names become ours. Pure. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import { sha256 } from '../../kernel/hash.ts';
import { referenceKey } from './references.ts';

export interface ObservedAs {
  readonly kind: CanonicalKind;
  readonly document: Canonical;
  readonly externalId: string;
  readonly recordId: string | null;
  readonly legalEntityId: string;
  readonly occurredAt: string | null;
  readonly isDeleted: boolean;
  /** This connection made it, or would. */
  readonly isOwner: boolean;
  /** The code of the connection. */
  readonly connection: string;
  /** Another account of the same customer there. */
  readonly partyAccountId: string | null;
  /** Ours, by key; undefined: to be left out. */
  readonly resolved: (key: string) => string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

export function inputOf(observed: ObservedAs): Input {
  const { kind, document, recordId, legalEntityId, isDeleted } = observed;
  const occurredAt = observed.occurredAt === null ? null : new Date(observed.occurredAt);
  const common = { recordId, legalEntityId, occurredAt, isDeleted };
  // the company there is our legal entity here
  const { legalEntity: _, ...input } = BY_KIND[kind](document as never, observed);
  return { ...input, ...common };
}

const oneOf = ({ resolved }: ObservedAs, kind: CanonicalKind, id: string | undefined): string | undefined =>
  id === undefined ? undefined : resolved(referenceKey(kind, id));

const absent = (name: string, value: unknown): Input => (value === undefined ? {} : { [name]: value });

type Builder<K extends CanonicalKind> = (document: Canonical<K>, observed: ObservedAs) => Input;

const BY_KIND: { readonly [K in CanonicalKind]: Builder<K> } = {
  Terms: (document, { isOwner }) => ({ ...document, isOwner }),
  Product: (document, { isOwner }) => ({ ...document, isOwner }),
  Customer: ({ parent, terms, party: _, ...document }, observed) => ({
    ...document,
    ...absent('partyAccountId', observed.partyAccountId ?? undefined),
    isOwner: observed.isOwner,
    fallbackNumber: fallbackNumber(observed),
    parentAccountId: oneOf(observed, 'Customer', parent) ?? null,
    paymentTermsId: oneOf(observed, 'Terms', terms) ?? null,
  }),
  Order: ({ customer, terms, lines, ...document }, observed) => ({
    ...document,
    accountId: oneOf(observed, 'Customer', customer),
    paymentTermsId: oneOf(observed, 'Terms', terms) ?? null,
    lines: lines.map(({ product, order: _, ...line }) => ({ ...line, productId: oneOf(observed, 'Product', product) ?? null })),
  }),
  Delivery: ({ order, ...document }, observed) => ({ ...document, orderId: oneOf(observed, 'Order', order) }),
  Invoice: ({ customer, terms, lines, orders, ...document }, observed) => ({
    ...document,
    accountId: oneOf(observed, 'Customer', customer),
    ...absent('paymentTermsId', oneOf(observed, 'Terms', terms)),
    ...absent('orderIds', orderIdsOf({ orders, lines }, observed)),
    lines: documentLines(lines, observed),
  }),
  CreditNote: ({ customer, invoice, lines, ...document }, observed) => ({
    ...document,
    accountId: oneOf(observed, 'Customer', customer),
    ...absent('invoiceId', oneOf(observed, 'Invoice', invoice)),
    lines: documentLines(lines, observed),
  }),
  Payment: ({ customer, applications, ...document }, observed) => ({
    ...document,
    accountId: oneOf(observed, 'Customer', customer),
    applications: applications.map(({ kind, document: id, ...application }) => {
      const recordId = kind === 'OTHER' ? undefined : oneOf(observed, kind, id);
      // one that is no business of ours is as good as a journal entry there
      return recordId === undefined ? { ...application, kind: 'OTHER' } : { ...application, kind, recordId };
    }),
  }),
};

const documentLines = (lines: Canonical<'Invoice'>['lines'], observed: ObservedAs): readonly Input[] =>
  lines.map(({ product, order, ...line }) => ({
    ...line,
    ...absent('productId', oneOf(observed, 'Product', product)),
    ...absent('orderId', oneOf(observed, 'Order', order)),
  }));

/** Those that it names, itself or by its lines; undefined: it names none. */
function orderIdsOf({ orders, lines }: Pick<Canonical<'Invoice'>, 'orders' | 'lines'>, observed: ObservedAs) {
  const named = [...(orders ?? []), ...lines.flatMap(({ order }) => order ?? [])];
  if (orders === undefined && named.length === 0) return undefined;
  return [...new Set(named.flatMap((id) => oneOf(observed, 'Order', id) ?? []))];
}

const NUMBER_MAX_CHARS = 40;

/** The number of a customer that has none there: always the same, and another for each. */
function fallbackNumber({ connection, externalId }: ObservedAs): string {
  const plain = `${connection}-${externalId}`;
  return plain.length <= NUMBER_MAX_CHARS ? plain : `${connection.slice(0, 19)}-${sha256(externalId).slice(0, 20)}`;
}
