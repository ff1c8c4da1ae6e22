// The secret that is shared with a logistics provider: shown once, kept sealed in its own row, changed without a gap, and in no log,
// event, error or answer.
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededRandom, systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { signMessage } from '../../src/connect/signature.ts';
import { createLogger, listen } from '../../src/transport/index.ts';
import { withClient } from '../support/connection.ts';
import { bare, startWorld } from '../support/world.ts';
import { eventOf, post } from './messages.ts';
import { CREATE, fulfilmentOf, letTimePass, openCompany, type Provider, released, startProvider } from './providers.ts';
import { dumpOf } from '../support/dump.ts';

const world = await startWorld();
const books = await openCompany(world);
const provider = await startProvider(world, { code: 'first', reports: false });
const other = await startProvider(world, { code: 'second', reports: false });
const admin = await world.as('admin');
letTimePass(world);

const about = (id: string) => ({ events: [eventOf(world, { fulfilmentId: id })] });
const rowsOf = <T extends object>(text: string, values: readonly unknown[] = []) =>
  withClient(world.database.connection, async (client) => (await client.query<T>(text, [...values])).rows);

const dump = () => dumpOf(world.database.connection);

describe('a shared secret', () => {
  it('is shown once: not again to a retry under the same key, and by no query', async () => {
    const input = { code: 'third', name: 'Third', baseUrl: other.simulator.url, idempotencyKey: 'third-1' };
    const { createLogisticsProvider: made } = await admin.ask(CREATE, { input });
    expect(made.secret).toMatch(/^whsec_[\w+/]{32}$/);
    expect(made.logisticsProvider.secretHint).toBe(made.secret.slice(-4));
    const { createLogisticsProvider: again } = await admin.ask(CREATE, { input });
    expect([again.logisticsProvider.id, again.secret]).toEqual([made.logisticsProvider.id, null]);
    const { __type: type } = await admin.ask('{ __type(name: "LogisticsProvider") { fields { name } } }');
    expect(type.fields.map((f: { name: string }) => f.name).filter((name: string) => /seal|secret/i.test(name))).toEqual([
      'secretHint',
      'previousSecretUntil',
    ]);
    const app = world.database.as('read');
    await expect(app.query('select sealed_secret from logistics_provider')).rejects.toThrow('permission denied');
  });

  it('is nowhere in the database and in no log, though it was used, refused and rotated', async () => {
    const lines: string[] = [];
    const listening = await listen({
      schema: world.platform.schema,
      config: loadConfig({ NODE_ENV: 'test', ISSUERS: '[]' }, { PORT: 0 }),
      signIn: world.platform.signIn,
      context: (principal, facts) => world.platform.contextOf(principal, facts),
      readiness: async () => [],
      receiveLogistics: world.platform.receiveLogistics,
      logger: createLogger({ level: 'trace', destination: { write: (line: string) => void lines.push(line) } }),
      clock: systemClock,
    });
    const url = provider.webhookUrl.replace(/^http:\/\/[^/]+/, listening.url);
    const { id } = await released({ world, books, provider });
    const signed = signMessage({ id: 'm', at: world.clock.now(), body: JSON.stringify(about(id)), secrets: [provider.secret] });
    expect((await post(world, provider, about(id), { url })).status).toBe(200);
    expect((await post(world, provider, about(id), { url, secret: other.secret })).status).toBe(401);
    expect(
      (await post(world, provider, about(id), { url, headers: { 'webhook-signature': `${provider.secret} ${provider.secret}` } }))
        .status,
    ).toBe(401);
    await listening.close();
    await world.platform.sealer.sealed();
    const everything = `${lines.join('')}${await dump()}`;
    expect(lines.join('')).toContain('a webhook was refused');
    createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }).error(
      { err: new Error(`Bad secret ${provider.secret}.`) },
      'a careless line',
    );
    expect(lines.at(-1)).toContain('Bad secret [gone].');
    for (const secret of [provider.secret, other.secret]) {
      const key = secret.slice('whsec_'.length);
      for (const form of [key, Buffer.from(key, 'base64').toString('hex'), signed['webhook-signature'].slice(3)])
        expect(everything).not.toContain(form);
    }
  });

  it('holds beside the new one until its time is over, and both sign what is sent', async () => {
    const rotated = await startProvider(world, { code: 'rotated', reports: false });
    const { id, secret: before, webhookUrl, simulator } = rotated;
    const rotate = async (more = {}) => {
      const answer = await admin.ask(
        'mutation($input: RotateLogisticsSecretInput!) { rotateLogisticsSecret(input: $input) { secret logisticsProvider { previousSecretUntil secretHint } userErrors { code } } }',
        { input: { id, ...more } },
      );
      return answer.rotateLogisticsSecret;
    };
    const { secret: after, logisticsProvider } = await rotate({ overlapHours: 1 });
    expect(new Date(logisticsProvider.previousSecretUntil).getTime()).toBeGreaterThan(world.clock.now().getTime() + 3_500_000);
    const fulfilment = await released({ world, books, provider: { id } });
    const taken = async (secret: string) => (await post(world, { webhookUrl, secret } as Provider, about(fulfilment.id))).status;
    expect([await taken(before), await taken(after)]).toEqual([200, 200]);
    for (const secret of [before, after]) {
      simulator.connect({ url: webhookUrl, secret }); // takes only what is signed with it
      const asked = await released({ world, books, provider: { id } });
      await expect.poll(() => simulator.shipments.map((s) => s.fulfilmentId)).toContain(asked.id);
    }
    world.clock.advance(3_600_000);
    expect([await taken(before), await taken(after)]).toEqual([401, 200]);
    const { secret: last, logisticsProvider: now } = await rotate({ overlapHours: 0 });
    expect([now.previousSecretUntil, await taken(after), await taken(last)]).toEqual([null, 401, 200]);
  });

  it('opens in its own row only: rows that are swapped refuse, and are whole again when swapped back', async () => {
    const swap = () =>
      rowsOf(
        `update logistics_provider p set sealed_secret = o.sealed_secret from logistics_provider o
         where p.id = any($1) and o.id = any($1) and o.id <> p.id`,
        [[bare(provider.id), bare(other.id)]],
      );
    const { id } = await released({ world, books, provider });
    await expect.poll(async () => (await fulfilmentOf(admin, id)).providerStatus).toBe('ACCEPTED');
    await swap();
    for (const secret of [provider.secret, other.secret]) {
      const { status, json } = await post(world, provider, about(id), { secret });
      expect([status, json.errors?.[0]]).toMatchObject([
        503,
        { message: 'Reports can not be taken at the moment. Send it again later.', extensions: { code: 'UNAVAILABLE' } },
      ]);
    }
    const waiting = await released({ world, books, provider });
    const lastError = async () =>
      (await rowsOf<{ error: string }>('select last_error as error from delivery where record_id = $1', [bare(waiting.id)]))[0]
        ?.error;
    await expect.poll(lastError).toMatch(/^SECRET_UNREADABLE: A kept secret can't be opened/);
    await swap();
    expect((await post(world, provider, about(id))).status).toBe(200);
    await expect.poll(async () => (await fulfilmentOf(admin, waiting.id)).providerStatus).toBe('ACCEPTED');
  });
});

