import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { type NetSuiteSimulator, startSimulator } from './index.ts';
import { hmac, signedIn, START } from './test-client.ts';

const scratch = mkdtempSync(join(tmpdir(), 'netsuite-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const now = () => new Date(START);
const digest = (simulator: NetSuiteSimulator) =>
  JSON.stringify([
    simulator.query(
      'SELECT id, type, status, trandate, foreigntotal, foreignamountunpaid, lastmodifieddate FROM transaction ORDER BY id',
    ),
    simulator.query(
      'SELECT transaction, id, item, quantity, foreignamount, netamount, linelastmodifieddate FROM transactionline ORDER BY transaction, id',
    ),
    simulator.query(
      'SELECT id, companyname, balancesearch, overduebalancesearch, unbilledorderssearch FROM customer ORDER BY id',
    ),
    simulator.query('SELECT recordid FROM deletedrecord ORDER BY recordid'),
  ]);

it('seeds a believable account, the same one for the same seed, in which everything foots', async () => {
  const companies = [
    {
      name: 'Orbit GmbH',
      country: 'DE',
      taxId: 'DE811569869',
      bankAccount: 'DE89370400440532013000',
      creditLimit: '5000',
      payer: 'BAD' as const,
    },
  ];
  const [one, two] = await Promise.all([
    startSimulator({ size: 150, now, companies }),
    startSimulator({ size: 150, now, companies }),
  ]);
  expect(digest(one)).toBe(digest(two));
  expect(one.query('SELECT transaction FROM transactionaccountingline GROUP BY transaction HAVING SUM(amount) <> 0')).toEqual([]);
  const owed =
    one.query(`SELECT t.entity, t.currency, SUM(NVL(t.foreignamountunpaid, 0)) - SUM(CASE WHEN t.type IN ('CustPymt', 'CustCred') THEN m.foreignpaymentamountunused ELSE 0 END) AS s
    FROM transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T' JOIN customer c ON c.id = t.entity AND c.currency = t.currency
    WHERE NOT EXISTS (SELECT 1 FROM transaction o WHERE o.entity = t.entity AND o.currency <> t.currency) GROUP BY t.entity, t.currency`);
  expect(owed.length).toBeGreaterThan(5);
  for (const { entity, s } of owed)
    expect(one.query(`SELECT balancesearch AS s FROM customer WHERE id = ${entity}`)).toEqual([{ s }]);
  const count = (condition: string) => Number(one.query(`SELECT COUNT(*) AS n FROM transaction WHERE ${condition}`)[0]?.['n']);
  for (const type of ['SalesOrd', 'ItemShip', 'CustInvc', 'CustPymt', 'CustCred', 'CashSale'])
    expect(count(`type = '${type}'`)).toBeGreaterThan(0);
  expect(count("type = 'CustInvc' AND status = 'A' AND duedate < SYSDATE")).toBeGreaterThan(0);
  expect(count('custbody_dispute IS NOT NULL')).toBeGreaterThan(0);
  expect(one.query('SELECT DISTINCT BUILTIN.DF(currency) AS c FROM transaction ORDER BY 1').map(({ c }) => c)).toEqual(
    expect.arrayContaining(['British Pound', 'Japanese Yen', 'Kuwaiti Dinar']),
  );
  expect(
    one.query("SELECT vatregnumber, custentity_bank_account AS bank, creditlimit FROM customer WHERE companyname = 'Orbit GmbH'"),
  ).toEqual([{ vatregnumber: 'DE811569869', bank: 'DE89370400440532013000', creditlimit: '5000' }]);
  expect(one.query('SELECT MIN(trandate) AS a, MAX(trandate) AS b FROM transaction')).toEqual([
    { a: expect.stringMatching(/2024$/), b: '5/4/2026' },
  ]);
  await Promise.all([one.close(), two.close()]);
});

it('finds what has changed since an instant as a look at everything does', async () => {
  const simulator = await startSimulator({ size: 60, now });
  for (const day of ['2020-01-01', '2024-11-20', '2025-06-30', '2026-01-15', '2026-05-01', '2026-05-04']) {
    const ids = (condition: string) => simulator.query(`SELECT t.id FROM transaction t WHERE ${condition} ORDER BY t.id`);
    const line = (column: string) =>
      `t.id IN (SELECT l.transaction FROM transactionline l WHERE ${column} >= TO_DATE('${day}', 'YYYY-MM-DD'))`;
    const since = (plus: string) =>
      `(t.lastmodifieddate${plus} >= TO_DATE('${day}', 'YYYY-MM-DD') OR ${line(`l.linelastmodifieddate${plus}`)})`;
    expect(ids(since(''))).toEqual(ids(since(' + 0')));
    expect(ids(`t.type IN ('CustInvc', 'SalesOrd') AND t.id BETWEEN 20 AND 90 AND ${since('')}`)).toEqual(
      ids(`t.type || '' IN ('CustInvc', 'SalesOrd') AND t.id + 0 BETWEEN 20 AND 90 AND ${since(' + 0')}`),
    );
  }
  expect(simulator.query("SELECT id FROM transaction WHERE lastmodifieddate >= TO_DATE('2020', 'YYYY')")).toHaveLength(
    simulator.countOf('transaction'),
  );
  await simulator.close();
});

it('refuses more requests at once than the account takes, without a time to come again, and counts them', async () => {
  const client = await signedIn({ concurrency: 2, slowMs: 100 });
  await client.get('term');
  client.simulator.setFaults({ script: ['SLOW', 'SLOW'] });
  const answers = await Promise.all([1, 2, 3].map(() => client.call('GET', 'record/v1/term')));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBeNull();
  expect(refused?.body).toMatchObject({ 'o:errorDetails': [{ 'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED' }] });
  expect(client.simulator.violations()).toBe(1);
  client.simulator.setFaults({ script: ['SERVER_ERROR', 'UNAUTHORIZED', 'FAULT_IN_SUCCESS'] });
  expect(await client.refusal('GET', 'record/v1/term')).toMatch(/^500 UNEXPECTED_ERROR/);
  expect(await client.refusal('GET', 'record/v1/term')).toMatch(/^401 INVALID_LOGIN/);
  expect((await client.call('GET', 'record/v1/term')).status).toBe(200);
  await client.simulator.close();
});

it('keeps its books, its keys and what was deleted between starts', async () => {
  const statePath = join(scratch, 'books.json');
  const before = await startSimulator({ size: 60, now, statePath });
  before.remove('term', before.create('term', { name: 'Gone' }));
  before.closePeriod('2025-01-31');
  const [books, { baseUrl: _, ...keys }] = [digest(before), before.access];
  await before.close();
  const after = await startSimulator({ size: 60, now, statePath });
  expect(digest(after)).toBe(books);
  expect(after.access).toMatchObject(keys);
  const buyer = after.query('SELECT id FROM customer ORDER BY id FETCH FIRST 1 ROW ONLY')[0]?.['id'];
  expect(() => after.create('customerDeposit', { customer: { id: buyer ?? '' }, payment: 5, tranDate: '2025-01-30' })).toThrow(
    /closed/,
  );
  await after.close();
  writeFileSync(join(scratch, 'broken.json'), '{"version":');
  await expect(startSimulator({ statePath: join(scratch, 'broken.json') })).rejects.toThrow(/can not be read. Delete the file/);
});

it('shows its newest invoices to people, who receive payments and void by a click; nobody else’s page can', async () => {
  const { simulator } = await signedIn();
  const buyer = simulator.create('customer', { companyName: '<b>Acme</b>', subsidiary: { id: '1' } });
  const item = simulator.create('serviceSaleItem', { itemId: 'S', rate: 10 });
  const bill = () =>
    simulator.create('invoice', { entity: { id: buyer }, item: { items: [{ item: { id: item }, quantity: 1 }] } });
  const [paid, voided] = [bill(), bill()];
  const click = (form: Readonly<Record<string, string>>, headers = {}) =>
    fetch(`${simulator.url}/`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
  expect(await (await fetch(`${simulator.url}/`)).text()).toContain('&lt;b&gt;Acme&lt;/b&gt;');
  expect((await click({ invoice: paid, do: 'pay' }, { origin: 'http://elsewhere.example' })).status).toBe(403);
  expect(simulator.all('customerPayment')).toEqual([]);
  expect((await click({ invoice: paid, do: 'pay' }, { origin: simulator.url })).status).toBe(303);
  expect((await click({ invoice: voided, do: 'void' })).status).toBe(303);
  expect((await click({ invoice: '999', do: 'void' })).status).toBe(400);
  expect(simulator.read('invoice', paid)).toMatchObject({ amountRemaining: 0, status: { id: 'B' } });
  expect(simulator.read('invoice', voided)).toMatchObject({ total: 0, status: { id: 'V' } });
  await simulator.close();
});

it('posts what changed, signed, again until it is taken, where the bundle is installed', async () => {
  const taken: { body: string; signature: string }[] = [];
  let isDown = true;
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      if (isDown) response.writeHead(500).end();
      else {
        taken.push({ body, signature: String(request.headers['x-signature']) });
        response.writeHead(204).end();
      }
      isDown = false;
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const simulator = await startSimulator({ size: 0, webhook: { url } });
  const id = simulator.create('term', { name: 'Net 7', daysUntilNetDue: 7 });
  simulator.update('term', id, { daysUntilNetDue: 8 });
  await vi.waitFor(() => expect(simulator.isIdle).toBe(true), { timeout: 5_000 });
  expect(taken.map(({ body }) => JSON.parse(body) as object)).toEqual([
    { type: 'term', id, event: 'create' },
    { type: 'term', id, event: 'edit' },
  ]);
  for (const { body, signature } of taken) expect(signature).toBe(hmac(simulator.access.webhookSecret, body));
  await simulator.close();
  receiver.close();
});
