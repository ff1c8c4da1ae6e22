// Reads over HTTP: filters, orders, pages, what of each row is shown and how, and what is refused with which words.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hidden, type Json, startSystem, type TestSystem, textOf } from './test-client.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
  const { books } = system;
  for (const [id, name] of [
    ['0017100001', "O'Hara & Söhne"],
    ['USCU_SC04', 'Eleven'],
    ['0000000042', 'Forty-two'],
  ] as const)
    books.put('A_Customer', { Customer: id, CustomerName: name, Block: id === 'USCU_SC04' });
  for (let order = 1; order <= 12; order++) {
    const Order = String(order).padStart(10, '0');
    books.put('A_Order', {
      Order,
      SoldToParty: order % 2 === 0 ? '0017100001' : '0000000042',
      Reference: `PO ${order}`,
      OrderDate: `2026-01-${String(order).padStart(2, '0')}`,
      ShipDate: order > 10 ? '2026-02-01' : null,
      CreationTime: '10:33:45',
      ChangedAt: `2026-01-${String(order).padStart(2, '0')}T23:59:59.1257050Z`,
      Net: `${order * 10}.${order === 3 ? '500' : '00'}`,
      Currency: order === 5 ? 'JPY' : 'USD',
      Urgent: order > 9,
      Uuid: '00505601-7b51-1ee1-b9a8-fec11c21d78e',
    });
    for (let item = 1; item <= 11; item++)
      books.put('A_OrderItem', {
        Order,
        Item: String(item * 10),
        Material: order === 2 ? 'A/B 1' : `TG${item}`,
        Quantity: '1.000',
      });
    books.put('A_OrderText', { Order, Language: 'EN', LongText: 'Hello' });
  }
});
afterAll(() => system.close());

const read = async (path: string) => (await system.get(path)).body;
const ids = async (query: string): Promise<string> => {
  const { d, error } = await read(`A_Order?$top=5&${query}`);
  if (error) return JSON.stringify(error.message?.value);
  return listOf(d)
    .map(({ Order }) => textOf(Order))
    .join();
};
const listOf = (d: Json | undefined): Json[] => Array.from((d?.results ?? []) as unknown as Json[]);
const nextOf = (d: Json | undefined): string => textOf(hidden(d, '__next')).slice(system.url.length);
const filtered = (filter: string, more = ''): Promise<string> => ids(`$filter=${encodeURIComponent(filter)}${more}`);
const refused = async (path: string) => {
  const { status, body } = await system.get(path);
  return `${status} ${textOf(body.error?.message?.value)}`;
};

