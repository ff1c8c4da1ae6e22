/** What networks and servers do to requests, by script or by chance. */
import type { ServerResponse } from 'node:http';
import { FAULT_KINDS, type FaultKind, type FaultPlan, type SeededRandomness } from 'cashgraph/connector';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const SLOW_MS = 200;
/** A client that waits for ever would hang a test: so long nothing comes, then the connection is cut. */
const TIMEOUT_MS = 1_000;

export function faultMaker(random: SeededRandomness, first: FaultPlan) {
  let plan = first;
  let script = [...(first.script ?? [])];
  return {
    set(next: FaultPlan) {
      plan = next;
      script = [...(next.script ?? [])];
    },
    next(request: { readonly method: string; readonly path: string }): FaultKind | null {
      if (plan.only && !plan.only(request)) return null;
      if (script.length > 0) return script.shift() ?? null;
      return random.fraction() < (plan.rate ?? 0) ? random.pick(plan.kinds ?? FAULT_KINDS) : null;
    },
    serve: (fault: FaultKind | null, response: ServerResponse, answer: () => Answer) =>
      serve(fault, response, { answer, tellsRetryAfter: plan.tellsRetryAfter ?? fault === 'THROTTLED' }),
  };
}

interface Serving {
  readonly answer: () => Answer;
  readonly tellsRetryAfter: boolean;
}

const json = (response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const error = (code: string, message: string) => ({ error: { code, message } });

async function serve(fault: FaultKind | null, response: ServerResponse, { answer, tellsRetryAfter }: Serving): Promise<void> {
  const when: Record<string, string> = tellsRetryAfter ? { 'retry-after': '0' } : {};
  switch (fault) {
    case 'THROTTLED':
      return json(response, { status: 429, body: error('BUSY', 'Too many requests.') }, when);
    case 'UNAVAILABLE':
      return json(response, { status: 503, body: error('BUSY', 'Not there for a moment.') }, when);
    case 'SERVER_ERROR':
      return json(response, { status: 500, body: error('INTERNAL', 'Something broke.') });
    case 'FAULT_IN_SUCCESS':
      return json(response, { status: 200, body: error('BUSY', 'Nothing was done.') });
    case 'UNAUTHORIZED':
      return json(response, { status: 401, body: error('SIGNED_OUT', 'Sign in first.') });
    case 'HTML':
      answer();
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>One moment …</html>');
    case 'LOST_ANSWER':
      answer();
      return void response.destroy();
    case 'HALF_ANSWER': {
      const whole = JSON.stringify(answer().body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
      return;
    }
    case 'TIMEOUT':
      answer();
      return void setTimeout(() => response.destroy(), TIMEOUT_MS).unref();
    case 'SLOW':
      await new Promise((done) => setTimeout(done, SLOW_MS));
      return json(response, answer());
    case null:
    default:
      return json(response, answer());
  }
}
