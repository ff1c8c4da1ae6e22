/** Who gets in: each kind of wrong token is refused with the same text, and what was revoked or has expired ends in time. */
import { createServer, type Server } from 'node:http';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { type Fixture, start } from './fixture.ts';
import { measuredRefusals } from './refusals.ts';

const measure = measuredRefusals();

const clock = fixedClock('2026-05-01T10:00:00Z');
const nowS = Math.floor(clock.now().getTime() / 1_000);
const keys = {
  good: await generateKeyPair('ES256'),
  other: await generateKeyPair('ES256'),
  rsa: await generateKeyPair('RS256'),
  odd: await generateKeyPair('RS384'),
};
let foreign: Server;
let foreignStatus = 200;
let foreignRequests = 0;
let server: Fixture;

beforeAll(async () => {
  const jwks = {
    keys: [
      { ...(await exportJWK(keys.good.publicKey)), kid: 'k1', alg: 'ES256' },
      { ...(await exportJWK(keys.rsa.publicKey)), kid: 'r1', alg: 'RS256' },
      { ...(await exportJWK(keys.odd.publicKey)), kid: 'o1', alg: 'RS384' },
    ],
  };
  foreign = createServer((_request, response) => {
    foreignRequests += 1;
    response.statusCode = foreignStatus;
    response.end(JSON.stringify(jwks));
  });
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
  const { port } = foreign.address() as { port: number };
  const at = (path: string) => `http://127.0.0.1:${port}/${path}`;
  const issuers = [
    { issuer: 'https://login.example.com', jwksUri: at('jwks'), audience: 'cashgraph', tenants: ['acme'] },
    { issuer: 'https://other.example.com', jwksUri: at('other'), audience: 'cashgraph', tenants: ['globex'] },
    { issuer: 'https://down.example.com', jwksUri: 'http://127.0.0.1:9/jwks', audience: 'cashgraph', tenants: ['acme'] },
    { issuer: 'urn:test:local', local: true, audience: 'cashgraph', tenants: '*', tokenTypes: ['at+jwt'] },
  ];
  server = await start({ clock, env: { ISSUERS: JSON.stringify(issuers) } });
});
afterAll(async () => {
  await server.close();
  foreign.close();
});

interface Shape {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { alg?: string; kid?: string | undefined; typ?: string };
  readonly key?: CryptoKey;
}

