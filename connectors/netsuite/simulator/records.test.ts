import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, signedIn, type TestClient } from './test-client.ts';

let client: TestClient;
let customer: string;
let item: string;

beforeAll(async () => {
  client = await signedIn();
  customer = await client.write('POST', 'customer', { companyName: 'Acme', subsidiary: { id: '1' }, externalId: 'ACME' });
  item = await client.write('POST', 'inventoryItem', { itemId: 'W-1', rate: 10.5 });
});
afterAll(() => client.simulator.close());

const listOf = (answer: Answer) => (answer.items as unknown as { id: string }[]).map(({ id }) => id);
const order = (more: object = {}) => ({
  entity: { id: customer },
  item: {
    items: [
      { item: { id: item }, quantity: 2 },
      { item: { id: item }, quantity: 3, rate: 4 },
    ],
  },
  ...more,
});

it('answers a create with nothing but the place of the record, in lower case and at the called origin', async () => {
  const { status, headers, body } = await client.call('POST', 'record/v1/salesOrder', order());
  expect({ status, body }).toEqual({ status: 204, body: {} });
  expect(headers.get('location')).toMatch(new RegExp(`^${client.simulator.url}/services/rest/record/v1/salesorder/\\d+$`));
  expect(headers.get('x-netsuite-jobid')).toMatch(/-/);
});

it('shows references with links and names, sub-lists as links until they are asked for, and nothing that is empty', async () => {
  const id = await client.write('POST', 'salesOrder', order());
  const record = await client.get(`salesOrder/${id}`);
  const self = `${client.simulator.url}/services/rest/record/v1`;
  expect(record.entity).toEqual({
    links: [{ rel: 'self', href: `${self}/customer/${customer}`, method: 'GET' }],
    id: customer,
    refName: 'CUST1001',
  });
  expect(record.item).toEqual({ links: [{ rel: 'self', href: `${self}/salesorder/${id}/item`, method: 'GET' }] });
  expect(record.orderStatus).toEqual({ links: [], id: 'B', refName: 'Pending Fulfillment' });
  expect(record).not.toHaveProperty('memo');
  const whole = await client.get(`salesorder/${id}?expandSubResources=true&simpleEnumFormat=true`);
  expect(whole).toMatchObject({
    orderStatus: 'B',
    item: {
      totalResults: 2,
      items: [
        { line: 1, quantity: 2, rate: 10.5, amount: 21 },
        { line: 2, amount: 12 },
      ],
    },
  });
  expect(await client.get(`salesOrder/${id}?fields=total,tranDate`)).toEqual({
    links: record.links,
    total: 33,
    tranDate: '2026-05-05',
  });
  expect(await client.get(`salesOrder/${id}/item/2`)).toMatchObject({ line: 2, quantity: 3 });
  expect(await client.refusal('GET', `record/v1/salesOrder/${id}?fields=total&expandSubResources=true`)).toMatch(
    /^400 INVALID_PARAMETER/,
  );
});

it('tells an unknown transaction from an unknown record of a list, and both from an unknown type', async () => {
  const id = await client.write('POST', 'salesOrder', order());
  expect(await client.refusal('GET', 'record/v1/invoice/999999')).toBe(
    '400 USER_ERROR: Error while accessing a resource. Transaction type specified is incorrect.',
  );
  expect(await client.refusal('GET', `record/v1/invoice/${id}`)).toMatch(/^400 USER_ERROR/);
  expect(await client.refusal('GET', 'record/v1/customer/999999')).toBe(
    '404 NONEXISTENT_ID: The record instance does not exist. Provide a valid record instance ID.',
  );
  expect(await client.refusal('GET', 'record/v1/file')).toBe("404 NONEXISTENT_ID: Record type 'file' does not exist.");
});

it('upserts by external id, so that a repeated write makes nothing new', async () => {
  const first = await client.write('PUT', 'salesOrder/eid:ours-1', order({ memo: 'a' }));
  const again = await client.write('PUT', 'salesOrder/eid:ours-1?replace=item', order({ memo: 'b' }));
  expect(again).toBe(first);
  const record = await client.get('salesOrder/eid:ours-1?expandSubResources=true');
  expect(record).toMatchObject({ id: first, externalId: 'ours-1', memo: 'b', item: { totalResults: 2 } });
  expect(await client.refusal('POST', 'record/v1/salesOrder', order({ externalId: 'ours-1' }))).toMatch(/^400 INVALID_CONTENT/);
  expect(await client.refusal('PUT', `record/v1/salesOrder/${first}`, {})).toMatch(/^400 INVALID_REQUEST/);
});

