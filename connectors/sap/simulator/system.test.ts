// The whole simulated system over HTTP: its own description of itself holds for every row, writes have their consequences, and it is the same
// after a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SapOptions, type SapSimulator, startSimulator } from './index.ts';
import { hidden, type Json, textOf } from './odata/test-client.ts';

const NOW = (): Date => new Date('2026-03-02T09:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'cashgraph-sap-'));
let simulator: SapSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 25, now: NOW, concurrent: null });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const authorization = ({ access: { user, password } }: SapSimulator): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function read(path: string, system = simulator): Promise<Json> {
  const url = path.startsWith('http') ? path : `${system.url}/sap/opu/odata/sap/${path}`;
  const response = await fetch(url, { headers: { authorization: authorization(system), accept: 'application/json' } });
  return (await response.json()) as Json;
}

async function all(path: string): Promise<Json[]> {
  const found: Json[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { d, error } = await read(next);
    if (error !== undefined) throw new Error(`${next}: ${textOf(error.message?.value)}`);
    found.push(...(d?.results as unknown as Json[]));
    const link = hidden(d, '__next');
    next = link === undefined ? undefined : textOf(link);
  }
  return found;
}

async function send(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) {
  const root = `${simulator.url}/sap/opu/odata/sap/${path.split('/')[0]}`;
  const signedIn = { authorization: authorization(simulator), accept: 'application/json', 'content-type': 'application/json' };
  const token = await fetch(root, { method: 'HEAD', headers: { ...signedIn, 'x-csrf-token': 'Fetch' } });
  const cookie = token.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const response = await fetch(`${simulator.url}/sap/opu/odata/sap/${path}`, {
    method,
    headers: { ...signedIn, cookie, 'x-csrf-token': token.headers.get('x-csrf-token') ?? '', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: (text === '' ? {} : JSON.parse(text)) as Json,
  };
}

const sets = () =>
  simulator.books.services.flatMap(({ path, namespace, sets: own }) =>
    own.filter(({ addressable }) => addressable !== false).map((set) => ({ path: `${path}/${set.name}`, namespace, set })),
  );

describe('what a service says of itself', () => {
  it('is what its rows have: every property and navigation of $metadata and no other, read alike alone and among all', async () => {
    let rows = 0;
    for (const { path, namespace, set } of sets()) {
      const names = [...set.properties, ...set.navigations].map(({ name }) => name).sort();
      const found = await all(path);
      rows += found.length;
      expect(new Set(found.map((row) => textOf(hidden(row, '__metadata')?.uri))).size, path).toBe(found.length);
      for (const row of found.slice(0, 2)) {
        expect(
          Object.keys(row)
            .filter((name) => name !== '__metadata')
            .sort(),
        ).toEqual(names);
        expect(hidden(row, '__metadata')?.type).toBe(`${namespace}.${set.type}`);
        expect((await read(textOf(hidden(row, '__metadata')?.uri))).d).toEqual(row);
      }
    }
    expect(rows).toBeGreaterThan(500);
  });

  it('holds for its navigations: what they lead to exists and is the same when it is expanded', async () => {
    let followed = 0;
    for (const { path, set } of sets()) {
      const [row] = await all(`${path}?$top=1`);
      if (row === undefined) continue;
      const uri = textOf(hidden(row, '__metadata')?.uri);
      for (const { name, isMany } of set.navigations) {
        const { d: reached } = await read(`${uri}/${name}`);
        const { d: expanded } = await read(`${uri}?$expand=${name}`);
        const there = expanded?.[name] ?? null;
        followed += 1;
        if (isMany) expect(there, `${path} ${name}`).toEqual({ results: reached?.results });
        else if (there !== null) expect(there, `${path} ${name}`).toEqual(reached);
      }
    }
    expect(followed).toBeGreaterThan(25);
  });
});

it('an order that is made, shipped and cancelled over HTTP has its consequences in the other services', async () => {
  const [known] = await all('API_SALES_ORDER_SRV/A_SalesOrder?$top=1');
  const area = ['SalesOrderType', 'SalesOrganization', 'DistributionChannel', 'OrganizationDivision', 'SoldToParty'];
  const made = await send('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', {
    ...Object.fromEntries(area.map((name) => [name, known?.[name]])),
    PurchaseOrderByCustomer: 'Müller 4711',
    to_Item: [{ Material: 'TG1001', RequestedQuantity: '2', RequestedQuantityUnit: 'PC' }],
  });
  expect([made.status, made.location]).toEqual([201, textOf(hidden(made.body.d, '__metadata')?.uri)]);
  const order = textOf(made.body.d?.SalesOrder);
  const filter = encodeURIComponent("PurchaseOrderByCustomer eq 'Müller 4711'");
  expect((await all(`API_SALES_ORDER_SRV/A_SalesOrder?$filter=${filter}`)).map(({ SalesOrder }) => SalesOrder)).toEqual([order]);
  const delivered = await send('POST', 'API_OUTBOUND_DELIVERY_SRV;v=0002/A_OutbDeliveryHeader', {
    to_DeliveryDocumentItem: {
      results: [
        { ReferenceSDDocument: order, ReferenceSDDocumentItem: '10', ActualDeliveryQuantity: '2', DeliveryQuantityUnit: 'PC' },
      ],
    },
  });
  expect(delivered.status, JSON.stringify(delivered.body)).toBe(201);
  const delivery = textOf(delivered.body.d?.DeliveryDocument);
  const issue = `API_OUTBOUND_DELIVERY_SRV;v=0002/PostGoodsIssue?DeliveryDocument='${delivery}'`;
  expect((await send('POST', issue)).status).toBe(428);
  for (const name of ['PickAllItems', 'PostGoodsIssue']) {
    const done = await send('POST', issue.replace('PostGoodsIssue', name), undefined, { 'if-match': '*' });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
  }
  expect(
    (await read(`API_SALES_ORDER_SRV/A_SalesOrder('${order}')?$select=OverallDeliveryStatus`)).d?.OverallDeliveryStatus,
  ).toBe('C');
});

it('is the same after a restart: sign-in, rows and what was changed; the same seed without a file begins anew', async () => {
  const options: SapOptions = { size: 3, now: NOW, statePath: join(folder, 'sap.json') };
  const path = 'API_SALES_ORDER_SRV/A_SalesOrder?$select=SalesOrder,TotalNetAmount,LastChangeDateTime';
  const first = await startSimulator(options);
  const company = first.access.companyCodes.split(',')[0] ?? '';
  first.books.people.createPartner({ name: 'Added', country: 'DE', accounts: [{ company }] });
  const before = { password: first.access.password, orders: await resultsOf(first, path) };
  await first.close();
  const second = await startSimulator({ ...options, port: 0 });
  expect(second.access.password).toBe(before.password);
  expect(await resultsOf(second, path)).toEqual(before.orders);
  expect(await namesOf(second)).toContain('Added');
  await second.close();
  const { statePath: _, ...anew } = options;
  const third = await startSimulator(anew);
  expect(await resultsOf(third, path)).toEqual(before.orders);
  expect(await namesOf(third)).not.toContain('Added');
  await third.close();
});

/** Without addresses, which have another port after a restart. */
async function resultsOf(system: SapSimulator, path: string): Promise<unknown[]> {
  const results = (await read(path, system)).d?.results as unknown as Json[];
  return results.map((row) => Object.entries(row).filter(([name]) => name !== '__metadata'));
}

async function namesOf(system: SapSimulator): Promise<unknown[]> {
  const results = (await read('API_BUSINESS_PARTNER/A_BusinessPartner', system)).d?.results as unknown as Json[];
  return results.map(({ OrganizationBPName1 }) => OrganizationBPName1);
}
