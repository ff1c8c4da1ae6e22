// How a client hears of changes: change data capture, and webhooks in both bodies, signed and sent again until they are taken.
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { QuickBooksOptions } from './index.ts';
import { line, signedIn, START, type TestClient, text } from './test-client.ts';

let client: TestClient;
let receiver: Server | null = null;
afterEach(async () => {
  await client.simulator.close();
  receiver?.closeAllConnections();
  await new Promise((done) => (receiver === null ? done(null) : receiver.close(done)));
  receiver = null;
});

const capture = async (entities: string, since: string) =>
  (await client.call('GET', `cdc?entities=${entities}&changedSince=${encodeURIComponent(since)}`)).body;

async function company() {
  const customer = await client.post('customer', { DisplayName: 'Acme' });
  const item = await client.post('item', { Name: 'Hour', IncomeAccountRef: { value: '1' } });
  return { CustomerRef: { value: text(customer.Id) }, Line: [line(10, text(item.Id))] };
}

describe('change data capture', () => {
  it('gives whole records, stubs of deleted ones and nothing for what has not changed, in the order asked for', async () => {
    client = await signedIn({ limits: null });
    const body = await company();
    const [kept, voided, deleted] = [
      await client.post('invoice', body),
      await client.post('invoice', body),
      await client.post('invoice', body),
    ];
    client.advance(3_000);
    await client.post('invoice?operation=void', { Id: voided.Id, SyncToken: '0' });
    client.advance(1);
    await client.post('invoice?operation=delete', { Id: deleted.Id, SyncToken: '0' });
    const { CDCResponse, time } = await capture('Payment,Invoice,Bill', '2026-05-05T02:30:00-07:00');
    expect(CDCResponse).toEqual([
      {
        QueryResponse: [
          {},
          {
            Invoice: [
              expect.objectContaining({ Id: voided.Id, TotalAmt: 0, SyncToken: '1', DocNumber: '1002' }),
              { domain: 'QBO', status: 'Deleted', Id: deleted.Id, MetaData: { LastUpdatedTime: '2026-05-05T02:50:01-07:00' } },
            ],
            startPosition: 1,
            maxResults: 2,
            totalCount: 2,
          },
          {},
        ],
      },
    ]);
    expect(time).toBe('2026-05-05T02:50:01.500-07:00');
    const all = await capture('invoice', START);
    expect(JSON.stringify(all)).toContain(`"Id":"${text(kept.Id)}"`);
  });

  it('looks back thirty days, knows which records it has, and stops at a thousand', async () => {
    client = await signedIn({ limits: null, size: 1_500 });
    const refused = (entities: string, since: string) =>
      client.refusal('GET', `cdc?entities=${entities}&changedSince=${encodeURIComponent(since)}`);
    expect(await refused('Invoice', '2026-04-05T01:00:00-07:00')).toMatch(/^400 4001 .*30 days/);
    expect(await refused('TaxCode', START)).toMatch(/4001 .*not supported by CDC/);
    expect(await refused('Invoice', 'then')).toMatch(/4001/);
    expect(await client.refusal('GET', 'cdc?entities=Invoice')).toMatch(/2020/);
    for (const { Id } of client.simulator.all('Invoice')) client.simulator.update('Invoice', text(Id), { PrivateNote: 'x' });
    const { CDCResponse } = await capture('Invoice,Customer', '2026-05-01T00:00:00Z');
    const answers = CDCResponse?.[0]?.QueryResponse;
    const [invoices, customers] = [answers?.[0], answers?.[1]];
    expect(invoices).toMatchObject({ maxResults: 1_000, totalCount: 1_000 });
    expect(customers).toEqual({});
  });
});

interface Delivery {
  readonly signature: string | undefined;
  readonly body: string;
}

