/** What stands in front of the company: which paths are Intuit's sign-in, which the company's API, and in which words requests are refused. */
import type { SeededRandomness } from '../../../src/connect/index.ts';
import { type Asked, formOf, type Front, type Said } from '../../../src/connect/simulating/index.ts';
import type { CompanyApi } from './company-api.ts';
import { applicationError, foreignCompany, noResource, throttled, unauthorized } from './fault.ts';
import type { Throttle } from './limits.ts';
import type { OAuth, OAuthAnswer } from './oauth.ts';
import type { Screen } from './screen.ts';

export interface Parts {
  readonly realmId: string;
  readonly oauth: OAuth;
  readonly company: CompanyApi;
  readonly screen: Screen;
  readonly throttle: Throttle;
  readonly random: SeededRandomness;
  readonly now: () => Date;
  /** For SLOW. */
  readonly slowMs: number;
  /** Called after everything that may have changed the books. */
  readonly onDone: () => void;
}

const COMPANY = /^\/v3\/company\/([^/]*)\/?(.*)$/;

export function quickBooksFront(parts: Parts): Front {
  const { oauth, company, screen, throttle, random, realmId, now, slowMs, onDone } = parts;
  const isCompany = (url: URL): boolean => COMPANY.test(url.pathname);
  return {
    slowMs,
    onDone,
    isSignIn: (url) => !isCompany(url),
    enter: ({ url }) => !isCompany(url) || throttle.enter(url.pathname.endsWith('/batch')),
    leave({ url }) {
      if (isCompany(url)) throttle.leave();
    },
    headers() {
      const tid = Buffer.from(random.bytes(12)).toString('hex');
      return { intuit_tid: `1-${tid.slice(0, 8)}-${tid.slice(8)}` };
    },
    screen: (asked) => (asked.method === 'POST' ? screen.act(formOf(asked)) : screen.show()),
    refusals: {
      throttled: () => company.refused(throttled()),
      serverError: () => company.refused(applicationError(500)),
      faultInSuccess: () => company.refused(applicationError(200)),
      unauthorized: () => json(401, unauthorized('Token expired', now().getTime())),
    },
    answer(asked) {
      const { method, url, headers, body } = asked;
      const [, realm, path = ''] = COMPANY.exec(url.pathname) ?? [];
      if (realm === undefined) return signIn(parts, asked);
      const problem = oauth.problemOf(headers.authorization);
      if (problem !== null) return json(401, unauthorized(problem, now().getTime()));
      if (realm !== realmId) return company.refused(foreignCompany());
      return company.answer({ method, path, query: url.searchParams, body });
    },
  };
}

function signIn({ oauth, company, now }: Parts, asked: Asked): Said {
  const { method, url, headers } = asked;
  const path = url.pathname.replace(/\/$/, '');
  if (path === '/connect/oauth2' && method === 'GET') return answered(oauth.authorize(url.searchParams));
  if (path === '/oauth2/v1/tokens/bearer' && method === 'POST') return answered(oauth.token(formOf(asked), headers));
  if (path === '/v2/oauth2/tokens/revoke' && method === 'POST')
    return answered(oauth.revoke(formOf(asked).get('token') ?? '', headers.authorization));
  if (/^\/\.well-known\/openid(_sandbox)?_configuration$/.test(path)) return json(200, discovery(url.origin));
  if (path !== '/v1/openid_connect/userinfo') return company.refused(noResource(path));
  const problem = oauth.problemOf(headers.authorization);
  if (problem !== null) return json(401, unauthorized(problem, now().getTime()));
  const person = { givenName: 'Sandy', familyName: 'Boxer' };
  return json(200, { sub: '4f8d1c32-0000-4000-8000-000000000001', email: 'sandy@example.com', emailVerified: true, ...person });
}

function discovery(origin: string) {
  const at = (path: string): string => `${origin}${path}`;
  return {
    issuer: at('/op/v1'),
    authorization_endpoint: at('/connect/oauth2'),
    token_endpoint: at('/oauth2/v1/tokens/bearer'),
    userinfo_endpoint: at('/v1/openid_connect/userinfo'),
    revocation_endpoint: at('/v2/oauth2/tokens/revoke'),
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'email', 'profile', 'address', 'phone', 'com.intuit.quickbooks.accounting'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
  };
}

function answered({ status, body, location }: OAuthAnswer): Said {
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = location === undefined ? {} : { location };
  return { status, content, type: 'application/json;charset=UTF-8', headers };
}

function json(status: number, body: object): Said {
  return { status, content: JSON.stringify(body), type: 'application/json;charset=UTF-8' };
}
