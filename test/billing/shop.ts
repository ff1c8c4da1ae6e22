// The people of a billing test and what they do all the time: place, ship, take back, bill, credit.
import { expect } from 'vitest';
import type { Person, Shown, World } from '../support/world.ts';

export interface Part {
  readonly orderLineId: string;
  readonly quantity: string;
}

const ORDER = `id number version lifecycle billingStatus returnStatus fulfilmentStatus net { amount } tax { amount } total { amount }
  billed { amount } credited { amount } unbilled { amount }
  lines { id lineNumber quantity cancelledQuantity shippedQuantity returnedQuantity billedQuantity creditedQuantity billedNet { amount } net { amount } }`;

export const INVOICE = `id number status pdfUrl issuedOn dueOn net { amount } tax { amount } total { amount } open { amount } credited { amount } order { id }
  customerReference sellerName buyerName discountUntil discountOffered { amount }
  lines { id lineNumber description quantity unit unitPrice discountPercent net { amount } taxCategory taxRate orderLineId fulfilmentId creditedQuantity creditedNet { amount } }
  taxes { taxCategory taxRate taxable { amount } tax { amount } }
  items { id instalment dueOn original { amount } open { amount } discountUntil discountOffered { amount } }`;

export const NOTE = `id number status reason issuedOn pdfUrl net { amount } tax { amount } total { amount } open { amount } invoice { id number } order { id }
  lines { lineNumber description quantity net { amount } taxCategory taxRate invoiceLineId }
  taxes { taxCategory taxRate taxable { amount } tax { amount } }`;

export interface Shop {
  readonly desk: Person;
  readonly warehouse: Person;
  readonly billing: Person;
  place(lines: readonly Record<string, unknown>[], more?: Record<string, unknown>): Promise<Shown>;
  /** Plans, releases and ships; the id of the fulfilment. */
  ship(orderId: string, lines?: readonly Part[]): Promise<string>;
  takeBack(fulfilmentId: string, lines?: readonly Part[]): Promise<void>;
  bill(orderId: string, more?: Record<string, unknown>): Promise<Shown>;
  /** The order as it is after, and the notes on it, the oldest first. */
  credit(orderId: string, more?: Record<string, unknown>): Promise<Shown>;
  orderOf(id: string): Promise<Shown>;
  invoicesOf(orderId: string): Promise<Shown[]>;
  notesOf(orderId: string): Promise<Shown[]>;
}

export async function openShop(world: World, accountId: string): Promise<Shop> {
  const [desk, warehouse, billing] = [await world.as('order-desk'), await world.as('warehouse'), await world.as('billing')];
  const list = async (field: string, selection: string, orderId: string): Promise<Shown[]> =>
    (
      await billing.ask(
        `query($order: ID!) { ${field}(first: 100, where: { orderId: { eq: $order } }, orderBy: [{ field: NUMBER, direction: ASC }]) { nodes { ${selection} } } }`,
        { order: orderId },
      )
    )[field].nodes;
  return {
    desk,
    warehouse,
    billing,
    async place(lines, more = {}) {
      const order = await desk.do('placeOrder', { accountId, lines, ...more }, 'order', ORDER);
      expect(order).toMatchObject({ lifecycle: 'CONFIRMED' });
      return order;
    },
    async ship(orderId, lines) {
      const { id } = await warehouse.do('planFulfilment', { orderId, ...(lines ? { lines } : {}) }, 'fulfilment');
      await warehouse.do('releaseFulfilment', { id }, 'fulfilment');
      await warehouse.do('shipFulfilment', { id }, 'fulfilment');
      return id;
    },
    takeBack: async (id, lines) =>
      void (await warehouse.do('returnFulfilment', { id, reason: 'Not wanted', ...(lines ? { lines } : {}) }, 'fulfilment')),
    bill: (orderId, more = {}) => billing.do('billOrder', { orderId, ...more }, 'invoice', INVOICE),
    credit: (orderId, more = {}) => billing.do('creditReturn', { orderId, reason: 'Came back', ...more }, 'order', ORDER),
    orderOf: async (id) => (await desk.ask(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).order,
    invoicesOf: (orderId) => list('invoices', INVOICE, orderId),
    notesOf: (orderId) => list('creditNotes', NOTE, orderId),
  };
}
