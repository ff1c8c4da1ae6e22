/** What is asked of the simulated system, by path: services of OData V2 behind sign-in and CSRF tokens, tokens of OAuth, the UI host's page. */
import { type Asked, formOf, type Front, type Said } from '../../../src/connect/simulating/index.ts';
import { csrfRefused, launchpad, notFound, refusalsOf, signInPage } from './faults.ts';
import type { Throttle } from './limits.ts';
import type { Called, Gateway } from './odata/gateway.ts';
import type { ODataRequest } from './odata/request.ts';
import type { Identity, Sessions } from './session.ts';

export interface FrontParts {
  readonly identity: Identity;
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly screen: { show(): Said; act(form: URLSearchParams): Said };
  /** For SLOW. */
  readonly slowMs: number;
}

const SERVICES = '/sap/opu/odata/sap';
export const TOKENS = '/sap/bc/sec/oauth2/token';
/** Another host in a real landscape: whoever takes it for the API's gets a page instead of data. */
export const USER_INTERFACE = '/ui';
const SAFE = new Set(['GET', 'HEAD']);
const CLIENT = 'sap-client';

export class SapFront implements Front {
  readonly refusals: Front['refusals'];
  readonly slowMs: number;
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
    this.slowMs = parts.slowMs;
    const { gateway, identity } = parts;
    const signIn = signInPage(identity.systemId, identity.client);
    this.refusals = refusalsOf((error, request) => gateway.refused(error, { service: '' }, request), signIn);
  }

  answer(asked: Asked): Said {
    const { pathname } = asked.url;
    if (pathname === TOKENS) return this.#token(asked);
    if (pathname.startsWith(`${USER_INTERFACE}/`) || pathname === USER_INTERFACE) return launchpad;
    const located = locatedAt(asked.url);
    if (located === null) return notFound;
    const user = this.#parts.sessions.userOf(asked.headers.authorization);
    if (user === null || !this.#isOwnClient(asked)) return this.refusals.unauthorized(asked);
    return this.#service(located, asked, user);
  }

  screen({ method, headers, body }: Asked): Said {
    const { screen } = this.#parts;
    return method === 'POST' ? screen.act(formOf({ headers, body })) : screen.show();
  }

  isSignIn(url: URL): boolean {
    return url.pathname === TOKENS;
  }

  enter({ url }: Pick<Asked, 'url'>): boolean {
    return this.isSignIn(url) || this.#parts.throttle.enter();
  }

  leave({ url }: Pick<Asked, 'url'>): void {
    if (!this.isSignIn(url)) this.#parts.throttle.leave();
  }

  /** The books tell of their changes by themselves. */
  onDone(): void {}

  /** A token is given with any answer to a read, also one that refuses. */
  #service({ called, path }: Located, asked: Asked, user: string): Said {
    const { gateway, sessions } = this.#parts;
    const { method, headers, body } = asked;
    const request: ODataRequest = { method, path, query: asked.url.search.slice(1), headers, body };
    if (!SAFE.has(method)) {
      return sessions.isWriteAllowed(headers, user) ? gateway.answer(called, request) : csrfRefused;
    }
    const said = gateway.answer(called, request);
    if (String(headers['x-csrf-token']).toLowerCase() !== 'fetch') return said;
    const { token, cookies } = sessions.fetched(headers, user);
    return { ...said, headers: { ...said.headers, 'x-csrf-token': token, 'set-cookie': cookies } };
  }

  #token({ method, headers, body }: Asked): Said {
    if (method !== 'POST') return { status: 405, content: '', type: 'text/plain', headers: { allow: 'POST' } };
    const { status, body: answer } = this.#parts.sessions.token(formOf({ headers, body }), headers.authorization);
    return { status, content: JSON.stringify(answer), type: 'application/json;charset=utf-8' };
  }

  /** The default client answers unless another one is named, and there is no other. */
  #isOwnClient({ url, headers }: Asked): boolean {
    const named = url.searchParams.get(CLIENT) ?? headers[CLIENT] ?? '';
    return named === '' || named === this.#parts.identity.client;
  }
}

interface Located {
  readonly called: Called;
  readonly path: string;
}

/** `/sap/opu/odata/sap/API_X;v=2/A_Set('1')`; capitals don't matter before the set. */
function locatedAt(url: URL): Located | null {
  if (!url.pathname.toLowerCase().startsWith(`${SERVICES}/`)) return null;
  const [service = '', ...rest] = url.pathname.slice(SERVICES.length + 1).split('/');
  return { called: { origin: url.origin, prefix: SERVICES, service: serviceOf(service) }, path: rest.join('/') };
}

function serviceOf(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
