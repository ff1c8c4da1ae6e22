/** How to bring orders and holds into each of their states, and by which command each of their actions is asked for. */
import { withClient } from '../support/connection.ts';
import { bare, type Books, type World } from '../support/world.ts';
import { done, type Driver } from './lifecycle-drivers.ts';

const goods = { description: 'Pump', quantity: '2', unitPrice: '100', taxCategory: 'S', taxRate: '19', isShipped: true };
const service = { ...goods, description: 'Commissioning', isShipped: false };

/** The ways into each state, through the API. */
function waysOf(world: World, { accountId }: Books) {
  const made = (command: string, lines: readonly object[] = [goods, service]) =>
    done(world, command, { accountId, lines }, 'ord');
  const after = async (id: Promise<string>, command: string, more: Record<string, unknown> = {}) => {
    await done(world, command, { id: await id, ...more }, 'ord');
    return id;
  };
  const confirmed = () => made('placeOrder');
  const submitted = () => after(made('draftOrder'), 'submitOrder');
  const completed = async () => {
    const id = await made('placeOrder', [service]);
    await done(world, 'billOrder', { orderId: id }, 'inv');
    return id;
  };
  const held = async () => {
    const orderId = await confirmed();
    return done(world, 'placeHold', { orderId, kind: 'MANUAL', stage: 'DELIVERY', reason: 'Wait' }, 'hld');
  };
  return { made, after, submitted, confirmed, completed, held };
}

const one = async (world: World, text: string, id: string): Promise<Record<string, unknown>> => {
  const { rows } = await withClient(world.database.connection, (client) =>
    client.query<Record<string, unknown>>(text, [bare(id)]),
  );
  return rows[0] ?? {};
};

const reason = 'Test';

export function orderDriver(world: World, books: Books): Driver {
  const { made, after, submitted, confirmed, completed } = waysOf(world, books);
  const edit = async (id: string) => ({
    id,
    expectedVersion: (await one(world, 'select version from sales_order where id = $1', id))['version'],
    customerReference: `PO ${id}`,
  });
  const half = async (id: string) => {
    const line = await one(world, 'select id from order_line where order_id = $1 order by line_number limit 1', id);
    return { id, lines: [{ orderLineId: `orl_${String(line['id'])}`, quantity: '0.5' }] };
  };
  return {
    record: 'Order',
    prefix: 'ord',
    reach: {
      DRAFT: () => made('draftOrder'),
      SUBMITTED: submitted,
      CONFIRMED: confirmed,
      COMPLETED: completed,
      CLOSED_SHORT: () => after(confirmed(), 'closeOrderShort', { reason }),
      CANCELLED: () => after(submitted(), 'cancelOrder', { reason }),
    },
    actions: {
      EDIT: { command: 'changeOrderDraft', input: edit },
      SUBMIT: { command: 'submitOrder', input: (id) => ({ id }) },
      CONFIRM: { command: 'confirmOrder', input: (id) => ({ id }) },
      CHANGE: { command: 'changeOrder', input: edit },
      CANCEL_LINE: { command: 'cancelOrderLines', input: half },
      CANCEL: { command: 'cancelOrder', input: (id) => ({ id, reason }) },
      HOLD: { command: 'placeHold', input: (orderId) => ({ orderId, kind: 'MANUAL', stage: 'DELIVERY', reason }) },
      FULFIL: { command: 'planFulfilment', input: (orderId) => ({ orderId }) },
      BILL: { command: 'billOrder', input: (orderId) => ({ orderId }) },
      CLOSE_SHORT: { command: 'closeOrderShort', input: (id) => ({ id, reason }) },
    },
  };
}

export function holdDriver(world: World, books: Books): Driver {
  const { held } = waysOf(world, books);
  const released = async () => {
    const holdId = await held();
    await done(world, 'releaseHold', { holdId, reason }, 'hld');
    return holdId;
  };
  const lifted = async () => {
    const id = await held();
    const { order_id: orderId } = await one(world, 'select order_id from hold where id = $1', id);
    await done(world, 'cancelOrder', { id: `ord_${String(orderId)}`, reason }, 'ord');
    return id;
  };
  return {
    record: 'Hold',
    prefix: 'hld',
    reach: { OPEN: held, RELEASED: released, LIFTED: lifted },
    actions: { RELEASE: { command: 'releaseHold', input: (holdId) => ({ holdId, reason }) } },
  };
}
