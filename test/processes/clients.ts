// Clients that send one mutation after the other on a connection that they keep, each under a key of its own, as a till or a bank feed
// does. Nothing is given up: what a client doesn't know the outcome of it asks again, with the same key.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Payment {
  readonly key: string;
  readonly reference: string;
  /** What the server said, the first time that it was heard. */
  readonly id: string;
  readonly acknowledgedMs: number;
  /** How often it was sent. */
  readonly tries: number;
}

export interface Answered {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: {
    readonly data?: Record<string, { payment: { id: string } | null; userErrors: unknown[] }>;
    readonly errors?: unknown;
  };
}

const MUTATION =
  'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id } userErrors { code message } } }';
const PAUSE_MS = 50;

/** One request on a kept connection. @throws what the socket says */
function post(agent: Agent, url: string, { token, body }: { readonly token: string; readonly body: unknown }): Promise<Answered> {
  const text = JSON.stringify(body);
  return new Promise((done, fail) => {
    const sent = request(
      `${url}/graphql`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'content-length': Buffer.byteLength(text),
        },
      },
      (response) => {
        let said = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (said += chunk));
        response.on('error', fail);
        response.on('end', () => {
          if (response.complete)
            done({
              status: response.statusCode ?? 0,
              connection: response.headers.connection,
              body: JSON.parse(said) as Answered['body'],
            });
          else fail(new Error('half an answer'));
        });
      },
    );
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer in 30 s')));
    sent.on('error', fail);
    sent.end(text);
  });
}

export interface Till {
  readonly name: string;
  readonly accountId: string;
  readonly token: string;
  /** Where the next request goes. */
  url(): string;
  /** Looks each payment up as well. */
  readonly looksUp?: boolean;
  /** Told of what was not an answer with a payment: the try is repeated unless it throws. */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** Records payments until the signal, then finishes the one it is at. */
export async function keepPaying(
  { name, accountId, token, url, looksUp = false, onTrouble }: Till,
  signal: AbortSignal,
): Promise<Payment[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const done: Payment[] = [];
  try {
    for (let n = 1; !signal.aborted; n++) {
      const key = `${name}-${n}`;
      const input = { accountId, amount: { amount: '1', currency: 'EUR' }, reference: key, idempotencyKey: key };
      let id: string | undefined;
      let tries = 0;
      while (id === undefined) {
        tries += 1;
        try {
          const { body } = await post(agent, url(), { token, body: { query: MUTATION, variables: { input } } });
          id = body.data?.['recordPayment']?.payment?.id;
          if (id === undefined) onTrouble?.(body);
        } catch (error) {
          onTrouble?.(error);
        }
        if (id === undefined) await sleep(PAUSE_MS);
      }
      if (looksUp) await found(agent, { url, token, onTrouble }, id);
      done.push({ key, reference: key, id, acknowledgedMs: performance.now(), tries });
    }
  } finally {
    agent.destroy();
  }
  return done;
}

const QUERY = 'query($id: ID!) { payment(id: $id) { id } }';

async function found(
  agent: Agent,
  { url, token, onTrouble }: Pick<Till, 'url' | 'token' | 'onTrouble'>,
  id: string,
): Promise<void> {
  for (;;) {
    try {
      const { body } = await post(agent, url(), { token, body: { query: QUERY, variables: { id } } });
      if (JSON.stringify(body.data) === JSON.stringify({ payment: { id } })) return;
      onTrouble?.(body);
    } catch (error) {
      onTrouble?.(error);
    }
    await sleep(PAUSE_MS);
  }
}

/** Asks for next to nothing, with moments in between in which the connection is idle: there a server that closes it would miss a request. */
export async function keepLooking(
  { token, url, onTrouble }: Pick<Till, 'token' | 'url' | 'onTrouble'>,
  signal: AbortSignal,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let answered = 0;
  while (!signal.aborted) {
    try {
      const { body } = await post(agent, url(), { token, body: { query: '{ __typename }' } });
      if (body.data === undefined) onTrouble?.(body);
      answered += 1;
      await sleep(answered % 5);
    } catch (error) {
      onTrouble?.(error);
    }
  }
  agent.destroy();
  return answered;
}

/** The answer under a key that was used before. */
export async function paidUnder(
  key: string,
  { accountId, token, url }: Pick<Till, 'accountId' | 'token' | 'url'>,
): Promise<string | undefined> {
  const agent = new Agent();
  const input = { accountId, amount: { amount: '1', currency: 'EUR' }, reference: key, idempotencyKey: key };
  const { body } = await post(agent, url(), { token, body: { query: MUTATION, variables: { input } } });
  return body.data?.['recordPayment']?.payment?.id;
}
