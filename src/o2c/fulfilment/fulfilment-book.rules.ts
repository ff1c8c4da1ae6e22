/**
 * One fulfilment with its lines and its order while a decision takes it a step further. Each step moves quantities of the
 * order's lines as well, so that the order's statuses and exposure follow; at the end each changed row is written once, with one
 * event of the fulfilment and one of the order. Pure but for its own state, which lives as long as the decision.
 */
import { addDecimal, type Decimal, decimal, decimalText, negateDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { transition } from '../../kernel/machine.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, CommandContext, Demand, RowChange } from '../../write/command.ts';
import { type OrderBook, orderMachine } from '../order/index.ts';
import { earlier } from './tracking.rules.ts';
import { fulfilmentMachine } from './fulfilment.machine.ts';
import {
  fulfilmentEvent,
  type FulfilmentLineRow,
  type FulfilmentRow,
  type Happening,
  returnStatusOf,
} from './fulfilment.rules.ts';

export interface LoadedFulfilment {
  readonly fulfilment: FulfilmentRow;
  readonly lines: readonly FulfilmentLineRow[];
  readonly order: OrderBook;
  /** The code of the third party that carries it out. */
  readonly provider: string | null;
}

export type Moved = 'plannedQuantity' | 'releasedQuantity' | 'shippedQuantity' | 'returnedQuantity';
type Action = 'RELEASE' | 'SHIP' | 'DELIVER' | 'CANCEL' | 'RETURN' | 'TRACK';

/** Holds and credit are looked at by `passage.rules.ts`, which names what stops; here only the step is. */
const GUARDS = { 'no open hold at the stage RELEASE': true, 'no open hold at the stage DELIVERY': true };

/** Adds to a quantity of a line of the order. */
export function move(order: OrderBook, orderLineId: string, column: Moved, by: Decimal): void {
  order.changeLine(orderLineId, { [column]: decimalText(addDecimal(decimal(order.line(orderLineId)[column]), by)) });
}

export class FulfilmentBook {
  readonly order: OrderBook;
  private set: Partial<FulfilmentRow> = {};
  private readonly returned = new Map<string, string>();
  private type: string | null = null;
  private orderType: string | null = null;

  constructor(private readonly loaded: LoadedFulfilment) {
    this.order = loaded.order;
  }

  /** As it is now, with the version that this decision makes. */
  get fulfilment(): FulfilmentRow {
    return { ...this.loaded.fulfilment, ...this.set, version: this.loaded.fulfilment.version + 1 };
  }

  /** As they are now. */
  get lines(): readonly FulfilmentLineRow[] {
    return this.loaded.lines.map((line) => ({ ...line, returnedQuantity: this.returned.get(line.id) ?? line.returnedQuantity }));
  }

  /** Is the action possible now? Goods of an order that isn't confirmed neither are released nor leave. @throws WRONG_STATE */
  require(action: Action): FulfilmentRow['lifecycle'] {
    const { to } = transition(fulfilmentMachine, { state: this.fulfilment.lifecycle, action, guards: GUARDS });
    if (action === 'RELEASE' || action === 'SHIP')
      transition(orderMachine, { state: this.order.order.lifecycle, action: 'FULFIL' });
    return to;
  }

  release(now: Date): void {
    const lifecycle = this.require('RELEASE');
    this.moveAll('releasedQuantity', 1);
    const providerStatus = this.loaded.fulfilment.providerId === null ? 'NONE' : 'PENDING';
    this.step('fulfilment.released', { lifecycle, releasedAt: now, providerStatus });
  }

  ship(set: Pick<FulfilmentRow, 'shippedOn'> & Partial<Pick<FulfilmentRow, 'carrier' | 'trackingNumber'>>): void {
    const lifecycle = this.require('SHIP');
    this.moveAll('shippedQuantity', 1);
    this.step('fulfilment.shipped', { lifecycle, ...set });
  }

  deliver(set: Pick<FulfilmentRow, 'deliveredOn'> & Partial<Pick<FulfilmentRow, 'receivedBy'>>): void {
    this.step('fulfilment.delivered', { lifecycle: this.require('DELIVER'), ...set });
  }

  /** Gives it up: its quantities are free again, and what held only this is held no more. */
  cancel(context: CommandContext): void {
    const wasReleased = this.fulfilment.lifecycle === 'RELEASED';
    const lifecycle = this.require('CANCEL');
    if (wasReleased) this.moveAll('releasedQuantity', -1);
    this.moveAll('plannedQuantity', -1);
    for (const hold of this.order.holds.filter((h) => h.fulfilmentId === this.loaded.fulfilment.id))
      this.order.endHold(context, hold.id, { lifecycle: 'LIFTED', reason: 'The fulfilment was cancelled.' });
    this.step('fulfilment.cancelled', { lifecycle });
  }

  /** Goods that came back, by line of the order. */
  takeBack(quantities: readonly { readonly orderLineId: string; readonly quantity: Decimal }[], returnReason: string): void {
    this.require('RETURN');
    for (const { orderLineId, quantity } of quantities) {
      const line = this.lines.find((l) => l.orderLineId === orderLineId);
      if (!line) throw new DomainError('NOT_FOUND', 'The fulfilment has no such line.', { path: ['lines'] });
      this.returned.set(line.id, decimalText(addDecimal(decimal(line.returnedQuantity), quantity)));
      move(this.order, orderLineId, 'returnedQuantity', quantity);
    }
    this.orderType = 'order.fulfilment_changed';
    this.step('fulfilment.returned', { returnReason, returnStatus: returnStatusOf(this.lines) });
  }

  /** Something was reported; steps that follow from it come after. */
  track(set: Partial<FulfilmentRow>): void {
    this.require('TRACK');
    this.step('fulfilment.tracked', set);
  }

  /** It left or arrived earlier than was known: the step stays. */
  backdate(shippedOn: string, deliveredOn: string | null): void {
    const { fulfilment } = this;
    if (fulfilment.shippedOn !== null) this.set = { ...this.set, shippedOn: earlier(fulfilment.shippedOn, shippedOn) };
    if (fulfilment.deliveredOn !== null && deliveredOn !== null)
      this.set = { ...this.set, deliveredOn: earlier(fulfilment.deliveredOn, deliveredOn) };
  }

  /** The order has a hold more, because of this fulfilment. */
  held(): void {
    this.orderType = 'order.held';
  }

  private step(type: string, set: Partial<FulfilmentRow>): void {
    this.type = type;
    this.set = { ...this.set, ...set };
  }

  private moveAll(column: Moved, sign: 1 | -1): void {
    for (const { orderLineId, quantity } of this.loaded.lines)
      move(this.order, orderLineId, column, sign === 1 ? decimal(quantity) : negateDecimal(decimal(quantity)));
    this.orderType = 'order.fulfilment_changed';
  }

  private rows(): RowChange[] {
    const { id, version, tenantId, legalEntityId, accountId } = this.loaded.fulfilment;
    const owner = { tenantId, legalEntityId, accountId };
    const lines = this.loaded.lines.flatMap((line): RowChange[] => {
      const returnedQuantity = this.returned.get(line.id);
      if (returnedQuantity === undefined) return [];
      return [{ op: 'update', entity: 'FulfilmentLine', id: line.id, version: line.version, set: { returnedQuantity }, owner }];
    });
    return [{ op: 'update', entity: 'Fulfilment', id, version, set: { ...this.set }, owner }, ...lines];
  }

  private event(type: string, more: Omit<Happening, 'from'>): EventDraft {
    const { fulfilment, lines, order } = this;
    const { provider } = this.loaded;
    const from = this.loaded.fulfilment.lifecycle;
    return fulfilmentEvent(type, { fulfilment, lines, provider, orderNumber: order.order.number }, { from, ...more });
  }

  /** Everything that changed, told once of each record. */
  change(more: Written = {}): Change {
    const { order, type, orderType } = this;
    const { happening = {}, beyondLimit = false, demands = [], rows = [] } = more;
    return {
      recordId: this.loaded.fulfilment.id,
      concerns: [order.order.id],
      demands,
      rows: [...(orderType === null ? [] : order.rows()), ...(type === null ? [] : this.rows()), ...rows],
      events: [
        ...(type === null ? [] : [this.event(type, happening)]),
        ...(orderType === null ? [] : order.events(orderType, beyondLimit ? { beyondLimit } : {})),
      ],
    };
  }
}

/** What a decision writes beside the books. */
export interface Written {
  readonly happening?: Omit<Happening, 'from'>;
  /** A second person let the order go beyond the limit, and this went. */
  readonly beyondLimit?: boolean;
  readonly demands?: readonly Demand[];
  readonly rows?: readonly RowChange[];
}