describe('the key of the server', () => {
  const opened: Platform[] = [];
  afterAll(() => Promise.all(opened.map((platform) => platform.close())));
  const withKeys = async (...seeds: string[]): Promise<Platform> => {
    const platform = await createPlatform({
      connection: world.database.connection,
      rolePrefix: 'cashgraph',
      clock: world.clock,
      randomness: systemRandom,
      config: loadConfig({ NODE_ENV: 'test' }),
      secretKeys: seeds.map((seed) => seededRandom(seed).bytes(32)),
    });
    opened.push(platform);
    return platform;
  };
  const create = async (platform: Platform, code: string) => {
    const principal = await platform.signIn.bySubject({ issuer: 'urn:cashgraph:local', subject: 'admin', tenant: 'acme' });
    if (!principal) throw new Error('Nobody can sign in');
    const input = { code, name: code, baseUrl: 'https://wms.example.com' };
    return platform.write.run(platform.command('createLogisticsProvider'), input, { principal, requestId: 'r-1' });
  };
  const receive = (platform: Platform, code: string, secret: string) => {
    const body = Buffer.from(JSON.stringify({ events: [eventOf(world, { fulfilmentNumber: 'none' })] }));
    const headers = signMessage({ id: 'm', at: world.clock.now(), body, secrets: [secret] });
    return platform.receiveLogistics({ tenant: 'acme', provider: code, headers, body, requestId: 'r-2' });
  };

  it('can change: what an older one sealed opens while the older one is there', async () => {
    const made = await create(await withKeys('old'), 'keyed');
    const secret = made.ok ? (made.secret ?? '') : '';
    await expect(receive(await withKeys('new', 'old'), 'keyed', secret)).rejects.toThrow('names no fulfilment');
    await expect(receive(await withKeys('new'), 'keyed', secret)).rejects.toThrow('Reports can not be taken at the moment');
  });

  it('is needed: without it no provider is made, and no report taken', async () => {
    const platform = await withKeys();
    await expect(create(platform, 'keyless')).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
    await expect(receive(platform, 'first', provider.secret)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
