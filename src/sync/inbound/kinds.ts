/** What the kinds of documents become here, by which command they are observed, and who has authority over them. */
import type { AuthorityKind, Connector, Stream } from '../../connect/connector.ts';
import type { CanonicalKind } from '../../canonical/canonical.ts';

export interface KindHere {
  /** The kind of our record. */
  readonly record: string;
  readonly command: string;
  /** Its table, where a record of ours can be made there by us. */
  readonly table: string | null;
  /** Followed only where the connection has authority over it; null: always. */
  readonly authority: AuthorityKind | null;
  /** Other ERPs may know the same one. */
  readonly isShared: boolean;
}

export const KINDS: Readonly<Record<CanonicalKind, KindHere>> = {
  Terms: { record: 'PaymentTerms', command: 'observeTerms', table: null, authority: null, isShared: true },
  Product: { record: 'Product', command: 'observeProduct', table: null, authority: null, isShared: true },
  Customer: { record: 'CustomerAccount', command: 'observeCustomer', table: 'customer_account', authority: null, isShared: true },
  Order: { record: 'Order', command: 'observeOrder', table: 'sales_order', authority: null, isShared: false },
  Delivery: { record: 'Fulfilment', command: 'observeFulfilment', table: 'fulfilment', authority: null, isShared: false },
  Invoice: { record: 'Invoice', command: 'observeInvoice', table: 'invoice', authority: 'Invoice', isShared: false },
  CreditNote: {
    record: 'CreditNote',
    command: 'observeCreditNote',
    table: 'credit_note',
    authority: 'CreditNote',
    isShared: false,
  },
  Payment: { record: 'Payment', command: 'observePayment', table: 'payment', authority: 'Payment', isShared: false },
};

/** @throws Error for a stream that the connector hasn't: a mistake in code, or one that was taken out of it */
export function streamOf(connector: Connector, name: string): Stream {
  const stream = connector.streams.find((one) => one.name === name);
  if (!stream) throw new Error(`The connector ${connector.name} has no stream ${name}`);
  return stream;
}
