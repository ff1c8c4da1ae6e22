// Webhooks of an ERP: proved over the raw body, answered at once, worked off by reading; twice, late or out of order they do no harm, and
// whoever guesses at addresses learns nothing. The scheduler reads what is due by itself.
import { createHmac } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { customerRow, invoiceRow, startCompany } from './company.ts';

const company = await startCompany();
const { erp, rows, world } = company;
afterAll(() => erp.close());

const address = () => world.url.replace('/graphql', '/webhooks/erp/acme/mini');
const signed = (body: string, secret = erp.webhookSecret) => createHmac('sha256', secret).update(body).digest('hex');

async function post(hints: unknown, { url = address(), signature }: { url?: string; signature?: string } = {}) {
  const body = typeof hints === 'string' ? hints : JSON.stringify(hints);
  const answer = await fetch(url, { method: 'POST', headers: { 'x-mini-signature': signature ?? signed(body) }, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const stateOf = async (id: string) =>
  (await rows(`select state from erp_record where external_id = $1`, [id]))[0]?.['state'] ?? null;
const hintCount = async () => (await rows(`select count(*)::int as count from webhook_hint`))[0]?.['count'];

/** Nothing is due, and nobody is at work. */
const isQuiet = async (): Promise<boolean> =>
  (
    await rows<{ quiet: boolean }>(
      `select not exists (select from sync_stream where next_run_at <= $1) and not exists (select from webhook_hint)
         and not exists (select from lease where name ~ '^(sync|reconcile|hints):' and until > clock_timestamp()) as quiet`,
      [world.clock.now()],
    )
  )[0]?.quiet ?? false;

it('a record that a webhook names is read at once', async () => {
  erp.put('customers', customerRow(1));
  expect(await post([{ stream: 'customers', externalId: 'C0001' }])).toEqual({ status: 200, body: { received: 1 } });
  await expect.poll(() => stateOf('C0001')).toBe('SYNCED');
  await expect.poll(hintCount).toBe(0);
});

it('records come in whatever the order, and how often, their webhooks come', async () => {
  for (let n = 10; n < 30; n++) erp.put('invoices', invoiceRow(n, 1));
  const hints = Array.from({ length: 20 }, (_, n) => ({ stream: 'invoices', externalId: `I00${29 - n}` }));
  await Promise.all([post(hints), post(hints.toReversed()), post(hints), ...hints.slice(0, 5).map((hint) => post([hint, hint]))]);
  await expect.poll(hintCount).toBe(0);
  await expect.poll(async () => (await rows(`select count(*)::int as count from invoice`))[0]?.['count']).toBe(20);
  await post(hints);
  await expect.poll(hintCount).toBe(0);
  expect((await rows(`select count(*)::int as count from invoice`))[0]?.['count']).toBe(20);
});

it('one that comes while its record is being read is worked off again', async () => {
  let isAsked = false;
  erp.onAnswer = async (path) => {
    if (isAsked || !path.includes('I0010')) return;
    isAsked = true;
    erp.put('invoices', invoiceRow(40, 1, { id: 'I0010', total: '77.00' }));
    await post([{ stream: 'invoices', externalId: 'I0010' }]);
  };
  erp.put('invoices', invoiceRow(39, 1, { id: 'I0010', total: '66.00' }));
  await post([{ stream: 'invoices', externalId: 'I0010' }]);
  await expect
    .poll(async () => (await rows(`select total_minor::text as total from invoice where number = 'I0010'`))[0]?.['total'])
    .toBe('7700');
  erp.onAnswer = () => undefined;
});

it('one without an id makes its stream due', async () => {
  await rows('drop trigger later on sync_stream');
  erp.put('customers', customerRow(2));
  await post([{ stream: 'customers' }]);
  await expect.poll(() => stateOf('C0002')).toBe('SYNCED');
  const stream = async () =>
    (await rows(`select asked_mode, next_run_at > last_started_at as later from sync_stream where name = 'customers'`))[0];
  await expect.poll(stream).toEqual({ asked_mode: null, later: true });
});

it('what is due by its time is read, and then each interval', async () => {
  await expect
    .poll(async () => (await rows(`select min(next_run_at) as at from sync_stream`))[0]?.['at'].getTime())
    .toBeGreaterThan(0);
  erp.put('customers', customerRow(3));
  world.clock.advance(61_000);
  await rows(`update sync_stream set next_run_at = $1`, [world.clock.now()]);
  await expect.poll(() => stateOf('C0003')).toBe('SYNCED');
  await expect.poll(isQuiet).toBe(true); // the interval counts from the end of a read
  erp.put('customers', customerRow(4));
  world.clock.advance(61_000);
  await expect.poll(() => stateOf('C0004')).toBe('SYNCED');
});

it('nothing of a connection that stands still is read, and what was hinted at meanwhile comes when it works again', async () => {
  const admin = await world.as('admin');
  await expect.poll(isQuiet).toBe(true);
  await admin.do('pauseConnection', { id: `con_${company.connectionId}` }, 'connection');
  erp.put('customers', customerRow(5));
  const asked = erp.asked.length;
  expect((await post([{ stream: 'customers', externalId: 'C0005' }])).status).toBe(200);
  world.clock.advance(61_000);
  await new Promise((done) => setTimeout(done, 1_500));
  expect(erp.asked.slice(asked)).toEqual([]);
  await admin.do('resumeConnection', { id: `con_${company.connectionId}` }, 'connection');
  await expect.poll(() => stateOf('C0005')).toBe('SYNCED');
});

it.each([
  ['an unknown tenant', () => ({ url: world.url.replace('/graphql', '/webhooks/erp/nobody/mini') })],
  ['an unknown connection', () => ({ url: world.url.replace('/graphql', '/webhooks/erp/acme/other') })],
  ['a wrong signature', () => ({ signature: signed('something else') })],
  ['another secret', () => ({ signature: signed('[]', 'not-the-secret') })],
  ['no signature', () => ({ signature: '' })],
])('%s gets the same answer as all the others that are not proved, and nothing is kept', async (_, how) => {
  const { status, body } = await post([], how());
  expect(status).toBe(401);
  expect(body).toEqual({
    errors: [
      {
        message: 'The message is not signed with the secret of this address.',
        extensions: expect.objectContaining({ code: 'SIGNATURE_INVALID' }),
      },
    ],
  });
  expect(await hintCount()).toBe(0);
});

it('a body that is signed and has not its form is refused as such', async () => {
  expect(await post('{')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } });
});

it('hints at streams that the connector has not are left out', async () => {
  expect(await post([{ stream: 'nonsense', externalId: '1' }])).toEqual({ status: 200, body: { received: 0 } });
});
