import { afterEach, describe, expect, it } from 'vitest';
import {
  type Canonical,
  type CanonicalKind,
  ExternalError,
  type Push,
  type PushRequest,
  type SourceRecord,
} from '../../src/connect/index.ts';
import { COMPANY, openSystem, type System } from './fixtures/system.ts';
import { connector } from './index.ts';

let system: System;
afterEach(() => system.close());

const OURS = 'ord_0190a6b2-0000-7000-8000-00000000000';
const pushOf = <K extends CanonicalKind>(kind: K) => connector.pushes.find((one) => one.kind === kind) as Push<unknown, K>;
let serial = 0;

function asked<K extends CanonicalKind>(document: Canonical<K>, more: Partial<PushRequest<K>> = {}): PushRequest<K> {
  serial += 1;
  return { command: 'CREATE', document, ours: `${OURS}${serial % 10}`, key: `key-${serial}`, attempt: 1, known: null, ...more };
}

const line = (quantity: string, unitPrice: string, product = system.product) => ({
  product,
  description: 'Pump',
  quantity,
  unitPrice,
  net: String(Number(quantity) * Number(unitPrice)),
});

function order(lines: Canonical<'Order'>['lines']): Canonical<'Order'> {
  const net = String(lines.reduce((sum, one) => sum + Number(one.net), 0));
  const customer = `${system.customer}/${COMPANY}`;
  return {
    customer,
    currency: 'USD',
    lines,
    net,
    tax: '0',
    total: net,
    orderedOn: '2026-03-10',
    state: 'CONFIRMED',
    customerReference: 'PO 1',
  };
}

const known = ({ externalId, version, raw }: SourceRecord) => ({ externalId, version, raw });
const send = <K extends CanonicalKind>(kind: K, request: PushRequest<K>) => pushOf(kind).send(system.harness.context, request);
const read = (record: SourceRecord) => {
  const made = system.harness.assemble('orders', record);
  if (!made.ok) throw new Error(made.text);
  return made.document as Canonical<'Order'>;
};
const refused = async (work: Promise<unknown>): Promise<ExternalError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ExternalError) return error;
  throw new Error(`Not refused, but ${String(error)}.`);
};

describe('orders on their way to SAP', () => {
  it('are made once with their prices, and found by our reference before anything is made again', async () => {
    system = await openSystem();
    const request = asked(order([line('3', '12.50'), line('2', '40')]));
    const { record } = await send('Order', request);
    expect(read(record)).toMatchObject({
      net: '117.5',
      customerReference: 'PO 1',
      lines: [
        { id: '10', unitPrice: '12.5' },
        { id: '20', net: '80' },
      ],
    });
    expect(await send('Order', { ...request, attempt: 2 })).toMatchObject({
      isFound: true,
      record: { externalId: record.externalId },
    });
    expect([...system.simulator.books.rows('A_SalesOrder')]).toHaveLength(1);
  });

  it('are changed item by item: more of one, another added, one rejected, and what somebody added there stays', async () => {
    system = await openSystem();
    const request = asked(order([line('3', '12.50'), line('2', '40')]));
    const { record } = await send('Order', request);
    const theirs = {
      row: { SalesOrder: record.externalId.padStart(10, '0'), Material: 'PUMP', RequestedQuantity: '7' },
      children: {},
    };
    system.simulator.books.create('A_SalesOrderItem', theirs);
    const update = {
      ...request,
      document: order([line('5', '12.50'), line('1', '99')]),
      command: 'UPDATE' as const,
      known: known(record),
    };
    const changed = read((await send('Order', update)).record);
    expect(changed.lines.map(({ quantity, isClosed = false }) => [quantity, isClosed])).toEqual([
      ['5', false],
      ['2', true],
      ['7', false],
      ['1', false],
    ]);
    expect(await send('Order', { ...update, known: known((await send('Order', update)).record) })).toMatchObject({
      isFound: true,
    });
  });

  it('are cancelled by rejecting all of their items, and not without a reason', async () => {
    system = await openSystem();
    const request = asked(order([line('3', '12.50')]));
    const { record } = await send('Order', request);
    const voided = await send('Order', { ...request, command: 'VOID', known: known(record) });
    expect(read(voided.record)).toMatchObject({ state: 'CANCELLED', lines: [{ isClosed: true }] });
    await system.close();
    system = await openSystem({ config: { rejectionReason: undefined } });
    const other = (await send('Order', asked(order([line('1', '5')])))).record;
    const error = await refused(send('Order', { ...request, command: 'VOID', known: known(other) }));
    expect(error).toMatchObject({ kind: 'REJECTED', words: expect.stringContaining('rejectionReason') as string });
  });

  it('are not made where our reference could not be found again, and the setting is named', async () => {
    system = await openSystem({ config: { orderReference: 'YY1_Cashgraph_SDH' } });
    const error = await refused(send('Order', asked(order([line('1', '5')]))));
    expect(error).toMatchObject({ kind: 'REJECTED', words: expect.stringContaining('orderReference') as string });
    expect([...system.simulator.books.rows('A_SalesOrder')]).toEqual([]);
  });

  it('are made although every session there was ended meanwhile', async () => {
    system = await openSystem();
    await send('Order', asked(order([line('1', '5')])));
    system.simulator.endSessions();
    await send('Order', asked(order([line('1', '6')])));
    expect([...system.simulator.books.rows('A_SalesOrder')]).toHaveLength(2);
  });
});

