// What stands between us and an ERP, for all processes together: one refresher of a token, one budget of requests, one breaker, and
// addresses that may be reached. Two openings of one connection are two processes here: they share nothing but the database.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/connect/external-error.ts';
import { createPlaces } from '../../src/sync/client/places.ts';
import { leavePlace, takePlace } from '../../src/sync/client/rate-budget.ts';
import { openConnection } from '../../src/sync/client/open.ts';
import { startCompany } from './company.ts';

const company = await startCompany();
const { erp, rows } = company;
afterAll(() => erp.close());

const who = { tenantId: company.world.tenantId, connectionId: company.connectionId };
const open = async () => (await openConnection(company.engines, who)).context(new AbortController().signal).http;
const state = async () =>
  (
    await rows(
      'select health, failure, failing_since, failure_count, breaker_until from connection_state where connection_id = $1',
      [who.connectionId],
    )
  )[0];
const reset = () =>
  rows(
    `update connection_state set health = 'HEALTHY', failure = null, failing_since = null, failure_count = 0, breaker_until = null`,
  );

beforeEach(reset);

describe('tokens', () => {
  it('are fetched once by many processes that need one at the same time', async () => {
    const before = erp.refreshes();
    const clients = await Promise.all(Array.from({ length: 6 }, open));
    await Promise.all(clients.map((http) => http.get('/customers')));
    expect(erp.refreshes() - before).toBe(1);
  });

  it('are refreshed once when the ERP refuses them to many processes at once, and the connection lives on', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, open));
    await Promise.all(clients.map((http) => http.get('/customers')));
    for (let round = 0; round < 5; round++) {
      const before = erp.refreshes();
      erp.expireTokens();
      await Promise.all(clients.map((http) => http.get('/customers')));
      expect(erp.refreshes() - before).toBe(1);
    }
  });

  it('are renewed before they run out', async () => {
    const http = await open();
    await http.get('/customers');
    const before = erp.refreshes();
    company.world.clock.advance(3_600_000 - 30_000);
    await http.get('/customers');
    expect(erp.refreshes() - before).toBe(1);
  });

  it('are kept although the transaction in which they came can not commit', async () => {
    await rows(`create sequence cuts;
      create function cut_once() returns trigger language plpgsql security definer as $$
      begin if new.generation > old.generation and nextval('cuts') = 1 then raise exception 'cut'; end if; return new; end $$;
      create trigger cut_once before update on connection_token for each row execute function cut_once()`);
    erp.expireTokens();
    const before = erp.refreshes();
    const http = await open();
    await http.get('/customers');
    await rows('drop trigger cut_once on connection_token');
    erp.expireTokens();
    await (await open()).get('/customers');
    expect(erp.refreshes() - before).toBe(2);
  });

  it('that the ERP gives no more sign the connection out, with what to do; new credentials sign it in again', async () => {
    erp.revoke();
    const http = await open();
    await expect(http.get('/customers')).rejects.toMatchObject({ kind: 'AUTH' });
    expect(await state()).toMatchObject({
      health: 'SIGNED_OUT',
      failure: expect.stringMatching(/^The mini ERP lets us in no more \(invalid_grant.*enter the new credentials\.$/),
    });
    const admin = await company.world.as('admin');
    await admin.do(
      'updateConnection',
      {
        id: `con_${who.connectionId}`,
        credentials: { clientSecret: erp.clientSecret, refreshToken: 'revoked', webhookSecret: erp.webhookSecret },
      },
      'connection',
    );
    await (await open()).get('/customers');
    expect(await state()).toMatchObject({ health: 'HEALTHY', failure: null });
  });
});

