/**
 * Events of SAP, forwarded by an event broker as CloudEvents: they carry keys only, come at least once and in any order, so they are hints of
 * what to read. Who sent them is proved by a secret that the broker sends as a bearer token, since SAP signs nothing.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type CloudEvent, cloudEvents, type JsonObject, type WebhookHint, type WebhookMessage } from '../../src/connect/index.ts';
import { isObject, keyAt } from './fields.ts';
import type { Credentials } from './settings.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In constant time, whatever its length. Nothing is believed where no secret is kept. */
export function verify({ headers }: WebhookMessage, { credentials }: { readonly credentials: Credentials }): boolean {
  const { webhookSecret } = credentials;
  const given = headers['authorization'];
  if (webhookSecret === undefined || typeof given !== 'string') return false;
  return timingSafeEqual(digest(given), digest(`Bearer ${webhookSecret}`));
}

/** Streams by the object that an event is about; where the key of the event is not that of the stream, the stream is read. */
const OBJECTS: Readonly<Record<string, readonly { readonly stream: string; readonly key?: string }[]>> = {
  businesspartner: [{ stream: 'customers' }],
  customer: [{ stream: 'customers' }],
  product: [{ stream: 'products', key: 'Product' }],
  salesorder: [{ stream: 'orders', key: 'SalesOrder' }],
  outbounddelivery: [{ stream: 'deliveries' }, { stream: 'orders' }],
  // a cancellation is about the document that it cancels
  billingdocument: [{ stream: 'invoices' }, { stream: 'credit-memos' }],
  journalentry: [
    { stream: 'invoices' },
    { stream: 'accounting-invoices' },
    { stream: 'credit-memos' },
    { stream: 'accounting-credit-memos' },
    { stream: 'payments' },
  ],
};

const TYPE = /^sap\.s4\.beh\.([a-z]+)\.v\d+\.[A-Za-z]+\.([A-Za-z]+)\.v\d+$/i;

/** Of objects that are not read, nothing. @throws Error for a body that is no CloudEvent */
export function hints({ body }: WebhookMessage): readonly WebhookHint[] {
  return cloudEvents(body).flatMap(hintsOf);
}

function hintsOf({ type, data }: CloudEvent): WebhookHint[] {
  const [, object = '', happened = ''] = TYPE.exec(type) ?? [];
  const keys: JsonObject = isObject(data) ? data : {};
  const isDeleted = /^deleted$/i.test(happened);
  return (OBJECTS[object.toLowerCase()] ?? []).map(({ stream, key }) => {
    const externalId = key === undefined ? undefined : keyAt(keys, key);
    return externalId === undefined ? { stream } : { stream, externalId, ...(isDeleted ? { isDeleted } : {}) };
  });
}
