// The query language: what it takes and refuses, the shapes of its answers, orders that nobody asked for, and pages.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, signedIn, type TestClient, text } from './test-client.ts';

let client: TestClient;
let empty: TestClient;
beforeAll(async () => {
  client = await signedIn({ size: 90, limits: null });
  empty = await signedIn({ limits: null });
});
afterAll(async () => {
  await client.simulator.close();
  await empty.simulator.close();
});

const ids = (answer: Answer, entity: string): string[] =>
  ((answer[entity] ?? []) as unknown as { Id: string }[]).map(({ Id }) => Id);
const statement = (query: string) => `query?query=${encodeURIComponent(query)}`;

describe('the language', () => {
  it.each([
    'select * from Invoice',
    "SELECT * FROM invoice WHERE docnumber = '1001' ORDERBY docnumber DESC, Id asc STARTPOSITION 1 MAXRESULTS 5",
    'Select * From Invoice Order By MetaData.LastUpdatedTime maxresults 5 startposition 1',
    "select Id, DocNumber, MetaData.LastUpdatedTime, Line.* from Invoice where Balance > '0' and TotalAmt <= 5000.5",
    "select * from Customer where Active in (true, false) and DisplayName like '%a%'",
    "select * from Invoice where CustomerRef = '1' and TxnDate >= '2020-01-01' and DueDate < '2100-01-01'",
    "select * from Customer where PrimaryEmailAddr = 'a@example.com' and metadata.lastupdatedtime > '2020-01-01T00:00:00-07:00'",
    'select count(*) from Payment;',
  ])('takes %s', async (query) => {
    expect((await client.call('GET', statement(query))).status).toBe(200);
  });

  it.each([
    ['selec * from Invoice', /^400 4000 .*Encountered " "selec/],
    ['select * from Invoice where', /4000 .*Was expecting: a name/],
    ["select * from Invoice where DocNumber = '1' or DocNumber = '2'", /4000 .*Encountered " "or" "" at line 1, column 45/],
    ["select * from Invoice where DocNumber = 'a''b'", /4000/],
    ["select * from Invoice where DocNumber = 'open", /4000 .*Lexical error at line 1, column 41/],
    ['select * from Invoice group by DocNumber', /4000/],
    [
      'select * from Invoice startposition 0',
      /^400 4001 Invalid query: QueryValidationError: value 0 is too small\. Min allowed value is 1$/,
    ],
    ['select * from Invoice maxresults 1001', /4001 .*too large\. Max allowed value is 1000/],
    ["select * from Invoice where PrivateNote = 'x'", /4001 .*property 'PrivateNote' is not queryable/],
    ["select * from Invoice where Line.Amount = '1'", /4001 .*is not queryable/],
    ["select * from Invoice where Nothing = '1'", /4001 .*Property Nothing not found for Entity Invoice/],
    ["select * from Invoice where MetaData.LastUpdatedTime > 'yesterday'", /4001 .*is not a date and time/],
    ["select * from Invoice where Balance > 'much'", /4001 .*is not a number/],
    ['select * from Invention', /4001 .*Invalid context declaration: Invention/],
  ])('refuses %s', async (query, words) => {
    expect(await client.refusal('GET', statement(query))).toMatch(words);
  });

  it('comes as a body or in the address of a POST, too', async () => {
    const asked = 'select count(*) from Customer';
    const counted = await client.query(asked);
    const types = { 'content-type': 'application/text' };
    expect((await client.call('POST', 'query', asked, types)).body.QueryResponse).toEqual(counted);
    expect((await client.call('POST', statement(asked), '', { 'content-type': 'text/plain' })).body.QueryResponse).toEqual(
      counted,
    );
  });

  it('finds quotes, backslashes and signs of patterns as they are', async () => {
    const name = String.raw`O'Hara \ Co. (100%) [x]`;
    const { Id } = await empty.post('customer', { DisplayName: name });
    const quoted = name.replace(/[\\']/g, String.raw`\$&`);
    expect(ids(await empty.query(`select * from Customer where DisplayName = '${quoted}'`), 'Customer')).toEqual([Id]);
    expect(ids(await empty.query(`select * from Customer where DisplayName like '%(100\\%)%'`), 'Customer')).toEqual([Id]);
    expect(ids(await empty.query(`select * from Customer where DisplayName like '.*'`), 'Customer')).toEqual([]);
  });
});

describe('the answer', () => {
  it('has counters as recorded, and nothing at all when nothing is found', async () => {
    const { body } = await client.call('GET', statement('select * from Invoice maxresults 3'));
    expect(body.QueryResponse).toMatchObject({ startPosition: 1, maxResults: 3, totalCount: 3 });
    expect(body.time).toBe('2026-05-05T02:00:00.500-07:00');
    expect(await client.query('select * from Customer maxresults 3')).not.toHaveProperty('totalCount');
    expect((await client.call('GET', statement("select * from Invoice where DocNumber = 'none'"))).body.QueryResponse).toEqual(
      {},
    );
    expect(await client.query('select * from Transfer')).toEqual({});
    expect(await client.query('select * from Invoice startposition 5000')).toEqual({});
    expect(await client.query("select count(*) from Invoice where DocNumber = 'none'")).toEqual({ totalCount: 0 });
  });

  it('has a hundred rows unless told, and a chosen column only with its id', async () => {
    expect((await client.query('select * from Payment')).maxResults).toBe(Math.min(100, client.simulator.all('Payment').length));
    const [first] = (await client.query('select DocNumber from Invoice maxresults 1')).Invoice as unknown as object[];
    expect(Object.keys(first ?? {}).sort()).toEqual(['DocNumber', 'Id', 'domain', 'sparse']);
  });

  it('has transactions newest first and names by the alphabet unless an order is asked for', async () => {
    const { Invoice } = await client.query('select * from Invoice maxresults 1000');
    const times = (Invoice as unknown as { MetaData: { LastUpdatedTime: string } }[]).map(({ MetaData }) =>
      Date.parse(MetaData.LastUpdatedTime),
    );
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const { Customer } = await client.query('select * from Customer maxresults 1000');
    const names = (Customer as unknown as { FullyQualifiedName: string }[]).map(({ FullyQualifiedName }) =>
      FullyQualifiedName.toLowerCase(),
    );
    expect(names).toEqual([...names].sort());
  });

  it('leaves out names that are out of use unless they are asked for', async () => {
    const inactive = client.simulator.all('Customer').filter(({ Active }) => Active === false);
    expect(inactive.length).toBeGreaterThan(0);
    const total = async (where: string) => Number((await client.query(`select count(*) from Customer${where}`)).totalCount);
    expect(await total(' where Active in (true,false)')).toBe((await total('')) + inactive.length);
    expect(await total(' where Active = false')).toBe(inactive.length);
  });
});

describe('pages', () => {
  it('of any size, in any order, have every record once as long as nothing changes', async () => {
    const expected = client.simulator.all('Invoice').map(({ Id }) => text(Id));
    const orders = ['', ' orderby MetaData.LastUpdatedTime', ' order by TotalAmt desc', ' orderby CustomerRef, Id desc'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...orders), fc.integer({ min: 7, max: 120 }), async (order, size) => {
        const seen: string[] = [];
        for (let from = 1; ; from += size) {
          const page = ids(
            await client.query(`select * from Invoice${order} startposition ${from} maxresults ${size}`),
            'Invoice',
          );
          seen.push(...page);
          if (page.length < size) break;
        }
        expect([...seen].sort()).toEqual([...expected].sort());
      }),
      { seed: 4, numRuns: 12 },
    );
  });

  it('skip and repeat rows by position when a row changes between them, as the real ones do', async () => {
    const changing = await signedIn({ size: 40, limits: null });
    const first = ids(await changing.query('select * from Invoice maxresults 10'), 'Invoice');
    const last = ids(await changing.query('select * from Invoice startposition 11 maxresults 1000'), 'Invoice').at(-1) ?? '';
    changing.simulator.update('Invoice', last, { PrivateNote: 'changed' });
    const second = ids(await changing.query('select * from Invoice startposition 11 maxresults 10'), 'Invoice');
    expect(second[0]).toBe(first.at(-1));
    await changing.simulator.close();
  });

  it('filter as a plain look at all records would', async () => {
    const all = client.simulator.all('Invoice') as unknown as {
      Id: string;
      TotalAmt: number;
      Balance: number;
      TxnDate: string;
    }[];
    const amounts = fc.constantFrom(...all.map(({ TotalAmt }) => TotalAmt));
    const days = fc.constantFrom(...all.map(({ TxnDate }) => TxnDate));
    await fc.assert(
      fc.asyncProperty(amounts, days, fc.boolean(), async (amount, day, isOpen) => {
        const where = `TotalAmt >= '${amount}' and TxnDate < '${day}'${isOpen ? " and Balance > '0'" : ''}`;
        const found = ids(await client.query(`select * from Invoice where ${where} maxresults 1000`), 'Invoice');
        const wanted = all.filter((one) => one.TotalAmt >= amount && one.TxnDate < day && (!isOpen || one.Balance > 0));
        expect([...found].sort()).toEqual(wanted.map(({ Id }) => Id).sort());
      }),
      { seed: 5, numRuns: 25 },
    );
  });
});
