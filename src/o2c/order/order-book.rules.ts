/**
 * An order with its lines and open holds while one decision changes it. Whoever changes quantities, prices or holds does it
 * here, so that nets, tax, exposure, statuses and the last step follow in one place; at the end each changed row is written
 * once, with one event of the order. Pure but for its own state, which lives as long as the decision.
 */
import { personOf } from '../../access/principal.ts';
import { compareDecimal, type Decimal, decimal, negateDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { transition } from '../../kernel/machine.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import { holdEvent, type HoldRow, type NewHold, newHold } from './hold.rules.ts';
import {
  addQuantity,
  amountsOf,
  exposureOfLine,
  isDone,
  isMore,
  netOfLine,
  type OrderLineRow,
  type OrderRow,
  statusesOf,
  wantedOf,
} from './line-amounts.rules.ts';
import { closedMinorOf, closedOf, observedExposure, worthOf } from './observed-amounts.rules.ts';
import { type EventFacts, orderEvent } from './order-event.rules.ts';
import { orderMachine } from './order.machine.ts';
import { changesOf, isSame, type Row } from './row-changes.rules.ts';

export interface LoadedOrder {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  /** The open ones. */
  readonly holds: readonly HoldRow[];
}

/** What a bill takes of an order: quantities, their nets, and the whole with tax. */
export interface Billed {
  readonly lines: readonly { readonly id: string; readonly quantity: Decimal; readonly netMinor: bigint }[];
  readonly grossMinor: bigint;
}

export interface Credited {
  readonly lines: readonly { readonly id: string; readonly quantity: Decimal }[];
  readonly grossMinor: bigint;
}

const sumOf = (lines: Iterable<OrderLineRow>) => [...lines].reduce((sum, l) => sum + l.groupUnbilledMinor, 0n);

export class OrderBook {
  private now: OrderRow;
  private readonly lineRows: Row<OrderLineRow>[];
  private readonly holdRows: Row<HoldRow>[];
  private readonly gone: OrderLineRow[] = [];
  private isSettled: boolean;

  /** `isNew`: this decision makes the order. */
  constructor(
    private readonly loaded: LoadedOrder,
    private readonly isNew = false,
  ) {
    const row = <R>(now: R): Row<R> => ({ before: isNew ? null : now, now });
    this.now = loaded.order;
    this.lineRows = loaded.lines.toSorted((a, b) => a.lineNumber - b.lineNumber).map(row);
    this.holdRows = loaded.holds.map(row);
    this.isSettled = !isNew;
  }

  /** Another book in the same state: for looking at what a change would come to. */
  copy(): OrderBook {
    const copy = new OrderBook(this.loaded, this.isNew);
    copy.now = this.now;
    copy.lineRows.splice(0, Number.POSITIVE_INFINITY, ...this.lineRows.map((r) => ({ ...r })));
    copy.holdRows.splice(0, Number.POSITIVE_INFINITY, ...this.holdRows.map((r) => ({ ...r })));
    copy.gone.push(...this.gone);
    copy.isSettled = this.isSettled;
    return copy;
  }

  /** Is anything else than as it was loaded? */
  isChanged(): boolean {
    return this.isNew || this.now !== this.loaded.order || this.lineRows.some(({ before, now }) => before !== now);
  }

  /** Another book that begins where this one has been written. */
  written(): OrderBook {
    this.settled();
    const next = <R extends { readonly version: number }>({ before, now }: Row<R>): R =>
      before === null || isSame(before, now) ? now : { ...now, version: before.version + 1 };
    const order = this.isNew ? this.now : { ...this.now, version: this.loaded.order.version + 1 };
    return new OrderBook({
      order,
      lines: this.lineRows.map(next),
      holds: this.holdRows.map(next).filter((h) => h.lifecycle === 'OPEN'),
    });
  }

  /** As it is now. */
  get order(): OrderRow {
    return this.now;
  }

  /** As they are now, by number. */
  get lines(): readonly OrderLineRow[] {
    return this.lineRows.map((r) => r.now);
  }

  /** The open holds. */
  get holds(): readonly HoldRow[] {
    return this.holdRows.map((r) => r.now).filter((h) => h.lifecycle === 'OPEN');
  }

  /** @throws NOT_FOUND */
  line(id: string): OrderLineRow {
    return this.lineRow(id).now;
  }

  private get isObserved(): boolean {
    return this.now.origin === 'OBSERVED';
  }

  private lineRow(id: string): Row<OrderLineRow> {
    const found = this.lineRows.find((r) => r.now.id === id);
    if (!found) throw new DomainError('NOT_FOUND', `Order ${this.now.number} has no such line.`, { path: ['lines'] });
    return found;
  }

  change(set: Partial<OrderRow>): void {
    this.now = { ...this.now, ...set };
    this.isSettled = false;
  }

  changeLine(id: string, set: Partial<OrderLineRow>): void {
    const row = this.lineRow(id);
    row.now = { ...row.now, ...set };
    this.isSettled = false;
  }

  addLine(line: OrderLineRow): void {
    this.lineRows.push({ before: null, now: line });
    this.isSettled = false;
  }

  /** Of a draft: later on a line is cancelled, not removed. */
  removeLine(id: string): void {
    const row = this.lineRow(id);
    this.lineRows.splice(this.lineRows.indexOf(row), 1);
    if (row.before) this.gone.push(row.before);
    this.isSettled = false;
  }

  placeHold(context: CommandContext, hold: NewHold): HoldRow {
    const now = newHold(context, this.now, hold);
    this.holdRows.push({ before: null, now });
    this.isSettled = false;
    return now;
  }

  /** RELEASED by a person; LIFTED because its cause is gone. */
  endHold(
    context: CommandContext,
    id: string,
    { lifecycle, reason }: { lifecycle: 'RELEASED' | 'LIFTED'; reason: string },
  ): void {
    const row = this.holdRows.find((r) => r.now.id === id);
    if (!row) throw new DomainError('NOT_FOUND', 'There is no such hold.', { path: ['holdId'] });
    row.now = {
      ...row.now,
      lifecycle,
      releasedById: personOf(context.principal),
      releasedAt: context.now,
      releaseReason: reason,
    };
    this.isSettled = false;
  }

  /** Notes a bill. @throws WRONG_STATE, QUANTITY_EXCEEDED */
  bill({ lines, grossMinor }: Billed): void {
    transition(orderMachine, { state: this.now.lifecycle, action: 'BILL' });
    for (const { id, quantity, netMinor } of lines) {
      const line = this.line(id);
      const billedQuantity = addQuantity(line.billedQuantity, quantity);
      requireWithin(line, billedQuantity, wantedOf(line));
      this.changeLine(id, { billedQuantity, billedNetMinor: line.billedNetMinor + netMinor });
    }
    this.change({ billedMinor: this.now.billedMinor + grossMinor });
  }

  /** Notes a bill of an ERP, at whatever step the order is. @throws QUANTITY_EXCEEDED */
  billObserved({ lines, grossMinor }: Billed): void {
    for (const { id, quantity, netMinor } of lines) this.addBilled(id, quantity, netMinor);
    this.change({ billedMinor: this.now.billedMinor + grossMinor });
  }

  /** Takes a bill of an ERP back: an order of ours that it had completed goes on. */
  unbill({ lines, grossMinor }: Billed): void {
    for (const { id, quantity, netMinor } of lines) this.addBilled(id, negateDecimal(quantity), -netMinor);
    this.change({ billedMinor: this.now.billedMinor - grossMinor });
    this.goOn();
  }

  /** An order of ours that was completed goes on where not all of it is shipped and billed any more. */
  goOn(): void {
    if (this.now.lifecycle !== 'COMPLETED' || this.isObserved || isDone(this.lines)) return;
    const { to } = orderMachine.next('COMPLETED', 'REOPEN') as { to: OrderRow['lifecycle'] };
    this.change({ lifecycle: to });
  }

  private addBilled(id: string, quantity: Decimal, netMinor: bigint): void {
    const line = this.line(id);
    const billedQuantity = addQuantity(line.billedQuantity, quantity);
    // the ERP may order less by now than it has billed
    if (!this.isObserved) requireWithin(line, billedQuantity, wantedOf(line));
    this.changeLine(id, { billedQuantity, billedNetMinor: line.billedNetMinor + netMinor });
  }

  /** Notes a credit note on a bill. @throws QUANTITY_EXCEEDED */
  credit({ lines, grossMinor }: Credited): void {
    for (const { id, quantity } of lines) {
      const line = this.line(id);
      const creditedQuantity = addQuantity(line.creditedQuantity, quantity);
      requireWithin(line, creditedQuantity, decimal(line.billedQuantity));
      this.changeLine(id, { creditedQuantity });
    }
    this.change({ creditedMinor: this.now.creditedMinor + grossMinor });
  }

  /** Brings nets, tax, exposure and statuses up to the quantities; what is all shipped and billed is completed. */
  settle(): void {
    if (this.isObserved) this.settleAsShown();
    else this.settleByRules();
    this.now = { ...this.now, ...statusesOf(this.lines), openHoldCount: this.holds.length };
    this.isSettled = true;
  }

  private settleByRules(): void {
    if (this.now.lifecycle === 'CONFIRMED' && isDone(this.lines)) {
      const { to } = orderMachine.next('CONFIRMED', 'COMPLETE') as { to: OrderRow['lifecycle'] };
      this.now = { ...this.now, lifecycle: to };
    }
    for (const row of this.lineRows) {
      const netMinor = netOfLine(row.now, this.now.lifecycle);
      row.now = { ...row.now, netMinor, ...exposureOfLine(this.now, row.now) };
    }
    this.now = { ...this.now, ...amountsOf(this.now.billedMinor, this.lines) };
  }

  /** Steps, nets and totals are the ERP's. */
  private settleAsShown(): void {
    const worth = worthOf(this.now, this.lines);
    for (const row of this.lineRows) {
      const cancelledQuantity = row.now.isClosed ? closedOf(row.now) : row.now.cancelledQuantity;
      const line = { ...row.now, cancelledQuantity };
      row.now = { ...line, ...observedExposure(this.now, worth, line) };
    }
    const { totalMinor, netMinor, billedMinor } = this.now;
    const unbilledMinor = worth.wholeMinor - closedMinorOf(worth, this.lines);
    this.now = { ...this.now, taxMinor: totalMinor - netMinor, unbilledMinor: unbilledMinor - billedMinor };
  }

  private settled(): void {
    if (!this.isSettled) this.settle();
  }

  /** What it is as exposure now, and what it was as loaded: in the group's currency. */
  exposure(): bigint {
    this.settled();
    return sumOf(this.lines);
  }

  exposureBefore(): bigint {
    return this.isNew ? 0n : sumOf(this.loaded.lines);
  }

  /** One row for whatever changed; the order itself always, since its event counts its versions. */
  rows(): RowChange[] {
    this.settled();
    const owner = { tenantId: this.now.tenantId, legalEntityId: this.now.legalEntityId, accountId: this.now.accountId };
    const removed = { groupUnbilledMinor: 0n, groupDeliveredMinor: 0n }; // only of drafts
    const order: Row<OrderRow> = { before: this.isNew ? null : this.loaded.order, now: this.now };
    return [
      ...changesOf({ entity: 'Order', owner, always: ['openHoldCount'] }, [order]),
      ...this.gone.map((line): RowChange => ({ op: 'delete', entity: 'OrderLine', id: line.id, was: removed, owner })),
      ...changesOf({ entity: 'OrderLine', owner, summed: ['groupUnbilledMinor', 'groupDeliveredMinor'] }, this.lineRows),
      ...changesOf({ entity: 'Hold', owner }, this.holdRows),
    ];
  }

  /** The order's event. What completed it tells that, whatever else happened. */
  event(type: string, facts: EventFacts = {}): EventDraft {
    this.settled();
    return orderEvent(
      type,
      { order: this.now, before: this.isNew ? null : this.loaded.order, exposureMinor: this.exposure() },
      facts,
    );
  }

  /** The order's event, and one of each hold that was put or ended. */
  events(type: string, facts: EventFacts = {}): EventDraft[] {
    const ofHolds = this.holdRows.flatMap(({ before, now }) =>
      before === now ? [] : [holdEvent(before ? { ...now, version: before.version + 1 } : now, before?.lifecycle ?? null)],
    );
    return [this.event(type, facts), ...ofHolds];
  }
}

function requireWithin(line: OrderLineRow, quantity: string, most: Decimal): void {
  if (!isMore(decimal(quantity), most)) return;
  const left = compareDecimal(most, decimal('0')) > 0;
  throw new DomainError('QUANTITY_EXCEEDED', `Line ${line.lineNumber} has ${left ? 'not that much' : 'nothing'} left.`, {
    path: ['lines'],
  });
}
