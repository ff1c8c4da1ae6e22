import { afterAll, beforeAll, expect, it } from 'vitest';
import { signedIn, type TestClient } from './test-client.ts';

let client: TestClient;
let customer: string;
let invoices: string[];

beforeAll(async () => {
  client = await signedIn();
  customer = await client.write('POST', 'customer', {
    companyName: "O'Hara & Sons",
    subsidiary: { id: '1' },
    email: 'a@b.example',
  });
  const item = await client.write('POST', 'serviceSaleItem', { itemId: 'HOUR', rate: 12.5 });
  invoices = [];
  for (const quantity of [1, 2, 3, 4]) {
    const line = { item: { id: item }, quantity, taxCode: { id: '1' } };
    invoices.push(
      await client.write('POST', 'invoice', {
        entity: { id: customer },
        tranDate: `2026-05-0${quantity}`,
        item: { items: [line] },
      }),
    );
    client.advance(3_600);
  }
});
afterAll(() => client.simulator.close());

it('gives lower-case columns, texts only, and leaves out what is empty', async () => {
  const body = await client.query(`SELECT Id AS TheId, TRANID, memo, ForeignTotal FROM Transaction WHERE id = ${invoices[0]}`);
  expect(body).toMatchObject({ count: 1, hasMore: false, offset: 0, totalResults: 1 });
  expect(body.items).toEqual([{ links: [], theid: invoices[0], tranid: 'INV1001', foreigntotal: '15' }]);
});

it('needs the preference for a transient result, and repeats it', async () => {
  const q = { q: 'SELECT id FROM term' };
  expect(await client.call('POST', 'query/v1/suiteql', q, { prefer: '' })).toMatchObject({ status: 400 });
  expect((await client.call('POST', 'query/v1/suiteql', q)).headers.get('preference-applied')).toBe('transient');
});

it('writes days in the account’s form and zone, and compares in that zone', async () => {
  // 09:00 UTC is 02:00 in California
  const [row] = await client.rows(
    `SELECT trandate, createddate, TO_CHAR(createddate, 'YYYY-MM-DD"T"HH24:MI:SS') AS exact FROM transaction WHERE id = ${invoices[0]}`,
  );
  expect(row).toEqual({ trandate: '5/1/2026', createddate: '5/5/2026', exact: '2026-05-05T02:00:00' });
  const since = (time: string) =>
    client.rows(
      `SELECT id FROM transaction WHERE lastmodifieddate >= TO_DATE('2026-05-05 ${time}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY lastmodifieddate, id`,
    );
  expect((await since('04:00:00')).map(({ id }) => id)).toEqual(invoices.slice(2));
  expect(await since('05:00:01')).toEqual([]);
  const [server] = await client.rows("SELECT TO_CHAR(SYSDATE, 'HH24:MI') AS at FROM dual");
  expect(server).toEqual({ at: '06:00' });
});

it('pages by limit and offset, and refuses what does not divide', async () => {
  const q = 'SELECT id FROM transaction ORDER BY id DESC';
  const page = await client.query(q, '?limit=2&offset=2');
  expect(page).toMatchObject({ count: 2, hasMore: false, totalResults: 4 });
  expect((page.items as unknown as { id: string }[]).map(({ id }) => id)).toEqual([invoices[1], invoices[0]]);
  const before = client.simulator.violations();
  expect(await client.refusal('POST', 'query/v1/suiteql?limit=2&offset=3', { q })).toMatch(/^400 INVALID_PARAMETER/);
  expect(await client.refusal('POST', 'query/v1/suiteql?limit=1001', { q })).toMatch(/^400 INVALID_PARAMETER/);
  expect(client.simulator.violations()).toBe(before + 2);
});

it('joins, groups and sums without a binary fraction', async () => {
  expect(
    await client.rows(
      `SELECT t.id, SUM(tl.foreignamount) AS net, COUNT(*) AS n, MAX(i.itemid) AS item, BUILTIN.DF(t.entity) AS who
       FROM transaction t INNER JOIN transactionline tl ON tl.transaction = t.id LEFT JOIN item i ON i.id = tl.item
       WHERE tl.mainline = 'F' AND tl.taxline = 'F' AND tl.iscogs = 'F' AND t.type = 'CustInvc'
       GROUP BY t.id, BUILTIN.DF(t.entity) HAVING SUM(tl.foreignamount) < -12.5 ORDER BY net`,
    ),
  ).toEqual([
    { id: invoices[3], net: '-50', n: '1', item: 'HOUR', who: 'CUST1001' },
    { id: invoices[2], net: '-37.5', n: '1', item: 'HOUR', who: 'CUST1001' },
    { id: invoices[1], net: '-25', n: '1', item: 'HOUR', who: 'CUST1001' },
  ]);
});

