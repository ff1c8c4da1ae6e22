// The webhook of logistics providers, against senders that are wrong, hostile, late and doubled: each gets its status, names the field,
// and touches nothing that isn't its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bare, openBooks, startWorld, type Shown } from '../support/world.ts';
import { inDatabase, withClient } from '../support/connection.ts';
import { eventOf, post, type Sending } from './messages.ts';
import { fulfilmentOf, openCompany, planned, released, startProvider } from './providers.ts';

const world = await startWorld();
const books = await openCompany(world);
await world.addTenant('other');
const theirs = await openCompany(world, 'other');
const [mine, rival, foreign] = [
  await startProvider(world, { code: 'mine', reports: false }),
  await startProvider(world, { code: 'rival', reports: false }),
  await startProvider(world, { code: 'mine', tenant: 'other', reports: false }),
];
const own = await released({ world, books, provider: mine });
const rivals = await released({ world, books, provider: rival });
const abroad = await released({ world, books: theirs, provider: foreign, tenant: 'other' });
const fine = () => ({ events: [eventOf(world, { fulfilmentId: own.id })] });
const kindsOf = async (id: string, tenant?: string): Promise<string[]> =>
  (await fulfilmentOf(await world.as('admin', tenant), id)).tracking.map((t: Shown) => t.kind);

beforeAll(async () => {
  const isAccepted = async ([id, tenant]: readonly [string, string?]) => (await kindsOf(id, tenant)).join() === 'ACCEPTED';
  for (const one of [[own.id], [rivals.id], [abroad.id, 'other']] as const) while (!(await isAccepted(one))) await sleep(20);
});

describe('who is who', () => {
  const later = (s: number) => new Date(world.clock.now().getTime() + s * 1_000);
  it.each<[string, Sending | (() => Sending), string]>([
    ['by another secret', { secret: rival.secret }, 'WRONG'],
    ['by the provider of the same code of another tenant', { secret: foreign.secret }, 'WRONG'],
    ['ten minutes ago', () => ({ at: later(-600) }), 'STALE'],
    ['ten minutes ahead', () => ({ at: later(600) }), 'STALE'],
    ['without a signature', { headers: { 'webhook-signature': null } }, 'UNSIGNED'],
    ['without an id', { headers: { 'webhook-id': null } }, 'UNSIGNED'],
    ['without a time', { headers: { 'webhook-timestamp': null } }, 'UNSIGNED'],
    ['with another id than was signed', { headers: { 'webhook-id': 'x' } }, 'WRONG'],
    ['with a time that is no number', { headers: { 'webhook-timestamp': 'now' } }, 'UNSIGNED'],
    ['with nonsense for a signature', { headers: { 'webhook-signature': 'v1,' } }, 'WRONG'],
    ['with an endless signature', { headers: { 'webhook-signature': `v1,${'A'.repeat(5_000)}` } }, 'UNSIGNED'],
  ])('a message signed %s is refused with 401', async (_, sending, reason) => {
    const { status, json, headers } = await post(world, mine, fine(), typeof sending === 'function' ? sending() : sending);
    expect([status, json.errors?.[0]?.extensions]).toMatchObject([401, { code: 'SIGNATURE_INVALID', details: { reason } }]);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(await kindsOf(own.id)).toEqual(['ACCEPTED']);
  });

  it('an unknown tenant, an unknown provider and an address that can’t be one look the same', async () => {
    const paths = [
      'acme/nobody',
      'nobody/mine',
      'nobody/nobody',
      'other/rival',
      'acme/mine/x',
      'ACME/mine',
      'acme/',
      'acme',
      '%00/x',
      "acme/'--",
    ];
    for (const path of paths) {
      const url = world.url.replace('/graphql', `/webhooks/logistics/${path}`);
      const { status, json } = await post(world, mine, fine(), { url });
      const shown = { message: 'There is nothing at this address.', extensions: { code: 'NOT_FOUND', retryable: false } };
      expect([path, status, json]).toEqual([path, 404, { errors: [shown] }]);
    }
  });
});

