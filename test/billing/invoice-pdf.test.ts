// Invoices and credit notes as PDF: read back by another program, every amount and name is on them; and only their readers get them.
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, it } from 'vitest';
import { ensureActor } from '../../src/cli/tenant.ts';
import { openTrade } from '../support/trade.ts';
import { openBooks, type Person, type Shown, startWorld } from '../support/world.ts';
import { INVOICE, NOTE, openShop } from './shop.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const trade = await openTrade(world);
const admin = await world.as('admin');
const { billing, place, ship, takeBack, bill, credit, notesOf } = await openShop(world, trade.accountId);
const base = world.url.replace('/graphql', '');

const get = (path: string, person: Pick<Person, 'token'> | null = billing, method = 'GET') =>
  fetch(`${base}${path}`, { method, headers: person ? { authorization: `Bearer ${person.token}` } : {} });

async function bytesOf(path: string, person?: Person): Promise<Uint8Array> {
  const response = await get(path, person);
  expect(
    response.status,
    await response
      .clone()
      .text()
      .catch(() => ''),
  ).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

/** The text of each page, as another reader of PDF finds it. */
async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false });
  return text;
}

const errorOf = async (response: Response): Promise<Shown> => ((await response.json()) as { errors: Shown[] }).errors[0];

const amounts = (shown: unknown): string[] => {
  if (Array.isArray(shown)) return shown.flatMap(amounts);
  if (typeof shown !== 'object' || shown === null) return [];
  return Object.entries(shown).flatMap(([key, value]) => (key === 'amount' ? [value as string] : amounts(value)));
};

it('shows everything that an invoice says: parties, lines, taxes with reasons, sums, parts and discounts', async () => {
  const terms = await admin.do(
    'createPaymentTerms',
    {
      code: 'HALVES',
      name: 'In two halves',
      netDays: 60,
      discountDays: 10,
      discountPercent: '2.5',
      instalments: [
        { instalment: 1, percent: '50', netDays: 30 },
        { instalment: 2, percent: '50', netDays: 60 },
      ],
    },
    'paymentTerms',
  );
  const line = { quantity: '1.234567', unitPrice: '1000.654321', taxCategory: 'S', taxRate: '19' };
  const order = await place(
    [
      { ...line, description: 'Насос Ø 12 – Αντλία „groß“', discountPercent: '12.5' },
      { ...line, description: 'Export', taxCategory: 'G', taxRate: '0', taxReason: 'VATEX-EU-G' },
    ],
    { customerReference: 'PO 北 7', paymentTermsId: terms.id },
  );
  const invoice = await bill(order.id);
  const text = (await pagesOf(await bytesOf(invoice.pdfUrl))).join('\n');
  const { lines, taxes, items, net, tax, total } = invoice;
  for (const amount of amounts({ lines: lines.map((l: Shown) => l.net), taxes, net, tax, total })) expect(text).toContain(amount);
  for (const item of items as Shown[])
    expect(text).toContain(
      `${item.dueOn} 2.5 % until ${item.discountUntil}: ${item.discountOffered.amount} ${item.original.amount}`,
    );
  for (const shown of [invoice.number, order.number, 'DE01 company', 'Customer C-1', '2026-03-02', 'In two halves', '12.5 %'])
    expect(text).toContain(shown);
  for (const shown of [
    'Насос Ø 12 – Αντλία „groß“',
    'PO □ 7',
    '1.234567',
    '1000.654321',
    'S 19 %',
    'G 0 % VATEX-EU-G',
    'Page 1 of 1',
  ])
    expect(text).toContain(shown);
  expect(text).toContain("□ stands for a character that this document can't show.");
});

it('shows amounts with the decimals of their currency', async () => {
  for (const [currency, unitPrice] of [
    ['JPY', '100001'],
    ['KWD', '1.2345'],
  ] as const) {
    await admin.do(
      'setExchangeRate',
      { fromCurrency: currency, toCurrency: 'EUR', validOn: '2026-01-01', rate: '0.5' },
      'exchangeRate',
    );
    const order = await place([{ description: 'Fan', unitPrice, quantity: '3', taxCategory: 'S', taxRate: '10' }], { currency });
    const invoice = await bill(order.id);
    const text = (await pagesOf(await bytesOf(invoice.pdfUrl))).join('\n');
    for (const amount of amounts([invoice.net, invoice.tax, invoice.total])) expect(text).toContain(amount);
    expect(text).toContain(`Net ${currency}`);
  }
});

it('shows a credit note with its lines, or with what it was given for', async () => {
  const order = await place([
    { description: 'Valve', unitPrice: '9.99', quantity: '10', taxCategory: 'S', taxRate: '7', isShipped: true },
  ]);
  const shipment = await ship(order.id);
  const invoice = await bill(order.id);
  await takeBack(shipment, [{ orderLineId: order.lines[0].id, quantity: '3' }]);
  await credit(order.id);
  const [note] = await notesOf(order.id);
  const text = (await pagesOf(await bytesOf(note.pdfUrl))).join('\n');
  for (const shown of [`Credit note ${note.number}`, `Credits invoice ${invoice.number}`, 'Reason Came back', '1 Valve 3 S 7 %'])
    expect(text).toContain(shown);
  for (const amount of amounts(note)) if (!amount.startsWith('0.0')) expect(text).toContain(amount);
  const lines = [{ taxCategory: 'S', taxRate: '7', net: '5', description: 'A scratch' }];
  const second = await billing.do('issueCreditNote', { invoiceId: invoice.id, reason: 'Goodwill', lines }, 'creditNote', NOTE);
  const other = (await pagesOf(await bytesOf(second.pdfUrl))).join('\n');
  expect(other).toContain('S 7 % A scratch 5.00 0.35');
});

