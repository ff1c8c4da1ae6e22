/**
 * What the optional bundle in the account posts when a record was saved or deleted: `{type, id, event}`, one or a list, signed over the
 * raw body. NetSuite has no webhooks of its own. They may repeat and come in any order, so they are hints of what to read.
 */
import { type JsonObject, verifyHmac, type WebhookHint, type WebhookMessage } from '../../src/connect/index.ts';
import { isObject, textAt } from './fields.ts';
import type { Credentials, Settings } from './settings.ts';
import type { StreamName } from './streams.ts';
import { isId } from './suiteql.ts';

const HEADER = 'x-signature';
const EVENTS_MAX_COUNT = 1_000;

/** Nothing is believed where no secret is kept. */
export function verify({ headers, body }: WebhookMessage, { credentials }: { readonly credentials: Credentials }): boolean {
  const { webhookSecret } = credentials;
  if (webhookSecret === undefined) return false;
  return verifyHmac({ secret: webhookSecret, body, signature: headers[HEADER], encoding: 'hex' });
}

/** By the types of the record service, in lower case. */
const STREAMS_OF: Readonly<Record<string, readonly StreamName[]>> = {
  term: ['terms'],
  salesorder: ['orders'],
  itemfulfillment: ['deliveries'],
  invoice: ['invoices'],
  cashsale: ['invoices'],
  creditmemo: ['credit-memos', 'payments'],
  customerpayment: ['payments'],
  customerdeposit: ['payments'],
};

export function hints({ body }: WebhookMessage, _context: { readonly config: Settings }): readonly WebhookHint[] {
  const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (list.length > EVENTS_MAX_COUNT) throw new Error(`A message may hold ${EVENTS_MAX_COUNT} events at most.`);
  return list.flatMap((one) => {
    if (!isObject(one)) throw new Error('An event must be an object with type, id and event.');
    return hintsOf(one);
  });
}

function hintsOf(event: JsonObject): readonly WebhookHint[] {
  const type = (textAt(event, 'type') ?? '').toLowerCase();
  const id = textAt(event, 'id');
  const isDeleted = /^delete/i.test(textAt(event, 'event') ?? '');
  // a customer has as many records as companies, and what an application or refund changes is another document: a read finds them
  if (type === 'customer') return [{ stream: 'customers' }];
  if (type === 'depositapplication' || type === 'customerrefund') return [{ stream: 'payments' }];
  if (type.endsWith('item') && !type.startsWith('salestax')) return [one('products', id, isDeleted)];
  return (STREAMS_OF[type] ?? []).map((stream) => one(stream, id, isDeleted));
}

const one = (stream: StreamName, id: string | undefined, isDeleted: boolean): WebhookHint =>
  id === undefined || !isId(id) ? { stream } : { stream, externalId: id, ...(isDeleted ? { isDeleted } : {}) };