const LONG = 'x'.repeat(300);
describe('a message that is malformed', () => {
  const event = (more: Record<string, unknown>) => ({ events: [eventOf(world, { fulfilmentId: own.id, ...more })] });
  it.each<[string, () => unknown, string[], RegExp]>([
    ['no JSON', () => '{"events":', [], /^The body is not JSON in UTF-8\./],
    ['nothing', () => '', [], /^The body is not JSON in UTF-8\./],
    ['not UTF-8', () => Buffer.from([0x22, 0xff, 0x22]), [], /^The body is not JSON in UTF-8\./],
    ['a list', () => [], [], /^The input must be an object\./],
    ['null', () => 'null', [], /^The input must be an object\./],
    ['deeply nested', () => `${'['.repeat(40_000)}${']'.repeat(40_000)}`, [], /^The input must be an object\./],
    ['without events', () => ({}), ['events'], /^events must be a list of 1 to 100 items\./],
    ['with no event', () => ({ events: [] }), ['events'], /^events must be a list of 1 to 100 items\./],
    [
      'with 101 events',
      () => ({ events: Array.from({ length: 101 }, () => event({}).events[0]) }),
      ['events'],
      /^events must be a list of 1 to 100/,
    ],
    [
      'with a field that isn’t one',
      () => event({ colour: 'red' }),
      ['events', '0', 'colour'],
      /^events\.0\.colour is not a field of this input: leave it out\./,
    ],
    ['with a prototype', () => '{"events":[{"__proto__":{"id":"x"}}]}', ['events', '0'], /^events\.0/],
    [
      'with an event without id',
      () => event({ id: undefined }),
      ['events', '0', 'id'],
      /^events\.0\.id must be a text of 1 to 200/,
    ],
    ['with a blank id', () => event({ id: ' ' }), ['events', '0', 'id'], /^events\.0\.id must be a text/],
    [
      'with an id of another kind',
      () => event({ fulfilmentId: `inv_${bare(own.id)}` }),
      ['events', '0', 'fulfilmentId'],
      /must be an id that begins with "ful_"/,
    ],
    ['with a kind that isn’t one', () => event({ kind: 'LOST' }), ['events', '0', 'kind'], /^events\.0\.kind must be ACCEPTED, /],
    [
      'with a time that isn’t one',
      () => event({ occurredAt: 'yesterday' }),
      ['events', '0', 'occurredAt'],
      /must be a time with its offset/,
    ],
    [
      'with a control character',
      () => event({ description: 'a\u0000b' }),
      ['events', '0', 'description'],
      /without control characters/,
    ],
    ['with half a character', () => '{"events":[{"id":"\\ud800"}]}', ['events', '0', 'id'], /without control characters/],
    ['with a text that is too long', () => event({ location: LONG }), ['events', '0', 'location'], /must be a text of 1 to 255/],
    ['with a number for a text', () => event({ carrier: 7 }), ['events', '0', 'carrier'], /must be a text/],
    [
      'about nothing',
      () => event({ fulfilmentId: undefined }),
      ['events', '0', 'fulfilmentId'],
      /must be there, or fulfilmentNumber, or reference/,
    ],
  ])('is refused with 400: %s', async (_, body, path, sentence) => {
    const { status, json } = await post(world, mine, body());
    const [error] = json.errors ?? [];
    expect([status, error?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(error?.message).toMatch(sentence);
    expect(error?.extensions.inputPath?.slice(0, path.length || 1)).toEqual(path.length ? path : []);
    expect(JSON.stringify(json)).not.toContain('INTERNAL');
  });

  it('or too large, of another method or type', async () => {
    const large = await post(world, mine, { events: [eventOf(world, { description: 'x'.repeat(120_000) })] });
    expect([large.status, large.json.errors?.[0]?.extensions.code]).toEqual([413, 'BODY_TOO_LARGE']);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, headers } = await post(world, mine, {}, { method });
      expect([method, status, headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
    const typed = await post(world, mine, fine(), { headers: { 'content-type': 'text/xml' } });
    expect([typed.status, typed.json.errors?.[0]?.extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const packed = await post(world, mine, fine(), { headers: { 'content-encoding': 'gzip' } });
    expect(packed.status).toBe(415);
    expect(await kindsOf(own.id)).toEqual(['ACCEPTED']);
  });
});

describe('a provider', () => {
  it.each<[string, () => Record<string, unknown>]>([
    ['of another provider by id', () => ({ fulfilmentId: rivals.id })],
    ['of another provider by number', () => ({ fulfilmentNumber: rivals.number })],
    ['of another tenant by id', () => ({ fulfilmentId: abroad.id })],
    ['that nobody has, by id', () => ({ fulfilmentId: 'ful_018f0000-0000-7000-8000-000000000001' })],
    ['that nobody has, by number', () => ({ fulfilmentNumber: "' or true --" })],
    ['that nobody has, by reference', () => ({ reference: 'SIM-999999' })],
  ])('touches no fulfilment %s', async (_, names) => {
    const { status, json } = await post(world, mine, { events: [eventOf(world, { ...names(), kind: 'DELIVERED' })] });
    const field = Object.keys(names())[0] ?? '';
    expect([status, json.errors?.[0]]).toMatchObject([
      422,
      {
        message: `events.0.${field}: ${field} names no fulfilment that you were asked to carry out.`,
        extensions: { code: 'INVALID_INPUT', inputPath: ['events', '0', field] },
      },
    ]);
    expect([await kindsOf(rivals.id), await kindsOf(abroad.id, 'other')]).toEqual([['ACCEPTED'], ['ACCEPTED']]);
  });

  it('isn’t believed that somebody else’s fulfilment has its reference', async () => {
    const [shipment] = mine.simulator.shipments;
    const claim = eventOf(world, { reference: shipment?.reference, fulfilmentId: rivals.id, kind: 'PICKED' });
    expect((await post(world, rival, { events: [claim] })).status).toBe(200); // now both are called the same
    const told = eventOf(world, { reference: shipment?.reference, kind: 'OUT_FOR_DELIVERY' });
    expect((await post(world, rival, { events: [told] })).status).toBe(200);
    expect([await kindsOf(own.id), (await kindsOf(rivals.id)).sort()]).toEqual([
      ['ACCEPTED'],
      ['ACCEPTED', 'OUT_FOR_DELIVERY', 'PICKED'],
    ]);
  });

  it('names its fulfilment by id, number or reference', async () => {
    const { id, number } = await released({ world, books, provider: mine });
    const referenceOf = async () => (await fulfilmentOf(await world.as('admin'), id)).providerReference;
    await expect.poll(referenceOf).toMatch(/^SIM-/);
    const reference = await referenceOf();
    const events = [{ fulfilmentId: id }, { fulfilmentNumber: number }, { reference }].map((names) => eventOf(world, names));
    expect(await post(world, mine, { events })).toMatchObject({ status: 200, json: { recorded: 3, known: 0 } });
  });

  it('has to say which one when two legal entities use one number', async () => {
    const twin = await openBooks(world, { code: 'TWIN', number: 'T-1' });
    const admin = await world.as('admin');
    const first = await planned({ world, books, provider: mine });
    await withClient(world.database.connection, (client) =>
      client.query(
        `update number_series set prefix = s.prefix, next_number = s.next_number - 1 from number_series s
        where number_series.legal_entity_id = $1 and s.legal_entity_id = $2 and number_series.kind = 'FULFILMENT' and s.kind = 'FULFILMENT'`,
        [bare(twin.legalEntityId), bare(books.legalEntityId)],
      ),
    );
    const second = await planned({ world, books: twin, provider: mine });
    expect(second.number).toBe(first.number);
    for (const { id } of [first, second]) await admin.do('releaseFulfilment', { id }, 'fulfilment');
    const about = { events: [eventOf(world, { fulfilmentNumber: first.number })] };
    const { status, json } = await post(world, mine, about);
    expect([status, json.errors?.[0]?.message]).toEqual([
      422,
      'events.0.fulfilmentNumber: fulfilmentNumber names more than one fulfilment of yours: name it by fulfilmentId.',
    ]);
  });

  it('is told which of its events were refused, and the others count', async () => {
    const { id } = await released({ world, books, provider: mine });
    const events = [
      eventOf(world, { fulfilmentId: id, kind: 'PICKED' }),
      eventOf(world, { fulfilmentNumber: 'F-0' }),
      eventOf(world, { fulfilmentId: id, kind: 'EXCEPTION', occurredAt: '2999-01-01T00:00:00Z' }),
    ];
    const { status, json } = await post(world, mine, { events });
    expect([status, json.errors?.[0]?.message]).toEqual([
      422,
      'events.1.fulfilmentNumber: fulfilmentNumber names no fulfilment that you were asked to carry out. 2 of 3 events were refused; the others are recorded.',
    ]);
    expect(await kindsOf(id)).toContain('PICKED');
    expect(await kindsOf(id)).not.toContain('EXCEPTION');
  });
});

describe('a message that comes again', () => {
  it('has no second effect, whether it is the same message, the same event, or only the same id', async () => {
    const { id } = await released({ world, books, provider: mine });
    const count = async () => (await kindsOf(id)).filter((kind) => kind === 'IN_TRANSIT').length;
    const body = { events: [eventOf(world, { fulfilmentId: id })] };
    expect(await post(world, mine, body, { id: 'msg-1' })).toMatchObject({ status: 200, json: { recorded: 1, known: 0 } });
    expect(await post(world, mine, body, { id: 'msg-1' })).toMatchObject({ status: 200, json: { recorded: 0, known: 1 } });
    expect(await post(world, mine, body, { id: 'msg-2' })).toMatchObject({ status: 200, json: { recorded: 0, known: 1 } });
    const other = { events: [eventOf(world, { fulfilmentId: id })] };
    expect(await post(world, mine, other, { id: 'msg-1' })).toMatchObject({ status: 200, json: { recorded: 0, known: 1 } });
    expect(await count()).toBe(1);
    const many = await Promise.all(Array.from({ length: 8 }, () => post(world, mine, other, { id: 'msg-3' })));
    expect(many.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(many.reduce((sum, { json }) => sum + (json.recorded ?? 0), 0)).toBe(1);
    expect(await count()).toBe(2);
  });

  it('is refused when it gives the id of one report to another fulfilment', async () => {
    const { id } = await released({ world, books, provider: mine });
    const event = eventOf(world, { fulfilmentId: own.id, kind: 'EXCEPTION' });
    expect((await post(world, mine, { events: [event] })).status).toBe(200);
    const { status, json } = await post(world, mine, { events: [{ ...event, fulfilmentId: id }] });
    expect([status, json.errors?.[0]?.extensions]).toMatchObject([
      409,
      { code: 'ALREADY_EXISTS', inputPath: ['events', '0', 'id'] },
    ]);
    // another provider's ids are its own
    expect((await post(world, rival, { events: [{ ...event, fulfilmentId: rivals.id }] })).status).toBe(200);
  });
});

it('is counted by its route, never by the names that a client chose', async () => {
  const text = await (await fetch(world.url.replace('/graphql', '/metrics'))).text();
  expect(text).toMatch(/cashgraph_http_request_seconds_count\{route="\/webhooks\/logistics",status="401"\} \d+/);
  expect(text).not.toMatch(/nobody|rival/);
});

describe('without a database', () => {
  const allow = (allowed: boolean) =>
    withClient(inDatabase(world.database.connection, 'postgres'), async (client) => {
      await client.query(`alter database ${world.database.name} allow_connections ${allowed}`);
      if (!allowed)
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [world.database.name]);
    });
  afterAll(() => allow(true));

  it('a message is answered with 503, and taken when it comes again', async () => {
    const body = fine();
    await allow(false);
    const { status, json } = await post(world, mine, body, { id: 'msg-503' });
    expect([status, json.errors?.[0]?.extensions]).toMatchObject([503, { code: 'UNAVAILABLE', retryable: true }]);
    await allow(true);
    await expect.poll(async () => (await post(world, mine, body, { id: 'msg-503' })).json).toEqual({ recorded: 1, known: 0 });
  });
});
