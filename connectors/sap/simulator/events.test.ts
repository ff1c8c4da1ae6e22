// Events and the screen: what a broker gets, until it takes it, and what a person can do to an invoice by a click.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { CUSTOMER, numberOf, testCompany } from './books/test-company.ts';
import { eventSender } from './events.ts';
import { Screen } from './screen.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly event: {
    readonly type: string;
    readonly source: string;
    readonly id: string;
    readonly time: string;
    readonly data: object;
  };
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A broker that is down for the first so many requests. */
async function broker(failures: number) {
  const got: Got[] = [];
  let left = failures;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (left > 0) left -= 1;
      else got.push({ headers: request.headers, event: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Got['event'] });
      response.writeHead(left > 0 || got.length === 0 ? 503 : 204).end();
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => void server.close(done)));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

async function until(isIt: () => boolean): Promise<void> {
  while (!isIt()) await new Promise((done) => void setTimeout(done, 5));
}

it('a broker gets each event until it takes it, in order, with the key only and the secret that both know', async () => {
  const { books, people, invoice } = testCompany();
  const { got, url } = await broker(1);
  const sender = eventSender({ books, secret: 's3cret' });
  closing.push(() => sender.close());
  invoice();
  sender.url = url;
  people.changePartner(CUSTOMER, { city: 'Kiel' });
  people.createProduct({ product: 'NEW', description: 'New', prices: {} });
  const order = people.createOrder({ soldTo: CUSTOMER, company: '1010', items: [{ material: 'PUMP', quantity: '1' }] });
  people.postInvoice({ customer: CUSTOMER, company: '1010', amount: '5' });
  await until(() => sender.isIdle);
  expect(got.map(({ event }) => [event.type, event.data])).toEqual([
    ['sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1', { BusinessPartner: '10100001' }],
    ['sap.s4.beh.salesorder.v1.SalesOrder.Created.v1', { SalesOrder: String(Number(order.SalesOrder)) }],
    [
      'sap.s4.beh.journalentry.v1.JournalEntry.Created.v1',
      { CompanyCode: '1010', FiscalYear: '2026', AccountingDocument: '1800000001' },
    ],
  ]);
  const [first] = got;
  expect(first?.headers).toMatchObject({
    authorization: 'Bearer s3cret',
    'content-type': 'application/cloudevents+json; charset=utf-8',
  });
  expect(first?.event).toMatchObject({
    specversion: '1.0',
    source: '/default/sap.s4.beh/S4HCLNT100',
    time: '2026-05-04T12:00:00Z',
  });
  expect(new Set(got.map(({ event }) => event.id)).size).toBe(3);
});

it('the screen shows the newest invoices, takes payments and cancels, and says why not', () => {
  const { books, people, invoice } = testCompany();
  people.createPartner({
    name: 'A <b> & Co',
    country: 'DE',
    number: '0010100009',
    accounts: [{ company: '1010', terms: 'NT30' }],
  });
  const [paid, cancelled] = [invoice('1', { soldTo: '0010100009' }), invoice('2')];
  const screen = new Screen(books);
  const act = (action: string, number: string) => screen.act(new URLSearchParams({ do: action, invoice: number }));
  expect(screen.show().content).toContain('A &lt;b&gt; &amp; Co');
  expect(screen.show().content.match(/Receive payment: 00905000\d\d/g)).toEqual([
    'Receive payment: 0090500002',
    'Receive payment: 0090500001',
  ]);
  expect(act('pay', numberOf(paid)).status).toBe(303);
  expect(act('cancel', numberOf(cancelled)).status).toBe(303);
  expect(books.get('A_BillingDocument', paid)?.InvoiceClearingStatus).toBe('C');
  expect(books.get('A_BillingDocument', cancelled)?.BillingDocumentIsCancelled).toBe(true);
  expect(act('pay', numberOf(paid))).toMatchObject({ status: 400, content: expect.stringContaining('is already cleared') });
  expect(act('pay', '42').content).toContain('There is no such billing document.');
});
