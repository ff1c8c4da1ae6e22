/** How this system and what stands in front of it refuse when something goes wrong: a gateway's 429, dumps, HTML pages for people. */
import { SapRefusal } from './model.ts';
import type { Answer, ODataRequest } from './odata/request.ts';
import type { Asked, Refusals, Said } from '../../../src/connect/simulating/index.ts';

const HTML = 'text/html;charset=utf-8';

const page = (title: string, text: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;

/** Nobody is signed in, or not as anybody who is known. */
export const signInPage = (systemId: string, client: string): Said => ({
  status: 401,
  content: page('Logon failed', 'You are not authorized to access this page. Check your user name and password.'),
  type: HTML,
  headers: { 'www-authenticate': `Basic realm="SAP NetWeaver Application Server [${systemId}/${client}]"` },
});

/** The user interface's host gives this to everybody who isn't signed in there, whatever is asked. */
export const launchpad: Said = {
  status: 200,
  content: page(
    'Sign In',
    '<form method="post" action="/saml2/idp/sso"><input name="j_username"><input name="j_password"></form>',
  ),
  type: HTML,
};

export const csrfRefused: Said = {
  status: 403,
  content: 'CSRF token validation failed',
  type: 'text/plain;charset=utf-8',
  headers: { 'x-csrf-token': 'Required' },
};

export const notFound: Said = {
  status: 404,
  content: page('404 Not Found', 'The requested resource is not available.'),
  type: HTML,
};

/** @param refused words a refusal in SAP's envelope, as the client asked for it */
export function refusalsOf(
  refused: (error: SapRefusal, request: Pick<ODataRequest, 'query' | 'headers'>) => Answer,
  signIn: Said,
): Refusals {
  const worded = (error: SapRefusal, { url, headers }: Asked): Said => refused(error, { query: url.search.slice(1), headers });
  return {
    throttled: () => ({
      status: 429,
      content: JSON.stringify({
        fault: { faultstring: 'Rate limit quota violation', detail: { errorcode: 'policies.ratelimit' } },
      }),
      type: 'application/json',
    }),
    serverError: (asked) =>
      worded(new SapRefusal(500, 'SY/530', 'An exception was raised: CX_SY_OPEN_SQL_DB (simulated)'), asked),
    unavailable: () => ({ status: 503, content: page('503 Service Unavailable', 'The server is overloaded.'), type: HTML }),
    unauthorized: () => signIn,
    // an error within a success is not SAP's way: what it refuses has a status that says so
    faultInSuccess: () => null,
  };
}
