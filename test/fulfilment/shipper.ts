/**
 * An ERP of its own for random histories of deliveries: orders, deliveries and bills that it changes as ERPs do, and what they come to. The
 * model that our orders are held against: it computes everything anew from the documents as they are, line by line, without shares.
 */
export type State = 'PLANNED' | 'RELEASED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';
const STATES: readonly State[] = ['PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED', 'CANCELLED'];
export type Op = readonly [what: number, which: number, amount: number, other: number];

interface Versioned {
  readonly key: string;
  readonly order: number;
  readonly revision: number;
}
export interface SoldLine {
  readonly quantity: number;
  /** Of whole and even euros, so that no figure is rounded. */
  readonly price: number;
  readonly isClosed: boolean;
}
export interface Sold extends Versioned {
  readonly kind: 'order';
  readonly state: 'OPEN' | 'CONFIRMED' | 'COMPLETED' | 'CANCELLED';
  readonly lines: readonly SoldLine[];
  /** Its totals leave closed lines out. */
  readonly leavesOut: boolean;
}
export interface Delivered extends Versioned {
  readonly kind: 'delivery';
  readonly state: State;
  readonly isDeleted: boolean;
  /** Of which line how much. */
  readonly lines: ReadonlyMap<number, number>;
}
export interface Billed extends Versioned {
  readonly kind: 'bill';
  readonly line: number;
  readonly quantity: number;
  readonly isVoided: boolean;
}
export type Doc = Sold | Delivered | Billed;

export const ORDERS = 2;
const LINES = 3;

export class Shipper {
  readonly docs = new Map<string, Doc>();

  constructor(seed: number) {
    for (let order = 0; order < ORDERS; order++)
      this.keep({
        kind: 'order',
        key: `order ${order}`,
        order,
        revision: 0,
        state: 'CONFIRMED',
        leavesOut: (seed + order) % 2 === 0,
        lines: Array.from({ length: LINES }, (_, i) => ({
          quantity: 1 + ((seed * 7 + i * 5 + order) % 20),
          price: 2 + 2 * ((seed + i * 11) % 45),
          isClosed: false,
        })),
      });
  }

  private keep(doc: Doc): void {
    this.docs.set(doc.key, { ...doc, revision: doc.revision + 1 });
  }

  all<K extends Doc['kind']>(kind: K, order?: number): Extract<Doc, { kind: K }>[] {
    const list = [...this.docs.values()].filter((d) => d.kind === kind && (order === undefined || d.order === order));
    return list as Extract<Doc, { kind: K }>[];
  }

  sold(order: number): Sold {
    return this.docs.get(`order ${order}`) as Sold;
  }

  billedOf(order: number, line: number): number {
    return this.all('bill', order)
      .filter((b) => b.line === line && !b.isVoided)
      .reduce((sum, b) => sum + b.quantity, 0);
  }

  /** One thing that happens there; what can't be is left out. */
  step([what, which, amount, other]: Op): void {
    const pick = <T>(list: readonly T[]): T | undefined => list[which % Math.max(1, list.length)];
    const delivery = pick(this.all('delivery'));
    const bill = pick(this.all('bill').filter((b) => !b.isVoided));
    const order = this.sold(other % ORDERS);
    const place = amount % LINES;
    const lines = new Map([
      [place, 1 + (amount % 9)],
      ...(other % 3 === 0 ? [[(place + 1) % LINES, 0.5 + (other % 4)] as const] : []),
    ]);
    switch (what % 9) {
      case 0:
      case 1: {
        const state = STATES[other % STATES.length] ?? 'PLANNED';
        const key = `delivery ${this.docs.size}`;
        return this.keep({ kind: 'delivery', key, order: order.order, revision: 0, state, isDeleted: false, lines });
      }
      case 2:
      case 3:
        return delivery && this.keep({ ...delivery, isDeleted: false, state: STATES[amount % STATES.length] ?? 'PLANNED' });
      case 4:
        return delivery && this.keep({ ...delivery, isDeleted: other % 4 === 0, lines });
      case 5:
      case 6:
        return this.keep({
          ...order,
          lines: order.lines.map((l, i) => (i === place ? { ...l, isClosed: !l.isClosed } : l)),
          state: other % 7 === 0 ? 'COMPLETED' : 'CONFIRMED',
        });
      case 7: {
        const left = (order.lines[place]?.quantity ?? 0) - this.billedOf(order.order, place);
        const quantity = Math.min(left, 1 + (other % 6));
        const key = `bill ${this.docs.size}`;
        if (quantity > 0)
          this.keep({ kind: 'bill', key, order: order.order, revision: 0, line: place, quantity, isVoided: false });
        return;
      }
      default:
        return bill && this.keep({ ...bill, isVoided: true });
    }
  }

  /** What is to be seen of each line, and what it is as exposure, in cents with 19 % tax. */
  linesOf(order: number): readonly string[] {
    const sold = this.sold(order);
    return sold.lines.map(({ quantity, price, isClosed }, i) => {
      const inState = (states: readonly State[]) =>
        this.all('delivery', order)
          .filter((d) => !d.isDeleted && states.includes(d.state))
          .reduce((sum, d) => sum + (d.lines.get(i) ?? 0), 0);
      const shipped = inState(['SHIPPED', 'DELIVERED']);
      const billed = this.billedOf(order, i);
      const cancelled = isClosed ? Math.max(0, quantity - Math.max(shipped, billed)) : 0;
      const cents = (count: number) => (sold.state === 'CONFIRMED' ? Math.max(0, count - billed) * price * 119 : 0);
      const moved = [
        inState(['PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED']),
        inState(['RELEASED', 'SHIPPED', 'DELIVERED']),
        shipped,
      ];
      const figures = [...moved, billed, cancelled, cents(quantity - cancelled), cents(Math.min(shipped, quantity - cancelled))];
      return figures.join(' ');
    });
  }

  /** What is still to be billed of an order, in cents. */
  unbilledOf(order: number): number {
    return this.linesOf(order).reduce((sum, text, i) => {
      const [, , , billed = 0, cancelled = 0] = text.split(' ').map(Number);
      const { quantity, price } = this.sold(order).lines[i] as SoldLine;
      return sum + (quantity - cancelled - billed) * price * 119;
    }, 0);
  }
}