it('goes on over pages with its head on each, and nothing is lost', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({
    description: i === 7 ? `Very long ${'description '.repeat(15)}of one line` : `Part number ${i} of three hundred`,
    quantity: String(i + 1),
    unitPrice: '0.07',
    taxCategory: 'S',
    taxRate: '19',
  }));
  const { id } = await billing.do('draftInvoice', { accountId: trade.accountId, lines }, 'invoice');
  const invoice = await billing.do('issueInvoice', { id }, 'invoice', INVOICE);
  const pages = await pagesOf(await bytesOf(invoice.pdfUrl));
  expect(pages.length).toBeGreaterThan(4);
  pages.forEach((page, i) => {
    expect(page).toContain(`Page ${i + 1} of ${pages.length}`);
    expect(page).toContain(invoice.number);
    if (i < pages.length - 1) expect(page).toContain('# Description Quantity Unit Unit price Less Tax Net EUR');
  });
  const whole = pages.join('\n');
  for (const { lineNumber, quantity, net, description } of invoice.lines as Shown[]) {
    if (lineNumber !== 8) expect(whole).toContain(`${lineNumber} ${description} ${quantity} 0.07 S 19 % ${net.amount}`);
  }
  expect(whole.split('description').length).toBe(16);
});

it('is the same file for the same invoice, whatever its customer is called later', async () => {
  const order = await place([{ productId: trade.serviceId, quantity: '2' }]);
  const invoice = await bill(order.id);
  const first = await bytesOf(invoice.pdfUrl);
  const { version } = (await admin.ask('query($id: ID!) { customer(id: $id) { version } }', { id: trade.customerId })).customer;
  await admin.do('updateCustomer', { id: trade.customerId, expectedVersion: version, name: 'Renamed' }, 'customer');
  world.clock.advance(86_400_000);
  expect(Buffer.from(await bytesOf(invoice.pdfUrl)).equals(Buffer.from(first))).toBe(true);
});

it('is sent as a file that nobody keeps or takes for something else', async () => {
  const order = await place([{ productId: trade.serviceId, quantity: '2' }]);
  const invoice = await bill(order.id);
  const response = await get(invoice.pdfUrl);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${invoice.number}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const head = await get(invoice.pdfUrl, billing, 'HEAD');
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    response.headers.get('content-length'),
    '',
  ]);
  expect((await get(invoice.pdfUrl, billing, 'POST')).status).toBe(405);
});

it('is for whoever may read the invoice, and another’s id is one that does not exist', async () => {
  const order = await place([{ productId: trade.serviceId, quantity: '2' }]);
  const invoice = await bill(order.id);
  const other = await openBooks(world, { code: 'FR01', number: 'C-2' });
  const limited = { name: 'French billing', issuer: 'urn:cashgraph:local', subject: 'billing-fr' };
  await admin.do(
    'createActor',
    { kind: 'USER', ...limited, roles: [{ role: 'billing', legalEntityId: other.legalEntityId }] },
    'actor',
  );
  const portal = (subject: string, customerId: string) =>
    admin.do(
      'createActor',
      { kind: 'PORTAL', name: subject, issuer: 'urn:cashgraph:local', subject, roles: [], customerIds: [customerId] },
      'actor',
    );
  await portal('own', trade.customerId);
  await portal('stranger', other.customerId);
  await world.addTenant('beta');
  await ensureActor({ connection: world.database.connection, rolePrefix: 'cashgraph' }, world.tenantId, {
    name: 'Reader',
    issuer: 'urn:cashgraph:local',
    subject: 'reader',
    roles: ['analyst'],
  });
  expect((await get(invoice.pdfUrl, null)).status).toBe(401);
  for (const person of [await world.as('own'), await world.as('reader')])
    expect((await get(invoice.pdfUrl, person)).status).toBe(200);
  const unknown = await get(invoice.pdfUrl.replace(/.{4}\.pdf$/, '0000.pdf'));
  const sentence = (await errorOf(unknown)).message;
  for (const person of [await world.as('stranger'), await world.as('billing-fr'), await world.as('admin', 'beta')]) {
    const response = await get(invoice.pdfUrl, person);
    expect([response.status, (await errorOf(response)).message]).toEqual([404, sentence]);
  }
  for (const path of ['/documents/', '/documents/invoices/1.pdf', invoice.pdfUrl.replace('invoices', 'credit-notes')])
    expect((await get(path)).status, path).toBe(404);
});

it('is refused for a draft, and says that an imported invoice is a copy', async () => {
  const lines = [{ description: 'Fan', quantity: '1', unitPrice: '5', taxCategory: 'S', taxRate: '19' }];
  const draft = await billing.do('draftInvoice', { accountId: trade.accountId, lines }, 'invoice', 'id pdfUrl');
  expect(draft.pdfUrl).toBeNull();
  const path = `/documents/invoices/${draft.id}.pdf`;
  const response = await get(path);
  expect([response.status, (await errorOf(response)).extensions.code]).toEqual([409, 'WRONG_STATE']);
  expect((await get(path, await world.as('own'))).status).toBe(404);
  const imported = await (await world.as('integration')).do(
    'importInvoice',
    {
      legalEntityId: trade.legalEntityId,
      externalId: 'X',
      number: '../"Über" 1',
      customerNumber: 'C-1',
      amount: '12.34',
      currency: 'EUR',
      issuedOn: '2026-02-01',
      dueOn: '2026-03-01',
    },
    'invoice',
    'id pdfUrl',
  );
  const file = await get(imported.pdfUrl);
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="ber-1.pdf"');
  const text = (await pagesOf(new Uint8Array(await file.arrayBuffer()))).join('\n');
  expect(text).toContain('Invoice ../"Über" 1 (copy)');
  expect(text).toContain('12.34');
});
