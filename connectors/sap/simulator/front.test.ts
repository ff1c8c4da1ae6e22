// Who may ask, and what stands before the services: sign-in, CSRF tokens and sessions, other services, Atom, metadata, limits and faults.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASIC, IDENTITY, startSystem, type TestSystem, textOf } from './odata/test-client.ts';

let system: TestSystem;
beforeEach(async () => {
  system = await startSystem();
  system.books.put('A_Customer', { Customer: '0000000042', CustomerName: 'Tom & "Tim" <Ltd>' });
});
afterEach(() => system.close());

const write = (headers: Readonly<Record<string, string>>) =>
  fetch(`${system.root}/A_Order`, {
    method: 'POST',
    headers: { authorization: BASIC, 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: '{}',
  });

describe('sign-in', () => {
  it('is by the communication user; everybody else gets a page for people with 401', async () => {
    for (const authorization of ['', 'Basic eDp5', 'Bearer nothing']) {
      const { status, headers, text } = await system.get('A_Customer', { authorization });
      expect([status, headers.get('content-type')]).toEqual([401, 'text/html;charset=utf-8']);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(text).toMatch(/^<!DOCTYPE html>/);
    }
    expect((await system.get('A_Customer')).status).toBe(200);
    expect((await system.get('A_Customer?sap-client=200')).status).toBe(401);
    expect((await system.get('A_Customer', { 'sap-client': '100' })).status).toBe(200);
  });

  it('is by a token of client credentials, named by Basic or in the form, until it ends', async () => {
    const { clientId, clientSecret } = IDENTITY;
    const ask = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${system.url}/sap/bc/sec/oauth2/token?sap-client=100`, { method: 'POST', headers, body: new URLSearchParams(form) });
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const grant = { grant_type: 'client_credentials' };
    for (const [form, headers] of [
      [grant, basic],
      [{ ...grant, client_id: clientId, client_secret: clientSecret }, {}],
    ] as const) {
      const response = await ask(form, headers);
      const { access_token, token_type, expires_in } = (await response.json()) as Record<string, unknown>;
      expect([token_type, expires_in]).toEqual(['Bearer', 3_600]);
      expect((await system.get('A_Customer', { authorization: `Bearer ${String(access_token)}` })).status).toBe(200);
      system.advance(3_600);
      expect((await system.get('A_Customer', { authorization: `Bearer ${String(access_token)}` })).status).toBe(401);
    }
    expect((await ask(grant)).status).toBe(401);
    expect(await (await ask({ grant_type: 'password' }, basic)).json()).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it("is what the user interface's host asks for whatever is read there, with 200", async () => {
    const { status, headers } = await system.get('/ui/sap/opu/odata/sap/API_ORDER_SRV/A_Order');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
  });
});

describe('a write', () => {
  it.each([
    ['HEAD', ''],
    ['GET', ''],
    ['GET', '$metadata'],
    ['GET', "A_Order('77')"],
  ])('is taken with the token and all cookies that %s /%s gave', async (method, path) => {
    const session = await system.fetchToken(path, method);
    expect(session.cookie).toMatch(/^SAP_SESSIONID_S4H_100=\S+; sap-XSRF_S4H_100=\S+; sap-usercontext=/);
    expect((await write(session)).status).toBe(201);
    expect((await write(session)).status).toBe(201);
  });

  it('is refused without a token, with that of another session, and without one of its cookies', async () => {
    const [one, other] = [await system.fetchToken(), await system.fetchToken()];
    const [first = '', second = ''] = (one.cookie ?? '').split('; ');
    const tries = [
      {},
      { cookie: one.cookie ?? '' },
      { 'x-csrf-token': one['x-csrf-token'] ?? '' },
      { ...one, 'x-csrf-token': 'Fetch' },
      { ...one, 'x-csrf-token': other['x-csrf-token'] ?? '' },
      { ...one, cookie: first },
      { ...one, cookie: second },
    ];
    for (const headers of tries) {
      const refused = await write(headers);
      expect([refused.status, refused.headers.get('x-csrf-token')]).toEqual([403, 'Required']);
      expect([refused.headers.get('content-type'), await refused.text()]).toEqual([
        'text/plain;charset=utf-8',
        'CSRF token validation failed',
      ]);
    }
    expect([...system.books.rows('A_Order')]).toEqual([]);
  });

  it('is refused once the session has ended, by time or by hand, and a token is given for a new one', async () => {
    const session = await system.fetchToken();
    system.advance(1_799);
    expect((await write(session)).status).toBe(201);
    system.advance(1_800);
    expect((await write(session)).status).toBe(403);
    const next = await system.fetchToken();
    system.sessions.endSessions();
    expect((await write(next)).status).toBe(403);
    expect((await write(await system.fetchToken())).status).toBe(201);
  });

  it('keeps to its session: asking again with its cookies gives the same token and no new cookies', async () => {
    const session = await system.fetchToken();
    const { headers } = await system.get('', { 'x-csrf-token': 'fetch', cookie: session.cookie ?? '' });
    expect(headers.get('x-csrf-token')).toBe(session['x-csrf-token']);
    expect(headers.getSetCookie()).toEqual([]);
    expect((await system.get('')).headers.get('x-csrf-token')).toBeNull();
  });
});

describe('a service', () => {
  it('is found in its version, and otherwise refused as not switched on, or as not allowed', async () => {
    const code = async (service: string) => {
      const { status, body } = await system.get(`/sap/opu/odata/sap/${service}/A_Customer`);
      return `${status} ${textOf(body.error?.code ?? '')}`;
    };
    expect(await code('API_SHIP_SRV;v=0002')).toBe('200 ');
    expect(await code('api_ship_srv;v=2')).toBe('200 ');
    expect(await code('API_SHIP_SRV%3Bv%3D0002')).toBe('200 ');
    expect(await code('API_SHIP_SRV')).toBe('403 /IWFND/MED/170');
    expect(await code('API_OTHER_SRV')).toBe('403 /IWFND/MED/170');
    system.gateway.inactive = new Set(['API_SHIP_SRV']);
    system.gateway.denied = new Set(['API_ORDER_SRV']);
    expect(await code('API_SHIP_SRV;v=0002')).toBe('403 /IWFND/MED/170');
    expect(await code('API_ORDER_SRV')).toBe('403 /IWFND/CM_CONSUMER/101');
    const { headers } = await system.get('', { 'x-csrf-token': 'Fetch' });
    expect(headers.get('x-csrf-token')).toMatch(/^[\w-]{20,}$/);
  });

  it('describes itself as EDMX with what is forbidden, its units, keys, associations and functions', async () => {
    const { headers, text } = await system.get('$metadata');
    expect(headers.get('content-type')).toBe('application/xml;charset=utf-8');
    for (const part of [
      '<edmx:DataServices m:DataServiceVersion="2.0"><Schema Namespace="API_ORDER_SRV"',
      '<EntityType Name="A_OrderItemType" sap:content-version="1"><Key><PropertyRef Name="Order"/><PropertyRef Name="Item"/></Key>',
      '<Property Name="Order" Type="Edm.String" Nullable="false" MaxLength="10" sap:display-format="UpperCase" sap:label="Order"/>',
      '<Property Name="Net" Type="Edm.Decimal" Precision="16" Scale="3" sap:unit="Currency" sap:creatable="false" sap:updatable="false"/>',
      '<Property Name="Currency" Type="Edm.String" MaxLength="5" sap:semantics="currency-code"/>',
      '<Property Name="ChangedAt" Type="Edm.DateTimeOffset" Precision="7" ConcurrencyMode="Fixed"',
      '<Property Name="Hidden" Type="Edm.String" MaxLength="10" sap:sortable="false" sap:filterable="false"/>',
      '<NavigationProperty Name="to_Customer" Relationship="API_ORDER_SRV.assoc_A_Order_to_Customer" FromRole="From" ToRole="To"/>',
      '<End Type="API_ORDER_SRV.A_CustomerType" Multiplicity="0..1" Role="To"/>',
      '<EntitySet Name="A_OrderText" EntityType="API_ORDER_SRV.A_OrderTextType" sap:pageable="false" sap:addressable="false" sap:content-version="1"/>',
      '<FunctionImport Name="Release" ReturnType="Collection(API_ORDER_SRV.Report)" m:HttpMethod="POST" sap:action-for="API_ORDER_SRV.A_OrderType">',
      '<ComplexType Name="Report"><Property Name="MessageType" Type="Edm.String" Nullable="false" MaxLength="1"/>',
    ])
      expect(text).toContain(part);
    const ends = Array.from(text.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g), ([, end, , empty]) =>
      end === '/' ? -1 : empty === '/' ? 0 : 1,
    );
    expect(ends.reduce<number>((sum, end) => sum + end, 0)).toBe(0);
    expect((await system.get('')).body).toEqual({ d: { EntitySets: ['A_Customer', 'A_Order', 'A_OrderItem', 'A_OrderText'] } });
  });

  it('speaks Atom to those who do not ask for JSON, also when it refuses', async () => {
    const atom = { accept: '*/*' };
    const ChangedAt = '2026-01-31T10:33:00.1234567Z';
    system.books.put('A_Order', { Order: '0000000001', SoldToParty: '0000000042', OrderDate: '2026-01-31', ChangedAt });
    system.books.put('A_OrderItem', { Order: '0000000001', Item: '10', Material: 'A & B' });
    const feed = await system.get('A_Customer', atom);
    expect(feed.headers.get('content-type')).toBe('application/atom+xml;charset=utf-8;type=feed');
    expect(feed.text).toContain('<d:CustomerName>Tom &amp; &quot;Tim&quot; &lt;Ltd&gt;</d:CustomerName>');
    const entry = await system.get("A_Order('1')?$expand=to_Item,to_Customer", atom);
    expect(entry.headers.get('etag')).toMatch(/^W/);
    for (const part of [
      '<d:Order>1</d:Order>',
      '<d:OrderDate m:type="Edm.DateTime">2026-01-31T00:00:00</d:OrderDate>',
      '<d:ShipDate m:type="Edm.DateTime" m:null="true"/>',
      '<d:ChangedAt m:type="Edm.DateTimeOffset">2026-01-31T10:33:00.123Z</d:ChangedAt>',
      'title="to_Item"><m:inline><feed><id>',
      '<d:Material>A &amp; B</d:Material>',
      'title="to_Customer"><m:inline><entry><id>',
    ])
      expect(entry.text).toContain(part);
    expect(entry.text.match(/<entry/g)).toHaveLength(3);
    expect((await system.get('A_Customer?$inlinecount=allpages', atom)).text).toContain('<m:count>1</m:count>');
    expect((await system.get("A_Order('1')/OrderDate", atom)).text).toMatch(/<d:OrderDate xmlns=.* m:type="Edm.DateTime">2026-/);
    expect((await system.get("GetPDF?Order='1'", atom)).text).toMatch(/<d:GetPDF [^>]*><d:Binary>/);
    const refused = await system.get("A_Customer('43')", atom);
    expect(refused.headers.get('content-type')).toBe('application/xml;charset=utf-8');
    expect(refused.text).toContain('<code>/IWBEP/CM_MGW_RT/020</code>');
    expect((await system.get('', atom)).text).toContain('<app:collection href="A_Order">');
    expect((await system.get('A_Customer?$format=json', atom)).body.d?.results).toHaveLength(1);
    expect((await system.get('A_Customer?$format=atom')).text).toContain('<feed');
    expect((await system.get('A_Customer?$format=xlsx')).status).toBe(400);
  });
});

describe('limits and faults', () => {
  it('more at once than it takes are refused with 429 and counted; fewer never', async () => {
    system.faults.set({ script: ['SLOW', 'SLOW', 'SLOW', 'SLOW'] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => system.get('A_Customer')));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 429, 429]);
    expect(system.throttle.violations).toBe(2);
    system.throttle.concurrent = null;
    expect((await Promise.all(Array.from({ length: 6 }, () => system.get('A_Customer')))).map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, () => 200),
    );
    expect(system.throttle.violations).toBe(2);
  });

  it('what goes wrong has the form that it has in this landscape', async () => {
    system.faults.set({
      script: ['THROTTLED', 'UNAVAILABLE', 'SERVER_ERROR', 'UNAUTHORIZED', 'FAULT_IN_SUCCESS'],
      tellsRetryAfter: true,
    });
    const answers = [];
    for (let at = 0; at < 5; at++) {
      const { status, headers } = await system.get('A_Customer');
      answers.push([status, headers.get('content-type')?.split(';')[0], headers.get('retry-after')]);
    }
    expect(answers).toEqual([
      [429, 'application/json', '1'],
      [503, 'text/html', '1'],
      [500, 'application/json', null],
      [401, 'text/html', null],
      [200, 'application/json', null],
    ]);
  });
});
