// Orders that an ERP shows: followed in what is ordered and how far it is, exposure with them; here they are only fulfilled and held.
import { beforeAll, describe, expect, it } from 'vitest';
import { exposureOf, openShop, orderOf, type Shop } from '../order/shop.ts';
import { withClient } from '../support/connection.ts';
import { bare, openBooks, startWorld } from '../support/world.ts';
import { broken } from '../write/company.ts';
import { connect, type Connected } from './connection.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let shop: Shop;
let erp: Connected;
beforeAll(async () => {
  shop = await openShop(world, { limit: '1000' });
  erp = await connect(world, { ...shop, kinds: ['CustomerAccount', 'Order'] });
});

let count = 0;
const line = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  productId: bare(shop.filterId),
  description: 'Filter',
  quantity: '10',
  unitPrice: '20',
  net: '200',
  taxRate: '19',
  ...more,
});
/** Ten filters at 20, with tax 238.00. */
function shown(more: Record<string, unknown> = {}) {
  count += 1;
  return {
    recordId: null as string | null,
    legalEntityId: bare(shop.legalEntityId),
    accountId: bare(shop.accountId),
    occurredAt: '2025-01-02T10:00:00Z',
    isDeleted: false,
    number: `SO-${count}`,
    currency: 'EUR',
    lines: [line('1')],
    net: '200',
    tax: '38',
    total: '238',
    orderedOn: '2025-01-01',
    state: 'CONFIRMED',
    ...more,
  };
}

const told = (id: string) =>
  withClient(world.database.connection, async (client) => {
    const { rows } = await client.query<{ type: string; source: string | null; occurred_at: Date }>(
      `select type, source, occurred_at from (select type, source, occurred_at, record_id, record_version, event_id from event
       union all select type, source, occurred_at, record_id, record_version, event_id from event_inbox) e where record_id = $1 order by record_version, event_id`,
      [id],
    );
    return rows.map((r) => `${r.type} ${r.source} ${r.occurred_at.toISOString().slice(0, 10)}`);
  });
const look = (id: string) => orderOf(shop.admin, `ord_${id}`);
/** What the order alone is as exposure. */
const exposed = async (id: string): Promise<string> => {
  const { lines } = await look(id);
  const cents = lines.reduce(
    (sum: number, l: { exposure: { amount: string } }) => sum + Number(l.exposure.amount.replace('.', '')),
    0,
  );
  return (cents / 100).toFixed(2);
};