it('merges lines by their key, or replaces all of them', async () => {
  const id = await client.write('POST', 'salesOrder', order());
  await client.write('PATCH', `salesOrder/${id}`, {
    item: {
      items: [
        { line: 2, isClosed: true },
        { item: { id: item }, quantity: 7 },
      ],
    },
  });
  const merged = await client.get(`salesOrder/${id}?expandSubResources=true`);
  expect(merged.item).toMatchObject({
    items: [
      { line: 1, isClosed: false },
      { line: 2, isClosed: true },
      { line: 3, quantity: 7 },
    ],
  });
  await client.write('PATCH', `salesOrder/${id}?replace=item`, { item: { items: [{ line: 3, quantity: 8 }] }, memo: null });
  const replaced = await client.get(`salesOrder/${id}?expandSubResources=true`);
  expect(replaced).toMatchObject({ total: 84, item: { totalResults: 1, items: [{ line: 3, quantity: 8 }] } });
  expect(await client.refusal('PATCH', `record/v1/salesOrder/${id}`, { item: { items: [{ line: 1, quantity: 1 }] } })).toMatch(
    /^400 INVALID_CONTENT/,
  );
});

it('ignores an unknown name with a warning only, unless it is told to be strict', async () => {
  const id = await client.write('POST', 'salesOrder', order());
  const lax = await client.call('PATCH', `record/v1/salesOrder/${id}`, { memmo: 'x', MEMO: 'y' });
  expect(lax.status).toBe(204);
  expect(lax.headers.get('warning')).toContain('memmo');
  expect(await client.get(`salesOrder/${id}?fields=memo`)).toMatchObject({ memo: 'y' });
  const strict = { 'x-netsuite-propertynamevalidation': 'Error' };
  expect((await client.call('PATCH', `record/v1/salesOrder/${id}`, { memmo: 'x' }, strict)).status).toBe(400);
  const bad = { item: { items: [{ line: 1, quantity: 'many' }] } };
  const refused = await client.call('PATCH', `record/v1/salesOrder/${id}`, bad);
  expect(refused.body).toMatchObject({
    status: 400,
    title: 'Bad Request',
    'o:errorDetails': [{ 'o:errorCode': 'INVALID_CONTENT', 'o:errorPath': 'item.items[0].quantity' }],
  });
  expect(
    (await client.call('PATCH', `record/v1/salesOrder/${id}`, bad, { 'x-netsuite-propertyvaluevalidation': 'Ignore' })).status,
  ).toBe(204);
});

it('lists ids only, by pages with NetSuite’s own last link and cut count', async () => {
  for (let n = 0; n < 7; n++) await client.write('POST', 'term', { name: `Net ${100 + n}`, daysUntilNetDue: 100 + n });
  const total = client.simulator.countOf('term');
  const page = await client.get('term?limit=3&offset=3');
  expect(page).toMatchObject({ count: 3, hasMore: true, offset: 3, totalResults: total });
  const links = page.links as unknown as { rel: string; href: string }[];
  expect(links.map(({ rel }) => rel)).toEqual(['previous', 'first', 'next', 'last', 'self']);
  const pages = Math.ceil(total / 3);
  expect(links.find(({ rel }) => rel === 'last')?.href).toContain(`offset=${Math.floor((pages - 1) / 3) * 3}`);
  expect(Object.keys((page.items as unknown as object[])[0] ?? {})).toEqual(['links', 'id']);
  expect(await client.refusal('GET', 'record/v1/term?limit=3&offset=4')).toMatch(/^400 INVALID_PARAMETER/);
});

it('filters lists by fields of the record, with days in the account’s form', async () => {
  const filtered = async (q: string, type = 'customer') => listOf(await client.get(`${type}?q=${encodeURIComponent(q)}`));
  expect(await filtered('companyName START_WITH "ac" AND isInactive IS false')).toEqual([customer]);
  expect(await filtered('email EMPTY AND (companyName CONTAIN "zzz" OR entityId ANY_OF ["CUST1001", "x"])')).toEqual([customer]);
  expect(await filtered('lastModifiedDate ON_OR_AFTER "5/5/2026"')).toEqual([customer]);
  expect(await filtered('lastModifiedDate AFTER "5/5/2026"')).toEqual([]);
  expect((await filtered('daysUntilNetDue BETWEEN [102, 104]', 'term')).length).toBe(3);
  expect(
    await client.refusal('GET', `record/v1/customer?q=${encodeURIComponent('lastModifiedDate AFTER "2026-05-05"')}`),
  ).toMatch(/^400 INVALID_PARAMETER: .*Unparseable date/);
});

