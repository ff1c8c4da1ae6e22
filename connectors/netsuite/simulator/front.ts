/** What stands before the account: sign-in both ways, the limit on requests at once, and which service a path belongs to. */
import { randomUUID } from 'node:crypto';
import { type Asked, formOf, type Front, type Refusals, type Said } from '../../../src/connect/simulating/index.ts';
import { type Call, callOf, headerOf, REST, shown } from './call.ts';
import type { Jobs } from './jobs.ts';
import type { Governance } from './limits.ts';
import { badLogin, noPath, notAllowed, Problem, problemBody, refused, tooManyAtOnce, unexpected } from './problem.ts';
import type { RecordApi } from './records/api.ts';
import type { Screen } from './screen.ts';
import type { OAuth1 } from './sign-in/oauth1.ts';
import type { OAuth2 } from './sign-in/oauth2.ts';
import type { QueryApi } from './suiteql/api.ts';
import { utc } from './zone.ts';

export interface Parts {
  /** As a realm is written. */
  readonly account: string;
  readonly oauth1: OAuth1;
  readonly oauth2: OAuth2;
  readonly records: RecordApi;
  readonly queries: QueryApi;
  readonly jobs: Jobs;
  readonly governance: Governance;
  readonly screen: Screen;
  readonly nowSec: () => number;
  readonly slowMs: number;
  readonly onDone: () => void;
}

const TOKEN_PATH = `${REST}auth/oauth2/v1/token`;

export class NetSuiteFront implements Front {
  readonly #parts: Parts;
  readonly refusals: Refusals;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.refusals = {
      throttled: () => refused(tooManyAtOnce()),
      serverError: () => refused(unexpected(randomUUID())),
      unauthorized: () => this.#unauthorized(),
      faultInSuccess: () => null,
    };
  }

  get slowMs(): number {
    return this.#parts.slowMs;
  }

  isSignIn(url: URL): boolean {
    return url.pathname === TOKEN_PATH;
  }

  enter({ url }: Pick<Asked, 'url'>): boolean {
    return this.isSignIn(url) || this.#parts.governance.enter();
  }

  leave({ url }: Pick<Asked, 'url'>): void {
    if (!this.isSignIn(url)) this.#parts.governance.leave();
  }

  headers(): Record<string, string> {
    return { 'x-n-operationid': randomUUID(), 'x-netsuite-jobid': randomUUID() };
  }

  onDone(): void {
    this.#parts.onDone();
  }

  screen(asked: Asked): Said {
    const { screen } = this.#parts;
    return asked.method === 'POST' ? screen.act(formOf(asked)) : screen.show();
  }

  answer(asked: Asked): Said {
    if (this.isSignIn(asked.url)) return this.#token(asked);
    if (!asked.url.pathname.startsWith(REST)) return refused(noPath(asked.url.pathname));
    const early = this.#signedIn(asked);
    if (early !== null) return early;
    return this.#answer(callOf(asked));
  }

  #answer(call: Call): Said {
    try {
      const isAsync = headerOf(call, 'prefer').includes('respond-async') && call.path[0] === 'record';
      return isAsync ? this.#parts.jobs.start(call, (task) => this.#alone(task)) : this.#service(call);
    } catch (error) {
      if (error instanceof Problem) return refused(error);
      return refused(unexpected(`${randomUUID()}: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  #alone(task: Call): Said {
    const { prefer: _, ...headers } = task.headers;
    return this.#answer({ ...task, headers });
  }

  #service(call: Call): Said {
    const { records, queries, jobs } = this.#parts;
    const [service, version, what] = call.path;
    if (version === 'v1') {
      if (service === 'record' && what !== undefined && what !== '') return records.answer(call);
      if (service === 'query' && what === 'suiteql') return queries.answer(call);
      if (service === 'async') return jobs.answer(call);
      if (service === 'system') return this.#system(call);
    }
    throw noPath(call.url.pathname);
  }

  #system({ method, path, url }: Call): Said {
    if (method !== 'GET') throw notAllowed(method);
    const { nowSec, governance } = this.#parts;
    if (path[2] === 'serverTime') return shown('singular', { serverTime: utc(nowSec()) });
    if (path[2] === 'governanceLimits')
      return shown('singular', {
        accountConcurrencyLimit: governance.limit ?? 0,
        accountUnallocatedConcurrencyLimit: governance.limit ?? 0,
      });
    throw noPath(url.pathname);
  }

  #token(asked: Asked): Said {
    if (asked.method !== 'POST') return refused(notAllowed(asked.method));
    const host = this.#parts.account.toLowerCase().replaceAll('_', '-');
    const audiences = [`${asked.url.origin}${TOKEN_PATH}`, `https://${host}.suitetalk.api.netsuite.com${TOKEN_PATH}`];
    const { status, body } = this.#parts.oauth2.token(formOf(asked), audiences);
    return { status, content: JSON.stringify(body), type: 'application/json; charset=UTF-8' };
  }

  /** Null when the request proves who it is from. */
  #signedIn({ method, url, headers }: Asked): Said | null {
    const authorization = headers.authorization ?? '';
    const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (bearer !== undefined) return this.#parts.oauth2.isGood(bearer) ? null : this.#unauthorized();
    const isSigned = /^OAuth\s/i.test(authorization) && this.#parts.oauth1.isGood({ method, url }, authorization);
    return isSigned ? null : refused(badLogin());
  }

  #unauthorized(): Said {
    const description = 'Invalid login attempt.';
    const realm = `Bearer realm="${this.#parts.account}", error="invalid_token", error_description="${description}"`;
    return {
      status: 401,
      content: JSON.stringify(problemBody(badLogin())),
      type: 'application/vnd.oracle.resource+json; type=error; charset=UTF-8',
      headers: { 'www-authenticate': realm },
    };
  }
}
