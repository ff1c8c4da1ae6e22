// Signed messages, against the reference implementation of Standard Webhooks in both directions.
import { Webhook } from 'standardwebhooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { isWebhookSecret, newWebhookSecret, signMessage, verifyMessage } from './signature.ts';

const secretOf = (seed: string) => newWebhookSecret(seededRandom(seed).bytes);
const secret = secretOf('one');
const now = () => new Date();

describe('a signed message', () => {
  it('is what the reference implementation signs and takes, whatever its text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.-]{1,40}$/), fc.json(), fc.nat(250), (id, body, ageS) => {
        const at = new Date(Date.now() - ageS * 1_000);
        const reference = new Webhook(secret);
        const headers = signMessage({ id, at, body, secrets: [secretOf('other'), secret] });
        expect(headers['webhook-signature'].split(' ')[1]).toBe(reference.sign(id, at, body));
        expect(reference.verify(body, { ...headers })).toEqual(JSON.parse(body));
        const theirs = {
          'webhook-id': id,
          'webhook-timestamp': headers['webhook-timestamp'],
          'webhook-signature': reference.sign(id, at, body),
        };
        const verified = verifyMessage({ headers: theirs, body: Buffer.from(body), secrets: [secret], now: now() });
        expect(verified).toEqual({ ok: true, id });
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it('is taken with either secret while one replaces the other', () => {
    const body = '{"a":1}';
    for (const signer of [secretOf('old'), secretOf('new')]) {
      const headers = signMessage({ id: 'm', at: now(), body, secrets: [signer] });
      expect(verifyMessage({ headers, body, secrets: [secretOf('new'), secretOf('old')], now: now() }).ok).toBe(true);
    }
  });

  const headers = { ...signMessage({ id: 'm', at: new Date(1_750_000_000_000), body: '{"a":1}', secrets: [secret] }) };
  const at = (ms: number) => new Date(1_750_000_000_000 + ms);
  const v1 = headers['webhook-signature'];
  it.each<[string, object, string, number, string]>([
    ['with a changed body', {}, '{"a":2}', 0, 'WRONG'],
    ['with another id', { 'webhook-id': 'n' }, '{"a":1}', 0, 'WRONG'],
    ['with a fresher time than was signed', { 'webhook-timestamp': '1750000300' }, '{"a":1}', 300_000, 'WRONG'],
    [
      'by another secret',
      {
        'webhook-signature': signMessage({ id: 'm', at: at(0), body: '{"a":1}', secrets: [secretOf('x')] })['webhook-signature'],
      },
      '{"a":1}',
      0,
      'WRONG',
    ], // prettier-ignore
    ['of another version', { 'webhook-signature': v1.replace('v1,', 'v1a,') }, '{"a":1}', 0, 'WRONG'],
    ['with half a signature', { 'webhook-signature': v1.slice(0, 20) }, '{"a":1}', 0, 'WRONG'],
    ['with an empty signature', { 'webhook-signature': '' }, '{"a":1}', 0, 'WRONG'],
    ['of more than 5 minutes ago', {}, '{"a":1}', 301_000, 'STALE'],
    ['of more than 5 minutes ahead', {}, '{"a":1}', -301_000, 'STALE'],
    ['without an id', { 'webhook-id': undefined }, '{"a":1}', 0, 'UNSIGNED'],
    ['without a time', { 'webhook-timestamp': undefined }, '{"a":1}', 0, 'UNSIGNED'],
    ['without a signature', { 'webhook-signature': undefined }, '{"a":1}', 0, 'UNSIGNED'],
    ['with an id twice', { 'webhook-id': ['m', 'm'] }, '{"a":1}', 0, 'UNSIGNED'],
    ['with an endless id', { 'webhook-id': 'm'.repeat(300) }, '{"a":1}', 0, 'UNSIGNED'],
    ['with a time that is none', { 'webhook-timestamp': '1e9' }, '{"a":1}', 0, 'UNSIGNED'],
    ['with a hundred signatures', { 'webhook-signature': `${v1} `.repeat(100) }, '{"a":1}', 0, 'UNSIGNED'],
  ])('%s is refused', (_, change, body, laterMs, reason) => {
    expect(verifyMessage({ headers: { ...headers, ...change }, body, secrets: [secret], now: at(laterMs) })).toEqual({
      ok: false,
      reason,
    });
  });

  it('is taken up to five minutes old', () => {
    for (const ms of [-300_000, 0, 300_000])
      expect(verifyMessage({ headers, body: '{"a":1}', secrets: [secret], now: at(ms) }).ok).toBe(true);
  });
});

it('a secret that isn’t one signs nothing, and isn’t told', () => {
  for (const text of ['', 'whsec_', 'whsec_c2hvcnQ=', 'hunter2hunter2hunter2hunter2hunter2hunter2', `${secret}!`]) {
    expect(isWebhookSecret(text)).toBe(false);
    expect(() => signMessage({ id: 'm', at: now(), body: '', secrets: [text] })).toThrow(/^A shared secret must be whsec_/);
  }
});