/** Takes webhooks, after it has refused the first few. */
async function receive(options: QuickBooksOptions, refused = 0): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      deliveries.push({ signature: String(request.headers['intuit-signature']), body });
      response.writeHead(deliveries.length <= refused ? 500 : 200).end();
    });
  });
  await new Promise<void>((done) => receiver?.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?tenant=1`;
  client = await signedIn({ ...options, limits: null, webhook: { url } });
  return deliveries;
}

async function settled(): Promise<void> {
  while (!client.simulator.isIdle) await new Promise((done) => setTimeout(done, 5));
}

describe('webhooks', () => {
  it('tell in cloud events of every write, also of what follows from it and of what people do', async () => {
    const deliveries = await receive({});
    const body = await company();
    const invoice = await client.post('invoice', body);
    const { Id } = client.simulator.create('Payment', {
      ...body,
      Line: [{ Amount: 10, LinkedTxn: [{ TxnId: text(invoice.Id), TxnType: 'Invoice' }] }],
      TotalAmt: 10,
    });
    client.simulator.void('Invoice', text(invoice.Id));
    client.simulator.remove('Payment', text(Id));
    await settled();
    const events = deliveries.flatMap((one) => JSON.parse(one.body) as { type: string; intuitentityid: string; id: string }[]);
    expect(events.map(({ type, intuitentityid }) => `${type} ${intuitentityid}`)).toEqual([
      'qbo.customer.created.v1 1',
      'qbo.item.created.v1 1',
      'qbo.invoice.created.v1 1',
      'qbo.payment.created.v1 2',
      'qbo.invoice.updated.v1 1',
      'qbo.payment.updated.v1 2',
      'qbo.invoice.updated.v1 1',
      'qbo.invoice.voided.v1 1',
      'qbo.payment.deleted.v1 2',
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events[0]).toMatchObject({
      specversion: '1.0',
      source: expect.stringMatching(/^intuit\..+=$/) as string,
      datacontenttype: 'application/json',
      time: '2026-05-05T09:00:00.000000000Z',
      intuitaccountid: client.simulator.access.realmId,
      data: {},
    });
    for (const { signature, body: sent } of deliveries)
      expect(signature).toBe(createHmac('sha256', client.simulator.access.webhookVerifier).update(sent).digest('base64'));
  });

  it('come again, the same and in order, until they are taken', async () => {
    const deliveries = await receive({}, 2);
    await client.post('customer', { DisplayName: 'A' });
    await settled();
    await client.post('customer', { DisplayName: 'B' });
    await settled();
    const [first, second, third, last] = deliveries;
    expect([second, third]).toEqual([first, first]);
    expect(last?.body).toContain('"intuitentityid":"2"');
    expect(deliveries).toHaveLength(4);
  });

  it('have the older body where that is wished for, with the id of what a merge has swallowed', async () => {
    const deliveries = await receive({ webhookFormat: 'LEGACY' });
    const body = await company();
    const invoice = await client.post('invoice', body);
    await client.post('customer', { DisplayName: 'Acme Inc.' });
    await client.post(`invoice/${text(invoice.Id)}/send?sendTo=a@example.com`, '');
    client.simulator.mergeCustomers('1', '2');
    await settled();
    const notifications = deliveries.map(
      (one) => JSON.parse(one.body) as { eventNotifications: [{ realmId: string; dataChangeEvent: { entities: object[] } }] },
    );
    expect(notifications[0]?.eventNotifications[0].realmId).toBe(client.simulator.access.realmId);
    const entities = notifications.flatMap(({ eventNotifications: [{ dataChangeEvent }] }) => dataChangeEvent.entities);
    expect(entities).toContainEqual({ name: 'Invoice', id: '1', operation: 'Emailed', lastUpdated: '2026-05-05T09:00:00.000Z' });
    expect(entities.at(-1)).toEqual({
      name: 'Customer',
      id: '2',
      operation: 'Merge',
      lastUpdated: '2026-05-05T09:00:00.000Z',
      deletedId: '1',
    });
    expect(client.simulator.read('Customer', '2')).toMatchObject({ Balance: 10 });
    expect(client.simulator.read('Invoice', '1')).toMatchObject({ CustomerRef: { value: '2', name: 'Acme Inc.' } });
  });

  it('end when nobody is to be told any more', async () => {
    const deliveries = await receive({});
    client.simulator.setWebhook(null);
    await client.post('customer', { DisplayName: 'A' });
    await settled();
    expect(deliveries).toEqual([]);
  });
});
