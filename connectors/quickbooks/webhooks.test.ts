import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentials, settings } from './settings.ts';
import { hints, verify } from './webhooks.ts';

const config = settings.parse({ realmId: '93414' });
const secrets = credentials.parse({ clientId: 'a', clientSecret: 'b', refreshToken: 'c', webhookVerifier: 'verifier-token' });
const message = (body: unknown, headers: Record<string, unknown> = {}) => ({ headers, body: Buffer.from(JSON.stringify(body)) });
const told = (body: unknown) => hints(message(body), { config });

const event = (type: string, more: object = {}) => ({
  specversion: '1.0',
  id: '0b7f6f0e-0000-4000-8000-000000000000',
  source: 'intuit.x=',
  type,
  datacontenttype: 'application/json',
  time: '2026-03-10T15:00:00.123456789Z',
  intuitentityid: '31',
  intuitaccountid: '93414',
  data: {},
  ...more,
});

describe('a webhook of QuickBooks', () => {
  it('is believed by the signature over its body as it came, and by no other', () => {
    const { body } = message([event('qbo.invoice.updated.v1')]);
    const signed = (secret: string) => createHmac('sha256', secret).update(body).digest('base64');
    const isBelieved = (signature: unknown, from = body) =>
      verify({ headers: { 'intuit-signature': signature }, body: from }, { credentials: secrets });
    const right = signed('verifier-token');
    expect(isBelieved(right)).toBe(true);
    const wrong = [
      signed('another'),
      '',
      undefined,
      right.slice(0, -2),
      `${right} `,
      Buffer.from(right, 'base64').toString('hex'),
    ];
    expect(wrong.filter((signature) => isBelieved(signature))).toEqual([]);
    expect(isBelieved(right, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);
    const { webhookVerifier: _none, ...without } = secrets;
    expect(verify({ headers: { 'intuit-signature': signed('') }, body }, { credentials: without })).toBe(false);
  });

  it('names records as CloudEvents, of our company only, with what was deleted and what was merged away', () => {
    const events = [
      event('qbo.invoice.updated.v1'),
      event('qbo.payment.deleted.v1', { intuitentityid: '33' }),
      event('qbo.customer.merged.v1', { intuitentityid: '7', data: { deletedId: '8' } }),
      event('qbo.creditmemo.voided.v1', { intuitentityid: '42' }),
      event('qbo.invoice.updated.v1', { intuitaccountid: '5' }),
      event('qbo.vendor.created.v1'),
    ];
    expect(told(events)).toEqual([
      { stream: 'invoices', externalId: '31' },
      { stream: 'payments', externalId: '33', isDeleted: true },
      { stream: 'customers', externalId: '7' },
      { stream: 'customers', externalId: '8', isDeleted: true },
      { stream: 'credit-memos', externalId: '42' },
    ]);
  });

  it('names the same in the old form, which may hold several companies', () => {
    const entities = [
      { name: 'Estimate', id: '28', operation: 'Update', lastUpdated: '2026-03-10T15:00:00.000Z' },
      { name: 'Customer', id: '7', operation: 'Merge', deletedId: '8', lastUpdated: '2026-03-10T15:00:00.000Z' },
      { name: 'RefundReceipt', id: '43', operation: 'Delete', lastUpdated: '2026-03-10T15:00:00.000Z' },
    ];
    const body = {
      eventNotifications: [
        { realmId: '93414', dataChangeEvent: { entities } },
        { realmId: '5', dataChangeEvent: { entities } },
      ],
    };
    expect(told(body)).toEqual([
      { stream: 'estimates', externalId: '28' },
      { stream: 'customers', externalId: '7' },
      { stream: 'customers', externalId: '8', isDeleted: true },
      { stream: 'refund-receipts', externalId: '43', isDeleted: true },
    ]);
  });

  it('of another form is an error, never nothing', () => {
    expect(() => told({ hello: 1 })).toThrow('specversion');
    expect(() => told('text')).toThrow('specversion');
    expect(() => told({ eventNotifications: 'none' })).toThrow('eventNotifications');
    expect(() => hints({ headers: {}, body: Buffer.from('{') }, { config })).toThrow('JSON');
  });
});
