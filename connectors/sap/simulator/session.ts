/**
 * Who is signed in: a communication user by password, or a client by token; and the sessions whose cookies and CSRF token a write must bring.
 */
import { seededRandom, type SeededRandomness } from '../../../src/connect/index.ts';
import type { Headers } from './odata/request.ts';

export interface Identity {
  readonly user: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The SAP system's, of three letters, and its client: `S4H`, `100`. */
  readonly systemId: string;
  readonly client: string;
}

interface Session {
  readonly token: string;
  readonly xsrf: string;
  readonly user: string;
  lastMs: number;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
}

const SESSION_MS = 1_800_000;
const TOKEN_SEC = 3_600;
const BASIC = /^Basic (\S+)$/i;
const BEARER = /^Bearer (\S+)$/i;

export class Sessions {
  readonly #identity: Identity;
  readonly #random: SeededRandomness;
  readonly #now: () => Date;
  readonly #sessions = new Map<string, Session>();
  readonly #tokens = new Map<string, number>();

  constructor(identity: Identity, random: SeededRandomness, now: () => Date) {
    this.#identity = identity;
    this.#random = random;
    this.#now = now;
  }

  /** Cookies and CSRF tokens given so far are worth nothing from now on. */
  endSessions(): void {
    this.#sessions.clear();
  }

  expireAccessTokens(): void {
    this.#tokens.clear();
  }

  /** Null when nobody is signed in. */
  userOf(authorization: string | undefined): string | null {
    const { user, password, clientId } = this.#identity;
    const basic = BASIC.exec(authorization ?? '')?.[1];
    if (basic !== undefined) return decoded(basic) === `${user}:${password}` ? user : null;
    const token = BEARER.exec(authorization ?? '')?.[1];
    return token !== undefined && (this.#tokens.get(token) ?? 0) > this.#nowMs ? clientId : null;
  }

  /** Client credentials, the client named by Basic or in the form. */
  token(form: URLSearchParams, authorization: string | undefined): TokenAnswer {
    const { clientId, clientSecret } = this.#identity;
    const basic = BASIC.exec(authorization ?? '')?.[1];
    const named = basic === undefined ? `${form.get('client_id')}:${form.get('client_secret')}` : decoded(basic);
    if (named !== `${clientId}:${clientSecret}`)
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } };
    if (form.get('grant_type') !== 'client_credentials')
      return { status: 400, body: { error: 'unsupported_grant_type', error_description: 'Grant type is not supported' } };
    for (const [token, endMs] of this.#tokens) if (endMs <= this.#nowMs) this.#tokens.delete(token);
    const token = this.#secret(36);
    this.#tokens.set(token, this.#nowMs + TOKEN_SEC * 1_000);
    const scope = form.get('scope');
    const body = { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SEC, ...(scope === null ? {} : { scope }) };
    return { status: 200, body };
  }

  /** What a request gets that asks for a CSRF token: that of its session, or of a new one with its cookies. */
  fetched(headers: Headers, user: string): { token: string; cookies: readonly string[] } {
    const known = this.#session(headers, user);
    if (known !== null) return { token: known.token, cookies: [] };
    this.#forgetOld();
    const id = this.#secret(18);
    const session: Session = { token: this.#secret(18), xsrf: this.#secret(18), user, lastMs: this.#nowMs };
    this.#sessions.set(id, session);
    const cookies = [
      `${this.#cookie('SAP_SESSIONID')}=${id}; path=/; HttpOnly`,
      `${this.#cookie('sap-XSRF')}=${session.xsrf}; path=/; HttpOnly`,
      `sap-usercontext=sap-client=${this.#identity.client}; path=/`,
    ];
    return { token: session.token, cookies };
  }

  /** A write brings the token of the session whose cookies it brings. */
  isWriteAllowed(headers: Headers, user: string): boolean {
    const session = this.#session(headers, user);
    return session !== null && headers['x-csrf-token'] === session.token;
  }

  #session(headers: Headers, user: string): Session | null {
    const cookies = cookiesOf(String(headers.cookie ?? ''));
    const session = this.#sessions.get(cookies.get(this.#cookie('SAP_SESSIONID')) ?? '');
    if (session === undefined || session.user !== user || session.lastMs + SESSION_MS <= this.#nowMs) return null;
    if (cookies.get(this.#cookie('sap-XSRF')) !== session.xsrf) return null;
    session.lastMs = this.#nowMs;
    return session;
  }

  #forgetOld(): void {
    for (const [id, { lastMs }] of this.#sessions) if (lastMs + SESSION_MS <= this.#nowMs) this.#sessions.delete(id);
  }

  #cookie(name: string): string {
    return `${name}_${this.#identity.systemId}_${this.#identity.client}`;
  }

  #secret(bytes: number): string {
    return Buffer.from(this.#random.bytes(bytes)).toString('base64url');
  }

  get #nowMs(): number {
    return this.#now().getTime();
  }
}

const decoded = (basic: string): string => Buffer.from(basic, 'base64').toString('utf8');

function cookiesOf(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split(/;\s*/).map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** The same for the same seed, so that a restart needs no new settings. */
export function identityOf(seed: number | string): Identity & { readonly webhookSecret: string } {
  const random = seededRandom(`${seed} identity`);
  const text = (bytes: number): string => Buffer.from(random.bytes(bytes)).toString('base64url');
  return {
    user: 'CASHGRAPH_COM',
    password: text(18),
    clientId: `sb-cashgraph-${text(6)}`,
    clientSecret: text(24),
    systemId: 'S4H',
    client: '100',
    webhookSecret: text(24),
  };
}
