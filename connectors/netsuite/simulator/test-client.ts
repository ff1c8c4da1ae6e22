/** A client of the simulator for its own tests: plain requests over HTTP, no connector between. */
import { constants, createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { type NetSuiteOptions, type NetSuiteSimulator, startSimulator } from './index.ts';
import { signatureOf } from './sign-in/oauth1.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answer;
}

/** Deep into an answer without a cast at each step. */
export interface Answer {
  readonly [name: string]: Answer;
  readonly [index: number]: Answer;
}

export interface TestClient {
  readonly simulator: NetSuiteSimulator;
  /** Moves the simulator's clock. */
  advance(seconds: number): void;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** The id in the Location of what a write made or changed. */
  write(method: string, path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<string>;
  get(path: string): Promise<Answer>;
  query(q: string, page?: string): Promise<Answer>;
  rows(q: string): Promise<Record<string, string>[]>;
  /** Status, code and words of a refusal. */
  refusal(method: string, path: string, body?: unknown): Promise<string>;
}

export const START = '2026-05-05T09:00:00Z';

/** Of the client: an elliptic one is made at once. */
const own = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A simulator with a clock that stands still, and a client that has signed in. */
export async function signedIn(options: NetSuiteOptions = {}): Promise<TestClient> {
  let nowMs = Date.parse(START);
  const simulator = await startSimulator({ size: 0, now: () => new Date(nowMs), certificate: own.publicKey, ...options });
  let bearer: string | null = null;
  const call: TestClient['call'] = async (method, path, body, headers = {}) => {
    bearer ??= `Bearer ${await tokenOf(simulator, nowMs)}`;
    const answer = await fetch(`${simulator.url}/services/rest/${path}`, {
      method,
      headers: { authorization: bearer, 'content-type': 'application/json', prefer: 'transient', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  };
  const query: TestClient['query'] = async (q, page = '') => {
    const { status, body } = await call('POST', `query/v1/suiteql${page}`, { q });
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    simulator,
    call,
    query,
    advance: (seconds) => {
      nowMs += seconds * 1_000;
      bearer = null;
    },
    async write(method, path, body, headers = {}) {
      const { status, headers: given, body: said } = await call(method, `record/v1/${path}`, body, headers);
      if (status !== 204) throw new Error(`${status}: ${JSON.stringify(said)}`);
      return given.get('location')?.split('/').at(-1) ?? '';
    },
    async get(path) {
      const { status, body } = await call('GET', `record/v1/${path}`);
      if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
      return body;
    },
    async rows(q) {
      const { items } = (await query(q)) as unknown as { items: Record<string, string>[] };
      return items.map(({ links: _, ...row }) => row);
    },
    async refusal(method, path, body) {
      const { status, body: said } = await call(method, path, body);
      const { detail, 'o:errorCode': code } =
        (said as unknown as { 'o:errorDetails': Record<string, string>[] })['o:errorDetails'][0] ?? {};
      return `${status} ${code}: ${detail}`;
    },
  };
}

export interface Claims {
  readonly [name: string]: unknown;
}

/** As a client with the private key signs it. */
export function assertionOf(
  { access }: NetSuiteSimulator,
  nowMs: number,
  { header = {}, claims = {}, key = access.privateKey }: { header?: Claims; claims?: Claims; key?: string } = {},
): string {
  const nowSec = Math.floor(nowMs / 1_000);
  const head = encoded({ typ: 'JWT', alg: 'PS256', kid: access.certificateId, ...header });
  const payload = encoded({
    iss: access.clientId,
    scope: ['rest_webservices'],
    aud: `${access.baseUrl}/services/rest/auth/oauth2/v1/token`,
    iat: nowSec,
    exp: nowSec + 300,
    ...claims,
  });
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const isPss = (header['alg'] ?? 'PS256') === 'PS256';
  const signature = sign(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    isPss ? { key, ...padding } : { key, dsaEncoding: 'ieee-p1363' },
  );
  return `${head}.${payload}.${signature.toString('base64url')}`;
}

export function askToken({ url }: { url: string }, assertion: string): Promise<Response> {
  return fetch(`${url}/services/rest/auth/oauth2/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
}

async function tokenOf(simulator: NetSuiteSimulator, nowMs: number): Promise<string> {
  const assertion = assertionOf(simulator, nowMs, { header: { alg: 'ES256' }, key: own.privateKey });
  const { access_token: token } = (await (await askToken(simulator, assertion)).json()) as { access_token: string };
  return token;
}

/** The header of a request that is signed with the token's secrets. */
export function signedHeader(
  { access }: NetSuiteSimulator,
  { method, url }: { method: string; url: string },
  changed: Readonly<Record<string, string>> = {},
): string {
  const parameters: Record<string, string> = {
    oauth_consumer_key: access.consumerKey,
    oauth_token: access.tokenId,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: '1777971600',
    oauth_nonce: randomUUID(),
    oauth_version: '1.0',
    ...changed,
  };
  const signature = signatureOf({ method, url: new URL(url) }, parameters, access);
  const all = { ...parameters, oauth_signature: signature };
  const parts = Object.entries(all).map(([name, value]) => `${name}="${encodeURIComponent(value)}"`);
  return `OAuth realm="${access.account}", ${parts.join(', ')}`;
}

export const hmac = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex');
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
