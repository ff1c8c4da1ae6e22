/** The documents that ERPs get of our records: read in the tenant's session, exact, in the form that every connector takes. */
import { CANONICAL, type Canonical, type CanonicalKind } from '../../canonical/canonical.ts';
import { publicId } from '../../kernel/ids.ts';
import { type AskedKind, documentKindOf, isAskedKind, isSettlement } from './asks.rules.ts';
import { creditApplicationDocument } from './credit-application-document.ts';
import { creditNoteDocument } from './credit-note-document.ts';
import { customerDocument } from './customer-document.ts';
import { deliveryDocument } from './delivery-document.ts';
import { type DocumentSource, entityOf, NoDocument } from './document-source.ts';
import { invoiceDocument } from './invoice-document.ts';
import { orderDocument } from './order-document.ts';
import { paymentDocument } from './payment-document.ts';

const MAKERS: Readonly<Record<AskedKind, (source: DocumentSource) => Promise<Canonical | null>>> = {
  CustomerAccount: customerDocument,
  Order: orderDocument,
  Fulfilment: deliveryDocument,
  Invoice: invoiceDocument,
  CreditNote: creditNoteDocument,
  Payment: paymentDocument,
};

const PREFIXES: Readonly<Record<AskedKind, string>> = {
  CustomerAccount: 'acc',
  Order: 'ord',
  Fulfilment: 'ful',
  Invoice: 'inv',
  CreditNote: 'cn',
  Payment: 'pay',
};

export interface OutboundDocument {
  readonly kind: CanonicalKind;
  readonly document: Canonical;
  /** The public id of our record. */
  readonly ours: string;
  /** It isn't the record there that ours is, but stands beside it: found by our id alone. */
  readonly isBeside: boolean;
}

/** @throws NotThereYet, NoDocument */
export async function documentOf(source: DocumentSource): Promise<OutboundDocument> {
  const { recordKind, recordId } = source.request;
  if (!isAskedKind(recordKind)) throw new NoDocument(`No ERP is told of a ${recordKind}.`);
  const isBeside = isSettlement(source.request);
  const kind = documentKindOf({ recordKind, command: source.request.command });
  const made = await (isBeside ? creditApplicationDocument : MAKERS[recordKind])(source);
  if (!made) throw new NoDocument('The record that it is about is gone.');
  const company = entityOf(source)?.externalId ?? null;
  const parsed = CANONICAL[kind].safeParse(company === null ? made : { ...made, legalEntity: company });
  if (parsed.success) return { kind, document: parsed.data, ours: publicId(PREFIXES[recordKind], recordId), isBeside };
  const [issue] = parsed.error.issues;
  throw new NoDocument(`${issue?.path.join('.') ?? 'It'}: ${issue?.message ?? 'has no form that an ERP takes'}.`);
}
