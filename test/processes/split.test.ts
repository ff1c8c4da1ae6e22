// The API and the work behind it in processes of their own: what one commits another one's subscribers see, files go both ways, and a
// process that goes down hands over at once.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { openBooks, type Books, type Person } from '../support/world.ts';
import { openStage, type Started, until } from './stage.ts';

const database = await freshDatabase();
const stage = await openStage(database.connection, { SEALER_LAG_MAX_MS: '1000', SHUTDOWN_IDLE_MS: '100' });
let a: Started;
let b: Started;
let worker: Started;
let books: Books;
let admin: Person;

beforeAll(async () => {
  [a, b] = await Promise.all([stage.serve(), stage.serve()]);
  admin = await stage.person(a, 'admin');
}, 120_000);

const readiness = async ({ url }: Started): Promise<{ status: number; notes: string }> => {
  const answer = await fetch(`${url}/readyz`);
  const { checks } = (await answer.json()) as { checks: { name: string; note?: string }[] };
  return { status: answer.status, notes: checks.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : [])).join(' ') };
};

describe('serve and worker', () => {
  it('without a worker commands work, and each server says what is missing', async () => {
    books = await openBooks(stage.hands(a));
    await until('a server that is not ready', async () => (await readiness(b)).status === 503);
    expect((await readiness(a)).notes).toMatch(/^sealer: .*start `cashgraph worker`/);
    worker = await stage.worker();
    await until('servers that are ready', async () => (await readiness(b)).status === 200 && (await readiness(a)).status === 200);
    expect(worker.stdout()).toMatch(/^ready worker http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await (await fetch(`${worker.url}/healthz`)).json()).toEqual({ isAlive: true });
    expect((await readiness(worker)).status).toBe(200);
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    for (const name of ['process_cpu_seconds_total', 'sealer_lag_seconds', 'webhook_attempts_total', 'webhook_overdue_seconds'])
      expect(metrics).toContain(`\ncashgraph_${name}`);
    expect((await fetch(`${worker.url}/graphql`)).status).toBe(404);
  });

  it('what is committed at one server is at a subscriber of the other', async () => {
    const socket = (await stage.person(b, 'cash')).socket();
    const query = 'subscription { paymentChanged { cursor record { id reference } } }';
    const seen: string[] = [];
    const left = socket.subscribe<{ paymentChanged: { record: { reference: string } | null } }>(
      { query },
      {
        next: ({ data }) => void seen.push(data?.paymentChanged.record?.reference ?? 'nothing'),
        error: () => {},
        complete: () => {},
      },
    );
    const cash = await stage.person(a, 'cash');
    // the subscription may begin after the first of them
    let sent = 0;
    await until('a payment of the other server', async () => {
      sent += 1;
      const amount = { amount: '10', currency: 'EUR' };
      await cash.do('recordPayment', { accountId: books.accountId, amount, reference: `R-${sent}` }, 'payment');
      return seen.length > 0;
    });
    await until('the last of them', () => seen.at(-1) === `R-${sent}`);
    expect(seen).toEqual(seen.map((_, i) => `R-${sent - seen.length + 1 + i}`));
    left();
  });

  it('the database shows which process has which connection', async () => {
    const shown = await stage.rows<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity where datname = current_database() and application_name like 'cashgraph %' order by 1`,
    );
    const names = shown.map(({ name }) => name);
    for (const server of [a, b]) expect(names).toEqual(expect.arrayContaining([`cashgraph serve ${server.pid} system`]));
    expect(names).toEqual(expect.arrayContaining([`cashgraph serve ${a.pid} write`, `cashgraph serve ${b.pid} read`]));
    expect(names).toEqual(
      expect.arrayContaining([`cashgraph worker ${worker.pid} listen`, `cashgraph worker ${worker.pid} system`]),
    );
  });

  it('a file that was sent to one server is imported by the worker, and what the worker exports is fetched from the other', async () => {
    const file = 'number,name\nC-900,Of the file\n';
    const upload = await admin.do(
      'createUpload',
      { fileName: 'customers.csv', sizeBytes: Buffer.byteLength(file), format: 'CSV', kind: 'CUSTOMERS' },
      'upload',
      'id url',
    );
    const sent = await fetch(`${a.url}${upload.url}`, { method: 'PUT', body: file });
    expect(await sent.json()).toMatchObject({ sha256: createHash('sha256').update(file).digest('hex') });
    const started = await admin.do('startImport', { uploadId: upload.id, legalEntityId: books.legalEntityId }, 'import');
    const state = async (field: string, id: string, more = '') =>
      (await admin.ask(`query($id: ID!) { ${field}(id: $id) { lifecycle ${more} } }`, { id }))[field];
    await until('the import to be done', async () => (await state('import', started.id)).lifecycle === 'DONE');
    const wanted = await admin.do('startExport', { format: 'JSONL', query: '{ customers { nodes { number } } }' }, 'export');
    await until('the export to be done', async () => (await state('export', wanted.id)).lifecycle === 'DONE');
    const { url } = await state('export', wanted.id, 'url');
    const text = await (await fetch(`${b.url}${url}`)).text();
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toContainEqual({ number: 'C-900' });
  });

  it('a worker that goes down hands over at once', async () => {
    const next = await stage.worker();
    const sealer = async () =>
      (await stage.rows<{ owner: string }>(`select owner from lease where name = 'sealer' and until > now()`))[0]?.owner;
    expect(await sealer()).toBe(`cashgraph worker ${worker.pid}`);
    expect(await worker.stop()).toBe(0);
    // the lease of one that dies holds for seconds
    expect([undefined, `cashgraph worker ${next.pid}`]).toContain(await sealer());
    await until('the other one to seal', async () => (await sealer()) === `cashgraph worker ${next.pid}`);
    expect(worker.stderr()).toBe('Stopping …\n');
    expect(await Promise.all([next.stop(), a.stop(), b.stop()])).toEqual([0, 0, 0]);
  });
});
