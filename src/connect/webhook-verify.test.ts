// Webhooks: only what was signed over these very bytes is taken, and only what has the form of an event is read.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudEvents, verifyHmac } from './webhook-verify.ts';

const secret = 'verifier-token';
const body = Buffer.from('{"a": 1,\n"é":"ü"}');
const signed = (encoding: 'hex' | 'base64', key = secret, over: Uint8Array = body) =>
  createHmac('sha256', key).update(over).digest(encoding);

describe('a signature', () => {
  it('is taken in hexadecimal and in base64, with and without its prefix', () => {
    expect(verifyHmac({ secret, body, signature: signed('base64'), encoding: 'base64' })).toBe(true);
    expect(verifyHmac({ secret, body, signature: signed('hex').toUpperCase(), encoding: 'hex' })).toBe(true);
    expect(verifyHmac({ secret, body, signature: `sha256=${signed('hex')}`, encoding: 'hex' })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['of another secret', signed('base64', 'other')],
    ['of the same JSON in other bytes', signed('base64', secret, Buffer.from('{"a":1,"é":"ü"}'))],
    ['in the other encoding', signed('hex')],
    ['that is cut', signed('base64').slice(0, 20)],
    ['with something behind it', `${signed('base64')}x`],
    ['that is empty', ''],
    ['that is missing', undefined],
    ['that came twice', [signed('base64'), signed('base64')]],
  ])('%s is refused', (_, signature) => expect(verifyHmac({ secret, body, signature, encoding: 'base64' })).toBe(false));

  it('is never right for a body with one changed byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
        const other = bytes.map((byte, i) => (i === at % bytes.length ? byte ^ change : byte));
        const signature = signed('hex', secret, bytes);
        expect(verifyHmac({ secret, body: bytes, signature, encoding: 'hex' })).toBe(true);
        expect(verifyHmac({ secret, body: other, signature, encoding: 'hex' })).toBe(false);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('can not be proved with no secret', () => {
    expect(() => verifyHmac({ secret: '', body, signature: signed('hex', ''), encoding: 'hex' })).toThrow('empty secret');
  });
});

const event = { specversion: '1.0', id: '1', source: 'intuit.x', type: 'qbo.invoice.updated.v1', intuitentityid: '77' };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('an event', () => {
  it('comes alone or in a list, with what its sender adds', () => {
    const told = { id: '1', source: 'intuit.x', type: 'qbo.invoice.updated.v1', time: null, subject: null, data: null };
    expect(cloudEvents(bytes(event))).toEqual([{ ...told, attributes: event }]);
    const second = { ...event, id: '2', time: '2026-05-01T00:00:00.123456789Z', data: { SalesOrder: '4800' } };
    expect(cloudEvents(bytes([event, second]))).toMatchObject([
      { id: '1' },
      { id: '2', time: second.time, data: { SalesOrder: '4800' } },
    ]); // prettier-ignore
    expect(cloudEvents(bytes([]))).toEqual([]);
  });

  it.each<[string, Uint8Array, string]>([
    ['no JSON', Buffer.from('{'), 'The body is no JSON.'],
    ['no text', Buffer.from([0xff, 0xfe]), 'The body is no JSON.'],
    ['no event', bytes([event, 7]), 'Event 1 is no CloudEvent: it lacks specversion.'],
    ['an event without an id', bytes({ ...event, id: '' }), 'Event 0 is no CloudEvent: it lacks id.'],
    [
      'an event of another version',
      bytes({ ...event, specversion: '2.0' }),
      'Event 0 is a CloudEvent of another version than 1.',
    ],
    ['a time that is none', bytes({ ...event, time: 7 }), 'Event 0 is no CloudEvent: it lacks time.'],
  ])('is refused where it is %s', (_, message, sentence) => expect(() => cloudEvents(message)).toThrow(sentence));
});