describe('an order of an ERP', () => {
  it('is there as it is there, with the milestones that it reveals at the times of the ERP, and is exposure whatever the limit', async () => {
    const before = Number(await exposureOf(shop));
    const id = await erp.taken('observeOrder', shown({ customerReference: 'PO 7', requestedOn: '2025-02-01' }));
    expect(await look(id)).toMatchObject({
      lifecycle: 'CONFIRMED',
      number: `SO-${count}`,
      customerReference: 'PO 7',
      net: { amount: '200.00' },
      tax: { amount: '38.00' },
      total: { amount: '238.00' },
      unbilled: { amount: '238.00' },
      lines: [{ lineNumber: 1, quantity: '10', unitPrice: '20', priceRule: 'observed', exposure: { amount: '238.00' } }],
    });
    expect(await told(id)).toEqual(['order.observed erp 2025-01-02', 'order.confirmed erp 2025-01-02']);
    expect(Number(await exposureOf(shop)) - before).toBeCloseTo(238, 2);
    const beyond = await erp.taken(
      'observeOrder',
      shown({ total: '2380', lines: [line('1', { net: '2000' })], net: '2000', tax: '380' }),
    );
    expect(await exposed(beyond)).toBe('2380.00');
    await erp.taken('observeOrder', { ...shown(), recordId: beyond, state: 'CANCELLED' });
  });

  it('is not touched when it is shown again as it is', async () => {
    const order = shown();
    const id = await erp.taken('observeOrder', order);
    const again = { ...order, recordId: id, total: '238.00', lines: [line('1', { quantity: '10.0', unitPrice: '20.000' })] };
    expect(await erp.observe('observeOrder', [again])).toMatchObject([{ ok: true, isNew: false, recordId: id }]);
    expect((await look(id)).version).toBe(1);
  });

  it.each(['OPEN', 'CONFIRMED', 'COMPLETED', 'CANCELLED'])('goes from any step there to any other, from %s', async (from) => {
    const lifecycles: Record<string, string> = {
      OPEN: 'SUBMITTED',
      CONFIRMED: 'CONFIRMED',
      COMPLETED: 'COMPLETED',
      CANCELLED: 'CANCELLED',
    };
    for (const to of Object.keys(lifecycles)) {
      const order = shown({ state: from });
      const id = await erp.taken('observeOrder', order);
      expect((await look(id)).lifecycle).toBe(lifecycles[from]);
      await erp.taken('observeOrder', { ...order, recordId: id, state: to });
      const after = await look(id);
      expect(after).toMatchObject({ lifecycle: lifecycles[to], total: { amount: '238.00' } });
      expect(await exposed(id)).toBe(to === 'CONFIRMED' ? '238.00' : '0.00');
      expect(after.closeReason === null).toBe(to !== 'CANCELLED');
    }
  });

  it('keeps our ids of its lines and what was shipped of them when they are changed, added, dropped and turned round', async () => {
    const order = shown({
      lines: [
        line('a'),
        line('b', { productId: bare(shop.pumpId), description: 'Pump', quantity: '1', unitPrice: '500', net: '500' }),
      ],
      net: '700',
      tax: '133',
      total: '833',
    });
    const id = await erp.taken('observeOrder', order);
    const before = (await look(id)).lines;
    const [fulfilment] = [
      await shop.admin.do(
        'planFulfilment',
        { orderId: `ord_${id}`, lines: [{ orderLineId: before[0].id, quantity: '4' }] },
        'fulfilment',
        'id version',
      ),
    ];
    await shop.admin.do('releaseFulfilment', { id: fulfilment.id }, 'fulfilment');
    await shop.admin.do('shipFulfilment', { id: fulfilment.id }, 'fulfilment');
    await erp.taken('observeOrder', {
      ...order,
      recordId: id,
      lines: [
        line('c', { description: 'New', quantity: '1', unitPrice: '30', net: '30' }),
        line('a', { quantity: '6', net: '120' }),
      ],
      net: '150',
      tax: '28.50',
      total: '178.50',
    });
    const after = await look(id);
    expect(after).toMatchObject({ total: { amount: '178.50' }, fulfilmentStatus: 'PARTIAL' });
    expect(after.lines).toMatchObject([
      { id: before[0].id, lineNumber: 1, quantity: '6', cancelledQuantity: '0' },
      { id: before[1].id, lineNumber: 2, quantity: '1', cancelledQuantity: '1', net: { amount: '0.00' } },
      { lineNumber: 3, description: 'New', quantity: '1' },
    ]);
    const rows = await withClient(world.database.connection, (client) =>
      client.query('select shipped_quantity::text as shipped from order_line where id = $1', [bare(before[0].id)]),
    );
    expect(rows.rows).toEqual([{ shipped: '4.000000' }]);
    await erp.taken('observeOrder', { ...order, recordId: id });
    expect((await look(id)).lines.map((l: { cancelledQuantity: string }) => l.cancelledQuantity)).toEqual(['0', '0', '1']);
    expect(await told(id)).toEqual([
      'order.observed erp 2025-01-02',
      'order.confirmed erp 2025-01-02',
      ...Array.from({ length: 3 }, () => 'order.fulfilment_changed null 2026-03-02'),
      'order.changed erp 2025-01-02',
      'order.changed erp 2025-01-02',
    ]);
  });

  it('whose lines have no ids there is followed by their places', async () => {
    const plain = (more: Record<string, unknown> = {}) => ({ ...line(''), id: undefined, ...more });
    const order = shown({ lines: [plain(), plain({ description: 'Second' })], net: '400', tax: '76', total: '476' });
    const id = await erp.taken('observeOrder', order);
    const before = (await look(id)).lines;
    await erp.taken('observeOrder', {
      ...order,
      recordId: id,
      lines: [plain(), plain({ description: 'Second', net: '100' })],
      net: '300',
      tax: '57',
      total: '357',
    });
    const after = (await look(id)).lines;
    expect(after.map((l: { id: string }) => l.id)).toEqual(before.map((l: { id: string }) => l.id));
    expect(after[1].net.amount).toBe('100.00');
  });

  it('is exposure as its total there, with discounts as lines of their own and taxes that are not ours', async () => {
    const discount = { id: 'd', description: 'Discount', quantity: '1', unitPrice: '-33.33', net: '-33.33' };
    const order = shown({
      lines: [line('1'), line('2', { net: '100.01' }), discount],
      net: '266.68',
      tax: '20',
      total: '286.68',
    });
    const id = await erp.taken('observeOrder', order);
    expect(await exposed(id)).toBe('286.68');
  });

  it('in another currency takes the rate of the ERP, else the stored one, and without any says which is missing', async () => {
    const inDollars = shown({ currency: 'USD', rate: '0.9' });
    const id = await erp.taken('observeOrder', inDollars);
    expect(await exposed(id)).toBe('214.20');
    const [without] = await erp.observe('observeOrder', [shown({ currency: 'USD' })]);
    expect(without).toMatchObject({ ok: false, problems: [{ code: 'RATE_MISSING' }] });
  });

  it('is given up when it is deleted there, with its holds', async () => {
    const order = shown();
    const id = await erp.taken('observeOrder', order);
    await shop.admin.do('placeHold', { orderId: `ord_${id}`, kind: 'MANUAL', stage: 'DELIVERY', reason: 'Wait' }, 'hold');
    await erp.taken('observeOrder', { ...order, recordId: id, isDeleted: true });
    expect(await look(id)).toMatchObject({
      lifecycle: 'CANCELLED',
      onHold: false,
      closeReason: 'Deleted in the ERP that made it.',
    });
  });

  it('stays the customer’s that it was made for', async () => {
    const order = shown();
    const id = await erp.taken('observeOrder', order);
    const { id: customerId } = await shop.admin.do('createCustomer', { number: 'OTHER', name: 'Other' }, 'customer');
    const other = await shop.admin.do(
      'openAccount',
      { customerId, legalEntityId: shop.legalEntityId, number: 'OTHER', currency: 'EUR' },
      'account',
    );
    const [outcome] = await erp.observe('observeOrder', [{ ...order, recordId: id, accountId: bare(other.id) }]);
    expect(outcome).toMatchObject({ ok: false, problems: [{ code: 'ACCOUNT_MISMATCH', path: ['accountId'] }] });
  });

  it('is fulfilled and held here; changing, confirming, cancelling and closing it are refused with the name of the ERP, and not offered', async () => {
    const open = `ord_${await erp.taken('observeOrder', shown({ state: 'OPEN' }))}`;
    const id = `ord_${await erp.taken('observeOrder', shown())}`;
    const { version, lines } = await orderOf(shop.admin, id);
    const reason = 'Test';
    for (const [name, input] of [
      ['confirmOrder', { id: open }],
      ['changeOrder', { id, expectedVersion: version, customerReference: 'x' }],
      ['cancelOrderLines', { id, lines: [{ orderLineId: lines[0].id, quantity: '1' }] }],
      ['cancelOrder', { id, reason }],
      ['closeOrderShort', { id, reason }],
    ] as const) {
      const [problem] = await shop.admin.refused(name, input);
      expect(problem, name).toMatchObject({ code: 'ERP_AUTHORITY', message: expect.stringContaining('ERP erp made this order') });
    }
    const actions = async (of: string) =>
      (await shop.admin.ask('query($id: ID!) { order(id: $id) { origin allowedActions } }', { id: of })).order;
    expect(await actions(open)).toEqual({ origin: 'OBSERVED', allowedActions: ['HOLD'] });
    expect(await actions(id)).toEqual({ origin: 'OBSERVED', allowedActions: ['HOLD', 'FULFIL', 'BILL'] });
    const { id: fulfilmentId } = await shop.admin.do('planFulfilment', { orderId: id }, 'fulfilment');
    await shop.admin.do('releaseFulfilment', { id: fulfilmentId }, 'fulfilment');
    await shop.admin.do('shipFulfilment', { id: fulfilmentId }, 'fulfilment');
    expect(await orderOf(shop.admin, id)).toMatchObject({ lifecycle: 'CONFIRMED', fulfilmentStatus: 'FULL' });
  });

  it('is billed here where invoices are ours, and is not completed by that; the ERP may order less afterwards', async () => {
    const order = shown({ tax: '37', total: '237' });
    const id = await erp.taken('observeOrder', order);
    const { id: fulfilmentId } = await shop.admin.do('planFulfilment', { orderId: `ord_${id}` }, 'fulfilment');
    await shop.admin.do('releaseFulfilment', { id: fulfilmentId }, 'fulfilment');
    await shop.admin.do('shipFulfilment', { id: fulfilmentId }, 'fulfilment');
    await shop.admin.do('billOrder', { orderId: `ord_${id}` }, 'invoice');
    expect(await look(id)).toMatchObject({
      lifecycle: 'CONFIRMED',
      billingStatus: 'FULL',
      total: { amount: '237.00' },
      billed: { amount: '238.00' },
      unbilled: { amount: '-1.00' },
    });
    expect(await exposed(id)).toBe('0.00');
    const less = { net: '60', tax: '11.40', total: '71.40', lines: [line('1', { quantity: '3', net: '60' })] };
    await erp.taken('observeOrder', { ...order, ...less, recordId: id });
    expect(await look(id)).toMatchObject({ total: { amount: '71.40' }, lines: [{ quantity: '3' }] });
    expect(await exposed(id)).toBe('0.00');
  });

  it('stands beside orders with the same number; a new one can’t be placed where the ERP has authority', async () => {
    const [first, second] = await erp.observe('observeOrder', [shown({ number: 'SAME' }), shown({ number: 'SAME' })]);
    expect([first, second]).toMatchObject([{ ok: true }, { ok: true }]);
    const [problem] = await shop.admin.refused('placeOrder', {
      accountId: shop.accountId,
      lines: [{ productId: shop.filterId, quantity: '1' }],
    });
    expect(problem).toMatchObject({ code: 'ERP_AUTHORITY' });
  });
});

