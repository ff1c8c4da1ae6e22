// Many inputs in one request: what came of each, in order, and nothing that one does to another.
import { expect, it } from 'vitest';
import { openBooks, type Person, publicId, startWorld } from '../support/world.ts';
import { breakInvoices, broken, commandsOf, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId, legalEntityId } = await openBooks(world);
const cash = await world.as('cash');
const admin = await world.as('admin');

const RECORD = `mutation($input: BulkRecordPaymentsInput!) { bulkRecordPayments(input: $input) {
  results { index payment { id number reference unapplied { amount } } userErrors { code message path } } userErrors { code message path } } }`;
const AT = ['input', 'items'];
const euros = (amount: string) => ({ amount, currency: 'EUR' });
const inputOf = (reference: string, more: object = {}) => ({ accountId, amount: euros('10.00'), reference, ...more });
const bulk = async (person: Person, input: object, headers: Record<string, string> = {}) =>
  (await person.ask(RECORD, { input }, headers))['bulkRecordPayments'];
const countOf = async (reference: string) =>
  (await rowsOf<{ count: number }>(world, 'select count(*)::int as count from payment where reference like $1', [reference]))[0]
    ?.count;

/** The data as it comes; what the login's budget holds stands behind it. A client with a key asks again when the server is too busy. */
async function textOf(input: object, query = RECORD): Promise<string> {
  const response = await fetch(world.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${cash.token}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await response.text();
  return text.includes('"UNAVAILABLE"') ? textOf(input, query) : text.replace(/,"extensions":.*$/, '');
}

it('does each item by itself, and says what came of each in the order of the input', async () => {
  const yen = { amount: '5', currency: 'JPY' };
  const items = [inputOf('a'), inputOf('b', { accountId: 'acc_nonsense' }), inputOf('c', { amount: yen }), inputOf('d')];
  const { results, userErrors } = await bulk(cash, { items });
  expect(userErrors).toEqual([]);
  expect(results).toMatchObject([
    { index: 0, payment: { reference: 'a', unapplied: { amount: '10.00' } }, userErrors: [] },
    { index: 1, payment: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'items', '1', 'accountId'] }] },
    { index: 2, payment: null, userErrors: [{ code: 'RATE_MISSING' }] },
    { index: 3, payment: { reference: 'd' }, userErrors: [] },
  ]);
});

it('shows records under every name that they are asked for by, in both lists', async () => {
  const query = `mutation($input: BulkRecordPaymentsInput!) { bulkRecordPayments(input: $input) {
    first: results { payment { id } again: payment { reference } } second: results { index payment { number } } } }`;
  const { first, second } = (await cash.ask(query, { input: { items: [inputOf('one'), inputOf('two')] } }))['bulkRecordPayments'];
  expect(first).toEqual([
    { payment: { id: expect.stringMatching(/^pay_/) }, again: { reference: 'one' } },
    { payment: { id: expect.any(String) }, again: { reference: 'two' } },
  ]);
  expect(second).toEqual([0, 1].map((index) => ({ index, payment: { number: expect.stringMatching(/^PAY-/) } })));
});

it('has one effect of equal calls at once under one key, and answers all of them byte for byte the same, refusals too', async () => {
  const input = {
    idempotencyKey: 'storm',
    items: [inputOf('storm 1'), inputOf('x', { amount: euros('0') }), inputOf('storm 2')],
  };
  const answers = await Promise.all(range(12).map(() => textOf(input)));
  expect(new Set(answers).size).toBe(1);
  expect(await countOf('storm%')).toBe(2);
  const other = RECORD.replace('number reference', 'receivedOn');
  expect(JSON.parse(`${await textOf(input, other)}}`).data.bulkRecordPayments.results[2].payment).toMatchObject({
    receivedOn: '2026-06-30',
  });
  expect(await countOf('storm%')).toBe(2);
  const { results, userErrors } = await bulk(cash, { ...input, items: input.items.slice(1) });
  expect([results, userErrors]).toMatchObject([[], [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }]]);
});

it('keeps no key of a call that was refused as a whole', async () => {
  const input = { idempotencyKey: 'mended', items: [inputOf('mended', { amount: { amount: '500', currency: 'KWD' } })] };
  expect((await bulk(cash, input)).results[0].userErrors[0].code).toBe('RATE_MISSING');
  const rate = { fromCurrency: 'KWD', toCurrency: 'EUR', validOn: '2026-01-01', rate: '3' };
  await admin.do('setExchangeRate', rate, 'exchangeRate');
  expect((await bulk(cash, input)).results[0].userErrors).toEqual([]);
  expect(await countOf('mended')).toBe(1);
});

