// Signatures of OAuth 1.0a against values that others have published.
import { describe, expect, it } from 'vitest';
import { oauth1Header } from './oauth1.ts';

const auth = {
  kind: 'OAUTH1',
  realm: '123456',
  consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  token: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
} as const;
const signed = (address: string, method = 'GET') =>
  oauth1Header(auth, { method, url: new URL(address), nonce: 'fjaLirsIcCGVZWzBX0pg', at: new Date(1_508_242_306_000) });
const signatureOf = (header: string) => decodeURIComponent(/oauth_signature="([^"]*)"/.exec(header)?.[1] ?? '');

describe('a signature of OAuth 1.0a', () => {
  it('is the one that NetSuite publishes for its example', () => {
    const header = signed('https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40');
    expect(signatureOf(header)).toBe('B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=');
    expect(header).toMatch(
      /^OAuth realm="123456", oauth_consumer_key="ef40[^"]*", oauth_nonce="fjaLirsIcCGVZWzBX0pg", oauth_signature_method="HMAC-SHA256", oauth_timestamp="1508242306", oauth_token="2b0c[^"]*", oauth_version="1.0", oauth_signature="[^"]*"$/,
    );
  });

  it('covers method, host, path and query, whatever the order of the query, and says nothing of the secrets', () => {
    const one = signatureOf(signed('https://a.example.com/x?b=2&a=1'));
    expect(signatureOf(signed('https://a.example.com/x?a=1&b=2'))).toBe(one);
    for (const other of ['https://b.example.com/x?a=1&b=2', 'https://a.example.com/y?a=1&b=2', 'https://a.example.com/x?a=1&b=3'])
      expect(signatureOf(signed(other))).not.toBe(one);
    expect(signatureOf(signed('https://a.example.com/x?a=1&b=2', 'POST'))).not.toBe(one);
    for (const secret of [auth.consumerSecret, auth.tokenSecret]) expect(signed('https://a.example.com/x')).not.toContain(secret);
  });

  it('signs a value with a space, a quote or a star as it is sent', () => {
    const spelled = signatureOf(signed(`https://a.example.com/x?q=${encodeURIComponent('it is')}%27%2A`));
    expect(signatureOf(signed("https://a.example.com/x?q=it+is'*"))).toBe(spelled);
  });
});