describe('an order of ours', () => {
  it('stays ours where the ERP shows what it was sent', async () => {
    const other = await openBooks(world, { code: 'FR01', number: 'C-2' });
    const there = await connect(world, { ...other, code: 'fr', kinds: [] });
    const lines = [{ description: 'Advice', quantity: '1', unitPrice: '10', taxCategory: 'Z', taxRate: '0' }];
    const { id, version } = await shop.admin.do('placeOrder', { accountId: other.accountId, lines }, 'order', 'id version');
    const outcome = await there.observe('observeOrder', [
      { ...shown(), recordId: bare(id), accountId: bare(other.accountId), legalEntityId: bare(other.legalEntityId) },
    ]);
    expect(outcome).toMatchObject([{ ok: true, isNew: false }]);
    expect((await orderOf(shop.admin, id)).version).toBe(version);
  });
});

/** What is done to an order of an ERP behind its back, and taken back after; and who must say so. */
const corruptions = [
  [
    'a line that is more exposure than its share',
    (minor: number) => `with changed as (
        update order_line set group_unbilled_minor = group_unbilled_minor + ${minor}
        where id = (select id from order_line where group_unbilled_minor > 100 and price_rule = 'observed' order by id limit 1) returning account_id
      ) update credit_account set unbilled_minor = unbilled_minor + ${minor}
      where customer_id = (select customer_id from customer_account a join changed c on c.account_id = a.id)`,
    'line-exposure-exact',
  ],
  [
    'an order that says more is billed',
    (minor: number) => `update sales_order set billed_minor = billed_minor + ${minor}, unbilled_minor = unbilled_minor - ${minor}
      where id = (select id from sales_order where origin = 'OBSERVED' order by id limit 1)`,
    'order-amounts',
  ],
  [
    'a line that says more is billed',
    (minor: number) => `update order_line set billed_quantity = billed_quantity + ${minor}
      where id = (select l.id from order_line l join sales_order o on o.id = l.order_id where o.origin = 'OBSERVED' and o.lifecycle = 'CANCELLED' and o.billing_status = 'NONE' order by l.id limit 1)`,
    'billed-quantities, order-statuses',
  ],
] as const;

describe('the invariants', () => {
  const namesOf = async () => (await broken(world, world.tenantId)).map((f) => (f as { name: string }).name).join(', ');

  it('hold over all of it', async () => {
    expect(await broken(world, world.tenantId)).toEqual([]);
  });

  it.each(corruptions)('find %s', async (_, by, names) => {
    const run = (text: string) => withClient(world.database.connection, (client) => client.query(text));
    await run(by(1));
    expect(await namesOf()).toBe(names);
    await run(by(-1));
    expect(await namesOf()).toBe('');
  });
});