const sign = ({ claims = {}, header = {}, key = keys.good.privateKey }: Shape = {}): Promise<string> => {
  const payload = {
    iss: 'https://login.example.com',
    aud: 'cashgraph',
    sub: 'jane',
    tenant: 'acme',
    iat: nowS - 10,
    exp: nowS + 600,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT', ...header } as { alg: string }).sign(key);
};
const ask = (authorization: string) => server.post({ query: '{me}' }, { authorization });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const GOOD = { iss: 'https://login.example.com', aud: 'cashgraph', sub: 'jane', tenant: 'acme', iat: nowS, exp: nowS + 60 };

describe('a token', () => {
  it('of a configured issuer for one of its tenants gets in', async () => {
    expect((await ask(`Bearer ${await sign()}`)).json.data).toEqual({ me: 'jane' });
    expect(
      (await ask(`bearer ${await sign({ key: keys.rsa.privateKey, header: { alg: 'RS256', kid: 'r1', typ: 'at+jwt' } })}`)).json
        .data,
    ).toEqual({ me: 'jane' });
    expect((await ask(`Bearer ${await server.token()}`)).json.data).toEqual({ me: 'jane' });
  });

  const wrong: readonly [name: string, make: () => Promise<string> | string][] = [
    ['none at all', () => ''],
    ['no bearer', async () => `Basic ${await sign()}`],
    ['not a token', () => 'Bearer abc'],
    [
      'algorithm none',
      () =>
        `Bearer ${base64({ alg: 'none', kid: 'k1', typ: 'JWT' })}.${base64({ iss: 'https://login.example.com', aud: 'cashgraph', sub: 'jane', tenant: 'acme', iat: nowS, exp: nowS + 60 })}.`,
    ],
    [
      'signed with the public key as a shared secret',
      async () =>
        `Bearer ${await new SignJWT({ iss: 'https://login.example.com', aud: 'cashgraph', sub: 'jane', tenant: 'acme', iat: nowS, exp: nowS + 60 }).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'JWT' }).sign(Buffer.from(JSON.stringify(await exportJWK(keys.good.publicKey))))}`,
    ],
    [
      'an algorithm that is not on our list',
      async () => `Bearer ${await sign({ key: keys.odd.privateKey, header: { alg: 'RS384', kid: 'o1' } })}`,
    ],
    ['a wrong signature', async () => `Bearer ${await sign({ key: keys.other.privateKey })}`],
    ['a wrong audience', async () => `Bearer ${await sign({ claims: { aud: 'someone-else' } })}`],
    ['an unknown issuer', async () => `Bearer ${await sign({ claims: { iss: 'https://evil.example.com' } })}`],
    ['a tenant of another issuer', async () => `Bearer ${await sign({ claims: { tenant: 'globex' } })}`],
    ['another issuer for this tenant', async () => `Bearer ${await sign({ claims: { iss: 'https://other.example.com' } })}`],
    ['no tenant', async () => `Bearer ${await sign({ claims: { tenant: undefined } })}`],
    ['no subject', async () => `Bearer ${await sign({ claims: { sub: undefined } })}`],
    ['no end', async () => `Bearer ${await sign({ claims: { exp: undefined } })}`],
    ['no start', async () => `Bearer ${await sign({ claims: { iat: undefined } })}`],
    ['too long a life', async () => `Bearer ${await sign({ claims: { exp: nowS + 86_400 } })}`],
    ['a start in the future', async () => `Bearer ${await sign({ claims: { iat: nowS + 60 } })}`],
    ['no kid', async () => `Bearer ${await sign({ header: { kid: undefined } })}`],
    ['a kid that is a path', async () => `Bearer ${await sign({ header: { kid: '../../../../dev/null' } })}`],
    ['a kid of another set', async () => `Bearer ${await sign({ header: { kid: server.issuer.jwks.keys[0]?.kid } })}`],
    ['an identity token', async () => `Bearer ${await sign({ header: { typ: 'id+jwt' } })}`],
    [
      'a key of its own in the header',
      async () =>
        `Bearer ${await sign({ key: keys.other.privateKey, header: { jwk: await exportJWK(keys.other.publicKey), kid: 'x' } as never })}`,
    ],
    [
      'an address of keys in the header',
      async () =>
        `Bearer ${await sign({ key: keys.other.privateKey, header: { jku: 'https://evil.example.com/jwks', x5u: 'https://evil.example.com/x', kid: 'x' } as never })}`,
    ],
    [
      'a header that claims to be critical',
      () => `Bearer ${base64({ alg: 'ES256', kid: 'k1', typ: 'JWT', crit: ['b64'], b64: false })}.${base64(GOOD)}.AAAA`,
    ],
    ['an algorithm in other letters', () => `Bearer ${base64({ alg: 'nOnE', kid: 'k1', typ: 'JWT' })}.${base64(GOOD)}.`],
    ['a signature that is cut off', async () => `Bearer ${(await sign()).split('.').slice(0, 2).join('.')}.`],
    [
      'a payload of another token',
      async () =>
        `Bearer ${(await sign())
          .split('.')
          .with(1, base64({ ...GOOD, sub: 'admin' }))
          .join('.')}`,
    ],
    ['one that is encrypted', () => `Bearer ${['dir', 'k', 'iv', 'text', 'tag'].map((part) => base64({ part })).join('.')}`],
    [
      'a kid that is a list',
      async () => `Bearer ${base64({ alg: 'ES256', kid: ['k1'], typ: 'JWT' })}.${(await sign()).split('.').slice(1).join('.')}`,
    ],
    ['a kid that is SQL', async () => `Bearer ${await sign({ header: { kid: "k1' or '1'='1" } })}`],
    ['a type that is a number', async () => `Bearer ${await sign({ header: { typ: 1 as never } })}`],
    ['an issuer that is a list', async () => `Bearer ${await sign({ claims: { iss: ['https://login.example.com'] } })}`],
    ['an end that is a text', async () => `Bearer ${await sign({ claims: { exp: String(nowS + 60) } })}`],
    ['an end beyond all', async () => `Bearer ${await sign({ claims: { exp: 1e300 } })}`],
    ['a start that is still to come', async () => `Bearer ${await sign({ claims: { nbf: nowS + 300 } })}`],
    ['a subject that is an object', async () => `Bearer ${await sign({ claims: { sub: { a: 1 } } })}`],
    ['a tenant that is a list', async () => `Bearer ${await sign({ claims: { tenant: ['acme'] } })}`],
    ['two in one header', async () => `Bearer ${await sign()}, Bearer ${await sign()}`],
    ['one that is too big', async () => `Bearer ${await sign({ claims: { pad: 'x'.repeat(9_000) } })}`],
    [
      'an unknown person',
      async () => {
        server.revoked.add('nobody');
        return `Bearer ${await sign({ claims: { sub: 'nobody' } })}`;
      },
    ],
    ['an API key that is none', () => 'Bearer cg_live_k1ok_sssssssssssssssssssT'],
    ['an API key of another form', () => 'Bearer cg_live_k1ok'],
  ]; // prettier-ignore
  it.each(wrong)('is refused with the same words: %s', async (name, make) => {
    const text = await make();
    const answer = await measure(name, () => ask(text));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    const message =
      'The request carries no valid credentials. Send a valid token or API key in the header "Authorization: Bearer …".';
    expect(answer.json).toEqual({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED', retryable: false } }] });
  });

  it('that has expired says so, but only when all else is right', async () => {
    const expired = { iat: nowS - 700, exp: nowS - 100 };
    expect((await ask(`Bearer ${await sign({ claims: expired })}`)).json.errors?.[0]?.extensions.code).toBe('TOKEN_EXPIRED');
    expect((await ask(`Bearer ${await sign({ claims: { ...expired, aud: 'x' } })}`)).json.errors?.[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('of an issuer whose keys are out of reach is answered as our fault', async () => {
    const answer = await ask(`Bearer ${await sign({ claims: { iss: 'https://down.example.com' } })}`);
    expect([answer.status, answer.json.errors?.[0]?.extensions]).toEqual([503, { code: 'UNAVAILABLE', retryable: true }]);
  });

  it('makes the keys be fetched once, not for each unknown kid', async () => {
    const before = foreignRequests;
    for (let n = 0; n < 20; n++) await ask(`Bearer ${await sign({ header: { kid: `x${n}` } })}`);
    expect(foreignRequests - before).toBeLessThanOrEqual(2);
  });
});

describe('what is kept', () => {
  it('a login is loaded once for many requests, and is gone within a minute after it was revoked', async () => {
    const authorization = `Bearer ${await sign({ claims: { sub: 'leaver' } })}`;
    const before = server.signInCalls();
    await Promise.all(Array.from({ length: 20 }, () => ask(authorization)));
    expect(server.signInCalls() - before).toBe(1);
    server.revoked.add('leaver');
    clock.advance(10_001);
    expect((await ask(authorization)).status).toBe(401);
  });

  it('a token ends at its end, kept or not', async () => {
    const exp = Math.floor(clock.now().getTime() / 1_000) + 6;
    const authorization = `Bearer ${await sign({ claims: { sub: 'short', exp } })}`;
    expect((await ask(authorization)).status).toBe(200);
    clock.advance(7_000);
    const answer = await ask(authorization);
    expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it('no credentials get into the log', async () => {
    const token = await sign({ claims: { sub: 'logged' } });
    await ask(`Bearer ${token}`);
    await ask('Bearer cg_live_k1ok_sssssssssssssssssssss');
    await ask(`Bearer ${token}x`);
    expect(server.log()).not.toContain(token.split('.')[2]);
    expect(server.log()).not.toContain('sssssssssssssssssssss');
  });
});

describe('an API key', () => {
  it('gets in', async () => {
    expect((await ask('Bearer cg_live_k1ok_sssssssssssssssssssss')).json.data).toEqual({ me: 'key' });
    expect((await ask('Bearer cg_test_k1ok_sssssssssssssssssssss')).json.data).toEqual({ me: 'key' });
  });
});

describe('the local issuer', () => {
  it('keeps its key to its owner and publishes the other half', async () => {
    expect((await stat(join(server.config.dataDir, 'local-issuer-key.json'))).mode & 0o777).toBe(0o600);
    const jwks = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as { keys: Record<string, string>[] };
    expect(Object.keys(jwks.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });
});
