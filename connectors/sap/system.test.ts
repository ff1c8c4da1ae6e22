import { afterEach, describe, expect, it } from 'vitest';
import { type Canonical, ExternalError } from '../../src/connect/index.ts';
import { openSystem, type System } from './fixtures/system.ts';
import { connector } from './index.ts';

let system: System;
afterEach(() => system.close());
const read = (stream: string) => system.harness.readAll(stream, { mode: 'FULL' });
const posts = () =>
  (system.harness.traces as readonly { readonly method: string }[]).filter(({ method }) => method === 'POST').length;

describe('the check of a system', () => {
  it('names each company there, and a service that is off or not ours with the scenario that opens it', async () => {
    system = await openSystem({ size: 20 });
    system.simulator.setServices({ inactive: ['API_CRDTMBUSINESSPARTNER'], denied: ['API_OUTBOUND_DELIVERY_SRV'] });
    const { legalEntities, warnings, functionalCurrency } = await connector.check(system.harness.context);
    expect(legalEntities).toMatchObject([
      { externalId: '1010', functionalCurrency: 'EUR' },
      { externalId: '1710', functionalCurrency: 'USD' },
    ]);
    expect(functionalCurrency).toBe('USD');
    const about = (name: string) => warnings.find((one) => one.startsWith(name)) ?? '';
    expect(about('API_CRDTMBUSINESSPARTNER')).toContain('is not activated');
    expect(about('API_OUTBOUND_DELIVERY_SRV')).toContain('SAP_COM_0106');
  });

  it('fails with a sentence at the address of the user interface, which gives a page for whatever is asked', async () => {
    system = await openSystem();
    const { uiUrl } = system.simulator.access;
    await system.close();
    system = await openSystem({ config: { baseUrl: uiUrl } });
    await expect(connector.check(system.harness.context)).rejects.toThrow(ExternalError);
  });

  it('reads on without a service that is closed, where others bring enough', async () => {
    system = await openSystem({ size: 20 });
    system.simulator.setServices({ inactive: ['API_CRDTMBUSINESSPARTNER'] });
    expect((await read('customers')).records.size).toBeGreaterThan(0);
  });
});

describe('what a service says of itself', () => {
  it('is asked once in a quarter of an hour, whatever is read, and anew by a check', async () => {
    system = await openSystem({ size: 20 });
    let now = system.harness.context.now();
    const memory = {};
    const asked = () =>
      (system.harness.traces as readonly { readonly path: string }[]).filter(({ path }) => path.includes('$metadata')).length;
    // each piece of work has a context of its own
    const work = () => ({ ...system.harness.context, now: () => now, memory });
    const invoices = connector.streams.find(({ name }) => name === 'invoices');
    const reads = async () => {
      const before = asked();
      const request = { mode: 'FULL', cursor: null, pageMaxCount: 100 } as const;
      for await (const page of invoices?.read(work(), request) ?? []) expect(page.records.length).toBeGreaterThan(0);
      return asked() - before;
    };
    const first = await reads();
    expect(first).toBeGreaterThan(1);
    expect(await reads()).toBe(0);
    await connector.check(work());
    expect(await reads()).toBe(0);
    now = new Date(now.getTime() + 16 * 60_000);
    expect(await reads()).toBe(first);
    system.simulator.setServices({ inactive: ['API_PRODUCT_SRV'] });
    expect((await connector.check(work())).warnings.join(' ')).toContain('API_PRODUCT_SRV is not activated');
  });
});

describe('reading', () => {
  it('follows the pages that the server cuts its answers into', async () => {
    system = await openSystem({ size: 60, companies: ['1710', '1010'] });
    const whole = await read('invoices');
    system.simulator.setPaging({ rows: 3, topMaxRows: 5_000 });
    expect([...(await read('invoices')).records.keys()]).toEqual([...whole.records.keys()]);
  });

  it('reads the same, request by request, where no $batch is to be used', async () => {
    system = await openSystem({ size: 60, companies: ['1710', '1010'] });
    const batched = await read('payments');
    expect(posts()).toBeGreaterThan(0);
    await system.close();
    system = await openSystem({ size: 60, companies: ['1710', '1010'], config: { usesBatch: false } });
    expect([...(await read('payments')).records]).toEqual([...batched.records]);
    expect(posts()).toBe(0);
  });

  it('reads the same with numbers in filters filled with zeros', async () => {
    system = await openSystem({ size: 60 });
    const ids = async () => {
      const all: string[] = [];
      for (const { name } of connector.streams) all.push(...(await read(name)).records.keys());
      return all;
    };
    const plain = await ids();
    await system.close();
    system = await openSystem({ size: 60, config: { padsNumbers: true } });
    expect(await ids()).toEqual(plain);
  });

  it('has no document wait for orders and products that are not to be seen', async () => {
    system = await openSystem();
    const number = system.bill('100.00');
    const [whole] = [...(await system.documents<Canonical<'Invoice'>>('invoices')).values()];
    expect(whole?.lines).toMatchObject([{ product: 'PUMP', orderLine: '10' }]);
    await system.close();
    system = await openSystem();
    expect(system.bill('100.00')).toBe(number);
    system.simulator.setServices({ inactive: ['API_SALES_ORDER_SRV', 'API_PRODUCT_SRV'] });
    const [bare] = [...(await system.documents<Canonical<'Invoice'>>('invoices')).values()];
    expect(bare?.lines).toMatchObject([{ sku: 'PUMP', net: '100' }]);
    expect(bare).not.toHaveProperty('orders');
    expect(Object.keys(bare?.lines[0] ?? {})).not.toContain('product');
  });

  it('brings what changed on the same day before the last read, since some stamps are days', async () => {
    system = await openSystem();
    const order = system.simulator.books.people.createOrder({
      soldTo: system.customer,
      company: '1710',
      items: [{ material: system.product, quantity: '2' }],
    });
    const made = system.simulator.books.people.deliver({ order: String(order['SalesOrder']), upTo: 'CREATED' });
    const delivery = String(made['DeliveryDocument']);
    const cursor = await system.last('deliveries');
    system.wait(1);
    system.simulator.books.people.pick(delivery);
    expect(await system.since('deliveries', cursor)).toHaveLength(1);
    system.wait(3 * 24 * 60);
    expect(await system.since('deliveries', await system.last('deliveries'))).toEqual([]);
  });

  it('reads an order again whose statuses a delivery has changed without a stamp', async () => {
    system = await openSystem();
    const { people } = system.simulator.books;
    const order = String(
      people.createOrder({ soldTo: system.customer, company: '1710', items: [{ material: system.product, quantity: '2' }] })[
        'SalesOrder'
      ],
    );
    const cursor = await system.last('orders');
    system.wait(4 * 24 * 60);
    people.deliver({ order });
    expect(await system.since('orders', cursor)).toEqual([order.replace(/^0+/, '')]);
  });

  it('counts no violation of what the system takes at a time', async () => {
    system = await openSystem({ size: 60 });
    for (const { name } of connector.streams) await read(name);
    expect(system.simulator.violations()).toBe(0);
  });
});
