/** Invoices are made by billing in SAP, which no service starts; one that is there can be cancelled. */
import type { Push, PushRequest, PushResult, SourceRecord } from '../../src/connect/index.ts';
import { billingSource } from './billing.ts';
import { refusal, strange } from './faults.ts';
import { isSet, textAt } from './fields.ts';
import { text } from './literals.ts';
import { inWords, knownId } from './pushing.ts';
import { ETAG } from './query.ts';
import { send } from './session.ts';
import type { Settings } from './settings.ts';
import { type Context, rootOf } from './system.ts';

const source = billingSource(['M', 'P']);

export const pushInvoice: Push<Settings, 'Invoice'> = {
  kind: 'Invoice',
  stream: 'invoices',
  commands: ['VOID'],
  // nothing of ours stands on an invoice: what is asked for is always one that is known by its number
  find: async () => null,
  send: (context, request) => inWords(() => cancel(context, request)),
};

async function cancel(context: Context, request: PushRequest<'Invoice'>): Promise<PushResult> {
  const number = knownId(request);
  const before = await recordOf(context, number);
  if (isSet(before.raw, 'BillingDocumentIsCancelled')) return { record: before, isFound: true };
  await send(context, 'billing', {
    method: 'post',
    path: `${rootOf('billing')}/Cancel`,
    query: { BillingDocument: text(number) },
    etag: textAt(before.raw, ETAG) ?? '*',
  });
  const after = await recordOf(context, number);
  if (!isSet(after.raw, 'BillingDocumentIsCancelled'))
    throw strange(`Billing document ${number} was to be cancelled, and is not.`);
  return { record: after };
}

async function recordOf(context: Context, number: string): Promise<SourceRecord> {
  const [record] = /^\w{1,10}$/.test(number) ? await source.load(context, [number]) : [];
  if (record) return record;
  throw refusal(`${number} is no invoice of billing in SAP: what was posted in accounting is reversed there.`);
}