describe('the rate budget', () => {
  const limit = { key: 'x', requestsMaxCount: 10, perMs: 3_600_000, concurrentMaxCount: 4, pauseMs: 1_000 };
  const { pool, leaseTtlMs: placeTtlMs } = company.engines;

  it('gives no more than its requests to all processes together, and says how long to wait', async () => {
    const budget = { key: 'budget-1', placeTtlMs, limit: { ...limit, concurrentMaxCount: 100 } };
    const taken = await Promise.all(Array.from({ length: 40 }, () => takePlace(pool, budget)));
    expect(taken.filter(({ place }) => place !== undefined)).toHaveLength(10);
    // those that were refused at the same moment may not have seen what the others took
    const late = await takePlace(pool, budget);
    expect(late.waitMs).toBeGreaterThan(300_000);
    expect(late.waitMs).toBeLessThanOrEqual(360_000);
  });

  it('lets no more be under way than its places, and a place that is left goes to the next one', async () => {
    const budget = { key: 'budget-2', placeTtlMs, limit: { ...limit, requestsMaxCount: 1_000 } };
    const taken = await Promise.all(Array.from({ length: 20 }, () => takePlace(pool, budget)));
    const places = taken.flatMap(({ place }) => place ?? []);
    expect(places).toHaveLength(4);
    await leavePlace(pool, budget.key, places[0] ?? '');
    expect(await takePlace(pool, budget)).toMatchObject({ place: expect.any(String) });
    expect((await takePlace(pool, budget)).place).toBeUndefined();
  });

  it('has a place again that a dead process held, whatever others do meanwhile', async () => {
    const budget = { key: 'budget-3', placeTtlMs, limit: { ...limit, requestsMaxCount: 1_000, concurrentMaxCount: 2 } };
    const dead = await takePlace(pool, budget);
    const alive = await takePlace(pool, budget);
    expect((await takePlace(pool, budget)).place).toBeUndefined();
    await rows(
      `update rate_budget set under_way = array_replace(under_way, $1::timestamptz, clock_timestamp() - interval '1 second') where key = 'budget-3'`,
      [dead.place],
    );
    expect((await takePlace(pool, budget)).place).toBeDefined();
    expect((await takePlace(pool, budget)).place).toBeUndefined();
    expect(alive.place).toBeDefined();
  });

  it('keeps the places of requests that take longer than they hold, and each goes back', async () => {
    const key = 'budget-4';
    const budget = { key, placeTtlMs: 1_500, limit: { ...limit, requestsMaxCount: 1_000, concurrentMaxCount: 2 } };
    const places = createPlaces({ pool, ...budget, onError: () => {} });
    for (let n = 0; n < 2; n++) places.add((await takePlace(pool, budget)).place ?? '');
    const heldUntil = async () =>
      (await rows(`select min(until) as until from rate_budget, unnest(under_way) until where key = $1`, [key]))[0]?.['until'];
    const atFirst = (await heldUntil()).getTime();
    await expect.poll(async () => (await heldUntil()).getTime()).toBeGreaterThan(atFirst);
    expect((await takePlace(pool, budget)).place).toBeUndefined();
    await Promise.all([places.leave(), places.leave()]);
    expect((await takePlace(pool, budget)).place).toBeDefined();
    expect((await takePlace(pool, budget)).place).toBeDefined();
    expect((await takePlace(pool, budget)).place).toBeUndefined();
  });

  it('holds all processes back for as long as the ERP said', async () => {
    const http = await open();
    await http.get('/customers');
    erp.spoil((response) => response.writeHead(429, { 'retry-after': '1' }).end('{}'));
    const asked = erp.asked.length;
    const other = await open();
    await Promise.all([http.get('/customers'), new Promise((done) => setTimeout(done, 100)).then(() => other.get('/customers'))]);
    const [budget] = await rows<{ late: boolean }>(
      `select refilled_at >= blocked_until as late from rate_budget where blocked_until is not null`,
    );
    expect(budget?.late ?? true).toBe(true);
    expect(erp.asked.slice(asked)).toEqual(['/customers', '/customers', '/customers']);
  });
});

describe('the breaker', () => {
  it('opens after failures in a row, says since when and why, lets one request through to see, and closes', async () => {
    const http = await open();
    await http.get('/customers');
    erp.spoil(
      ...Array.from(
        { length: 8 },
        () => (response: import('node:http').ServerResponse) => response.writeHead(503).end('{"message":"Down for maintenance"}'),
      ),
    );
    for (let n = 0; n < 8; n++) await http.post('/customers').catch(() => {}); // not repeated by itself
    expect(await state()).toMatchObject({
      health: 'FAILING',
      failure_count: 8,
      failure: expect.stringContaining('Down for maintenance'),
    });
    const asked = erp.asked.length;
    const refused = await (await open()).get('/customers').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ExternalError);
    expect((refused as ExternalError).message).toMatch(
      /^The mini ERP is not asked, since it has been failing since 20\d\d-.*Down for maintenance/,
    );
    expect((refused as ExternalError).kind).toBe('RETRYABLE');
    expect(erp.asked.length).toBe(asked);
    await rows(`update connection_state set breaker_until = clock_timestamp() - interval '1 second'`);
    const clients = await Promise.all(Array.from({ length: 5 }, open));
    let openGate = (): void => {};
    const gate = new Promise<void>((done) => {
      openGate = done;
    });
    erp.onAsked = () => gate;
    const probes = clients.map((client) =>
      client.get('/customers').then(
        () => 'ok',
        () => 'refused',
      ),
    );
    await expect.poll(() => erp.asked.length).toBe(asked + 1);
    openGate();
    expect((await Promise.all(probes)).filter((result) => result === 'ok')).toHaveLength(1);
    erp.onAsked = () => undefined;
    expect(await state()).toMatchObject({ health: 'HEALTHY', failure: null, breaker_until: null });
    await (await open()).get('/customers');
  });
});

describe('addresses', () => {
  it.each([
    ['http://169.254.169.254/latest', /must begin with https/],
    ['https://10.0.0.1', /private network/],
    ['https://user:pass@erp.example.com', /no user or password/],
  ])('%s is refused before anything is sent', async (baseUrl, why) => {
    const asked = erp.asked.length;
    await rows(`update connection set config = config || jsonb_build_object('baseUrl', $1::text) where id = $2`, [
      baseUrl,
      who.connectionId,
    ]);
    await expect(open()).rejects.toThrow(why);
    await rows(`update connection set config = config || jsonb_build_object('baseUrl', $1::text) where id = $2`, [
      erp.url,
      who.connectionId,
    ]);
    expect(erp.asked.length).toBe(asked);
  });

  it('a page link to another host is not followed, and its host is told nothing', async () => {
    const http = await open();
    await expect(http.get('http://127.0.0.1:9/customers')).rejects.toMatchObject({ kind: 'FORBIDDEN' });
  });
});
