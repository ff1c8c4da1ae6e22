// What tests of orders share: people, what is asked of an order, and ways to place and look at one.
import { openTrade, type Trade, type TradeOptions } from '../support/trade.ts';
import type { Person, Shown, World } from '../support/world.ts';

export interface Shop extends Trade {
  readonly admin: Person;
  readonly desk: Person;
  readonly credit: Person;
  readonly warehouse: Person;
  readonly billing: Person;
  /** A portal user of the customer. */
  readonly buyer: Person;
}

export async function openShop(world: World, options: TradeOptions = {}): Promise<Shop> {
  const trade = await openTrade(world, options);
  const admin = await world.as('admin');
  const subject = `buyer-${options.code ?? 'DE01'}`;
  await admin.do(
    'createActor',
    { kind: 'PORTAL', name: subject, issuer: 'urn:cashgraph:local', subject, roles: [], customerIds: [trade.customerId] },
    'actor',
  );
  return {
    ...trade,
    admin,
    desk: await world.as('order-desk'),
    credit: await world.as('credit'),
    warehouse: await world.as('warehouse'),
    billing: await world.as('billing'),
    buyer: await world.as(subject),
  };
}

export const ORDER = `id number lifecycle version contentVersion onHold openHoldCount fulfilmentStatus billingStatus returnStatus
  paymentStatus customerReference closeReason net { amount } tax { amount } total { amount } billed { amount } unbilled { amount }
  credited { amount } lines { id lineNumber sku description quantity cancelledQuantity unitPrice discountPercent priceRule taxCategory
  taxRate net { amount } exposure { amount } } holds { id kind stage lifecycle reason amount { amount currency } }`;

export const orderOf = async (person: Person, id: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).order;

export const place = (person: Person, input: Record<string, unknown>, name = 'placeOrder'): Promise<Shown> =>
  person.do(name, input, 'order', ORDER);

/** So many filters at 20.00, which is 23.80 with tax. */
export const filters = ({ accountId, filterId }: Trade, quantity: string, more: Record<string, unknown> = {}) => ({
  accountId,
  lines: [{ productId: filterId, quantity }],
  ...more,
});

export const step = (person: Person, name: string, input: Record<string, unknown>): Promise<Shown> =>
  person.do(name, input, 'order', ORDER);

/** What the customer's orders and items are as exposure. */
export const exposureOf = async ({ credit, customerId }: Shop): Promise<string> =>
  (await credit.ask('query($id: ID!) { customer(id: $id) { credit { exposure { amount } } } }', { id: customerId })).customer
    .credit.exposure.amount;

/** What was refused, as `code path`. */
export async function refusal(person: Person, name: string, input: Record<string, unknown>): Promise<string> {
  const [problem] = await person.refused(name, input);
  return `${problem?.code} ${problem?.path.join('.')}`;
}
