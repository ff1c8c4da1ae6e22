/** What the optional bundle posts: proved by its signature, and taken as a hint only. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { settings } from './settings.ts';
import { hints, verify } from './webhooks.ts';

const SECRET = 'a-secret-of-the-bundle';
const config = settings.parse({ account: '1' });
const messageOf = (event: unknown) => {
  const body = Buffer.from(JSON.stringify(event));
  return { headers: { 'x-signature': createHmac('sha256', SECRET).update(body).digest('hex') }, body };
};
const hinted = (event: unknown) => hints(messageOf(event), { config });

describe('messages', () => {
  it('are taken with the right signature only, and never without a secret', () => {
    const message = messageOf({ type: 'invoice', id: '5', event: 'change' });
    expect(verify(message, { credentials: { webhookSecret: SECRET } })).toBe(true);
    expect(verify(message, { credentials: { webhookSecret: 'another' } })).toBe(false);
    expect(verify(message, { credentials: {} })).toBe(false);
    expect(verify({ ...message, headers: {} }, { credentials: { webhookSecret: SECRET } })).toBe(false);
  });

  it('name records by their streams', () => {
    expect(hinted({ type: 'salesOrder', id: '7', event: 'create' })).toEqual([{ stream: 'orders', externalId: '7' }]);
    expect(hinted({ type: 'SALESORDER', id: '7', event: 'delete' })).toEqual([
      { stream: 'orders', externalId: '7', isDeleted: true },
    ]);
    expect(hinted({ type: 'inventoryItem', id: '7', event: 'change' })).toEqual([{ stream: 'products', externalId: '7' }]);
    expect(hinted({ type: 'vendorBill', id: '7', event: 'change' })).toEqual([]);
  });

  it('hint of more than one stream where a record is in both, or where its id is not told', () => {
    expect(hinted({ type: 'creditMemo', id: '7', event: 'change' }).map(({ stream }) => stream)).toEqual([
      'credit-memos',
      'payments',
    ]);
    expect(hinted({ type: 'customer', id: '107', event: 'change' })).toEqual([{ stream: 'customers' }]);
    expect(hinted([{ type: 'invoice' }, { type: 'depositApplication', id: '3' }])).toEqual([
      { stream: 'invoices' },
      { stream: 'payments' },
    ]);
  });

  it('without their form are refused', () => {
    expect(() => hinted('hello')).toThrow('must be an object');
    expect(() => hints({ headers: {}, body: Buffer.from('{') }, { config })).toThrow(SyntaxError);
  });
});
