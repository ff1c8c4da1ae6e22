/**
 * Somebody who gets the demo company's webhooks: a receiver beside the server, on this machine only, which verifies what comes, shows what it
 * got last, and fails now and then, so that there are attempts to look at. Its secret is new at each start.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifyMessage } from '../connect/signature.ts';
import { systemClock } from '../kernel/clock.ts';
import { publicId } from '../kernel/ids.ts';
import type { Platform } from '../platform.ts';
import { sql } from '../read/sql.ts';
import type { Lifetime } from './lifetime.ts';

const TENANT = 'demo';
const DESCRIPTION = 'The receiver of the demo';
const EVENT_TYPES = ['order.*', 'fulfilment.*', 'invoice.*', 'payment.*'];
const KEPT_COUNT = 50;
/** So much of the past is sent to a new endpoint. */
const PAST_COUNT = 40;
/** Each of so many is refused the first time. */
const REFUSED_EVERY = 8;

interface Known {
  readonly tenantId: string;
  readonly id: string | null;
  /** A cursor that little comes after. */
  readonly recent: string | null;
}

/** Where it shows what it got; null where there is no demo. */
export async function startDemoWebhooks({ platform, life }: { platform: Platform; life: Lifetime }): Promise<string | null> {
  const [known] = await platform.systemRows<Known>(
    sql`select t.tenant_id as "tenantId",
          (select id from webhook_endpoint w where w.tenant_id = t.tenant_id and w.description = ${DESCRIPTION} and w.lifecycle <> 'DELETED' limit 1) as id,
          (select position::text from event e where e.tenant_id = t.tenant_id order by position desc offset ${PAST_COUNT} limit 1) as recent
        from tenant t where t.slug = ${TENANT}`,
  );
  if (!known) return null;
  const receiver = await startReceiver(life);
  const principal = await platform.systemPrincipal(known.tenantId);
  const run = async (name: string, input: Readonly<Record<string, unknown>>): Promise<string | null> => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'demo-webhooks' });
    if (!outcome.ok) throw new Error(`The demo's ${name}: ${outcome.problems.map((p) => p.message).join(' ')}`);
    return outcome.secret;
  };
  const url = `${receiver.url}hooks`;
  if (known.id === null) {
    const input = { url, description: DESCRIPTION, eventTypes: EVENT_TYPES, after: known.recent ?? '0' };
    receiver.trust((await run('createWebhookEndpoint', input)) ?? '');
  } else {
    const id = publicId('wh', known.id);
    await run('updateWebhookEndpoint', { id, url });
    receiver.trust((await run('rotateWebhookSecret', { id, overlapHours: 0 })) ?? '');
  }
  return receiver.url;
}

interface Receiver {
  readonly url: string;
  trust(secret: string): void;
}

async function startReceiver(life: Lifetime): Promise<Receiver> {
  const got: unknown[] = [];
  const seen = new Set<string>();
  let secret = '';
  const take = async (request: IncomingMessage): Promise<number> => {
    const body = await buffer(request);
    const verified = verifyMessage({ headers: request.headers, body, secrets: [secret], now: systemClock.now() });
    if (!verified.ok) return 401;
    const isNew = !seen.has(verified.id);
    seen.add(verified.id);
    if (isNew && seen.size % REFUSED_EVERY === 0) return 503;
    got.unshift({ id: verified.id, ...(JSON.parse(body.toString()) as object) });
    got.length = Math.min(got.length, KEPT_COUNT);
    return 204;
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET')
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(got, null, 2));
    else
      take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await life.own(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, trust: (text) => void (secret = text) };
}
