// Confirmed orders to fulfil, made through the API by the people who would make them, and what became of them.
import { type Books, openBooks, type Person, type Shown, type World } from '../support/world.ts';

export interface Ordered {
  readonly id: string;
  /** The ids of its lines. */
  readonly lines: readonly string[];
}

export interface Wanted {
  readonly quantity: string;
  readonly unitPrice?: string;
  readonly isShipped?: boolean;
}

export type Stage = 'ORDER' | 'RELEASE' | 'DELIVERY';

/** Books whose orders have their credit checked at a stage. */
export async function openStage(world: World, stage: Stage, code = stage.slice(0, 5)): Promise<Books> {
  const books = await openBooks(world, { code, number: `C-${code}` });
  const admin = await world.as('admin');
  await admin.do('updateLegalEntity', { id: books.legalEntityId, creditStage: stage }, 'legalEntity');
  return books;
}

/** To whom, and on which day; absent: today. */
export type Selling = Pick<Books, 'accountId'> & { readonly orderedOn?: string };

const SELECTION = 'id lifecycle lines { id }';

/** Lines of free text: what is tested here depends on quantities, not on where a price comes from. */
async function made(
  world: World,
  { name, selling, wanted }: { name: string; selling: Selling; wanted: readonly Wanted[] },
): Promise<Ordered> {
  const { accountId, orderedOn } = selling;
  const lines = wanted.map((line, i) => ({
    description: `Part ${i + 1}`,
    unitPrice: '10',
    taxCategory: 'S',
    taxRate: '19',
    isShipped: true,
    ...line,
  }));
  const input = { accountId, lines, ...(orderedOn ? { orderedOn } : {}) };
  const order = await (await world.as('order-desk')).do(name, input, 'order', SELECTION);
  return { id: order.id, lines: order.lines.map((line: Shown) => line.id) };
}

export const draftOrder = (world: World, selling: Selling, wanted: readonly Wanted[]) =>
  made(world, { name: 'draftOrder', selling, wanted });
export const confirmedOrder = (world: World, selling: Selling, wanted: readonly Wanted[]) =>
  made(world, { name: 'placeOrder', selling, wanted });

export const FULFILMENT = `id number lifecycle version returnStatus shippedOn deliveredOn carrier trackingNumber receivedBy
  providerStatus providerReference providerText lines { quantity returnedQuantity }`;

/** Plans a fulfilment of quantities of the lines, in their order; `0` leaves a line out. Without any: of all that is left. */
export async function plan(person: Person, order: Ordered, quantities?: readonly string[]): Promise<string> {
  const lines = quantities?.flatMap((quantity, i) => (quantity === '0' ? [] : [{ orderLineId: order.lines[i], quantity }]));
  return (await person.do('planFulfilment', { orderId: order.id, ...(lines ? { lines } : {}) }, 'fulfilment')).id;
}

export async function released(person: Person, order: Ordered, quantities?: readonly string[]): Promise<string> {
  const id = await plan(person, order, quantities);
  await person.do('releaseFulfilment', { id }, 'fulfilment');
  return id;
}

export async function shipped(person: Person, order: Ordered, quantities?: readonly string[]): Promise<string> {
  const id = await released(person, order, quantities);
  await person.do('shipFulfilment', { id }, 'fulfilment');
  return id;
}

const ORDER = `query($id: ID!) { order(id: $id) { lifecycle openHoldCount fulfilmentStatus returnStatus
  holds { kind stage lifecycle amount { amount } fulfilmentId }
  lines { plannedQuantity releasedQuantity shippedQuantity returnedQuantity } } }`;

export const orderOf = async (person: Person, { id }: Ordered): Promise<Shown> => (await person.ask(ORDER, { id })).order;

/** Planned, released, shipped and returned of each line. */
export const quantitiesOf = (order: Shown): string[] =>
  order.lines.map((l: Shown) => [l.plannedQuantity, l.releasedQuantity, l.shippedQuantity, l.returnedQuantity].join(' '));

export const fulfilmentOf = async (person: Person, id: string): Promise<Shown> =>
  (await person.ask(`query($id: ID!) { fulfilment(id: $id) { ${FULFILMENT} } }`, { id })).fulfilment;