it('keeps a customer’s addresses, currencies, credit limit and further subsidiaries', async () => {
  const address = { addr1: '1 Mill Lane', city: 'Leeds', zip: 'LS1', country: { id: 'GB' } };
  const id = await client.write('POST', 'customer', {
    isPerson: true,
    firstName: 'Ada',
    lastName: 'King',
    subsidiary: { id: '1' },
    creditLimit: 1500.5,
    vatRegNumber: 'GB123456789',
    custentity_bank_account: 'GB33BUKB20201555555555',
    addressBook: { items: [{ defaultBilling: true, addressBookAddress: address }] },
    currencyList: { items: [{ currency: { id: '2' } }] },
  });
  await client.write('POST', 'customerSubsidiaryRelationship', { entity: { id }, subsidiary: { id: '2' } });
  expect(
    await client.rows(`SELECT r.subsidiary, r.isprimarysub, a.city, a.country, c.creditlimit, c.vatregnumber, c.custentity_bank_account AS bank
    FROM customersubsidiaryrelationship r INNER JOIN customer c ON c.id = r.entity LEFT JOIN entityaddress a ON a.nkey = c.defaultbillingaddress WHERE c.id = ${id} ORDER BY r.subsidiary`),
  ).toEqual([
    {
      subsidiary: '1',
      isprimarysub: 'T',
      city: 'Leeds',
      country: 'GB',
      creditlimit: '1500.5',
      vatregnumber: 'GB123456789',
      bank: 'GB33BUKB20201555555555',
    },
    {
      subsidiary: '2',
      isprimarysub: 'F',
      city: 'Leeds',
      country: 'GB',
      creditlimit: '1500.5',
      vatregnumber: 'GB123456789',
      bank: 'GB33BUKB20201555555555',
    },
  ]);
  const shown = await client.get(`customer/${id}?expandSubResources=true`);
  expect(shown.addressBook).toMatchObject({
    items: [{ defaultBilling: true, addressBookAddress: { city: 'Leeds', country: { id: 'GB', refName: 'United Kingdom' } } }],
  });
  expect(await client.refusal('POST', 'record/v1/customer', { companyName: 'Nowhere' })).toBe(
    '400 INVALID_CONTENT: Please enter value(s) for: subsidiary',
  );
  const abroad = { ...order(), entity: { id: customer }, subsidiary: { id: '2' } };
  expect(await client.refusal('POST', 'record/v1/salesOrder', abroad)).toMatch(/^400 INVALID_CONTENT: Invalid subsidiary/);
});

it('describes its record types', async () => {
  const catalog = await client.call('GET', 'record/v1/metadata-catalog?select=customer,salesorder', undefined, {
    accept: 'application/json',
  });
  expect((catalog.body.items as unknown as { name: string }[]).map(({ name }) => name)).toEqual(['customer', 'salesOrder']);
  const schema = await client.call('GET', 'record/v1/metadata-catalog/customer', undefined, {
    accept: 'application/schema+json',
  });
  expect(schema.body).toMatchObject({
    properties: {
      email: { type: 'string', 'x-ns-filterable': true },
      custentity_note: { 'x-ns-custom-field': true },
      balance: { readOnly: true },
    },
  });
});

it('does asynchronous requests as jobs, whose result counts, and knows idempotency there only', async () => {
  const async = { prefer: 'respond-async', 'x-netsuite-idempotency-key': 'key-1' };
  const { status, headers } = await client.call('POST', 'record/v1/term', { name: 'Async' }, async);
  expect(status).toBe(202);
  const job = headers.get('location')?.split('/services/rest/')[1] ?? '';
  expect((await client.call('GET', job)).body).toMatchObject({ completed: false, progress: 'processing' });
  expect((await client.call('GET', job)).body).toMatchObject({ completed: true, progress: 'succeeded' });
  expect((await client.call('GET', `${job}/task/1/result`)).headers.get('location')).toMatch(/\/term\/\d+$/);
  const again = await client.call('POST', 'record/v1/term', { name: 'Async' }, async);
  expect(again.headers.get('location')).toContain(job);
  expect(again.body).toMatchObject({ 'o:errorDetails': [{ 'o:errorCode': 'IDEMPOTENCY_ERROR' }] });
  const batch = await client.call(
    'POST',
    'record/v1/term',
    { items: [{ name: 'B1' }, { name: 'B1' }] },
    { prefer: 'respond-async', 'content-type': 'application/vnd.oracle.resource+json; type=collection' },
  );
  const tasks = batch.headers.get('location')?.split('/services/rest/')[1] ?? '';
  expect((await client.call('GET', `${tasks}/task`)).body).toMatchObject({ count: 2 });
  expect((await client.call('GET', `${tasks}/task/1/result`)).status).toBe(204);
  expect((await client.call('GET', `${tasks}/task/2/result`)).status).toBe(400);
});