describe('customers on their way to SAP', () => {
  it('get an account with another company, where they are customers already', async () => {
    system = await openSystem({ companies: ['1710', '1010'] });
    const { people } = system.simulator.books;
    const party = String(
      people.createPartner({ name: 'Half There', country: 'DE', accounts: [{ company: COMPANY, currency: 'USD' }] })['Customer'],
    ).replace(/^0+/, '');
    const document = { name: 'Half There', isActive: true, party, legalEntity: '1010', currency: 'EUR' };
    const { record } = await send('Customer', asked<'Customer'>(document, { ours: 'acc_0190a6b2-0000-7000-8000-000000000001' }));
    expect(record.externalId).toBe(`${party}/1010`);
    const made = system.harness.assemble('customers', record);
    expect(made).toMatchObject({
      ok: true,
      ours: 'acc_0190a6b2-0000-7000-8000-000000000001',
      document: { party, legalEntity: '1010', currency: 'EUR' },
    });
  });

  it('are refused with a sentence where nothing says which company they are to buy from', async () => {
    system = await openSystem({ companies: ['1710', '1010'] });
    const error = await refused(send('Customer', asked<'Customer'>({ name: 'Nobody', isActive: true })));
    expect(error).toMatchObject({ kind: 'REJECTED', words: expect.stringContaining('several companies') as string });
  });
});

describe('deliveries and invoices', () => {
  it('are posted with their goods issue where that is switched on, and refused in words where it is not', async () => {
    system = await openSystem({ config: { postsDeliveries: true } });
    const placed = (await send('Order', asked(order([line('3', '12.50')])))).record.externalId;
    const document = {
      order: placed,
      state: 'SHIPPED' as const,
      shippedOn: '2026-03-10',
      lines: [{ orderLine: '10', quantity: '2' }],
    };
    const request = asked<'Delivery'>(document, { ours: 'ful_0190a6b2-0000-7000-8000-000000000001' });
    const { record } = await send('Delivery', request);
    const made = system.harness.assemble('deliveries', record);
    expect(made).toMatchObject({
      ok: true,
      ours: request.ours,
      document: { state: 'SHIPPED', shippedOn: '2026-03-10', lines: [{ orderLine: '10', quantity: '2' }] },
    });
    expect((await pushOf('Delivery').find(system.harness.context, request))?.externalId).toBe(record.externalId);
    await system.close();
    system = await openSystem();
    expect(await refused(send('Delivery', request))).toMatchObject({
      words: expect.stringContaining('postsDeliveries') as string,
    });
  });

  it('goes on with a delivery whose goods issue was lost on the way', async () => {
    system = await openSystem({ config: { postsDeliveries: true } });
    const placed = (await send('Order', asked(order([line('3', '12.50')])))).record.externalId;
    const begun = String(system.simulator.books.people.deliver({ order: placed, upTo: 'CREATED' })['DeliveryDocument']);
    const document = {
      order: placed,
      state: 'SHIPPED' as const,
      shippedOn: '2026-03-10',
      lines: [{ orderLine: '10', quantity: '3' }],
    };
    const { record } = await send('Delivery', asked<'Delivery'>(document, { ours: 'ful_0190a6b2-0000-7000-8000-000000000002' }));
    expect(record.externalId).toBe(`${begun.replace(/^0+/, '')}/${placed}`);
    expect([...system.simulator.books.rows('A_OutbDeliveryHeader')]).toHaveLength(1);
  });

  it('cancels an invoice once, and says so when it was cancelled already', async () => {
    system = await openSystem();
    const number = system.bill('100.00');
    const [record] = await system.harness.stream('invoices').get(system.harness.context, [number]);
    if (!record) throw new Error('The invoice is not there.');
    const made = system.harness.assemble('invoices', record);
    const document = (made.ok ? made.document : null) as Canonical<'Invoice'>;
    const request = asked<'Invoice'>(document, { command: 'VOID', known: known(record) });
    const voided = await send('Invoice', request);
    expect(system.harness.assemble('invoices', voided.record)).toMatchObject({ document: { state: 'VOIDED' } });
    expect(await send('Invoice', request)).toMatchObject({ isFound: true });
  });

  it('has no way to post a payment, and says why when the connection is checked', async () => {
    system = await openSystem();
    expect(connector.pushes.some(({ kind }) => kind === 'Payment')).toBe(false);
    expect((await connector.check(system.harness.context)).warnings.join(' ')).toContain('no OData service that posts a payment');
  });
});
