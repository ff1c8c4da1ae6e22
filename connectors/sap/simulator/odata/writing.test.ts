// Writes over HTTP: what is made and changed, etags, functions, batches, and what is refused with which status.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answered, hidden, startSystem, type TestSystem, textOf } from './test-client.ts';

let system: TestSystem;
beforeEach(async () => {
  system = await startSystem();
  system.books.put('A_Customer', { Customer: '0000000042', CustomerName: 'Forty-two' });
  const order = { Order: '0000000001', SoldToParty: '0000000042', ChangedAt: '2026-01-01T00:00:00.0000000Z' };
  system.books.put('A_Order', order);
  system.books.put('A_OrderItem', { Order: '0000000001', Item: '10', Material: 'TG1' });
});
afterEach(() => system.close());

const ETAG = `W/"datetimeoffset'2026-01-01T00%3A00%3A00.0000000Z'"`;
const order = (key = '0000000001') => system.books.get('A_Order', { Order: key });
const words = ({ status, body }: Answered): string => `${status} ${textOf(body.error?.message?.value)}`;

describe('a POST', () => {
  it.each([
    [[{ Material: 'TG1', Quantity: '2' }, { Material: 'TG2' }]],
    [{ results: [{ Material: 'TG1', Quantity: '2' }, { Material: 'TG2' }] }],
  ])('makes a row with its children, given as %j', async (children) => {
    const sent = {
      SoldToParty: '42',
      Reference: 'Süd "1"',
      OrderDate: '2026-01-31T00:00:00',
      ShipDate: '/Date(1769904000000)/',
      Net: '999.00',
      to_Item: children,
      to_Customer: { __deferred: { uri: 'x' } },
    };
    const { status, headers, body } = await system.send('POST', 'A_Order', sent);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${system.root}/A_Order('2')`);
    expect(headers.get('etag')).toBe(hidden(body.d, '__metadata')?.etag);
    expect(body.d).toMatchObject({
      Order: '2',
      SoldToParty: '42',
      Reference: 'Süd "1"',
      OrderDate: '/Date(1769817600000)/',
      ShipDate: '/Date(1769904000000)/',
      Net: '0.00',
      to_Item: { results: [{ Order: '2', Item: '10', Quantity: '2' }, { Item: '20' }] },
    });
    expect(order('0000000002')).toMatchObject({ SoldToParty: '0000000042', OrderDate: '2026-01-31', ShipDate: '2026-02-01' });
  });

  it('to a navigation makes a row of that one', async () => {
    const { status, body } = await system.send('POST', "A_Order('1')/to_Item", { Item: '20', Material: 'TG2' });
    expect(status).toBe(201);
    expect(body.d).toMatchObject({ Order: '1', Item: '20' });
    expect((await system.send('POST', "A_Order('9')/to_Item", {})).status).toBe(404);
  });

  it.each([
    [{ Nothing: '' }, "400 Property 'Nothing' is invalid at offset '2'"],
    [{ Reference: 5 }, "400 Failed to read property 'Reference' at offset '2'"],
    [{ to_Item: [{ Quantity: 5 }] }, "400 Failed to read property 'Quantity' at offset '14'"],
    [{ to_Item: 'x' }, "400 Failed to read property 'to_Item' at offset '2'"],
    [{ Reference: 'x'.repeat(36) }, `400 Property 'Reference' at offset '2' has invalid value '${'x'.repeat(36)}'`],
    [{ to_Item: [{ Quantity: '1.0005' }] }, "400 Property 'Quantity' at offset '14' has invalid value '1.0005'"],
    [{ OrderDate: '2026-01-31' }, "400 Property 'OrderDate' at offset '2' has invalid value '2026-01-31'"],
    [{ Copies: 1.5 }, "400 Property 'Copies' at offset '2' has invalid value '1.5'"],
    [{ Urgent: 'X' }, "400 Failed to read property 'Urgent' at offset '2'"],
    [{ Reference: 'REFUSED' }, '400 Not this one'],
    ['{', /^400 Error while parsing the request body/],
    ['[]', /^400 Error while parsing the request body/],
  ])('of %j is refused and makes nothing', async (sent, refusal) => {
    const answered = await system.send('POST', 'A_Order', sent);
    expect(words(answered)).toEqual(refusal instanceof RegExp ? expect.stringMatching(refusal) : refusal);
    expect(order('0000000002')).toBeNull();
  });

  it('is refused where nothing can be made, for other content, and as a method that the resource has not', async () => {
    expect(words(await system.send('POST', 'A_Customer', {}))).toBe('405 Creating operations are disabled');
    expect((await system.send('DELETE', "A_Customer('42')")).status).toBe(405);
    expect((await system.send('POST', 'A_Order', '<entry/>', { 'content-type': 'application/atom+xml' })).status).toBe(415);
    expect((await system.send('POST', "A_Order('1')", {})).status).toBe(405);
    expect((await system.send('PATCH', 'A_Order', {})).status).toBe(405);
  });
});

describe('a change', () => {
  it.each([
    ['PATCH', {}],
    ['MERGE', {}],
    ['POST', { 'x-http-method': 'MERGE' }],
  ])('by %s with the etag that is known changes what is sent alone, and says nothing', async (method, headers) => {
    const answered = await system.send(
      method,
      "A_Order('1')",
      { Reference: 'new', Order: '7', Net: '5' },
      { 'if-match': ETAG, ...headers },
    );
    expect([answered.status, answered.text]).toEqual([204, '']);
    expect(order()).toMatchObject({ Reference: 'new', SoldToParty: '0000000042', Net: '0.00' });
    expect(words(await system.send('PATCH', "A_Order('1')", { Reference: 'x' }, { 'if-match': ETAG }))).toMatch(/^412/);
  });

  it('without an etag is refused with 428, and done with any', async () => {
    const { status, body } = await system.send('PATCH', "A_Order('1')", { Reference: 'x' });
    expect([status, body.error?.code]).toEqual([428, 'SADL_ENTITY_RUNTIME/004']);
    expect((await system.send('PATCH', "A_Order('1')", { Reference: 'x' }, { 'if-match': '*' })).status).toBe(204);
    expect((await system.send('PUT', "A_Order('1')", { Urgent: true }, { 'if-match': '*' })).status).toBe(204);
    expect(order()).toMatchObject({ Reference: '', Urgent: true });
    expect((await system.send('PATCH', "A_Order('9')", {}, { 'if-match': '*' })).status).toBe(404);
  });

  it("of an item is guarded by its header's etag", async () => {
    const item = "A_OrderItem(Order='1',Item='10')";
    expect((await system.send('PATCH', item, { Material: 'A' }, { 'if-match': `W/"'0001'"` })).status).toBe(412);
    expect((await system.send('PATCH', item, { Material: 'A' }, { 'if-match': decodeURIComponent(ETAG) })).status).toBe(204);
    expect((await system.send('DELETE', item)).status).toBe(428);
    expect((await system.send('DELETE', item, undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await system.get(item)).status).toBe(404);
  });
});

describe('a function', () => {
  it('that is bound wants the etag of its row, and gives values of its own type', async () => {
    const path = "Release?Order='1'";
    expect((await system.send('POST', path)).status).toBe(428);
    expect((await system.send('POST', path, undefined, { 'if-match': `W/"'1'"` })).status).toBe(412);
    const { status, body } = await system.send('POST', path, undefined, { 'if-match': ETAG });
    expect(status).toBe(200);
    expect(body.d).toEqual({
      results: [{ __metadata: { type: 'API_ORDER_SRV.Report' }, MessageType: 'S', Message: 'Order 0000000001 released' }],
    });
    expect((await system.send('POST', "Release?Order='9'", undefined, { 'if-match': '*' })).status).toBe(404);
  });

  it('that only reads wants none, and is refused without its parameters or by another method', async () => {
    const { body } = await system.get("GetPDF?Order='1'");
    expect(Buffer.from(textOf(body.d?.GetPDF?.Binary), 'base64').toString()).toBe('API_ORDER_SRV 0000000001');
    expect(words(await system.get('GetPDF'))).toBe("400 Invalid Function Import Parameter 'Order'");
    expect(words(await system.get('GetPDF?Order=1'))).toMatch(/^400/);
    expect((await system.send('POST', "GetPDF?Order='1'")).status).toBe(405);
  });
});

it('what was said about a write is in its header, in ASCII, and in no later one', async () => {
  const { headers } = await system.send('PATCH', "A_Order('1')", { Reference: 'LATE' }, { 'if-match': '*' });
  const said = headers.get('sap-message') ?? '';
  expect(said).toMatch(/^[ -~]+$/);
  expect(JSON.parse(said)).toMatchObject({ code: 'V1/311', message: 'Verspätet', severity: 'warning', details: [] });
  expect((await system.get("A_Order('1')")).headers.get('sap-message')).toBeNull();
});

describe('$batch', () => {
  const CRLF = '\r\n';
  const http = (line: string, body = '', headers = ''): string =>
    [
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `${line} HTTP/1.1`,
      `Accept: application/json${headers}`,
      '',
      body,
    ].join(CRLF);
  const multipart = (parts: readonly string[], boundary: string): string =>
    `${parts.map((part) => `--${boundary}${CRLF}${part}${CRLF}`).join('')}--${boundary}--${CRLF}`;
  const changeset = (parts: readonly string[]): string =>
    `Content-Type: multipart/mixed; boundary=set${CRLF}${CRLF}${multipart(parts, 'set')}`;
  const batch = (parts: readonly string[]): Promise<Answered> =>
    system.send('POST', '$batch', multipart(parts, 'outer'), { 'content-type': 'multipart/mixed; boundary=outer' });
  const statuses = ({ text }: Answered): string => Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status).join();
  const post = (json: object): string => http('POST A_Order', JSON.stringify(json), `${CRLF}Content-Type: application/json`);

  it('answers each read by itself, whichever way its address is written', async () => {
    const answered = await batch([
      http("GET A_Order('1')?$select=Order"),
      http("GET /sap/opu/odata/sap/API_ORDER_SRV/A_Order('1')/to_Item"),
      http(`GET ${system.root}/A_Order/$count`),
      http("GET A_Order('9')"),
      http('GET /sap/opu/odata/sap/API_SHIP_SRV/A_Order'),
      http("GET A_Order?$filter=Order%20eq%20'1'&$select=Order"),
    ]);
    expect(answered.status).toBe(202);
    expect(answered.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/);
    expect(statuses(answered)).toBe('200,200,200,404,404,200');
    expect(answered.text).toContain('"code":"/IWBEP/CM_MGW_RT/020"');
    expect(answered.text.replaceAll(CRLF, '')).not.toMatch(/[\r\n]/);
    const boundary = /boundary=(.*)$/.exec(String(answered.headers.get('content-type')))?.[1] ?? '?';
    const [, first = ''] = answered.text.split(`--${boundary}${CRLF}`);
    const [, inner = '', content = ''] = first.split(`${CRLF}${CRLF}`);
    expect(Number(/content-length: (\d+)/i.exec(inner)?.[1])).toBe(Buffer.byteLength(content.slice(0, -CRLF.length)));
  });

  it('does a changeset whole, and lets its requests name what those before them made', async () => {
    const made = `Content-ID: 1${CRLF}${post({ Reference: 'one' })}`;
    const item = http('POST $1/to_Item', JSON.stringify({ Item: '10', Material: 'X' }));
    const merged = http("MERGE A_Order('1')", JSON.stringify({ Reference: 'two' }), `${CRLF}If-Match: *`);
    const answered = await batch([changeset([made, item, merged]), http("GET A_Order('2')/to_Item/$count")]);
    expect(statuses(answered)).toBe('201,201,204,200');
    expect(answered.text).toContain('Content-ID: 1');
    expect(order()).toMatchObject({ Reference: 'two' });
  });

  it('does nothing of a changeset of which one request is refused, and goes on with the next part', async () => {
    const answered = await batch([
      changeset([post({ Reference: 'one' }), post({ Reference: 'REFUSED' })]),
      changeset([post({ Reference: 'three' })]),
    ]);
    expect(statuses(answered)).toBe('400,201');
    expect([...system.books.rows('A_Order')].map(({ Reference }) => Reference)).toEqual(['', 'three']);
  });

  it('refuses writes outside of a changeset, reads inside, and what is not cut as it says', async () => {
    expect(statuses(await batch([post({ Reference: 'one' })]))).toBe('400');
    expect(statuses(await batch([changeset([http('GET A_Order')])]))).toBe('400');
    expect(order('0000000002')).toBeNull();
    const lines = multipart([http('GET A_Order')], 'outer').replaceAll(CRLF, '\n');
    const type = { 'content-type': 'multipart/mixed; boundary=outer' };
    expect((await system.send('POST', '$batch', lines, type)).status).toBe(400);
    expect((await system.send('POST', '$batch', multipart([http('GET A_Order')], 'other'), type)).status).toBe(400);
    expect((await system.send('POST', '$batch', {})).status).toBe(400);
    expect((await system.get('$batch')).status).toBe(405);
  });
});
