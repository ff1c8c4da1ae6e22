/** A client of the simulator for its own tests: plain requests over HTTP, no connector between. */
import type { Body } from './body.ts';
import { type QuickBooksOptions, type QuickBooksSimulator, startSimulator } from './index.ts';

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
  readonly simulator: QuickBooksSimulator;
  /** Moves the simulator's clock. */
  advance(seconds: number): void;
  readonly nowMs: () => number;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** What a successful write gives back. */
  post(path: string, body: unknown): Promise<Answer>;
  query(statement: string): Promise<Answer>;
  /** The code and words of a refusal. */
  refusal(method: string, path: string, body?: unknown): Promise<string>;
  token(form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Answered>;
}

export const START = '2026-05-05T09:00:00.500Z';

/** A simulator with a clock that stands still, and a client that has signed in. */
export async function signedIn(options: QuickBooksOptions = {}): Promise<TestClient> {
  let nowMs = Date.parse(START);
  const simulator = await startSimulator({ size: 0, now: () => new Date(nowMs), ...options });
  const { clientId, clientSecret, refreshToken, realmId } = simulator.access;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const token = async (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    answered(
      await fetch(`${simulator.url}/oauth2/v1/tokens/bearer`, {
        method: 'POST',
        headers: { authorization, ...headers },
        body: new URLSearchParams(form),
      }),
    );
  const { body: tokens } = await token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const bearer = `Bearer ${text(tokens.access_token)}`;
  const call: TestClient['call'] = async (method, path, body, headers = {}) =>
    answered(
      await fetch(`${simulator.url}/v3/company/${realmId}/${path}`, {
        method,
        headers: { authorization: bearer, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  return {
    simulator,
    call,
    token,
    nowMs: () => nowMs,
    advance: (seconds) => {
      nowMs += seconds * 1_000;
    },
    async post(path, body) {
      const { status, body: answer } = await call('POST', path, body);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
      const [record] = Object.entries(answer).find(([name]) => name !== 'time') ?? [];
      return answer[record ?? ''] as Answer;
    },
    async query(statement) {
      const { body } = await call('GET', `query?query=${encodeURIComponent(statement)}`);
      return body.QueryResponse ?? body;
    },
    async refusal(method, path, body) {
      const { status, body: answer } = await call(method, path, body);
      const error = answer.Fault?.Error?.[0];
      return error ? `${status} ${text(error.code)} ${text(error.Message)}: ${text(error.Detail)}` : `${status}`;
    },
  };
}

/** One line of a sales form. */
export const line = (amount: number, itemId: string, detail: Body = {}): Body => ({
  Amount: amount,
  DetailType: 'SalesItemLineDetail',
  SalesItemLineDetail: { ItemRef: { value: itemId }, ...detail },
});

/** A value as text: ids are texts already. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

async function answered(response: Response): Promise<Answered> {
  const said = await response.text();
  const isJson = String(response.headers.get('content-type')).includes('json') && said !== '';
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(said) : { text: said }) as Answer };
}