it('takes a key for each item, which means the same as that of a single request', async () => {
  const single = await cash.do('recordPayment', inputOf('keyed', { idempotencyKey: 'item-1' }), 'payment');
  const items = [
    inputOf('keyed', { idempotencyKey: 'item-1' }),
    inputOf('other', { idempotencyKey: 'item-1' }),
    inputOf('twice', { idempotencyKey: 'item-2' }),
    inputOf('twice', { idempotencyKey: 'item-2' }),
    inputOf('nothing', { amount: euros('0'), idempotencyKey: 'item-3' }),
    inputOf('badly', { idempotencyKey: 'with blank' }),
  ];
  for (const input of [{ items }, { items: items.toReversed() }]) {
    const { results } = await bulk(cash, input);
    const inOrder = input.items === items ? results : results.toReversed();
    expect(inOrder.map((one: { payment: { id: string } | null }) => one.payment?.id ?? null)).toEqual([
      single.id,
      null,
      expect.any(String),
      inOrder[2].payment.id,
      null,
      null,
    ]);
    expect(inOrder[5].userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_INVALID', path: [...AT, expect.any(String), 'idempotencyKey'] },
    ]);
    expect(inOrder[1].userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  }
  expect([await countOf('keyed'), await countOf('twice'), await countOf('other')]).toEqual([1, 1, 0]);
  const mended = [inputOf('something', { idempotencyKey: 'item-3' })];
  expect((await bulk(cash, { items: mended })).results[0].userErrors).toEqual([]);
});

it('shows in a dry run what would come of it, and keeps nothing', async () => {
  const { results } = await bulk(cash, {
    dryRun: true,
    items: [inputOf('dry'), inputOf('dry'), inputOf('x', { amount: euros('0') })],
  });
  expect(results.map((one: { payment: unknown }) => one.payment !== null)).toEqual([true, true, false]);
  expect(await countOf('dry')).toBe(0);
});

it('takes 1,000 items in a body that is larger than others may be, and refuses more', async () => {
  const items = range(1_000).map((i) => inputOf(`many ${i} ${'x'.repeat(80)}`));
  const query =
    'mutation Many($input: BulkRecordPaymentsInput!) { bulkRecordPayments(input: $input) { results { userErrors { code } } } }';
  expect(JSON.stringify(items).length).toBeGreaterThan(100_000);
  const { results } = (await cash.ask(query, { input: { items } }))['bulkRecordPayments'];
  expect(results).toHaveLength(1_000);
  expect(results.every((one: { userErrors: unknown[] }) => one.userErrors.length === 0)).toBe(true);
  const { errors } = await cash.send(query, { input: { items: [...items, inputOf('one more')] } });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'TOO_MANY_ITEMS' });
  const others = await cash.send(`${query} query Other { payments { totalCount } }`, { input: { items } });
  expect(others.errors?.[0]?.extensions).toMatchObject({ code: 'BODY_TOO_LARGE' });
  expect(await countOf('many%')).toBe(1_000);
});

it('holds each item to the rights, the forbidden pairs and the database, as a single request is held', async () => {
  await breakInvoices(world);
  const foreign = await openBooks(world, { code: 'FR77', number: 'C-78' });
  const role = { kind: 'USER', issuer: 'urn:cashgraph:local' };
  await admin.do(
    'createActor',
    { ...role, name: 'Half', subject: 'half', roles: [{ role: 'analyst' }, { role: 'billing', legalEntityId }] },
    'actor',
  );
  const half = await commandsOf(world, 'half');
  const lines = [{ description: 'Pump', quantity: '1', unitPrice: '1', taxCategory: 'S', taxRate: '19' }];
  const wanted = [accountId, foreign.accountId, accountId].map((id, i) => ({
    accountId: id,
    lines,
    ...(i === 2 ? { customerReference: 'break' } : {}),
  }));
  const drafts = await half.bulk('draftInvoice', wanted);
  expect(drafts.map(({ problems }) => problems[0]?.code)).toEqual([undefined, 'FORBIDDEN', undefined]);
  const issues = drafts.flatMap(({ recordId }) => (recordId === null ? [] : [{ id: publicId('inv', recordId) }]));
  const pair = { firstPermission: 'invoices:draft', secondPermission: 'invoices:issue', extent: 'RECORD' };
  await admin.do('setForbiddenPair', pair, 'forbiddenPair');
  const theirs = await admin.do('draftInvoice', { accountId, lines }, 'invoice');
  const own = await half.bulk('draftInvoice', [{ accountId, lines }]);
  const both = [{ id: theirs.id }, { id: publicId('inv', own[0]?.recordId ?? '') }, ...issues.slice(1)];
  const issued = await half.bulk('issueInvoice', both);
  expect(issued.map(({ problems }) => problems[0]?.code)).toEqual([undefined, 'DUTIES_CONFLICT', 'INTERNAL']);
  const noRight = await cash.send(
    'mutation($input: BulkPlaceOrdersInput!) { bulkPlaceOrders(input: $input) { results { index } } }',
    {
      input: { items: [] },
    },
  );
  expect(noRight.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(await broken(world, world.tenantId)).toEqual([]);
});
