// Idempotency keys as clients meet them: one effect per key, one answer, and what a key is not.
import { expect, it } from 'vitest';
import { openBooks, type Person, publicId, startWorld } from '../support/world.ts';
import { broken, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId, legalEntityId } = await openBooks(world);
const cash = await world.as('cash');
const admin = await world.as('admin');

const RECORD =
  'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id number status unapplied { amount } } userErrors { code message path } } }';
const inputOf = (reference: string, more: object = {}) => ({
  accountId,
  amount: { amount: '10.00', currency: 'EUR' },
  reference,
  ...more,
});
const countOf = async (reference: string) =>
  (await rowsOf<{ count: number }>(world, 'select count(*)::int as count from payment where reference = $1', [reference]))[0]
    ?.count;

/** The body as it comes. A client with a key asks again when the server is too busy. */
async function textOf(person: Person, query: string, input: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(world.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.token}`, ...headers },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await response.text();
  if (text.includes('"UNAVAILABLE"')) return textOf(person, query, input, headers);
  // what the login's budget holds differs from one answer to the next
  return text.replace(/,"extensions":\{"cost":.*$/, '}');
}
const record = async (person: Person, input: object, headers: Record<string, string> = {}) =>
  JSON.parse(await textOf(person, RECORD, input, headers)).data.recordPayment;

it('has one effect of 200 requests with one key at once, and answers all of them byte for byte the same', async () => {
  const answers = await Promise.all(range(200).map(() => textOf(cash, RECORD, inputOf('storm', { idempotencyKey: 'storm' }))));
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('"number":"PAY-DE01-000001"');
  expect(await countOf('storm')).toBe(1);
  const events = await rowsOf(
    world,
    `select type from event where record_kind = 'Payment' union all select type from event_inbox where record_kind = 'Payment'`,
  );
  expect(events).toEqual([{ type: 'payment.received' }]);
});

it('refuses another input under a used key, wherever the key stands, and does nothing', async () => {
  await record(cash, inputOf('first', { idempotencyKey: 'reused' }));
  const reused = [{ code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String), path: ['input', 'idempotencyKey'] }];
  expect((await record(cash, inputOf('second', { idempotencyKey: 'reused' }))).userErrors).toEqual(reused);
  expect((await record(cash, inputOf('second'), { 'idempotency-key': 'reused' })).userErrors).toEqual(reused);
  expect(await countOf('second')).toBe(0);
});

it('takes the key of the header, but rather that of the input', async () => {
  const first = await record(cash, inputOf('header'), { 'idempotency-key': 'in-header' });
  expect(await record(cash, inputOf('header', { idempotencyKey: 'in-header' }))).toEqual(first);
  const other = await record(cash, inputOf('header', { idempotencyKey: 'in-input' }), { 'idempotency-key': 'in-header' });
  expect(other.payment.id).not.toBe(first.payment.id);
  expect(await record(cash, inputOf('header', { idempotencyKey: 'in-input' }))).toEqual(other);
  expect(await countOf('header')).toBe(2);
});

it('keeps no refusal: the same key works once its cause is mended', async () => {
  const yen = inputOf('yen', { amount: { amount: '500', currency: 'JPY' }, idempotencyKey: 'mended' });
  expect((await record(cash, yen)).userErrors[0].code).toBe('RATE_MISSING');
  expect((await record(cash, yen)).userErrors[0].code).toBe('RATE_MISSING');
  await admin.do(
    'setExchangeRate',
    { fromCurrency: 'JPY', toCurrency: 'EUR', validOn: '2026-01-01', rate: '0.006' },
    'exchangeRate',
  );
  const { payment } = await record(cash, yen);
  expect(payment.status).toBe('UNAPPLIED');
  expect((await record(cash, yen)).payment).toEqual(payment);
  expect(await countOf('yen')).toBe(1);
});

it('gives the first answer to the same selection for ever, and reads another one anew, without an effect', async () => {
  const input = inputOf('told', { isPending: true, idempotencyKey: 'told' });
  const first = await record(cash, input);
  expect(first.payment.status).toBe('PENDING');
  await cash.do('receivePayment', { id: first.payment.id }, 'payment');
  expect(await record(cash, input)).toEqual(first);
  const anew = await cash.ask(
    'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id status version } userErrors { code } } }',
    { input },
  );
  expect(anew.recordPayment).toEqual({ payment: { id: first.payment.id, status: 'UNAPPLIED', version: 2 }, userErrors: [] });
  expect(await countOf('told')).toBe(1);
});

it('scopes a key to tenant, actor and operation', async () => {
  await world.addTenant('other');
  const theirs = await openBooks(world, { tenant: 'other' });
  const input = inputOf('scoped', { idempotencyKey: 'scoped' });
  const mine = await record(cash, input);
  const admins = await record(admin, input);
  const others = await record(await world.as('cash', 'other'), { ...input, accountId: theirs.accountId });
  expect(new Set([mine, admins, others].map((answer) => answer.payment.id)).size).toBe(3);
  const draft = { accountId, lines: [{ description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' }] };
  expect(await admin.do('draftInvoice', { ...draft, idempotencyKey: 'scoped' }, 'invoice', 'status')).toEqual({
    status: 'DRAFT',
  });
});

it('refuses a key of another form as an error of the user, and does nothing', async () => {
  for (const key of ['', ' ', 'with space', 'umlaut-ä', 'x'.repeat(201), 'tab\t']) {
    const { payment, userErrors } = await record(cash, inputOf('ill', { idempotencyKey: key }));
    expect([payment, userErrors], JSON.stringify(key)).toEqual([
      null,
      [{ code: 'IDEMPOTENCY_KEY_INVALID', message: expect.any(String), path: ['input', 'idempotencyKey'] }],
    ]);
  }
  expect((await record(cash, inputOf('ill'), { 'idempotency-key': 'a b' })).userErrors[0].code).toBe('IDEMPOTENCY_KEY_INVALID');
  expect(await countOf('ill')).toBe(0);
  expect((await record(cash, inputOf('well', { idempotencyKey: 'x'.repeat(200) }))).userErrors).toEqual([]);
});

it('does not spend a key on a dry run', async () => {
  const input = inputOf('dry', { idempotencyKey: 'dry' });
  expect((await record(cash, { ...input, dryRun: true })).payment.status).toBe('UNAPPLIED');
  expect(await countOf('dry')).toBe(0);
  await record(cash, input);
  expect(await countOf('dry')).toBe(1);
});

it('shows a secret once: a retry gets the same key record without it', async () => {
  const make =
    'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name } userErrors { code } } }';
  const input = { name: 'ERP', roles: [{ role: 'integration' }], expiresAt: '2027-01-01T00:00:00Z', idempotencyKey: 'key' };
  const first = (await admin.ask(make, { input })).createApiKey;
  expect(first.secret).toEqual(expect.any(String));
  expect((await admin.ask(make, { input })).createApiKey).toEqual({ ...first, secret: null });
  const stored = await rowsOf<{ answer: string }>(world, `select answer from idempotency where key = 'key'`);
  expect(stored.map((row) => row.answer.includes(first.secret))).toEqual([false]);
});

it('remembers an effect whose record nobody asked for', async () => {
  const quiet = 'mutation($input: CloseBooksInput!) { closeBooks(input: $input) { userErrors { code } } }';
  const input = { id: legalEntityId, through: '2026-05-31', idempotencyKey: 'quiet' };
  for (const _ of range(2)) expect((await admin.ask(quiet, { input })).closeBooks).toEqual({ userErrors: [] });
  const loud =
    'mutation($input: CloseBooksInput!) { closeBooks(input: $input) { legalEntity { id closedThrough } userErrors { code } } }';
  expect((await admin.ask(loud, { input })).closeBooks.legalEntity).toEqual({ id: legalEntityId, closedThrough: '2026-05-31' });
  const events = await rowsOf(
    world,
    `select record_id from event where type = 'legal_entity.books_closed' union all select record_id from event_inbox where type = 'legal_entity.books_closed'`,
  );
  expect(events.map((row) => publicId('le', (row as { record_id: string }).record_id))).toEqual([legalEntityId]);
  expect(await broken(world, world.tenantId)).toEqual([]);
});
