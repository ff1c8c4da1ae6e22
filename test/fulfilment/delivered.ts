// What tests of an ERP's deliveries share: a shop whose legal entity an ERP serves, orders and deliveries as it shows them, and what became of them here.
import { openShop, type Shop } from '../order/shop.ts';
import { connect, type Connected } from '../observation/connection.ts';
import { bare, type Shown, type World } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';

export interface Warehouse {
  readonly world: World;
  readonly shop: Shop;
  readonly erp: Connected;
}

export async function openWarehouse(world: World): Promise<Warehouse> {
  const shop = await openShop(world, { limit: '1000000' });
  return { world, shop, erp: await connect(world, { ...shop, kinds: ['CustomerAccount', 'Invoice'] }) };
}

type More = Readonly<Record<string, unknown>>;

const there = ({ shop }: Warehouse) => ({
  recordId: null as string | null,
  legalEntityId: bare(shop.legalEntityId),
  occurredAt: '2026-02-20T10:00:00Z' as string | null,
  isDeleted: false,
});

/** Ten filters at 20 of a line of an ERP's order. */
export const soldLine = ({ shop }: Warehouse, id: string, more: More = {}) => ({
  id,
  productId: bare(shop.filterId),
  description: `Filter ${id}`,
  quantity: '10',
  unitPrice: '20',
  net: '200',
  taxRate: '19',
  ...more,
});

let count = 0;

/** An order of the ERP with the lines 10 and 20, each of ten filters: 476.00. */
export const sold = (of: Warehouse, more: More = {}) => {
  count += 1;
  return {
    ...there(of),
    accountId: bare(of.shop.accountId),
    number: `SO-${count}`,
    currency: 'EUR',
    lines: [soldLine(of, '10'), soldLine(of, '20')],
    net: '400',
    tax: '76',
    total: '476',
    orderedOn: '2026-01-05',
    state: 'CONFIRMED',
    ...more,
  };
};

/** Four of line 10, planned. */
export const delivery = (of: Warehouse, orderId: string, more: More = {}) => ({
  ...there(of),
  orderId: bare(orderId),
  number: 'D-1',
  state: 'PLANNED',
  lines: [{ orderLine: '10', quantity: '4' }],
  ...more,
});

/** Planned, released, shipped and returned of each line of an order. */
export async function movedOf({ world }: Warehouse, orderId: string): Promise<string[]> {
  const rows = await rowsOf<{ moved: string }>(
    world,
    `select concat_ws(' ', trim_scale(planned_quantity), trim_scale(released_quantity), trim_scale(shipped_quantity), trim_scale(returned_quantity)) as moved
     from order_line where order_id = $1 order by line_number`,
    [bare(orderId)],
  );
  return rows.map((r) => r.moved);
}

export const fulfilmentOf = async ({ shop }: Warehouse, id: string): Promise<Shown> =>
  (
    await shop.admin.ask(
      `query($id: ID!) { fulfilment(id: $id) { number origin lifecycle version plannedOn shippedOn deliveredOn carrier trackingNumber receivedBy
        allowedActions returnStatus lines { quantity returnedQuantity orderLine { lineNumber } } } }`,
      { id: `ful_${bare(id)}` },
    )
  )['fulfilment'];

/** What is told of a record, in order: each event with the day on which it happened and the steps that it tells of. */
export async function toldOf({ world }: Warehouse, id: string): Promise<string[]> {
  const rows = await rowsOf<{ told: string }>(
    world,
    `select concat_ws(' ', type, to_char(occurred_at at time zone 'UTC', 'MM-DD'), coalesce(payload ->> 'from', '-'), payload ->> 'to', effective_on::text) as told
     from (select type, occurred_at, payload, effective_on, record_id, record_version, position as place, 0 as part from event
       union all select type, occurred_at, payload, effective_on, record_id, record_version, id, 1 from event_inbox) e
     where record_id = $1 order by part, place`,
    [bare(id)],
  );
  return rows.map((r) => r.told);
}
