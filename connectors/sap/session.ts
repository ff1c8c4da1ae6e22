/**
 * Writes: each with the token and the cookies of a session there (CSRF), which are fetched once for a piece of work and once more when they
 * are refused; and with the version of what is changed. They are kept in memory only and go into headers that no log or error shows.
 */
import { type ErpAnswer, ExternalError } from '../../src/connect/index.ts';
import { CSRF, hasCode } from './faults.ts';
import { type Context, forget, once, rootOf, type ServiceName, systemQuery } from './system.ts';

interface Session {
  readonly token: string | null;
  readonly cookies: string;
}

const nameOf = (service: ServiceName): string => `session of ${service}`;

const sessionOf = (context: Context, service: ServiceName): Promise<Session> =>
  once(context, nameOf(service), async () => {
    const { headers } = await context.http.get(`${rootOf(service)}/`, {
      query: systemQuery(context),
      headers: { 'x-csrf-token': 'Fetch' },
      // the token may come with a refusal of the service document
      accept: [404, 405, 501],
      answer: 'TEXT',
    });
    const token = headers['x-csrf-token'];
    return { token: token === undefined || /^required$/i.test(token) ? null : token, cookies: cookiesIn(headers['set-cookie']) };
  });

/** Each stands on a line of its own; only name and value are sent back. */
const cookiesIn = (lines = ''): string =>
  lines
    .split('\n')
    .map((line) => line.split(';')[0]?.trim() ?? '')
    .filter((cookie) => cookie.includes('='))
    .join('; ');

export interface Sending {
  readonly method: 'post' | 'patch' | 'put' | 'delete';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** The version that it rests on; `*`: whatever it is. */
  readonly etag?: string | null;
  /** It changes nothing there, so it may go again. */
  readonly isRead?: boolean;
}

/** @throws ExternalError */
export async function send(context: Context, service: ServiceName, sending: Sending): Promise<ErpAnswer> {
  try {
    return await sendOnce(context, service, sending);
  } catch (error) {
    if (!hasCode(error, CSRF)) throw error;
    forget(context, nameOf(service));
  }
  try {
    return await sendOnce(context, service, sending);
  } catch (error) {
    if (!hasCode(error, CSRF)) throw error;
    // nothing was done: a session that does not hold may hold later
    const { message, words } = error;
    throw new ExternalError(message, { kind: 'RETRYABLE', status: 403, words });
  }
}

async function sendOnce(context: Context, service: ServiceName, sending: Sending): Promise<ErpAnswer> {
  const { method, path, query, body, contentType, accept, etag, isRead = false } = sending;
  const { token, cookies } = await sessionOf(context, service);
  return context.http[method](path, {
    query: { ...systemQuery(context), ...query },
    headers: {
      ...(token === null ? {} : { 'x-csrf-token': token }),
      ...(cookies === '' ? {} : { cookie: cookies }),
      ...(accept === undefined ? {} : { accept }),
      ...(etag === undefined || etag === null ? {} : { 'if-match': etag }),
    },
    ...(body === undefined ? {} : { body }),
    ...(contentType === undefined ? {} : { contentType }),
    answer: accept === undefined ? 'JSON' : 'TEXT',
    isRepeatable: isRead,
  });
}