it('knows the words of its dialect', async () => {
  const one = async (expression: string) =>
    (await client.rows(`SELECT ${expression} AS v FROM customer WHERE id = ${customer}`))[0]?.['v'];
  expect(await one("companyname || ', ' || NVL(phone, 'no phone')")).toBe("O'Hara & Sons, no phone");
  expect(await one("CASE WHEN email LIKE 'a@%.example' THEN SUBSTR(UPPER(email), 1, 3) ELSE 'x' END")).toBe('A@B');
  expect(await one("TO_CHAR(TO_DATE('29.02.2024', 'DD.MM.YYYY') + 1, 'DD-Mon-YYYY')")).toBe('01-Mar-2024');
  expect(await one('COALESCE(NULL, 0.1 + 0.2)')).toBe('0.3');
  expect(
    await one('(SELECT COUNT(*) FROM transaction t WHERE t.entity = customer.id AND t.foreigntotal BETWEEN 30 AND 60)'),
  ).toBe('3');
  expect(
    await client.rows(
      `SELECT TOP 1 id FROM transaction WHERE id IN (SELECT transaction FROM transactionline WHERE quantity = -3) OR NOT (1 = 1)`,
    ),
  ).toEqual([{ id: invoices[2] }]);
  expect(await client.rows('SELECT id FROM (SELECT id FROM transaction ORDER BY id DESC) WHERE ROWNUM <= 1')).toEqual([
    { id: invoices[3] },
  ]);
  expect(
    await client.rows("SELECT DISTINCT type FROM transaction UNION ALL SELECT name FROM term WHERE name = 'Net 30'"),
  ).toEqual([{ type: 'CustInvc' }, { type: 'Net 30' }]);
  const withParameter = await client.call('POST', 'query/v1/suiteql', {
    q: 'SELECT id FROM transaction WHERE tranid = ?',
    params: ['INV1002'],
  });
  expect(withParameter.body.items).toMatchObject([{ id: invoices[1] }]);
});

it('takes a status as a letter and with its type', async () => {
  const count = async (condition: string) =>
    (await client.rows(`SELECT COUNT(*) AS n FROM transaction WHERE ${condition}`))[0]?.['n'];
  expect(await count("type = 'CustInvc' AND status = 'A'")).toBe('4');
  expect(await count("status = 'CustInvc:A'")).toBe('4');
  expect(await count("status IN ('SalesOrd:A', 'CustInvc:A')")).toBe('4');
  expect(await count("BUILTIN.CF(status) = 'SalesOrd:A'")).toBe('0');
});

it.each([
  ['LIMIT', 'SELECT id FROM transaction LIMIT 5'],
  ['an unknown field', 'SELECT nothing FROM transaction'],
  ['an unknown table', 'SELECT id FROM invoices'],
  [
    'more than 1,000 values of IN',
    `SELECT id FROM transaction WHERE id IN (${Array.from({ length: 1_001 }, (_, id) => id).join(',')})`,
  ],
  ['a function that is not there', 'SELECT LEFT(tranid, 2) FROM transaction'],
  ['a date that is no date', "SELECT id FROM transaction WHERE trandate > '2026-05-01'"],
  ['an ambiguous field', 'SELECT id FROM transaction t INNER JOIN term m ON m.id = t.terms'],
])('refuses %s', async (_, q) => {
  expect(await client.refusal('POST', 'query/v1/suiteql', { q })).toMatch(/^400 INVALID_PARAMETER: Invalid search query/);
});

it('cuts a result at its limit, and counts whoever reads up to there', async () => {
  const small = await signedIn({ size: 30, queryRowsMax: 20, concurrency: null });
  const first = await small.query('SELECT id FROM transaction ORDER BY id', '?limit=10&offset=0');
  expect(first).toMatchObject({ totalResults: 20, hasMore: true });
  expect(small.simulator.violations()).toBe(0);
  expect(await small.query('SELECT id FROM transaction ORDER BY id', '?limit=10&offset=10')).toMatchObject({ hasMore: false });
  expect(small.simulator.violations()).toBe(1);
  let last = 0;
  let read = 0;
  for (;;) {
    const rows = await small.rows(`SELECT id FROM transaction WHERE id > ${last} ORDER BY id FETCH FIRST 20 ROWS ONLY`);
    if (rows.length === 0) break;
    read += rows.length;
    last = Number(rows.at(-1)?.['id']);
  }
  expect(read).toBe(small.simulator.countOf('transaction'));
  await small.simulator.close();
});

it('leaves out, without a word, what the role of the integration does not see', async () => {
  const abroad = await client.write('POST', 'customer', { companyName: 'Uji Seiki KK', subsidiary: { id: '2' } });
  expect(await client.rows(`SELECT id FROM customer WHERE id = ${abroad}`)).toHaveLength(1);
  client.simulator.setRole(['1']);
  expect(await client.rows(`SELECT id FROM customer WHERE id = ${abroad}`)).toEqual([]);
  expect(await client.refusal('GET', `record/v1/customer/${abroad}`)).toMatch(/^404 NONEXISTENT_ID/);
  client.simulator.setRole(null);
});
