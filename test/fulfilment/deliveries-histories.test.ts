// Random histories of deliveries that an ERP plans, ships, takes back, edits and deletes while it closes and opens lines and bills: read in pages
// of any size and between any two changes, our orders say in the end what the documents do. `DELIVERED=100` runs more of them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silentErp } from '../observation/silent-erp.ts';
import { broken } from '../support/invariants.ts';
import { bare, startWorld } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';
import { delivery, openWarehouse, sold, soldLine, type Warehouse } from './delivered.ts';
import { type Billed, type Delivered, type Doc, type Op, ORDERS, Shipper, type Sold } from './shipper.ts';

const RUNS = Number(process.env.DELIVERED ?? 6);
const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });

const COMMAND = { order: 'observeOrder', delivery: 'observeFulfilment', bill: 'observeInvoice' } as const;
const KINDS = ['order', 'delivery', 'bill'] as const;

class Follower {
  private readonly known = new Map<string, string>();
  private readonly read = new Map<string, number>();

  constructor(
    private readonly of: Warehouse,
    private readonly erp: Shipper,
  ) {}

  orderId(order: number): string {
    return this.known.get(`order ${order}`) ?? '';
  }

  private inputOf(doc: Doc): Record<string, unknown> {
    const recordId = this.known.get(doc.key) ?? null;
    if (doc.kind === 'order') return { ...this.orderShown(doc), recordId, number: doc.key };
    if (doc.kind === 'delivery') return { ...this.deliveryShown(doc), recordId };
    return { ...this.billShown(doc), recordId };
  }

  private orderShown({ lines, leavesOut, state }: Sold) {
    const counted = leavesOut && lines.some((l) => !l.isClosed) ? lines.filter((l) => !l.isClosed) : lines;
    const net = counted.reduce((sum, l) => sum + l.quantity * l.price, 0);
    const shown = lines.map(({ quantity, price, isClosed }, i) =>
      soldLine(this.of, String(i), {
        quantity: String(quantity),
        unitPrice: String(price),
        net: String(quantity * price),
        // an ERP that closes no line doesn't say so
        ...(isClosed ? { isClosed } : {}),
      }),
    );
    const cents = (hundredths: number) => (hundredths / 100).toFixed(2);
    return sold(this.of, { lines: shown, net: String(net), tax: cents(net * 19), total: cents(net * 119), state });
  }

  private deliveryShown({ order, state, isDeleted, lines }: Delivered) {
    const list = [...lines].map(([line, quantity]) => ({ orderLine: String(line), quantity: String(quantity) }));
    const days = { shippedOn: '2026-02-01', ...(state === 'DELIVERED' ? { deliveredOn: '2026-02-03' } : {}) };
    return delivery(this.of, this.orderId(order), {
      state,
      isDeleted,
      lines: list,
      ...(state === 'SHIPPED' || state === 'DELIVERED' ? days : {}),
    });
  }

  private billShown({ order, line, quantity, isVoided, key }: Billed) {
    const { shop } = this.of;
    return {
      legalEntityId: bare(shop.legalEntityId),
      accountId: bare(shop.accountId),
      occurredAt: null,
      isDeleted: false,
      number: key,
      currency: 'EUR',
      issuedOn: '2026-02-10',
      dueOn: '2026-03-10',
      lines: [
        {
          description: 'x',
          quantity: String(quantity),
          unitPrice: '1',
          net: '1',
          orderId: this.orderId(order),
          orderLine: String(line),
        },
      ],
      taxes: [],
      net: '1',
      tax: '0',
      total: '1',
      state: isVoided ? 'VOIDED' : 'ISSUED',
    };
  }

  changed(kind: Doc['kind']): readonly Doc[] {
    return this.erp.all(kind).filter((d) => this.read.get(d.key) !== d.revision);
  }

  /** Gives how many of them changed something. */
  async follow(docs: readonly Doc[]): Promise<number> {
    const [first] = docs;
    if (!first) return 0;
    const outcomes = await this.of.erp.observe(
      COMMAND[first.kind],
      docs.map((doc) => this.inputOf(doc)),
    );
    outcomes.forEach((outcome, i) => {
      const doc = docs[i] as Doc;
      if (!outcome.ok)
        throw new Error(`${doc.key}: ${JSON.stringify(outcome.problems)} ${String((outcome.fault as Error)?.stack)}`);
      this.known.set(doc.key, outcome.recordId);
      this.read.set(doc.key, doc.revision);
    });
    return outcomes.filter((o) => o.ok && o.isNew).length;
  }

  async catchUp(size: number): Promise<void> {
    for (const kind of ['bill', 'delivery', 'order'] as const)
      for (let docs = this.changed(kind); docs.length > 0; docs = this.changed(kind)) await this.follow(docs.slice(0, size));
  }

  async replay(): Promise<number> {
    let changed = 0;
    for (const kind of KINDS) changed += await this.follow(this.erp.all(kind));
    return changed;
  }

  async linesOf(order: number): Promise<string[]> {
    const rows = await rowsOf<{ figures: string }>(
      world,
      `select concat_ws(' ', trim_scale(planned_quantity), trim_scale(released_quantity), trim_scale(shipped_quantity), trim_scale(billed_quantity),
         trim_scale(cancelled_quantity), group_unbilled_minor, group_delivered_minor) as figures from order_line where order_id = $1 order by line_number`,
      [this.orderId(order)],
    );
    return rows.map((r) => r.figures);
  }

  async unbilledOf(order: number): Promise<number> {
    const [row] = await rowsOf<{ cents: string }>(world, 'select unbilled_minor::text as cents from sales_order where id = $1', [
      this.orderId(order),
    ]);
    return Number(row?.cents);
  }
}

const small = fc.nat({ max: 99 });
const op: fc.Arbitrary<Op> = fc.tuple(small, small, small, small);
const readings = fc.array(
  fc.record({ after: fc.integer({ min: 1, max: 8 }), kind: fc.nat({ max: 2 }), size: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 8 },
);

it('are followed to the quantity and the cent, however they are read, and reading them again changes nothing', async () => {
  const of = await openWarehouse(world);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 50 }), fc.array(op, { minLength: 10, maxLength: 40 }), readings, async (seed, ops, plan) => {
      const erp = new Shipper(seed);
      const follower = new Follower(of, erp);
      await follower.follow(erp.all('order'));
      let next = 0;
      for (const { after, kind, size } of plan) {
        for (const one of ops.slice(next, next + after)) erp.step(one);
        next += after;
        await follower.follow(follower.changed(KINDS[kind] ?? 'order').slice(0, size));
      }
      for (const one of ops.slice(next)) erp.step(one);
      await follower.catchUp(5);
      for (let order = 0; order < ORDERS; order++) {
        expect(await follower.linesOf(order)).toEqual(erp.linesOf(order));
        expect(await follower.unbilledOf(order)).toBe(erp.unbilledOf(order));
      }
      expect(await follower.replay()).toBe(0);
    }),
    { numRuns: RUNS, seed: 20260714, endOnFailure: true },
  );
  await world.platform.sealer.sealed();
  expect(await broken(world.database, world.tenantId)).toEqual([]);
}, 600_000);