describe('one entity', () => {
  it('has its values as the wire shows them, links to what is not expanded, and its etag in both places', async () => {
    const { body, headers, status } = await system.get("A_Order('3')");
    expect(status).toBe(200);
    expect(body.d).toMatchObject({
      __metadata: {
        id: `${system.root}/A_Order('3')`,
        uri: `${system.root}/A_Order('3')`,
        type: 'API_ORDER_SRV.A_OrderType',
        etag: `W/"datetimeoffset'2026-01-03T23%3A59%3A59.1257050Z'"`,
      },
      Order: '3',
      SoldToParty: '42',
      OrderDate: '/Date(1767398400000)/',
      ShipDate: null,
      CreationTime: 'PT10H33M45S',
      ChangedAt: '/Date(1767484799125+0000)/',
      Net: '30.500',
      Hidden: '',
      Urgent: false,
      to_Item: { __deferred: { uri: `${system.root}/A_Order('3')/to_Item` } },
    });
    expect(headers.get('etag')).toBe(`W/"datetimeoffset'2026-01-03T23%3A59%3A59.1257050Z'"`);
    expect(headers.get('dataserviceversion')).toBe('2.0');
    const again = await system.get("A_Order('3')", { 'if-none-match': String(headers.get('etag')) });
    expect(again.status).toBe(304);
  });

  it('is found by digits with or without zeros, by names as they are, and by compound keys in any order', async () => {
    expect((await read("A_Order('0000000003')")).d?.Order).toBe('3');
    expect((await read("A_Customer('USCU_SC04')")).d?.CustomerName).toBe('Eleven');
    const item = await read("A_OrderItem(Item='20',Order='2')");
    expect(hidden(item.d, '__metadata')?.uri).toBe(`${system.root}/A_OrderItem(Order='2',Item='20')`);
    expect((await read("A_OrderItem(Order='2',Item='20')/Material")).d).toEqual({ Material: 'A/B 1' });
    expect((await system.get("A_OrderItem(Order='2',Item='20')/Material/$value")).text).toBe('A/B 1');
    expect((await read("A_Order('2')/to_Customer")).d?.CustomerName).toBe("O'Hara & Söhne");
    expect((await read("A_Order('2')/to_Item(Order='2',Item='110')/to_Order/SoldToParty")).d?.SoldToParty).toBe('17100001');
  });

  it.each(['A/B 1', "O'H'", 'Ü+%&?#=', '(1)', '007x', '1,2', ';v=2'])(
    'whose key is %s is found by the address that it has',
    async (key) => {
      system.books.put('A_Customer', { Customer: key, CustomerName: `Named ${key}` });
      const found = await read(`A_Customer?$filter=${encodeURIComponent(`Customer eq '${key.replaceAll("'", "''")}'`)}`);
      const uri = textOf(hidden(listOf(found.d)[0], '__metadata')?.uri);
      expect((await read(uri.slice(system.url.length))).d).toMatchObject({ Customer: key, CustomerName: `Named ${key}` });
      expect((await system.get(`${uri.slice(system.url.length)}/to_Order/$count`)).text).toBe('0');
      system.books.remove('A_Customer', { Customer: key });
    },
  );

  it("is refused with SAP's codes when it is not there, its key is none, or nothing has that name", async () => {
    const { status, body } = await system.get("A_Order('99')");
    expect(status).toBe(404);
    expect(body.error).toMatchObject({
      code: '/IWBEP/CM_MGW_RT/020',
      message: { lang: 'en', value: "Resource not found for segment 'A_OrderType'" },
      innererror: {
        application: { service_id: 'API_ORDER_SRV', service_version: '0001' },
        errordetails: [{ code: '/IWBEP/CX_MGW_BUSI_EXCEPTION', severity: 'error', propertyref: '' }],
      },
    });
    expect(await refused('A_Nothing')).toBe("404 Resource not found for the segment 'A_Nothing'.");
    expect(await refused("A_Order('1')/to_Nothing")).toBe("404 Resource not found for the segment 'to_Nothing'.");
    for (const key of ['1', "Order='1',Item='10'", "Name='1'", "'1", 'null', "datetime'2026'"])
      expect(await refused(`A_Order(${key})`)).toMatch(/^400 Invalid key predicate/);
    expect(await refused("A_OrderItem('1')")).toMatch(/^400 Invalid key predicate/);
    expect(await refused('A_OrderText')).toMatch(/^501 Method 'A_ORDERTEXT_GET_ENTITYSET' not implemented/);
  });
});

describe('$filter', () => {
  it.each([
    ["Order eq '2'", '2'],
    ["SoldToParty eq '42' and Order gt '5'", '7,9,11'],
    ["(Order eq '1' or Order eq '0000000004') and not (SoldToParty eq '42')", '4'],
    ["OrderDate ge datetime'2026-01-11T00:00:00'", '11,12'],
    ["ChangedAt gt datetimeoffset'2026-01-10T23:59:59.125705Z'", '11,12'],
    ["ChangedAt ge datetimeoffset'2026-01-12T01:59:59.1257050+02:00'", '11,12'],
    ["CreationTime eq time'PT10H33M45S' and Order le '2'", '1,2'],
    ['Net ge 109.999m', '11,12'],
    ['Net eq 30.5M or Net eq 100', '3,10'],
    ['Net lt 20 and Urgent eq false', '1'],
    ['Urgent and Net gt 110', '12'],
    ['not Urgent and Net gt 80.00', '9'],
    ['ShipDate ne null', '11,12'],
    ["ShipDate lt datetime'2026-03-01T00:00:00'", '11,12'],
    ["substringof('O 1',Reference)", '1,10,11,12'],
    ["startswith(Reference,'PO 1') eq true and endswith(Reference,'2')", '12'],
    ["startswith(Reference,'PO 1') eq false and Order gt '8'", '9'],
    ["'5' eq Order", '5'],
    ["Currency eq 'JPY'", '5'],
    ["to_Customer/CustomerName eq 'O''Hara & Söhne' and Order lt '5'", '2,4'],
    ["Uuid eq guid'00505601-7B51-1EE1-B9A8-FEC11C21D78E' and Order eq '1'", '1'],
    ["Copies eq 0 and Order eq '6'", '6'],
  ])('finds by %s', async (filter, found) => {
    expect(await filtered(filter)).toBe(found);
  });

  it('reads blanks that came as plus signs', async () => {
    expect(await ids("$filter=Order+eq+'2'")).toBe('2');
  });

  it.each([
    ["CreationTime eq time'23:59:59'", 'Invalid token detected at position 16'],
    ["OrderDate ge datetime'2026-01-31'", 'Invalid token detected at position 13'],
    ["Order eq '1", 'Invalid token detected at position 9'],
    ["Order eq '1' and", 'Invalid token detected at position 16'],
    ["(Order eq '1'", 'Invalid token detected at position 13'],
    ["contains(Reference,'x')", 'Invalid token detected at position 0'],
    ["Order in ('1')", 'Invalid token detected at position 6'],
    ["OrderDate ge '2026-01-31'", "Invalid parametertype used at function 'ge' (Position: 10)"],
    ["ChangedAt ge datetime'2026-01-31T00:00:00'", "Invalid parametertype used at function 'ge' (Position: 10)"],
    ['Order eq 1', "Invalid parametertype used at function 'eq' (Position: 6)"],
    ["Nothing eq '1'", 'Property Nothing not found in type API_ORDER_SRV.A_OrderType'],
    ["to_Item/Material eq '1'", 'Property to_Item not found in type API_ORDER_SRV.A_OrderType'],
    ["Hidden eq '1'", "Filtering by property 'Hidden' is not supported"],
  ])('is refused as %s', async (filter, words) => {
    expect(await filtered(filter)).toBe(JSON.stringify(words));
  });

  it('finds the same in whichever order, also what only the second part of an or lets through', async () => {
    for (const filter of ['Net ge 109 or Net eq 30.5', 'Net eq 30.5 or Net ge 109', '(Net gt 30.4 and Net lt 31) or Net gt 100m'])
      expect(await filtered(filter, '&$orderby=Net')).toBe('3,11,12');
    expect(await filtered("Net ge 110 or Currency eq 'JPY'", '&$orderby=Net')).toBe('5,11,12');
  });

  it('that asks for a value with an index reads no whole set', async () => {
    await filtered("SoldToParty eq '42'");
    const before = system.books.scans;
    expect(await filtered("(Order eq '1' or Order eq '2') and Net gt 10")).toBe('2');
    expect(await filtered("SoldToParty eq '42' and Net gt 100")).toBe('11');
    expect(system.books.scans).toBe(before);
  });
});

describe('$orderby, $top, $skip and counts', () => {
  it('order by amounts, texts and several properties, the key last; numbers of items by size', async () => {
    expect(await ids('$orderby=Net desc')).toBe('12,11,10,9,8');
    expect(await ids('$orderby=Urgent desc,Reference&$skip=1')).toBe('11,12,1,2,3');
    expect(await ids('$orderby=to_Customer/CustomerName desc')).toBe('2,4,6,8,10');
    expect(await ids('$orderby=ShipDate desc,ChangedAt')).toBe('11,12,1,2,3');
    const { d } = await read("A_Order('1')/to_Item?$skip=8&$select=Item");
    expect(listOf(d).map(({ Item }) => Item)).toEqual(['90', '100', '110']);
  });

  it('count what the filter finds, not what the page has; texts, since V2 has no other large numbers', async () => {
    const filter = encodeURIComponent("SoldToParty eq '42'");
    const { d } = await read(`A_Order?$filter=${filter}&$top=2&$inlinecount=allpages`);
    expect(d).toMatchObject({ __count: '6', results: [{ Order: '1' }, { Order: '3' }] });
    expect((await system.get(`A_Order/$count?$filter=${filter}`)).text).toBe('6');
    expect((await system.get("A_Order('1')/to_Item/$count")).text).toBe('11');
  });

  it('are refused where they are no numbers, unknown, or not to be sorted by', async () => {
    expect(await refused('A_Order?$top=-1')).toMatch(/^400 Invalid value '-1'/);
    expect(await refused('A_Order?$top=x')).toMatch(/^400/);
    expect(await refused('A_Order?$search=x')).toBe("400 Invalid query option specified '$search'");
    expect(await refused('A_Order?$orderby=Hidden')).toMatch(/^400 Sorting/);
    expect(await refused('A_Order?$orderby=Net up')).toMatch(/^400/);
    expect((await system.get('A_Order?sap-client=100&sap-language=DE&saml2=disabled&$top=1')).status).toBe(200);
  });
});

describe('$select and $expand', () => {
  it('show what is selected, links that are selected, and below what is expanded only that', async () => {
    const { d } = await read(
      "A_Order('2')?$select=Order,to_Text,to_Item/Material,to_Customer&$expand=to_Item,to_Customer/to_Order",
    );
    expect(Object.keys(d ?? {})).toEqual(['__metadata', 'Order', 'to_Text', 'to_Item', 'to_Customer']);
    expect(d?.to_Text).toHaveProperty('__deferred');
    const [item] = listOf(d?.to_Item);
    expect(item).toEqual({
      __metadata: {
        id: `${system.root}/A_OrderItem(Order='2',Item='10')`,
        uri: `${system.root}/A_OrderItem(Order='2',Item='10')`,
        type: 'API_ORDER_SRV.A_OrderItemType',
      },
      Material: 'A/B 1',
    });
    expect(d?.to_Customer?.to_Order?.results).toHaveLength(6);
  });

  it('leave out an expanded navigation that is not selected, and show null where there is nobody', async () => {
    expect(Object.keys((await read("A_Order('1')?$select=Order&$expand=to_Item")).d ?? {})).toEqual(['__metadata', 'Order']);
    system.books.put('A_Order', { Order: '0000000077', SoldToParty: '' });
    expect((await read("A_Order('77')?$expand=to_Customer,to_Item")).d).toMatchObject({
      to_Customer: null,
      to_Item: { results: [] },
    });
    expect((await system.get("A_Order('77')/to_Customer")).status).toBe(404);
    system.books.remove('A_Order', { Order: '0000000077' });
  });

  it('are refused for names that are not there, and for what is selected below what is not expanded', async () => {
    expect(await refused('A_Order?$select=Nothing')).toBe('400 Property Nothing not found in type API_ORDER_SRV.A_OrderType');
    expect(await refused('A_Order?$expand=Net')).toMatch(/^400/);
    expect(await refused('A_Order?$expand=to_Item/to_Nothing')).toMatch(/^400 Property to_Nothing .*A_OrderItemType/);
    expect(await refused('A_Order?$select=to_Item/Material')).toMatch(/^400/);
  });
});

describe('pages that the server makes', () => {
  const all = async (first: string) => {
    const pages: string[][] = [];
    let next: string | undefined = first;
    while (next !== undefined) {
      const { d } = await read(next);
      pages.push(listOf(d).map(({ Order }) => textOf(Order)));
      next = hidden(d, '__next') === undefined ? undefined : nextOf(d);
    }
    return pages.map((page) => page.join()).join(' | ');
  };

  it('go on by links with all that was asked, until there are none', async () => {
    expect(await all('A_Order?$select=Order')).toBe('1,2,3 | 4,5,6 | 7,8,9 | 10,11,12');
    expect(await all('A_Order?$select=Order&$orderby=Net desc&$filter=Net gt 50&$skip=1')).toBe('11,10,9 | 8,7,6');
    expect(nextOf((await read('A_Order?$skip=2')).d)).not.toContain('skip=');
    expect(await all("A_Customer('42')/to_Order?$select=Order")).toBe('1,3,5 | 7,9,11');
    const { d } = await read('A_Order?sap-client=100&$select=Order&$expand=to_Customer');
    expect(nextOf(d)).toMatch(/A_Order\?sap-client=100&\$select=Order&\$expand=to_Customer&\$skiptoken=/);
  });

  it('hold as many as $top names, up to the most that one answer has', async () => {
    expect(await all('A_Order?$select=Order&$top=4')).toBe('1,2,3,4');
    expect(await all('A_Order?$select=Order&$top=7')).toBe('1,2,3,4,5 | 6,7');
    expect(await all('A_Order?$select=Order&$top=0')).toBe('');
  });

  it('neither repeat nor miss a row when others come and go between them', async () => {
    const { d } = await read('A_Order?$select=Order&$orderby=Reference desc');
    system.books.put('A_Order', { Order: '0000000050', Reference: 'PO 999' });
    system.books.remove('A_Order', { Order: '0000000009' });
    const rest = await all(nextOf(d));
    expect(rest).toBe('6,5,4 | 3,2,12 | 11,10,1');
    system.books.remove('A_Order', { Order: '0000000050' });
  });

  it('are read from an order that is made once, until the books change', async () => {
    await all('A_Order?$orderby=Net');
    const before = system.books.scans;
    expect(await all('A_Order?$orderby=Net&$select=Order')).not.toBe('');
    expect(system.books.scans).toBe(before);
    system.books.put('A_Customer', { Customer: '0000000043' });
    await all('A_Order?$orderby=Net');
    expect(system.books.scans).toBe(before + 1);
  });

  it('end when their link has expired, or was never given', async () => {
    const { d } = await read('A_Order?$select=Order');
    const next = nextOf(d);
    expect((await system.get(next)).status).toBe(200);
    system.gateway.reader.expireSkipTokens();
    expect(await refused(next)).toBe('400 The skip token is invalid or has expired');
    expect(await refused('A_Order?$skiptoken=MTAwMQ')).toMatch(/^400 The skip token/);
  });

  it('are not made when the service does not page, and $top is ignored where it may not be', async () => {
    system.gateway.reader.paging = null;
    expect((await read('A_Order')).d?.results).toHaveLength(11);
    expect((await read("A_Order('1')/to_Text?$top=0")).d?.results).toHaveLength(1);
    system.gateway.reader.paging = { rows: 3, topMaxRows: 5 };
  });
});
