/** What an ERP's delivery holds of each line of its order, and what that moves there: the difference of before and after, whatever its steps were. Pure. */
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  decimal,
  decimalText,
  roundDecimal,
  subtractDecimal,
} from '../../kernel/decimal.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import type { OrderBook } from '../order/index.ts';
import { type Moved, move } from './fulfilment-book.rules.ts';
import { type FulfilmentLineRow, type FulfilmentRow, ownersOf } from './fulfilment.rules.ts';

type State = FulfilmentRow['lifecycle'];
type Quantities = Readonly<Record<Moved, Decimal>>;

const ZERO = decimal('0');
const COLUMNS = [
  'plannedQuantity',
  'releasedQuantity',
  'shippedQuantity',
  'returnedQuantity',
] as const satisfies readonly Moved[];
const NOTHING: Quantities = { plannedQuantity: ZERO, releasedQuantity: ZERO, shippedQuantity: ZERO, returnedQuantity: ZERO };

const isShipped = (state: State) => state === 'SHIPPED' || state === 'DELIVERED';
/** As the column has it. */
const textOf = (quantity: Decimal) => decimalText(roundDecimal(quantity, 6, 'HALF_UP'));

export interface Holding {
  readonly context: CommandContext;
  readonly fulfilment: FulfilmentRow;
  readonly had: readonly FulfilmentLineRow[];
}

/** One row for each line of the order; what came back of it stays as far as it left. */
export function linesAs(
  { context, fulfilment, had }: Holding,
  delivered: ReadonlyMap<string, Decimal>,
): readonly FulfilmentLineRow[] {
  return [...delivered].map(([orderLineId, quantity]) => {
    const known = had.find((l) => l.orderLineId === orderLineId);
    const returned = decimal(known?.returnedQuantity ?? '0');
    const kept = isShipped(fulfilment.lifecycle) ? (compareDecimal(returned, quantity) > 0 ? quantity : returned) : ZERO;
    const said = { quantity: textOf(quantity), returnedQuantity: textOf(kept) };
    if (known) return { ...known, ...said };
    return { id: context.newId(), fulfilmentId: fulfilment.id, orderLineId, ...ownersOf(fulfilment), ...said, version: 1 };
  });
}

/** A fulfilment with its lines; null: it isn't there. */
export interface Held {
  readonly row: FulfilmentRow | null;
  readonly lines: readonly FulfilmentLineRow[];
}

function quantitiesOf({ row }: Held, { quantity, returnedQuantity }: FulfilmentLineRow): Quantities {
  if (!row || row.lifecycle === 'CANCELLED') return NOTHING;
  const whole = decimal(quantity);
  const hasLeft = isShipped(row.lifecycle);
  return {
    plannedQuantity: whole,
    releasedQuantity: row.lifecycle === 'PLANNED' ? ZERO : whole,
    shippedQuantity: hasLeft ? whole : ZERO,
    returnedQuantity: hasLeft ? decimal(returnedQuantity) : ZERO,
  };
}

/** Moves the quantities of the order's lines from what it was to what it is. What an ERP delivers is goods. */
export function moveTo(order: OrderBook, before: Held, after: Held): void {
  const ids = new Set([...before.lines, ...after.lines].map((l) => l.orderLineId));
  for (const id of ids) {
    const was = heldOf(before, id);
    const is = heldOf(after, id);
    for (const column of COLUMNS) {
      const by = subtractDecimal(is[column], was[column]);
      if (by.coefficient !== 0n) move(order, id, column, by);
    }
    if (is.plannedQuantity.coefficient > 0n && !order.line(id).isShipped) order.changeLine(id, { isShipped: true });
  }
  order.goOn();
}

function heldOf(held: Held, orderLineId: string): Quantities {
  return held.lines
    .filter((l) => l.orderLineId === orderLineId)
    .map((line) => quantitiesOf(held, line))
    .reduce((sum, q) => {
      const plus = (column: Moved) => addDecimal(sum[column], q[column]);
      return {
        plannedQuantity: plus('plannedQuantity'),
        releasedQuantity: plus('releasedQuantity'),
        shippedQuantity: plus('shippedQuantity'),
        returnedQuantity: plus('returnedQuantity'),
      };
    }, NOTHING);
}

/** What to write of them. */
export function lineChanges(before: readonly FulfilmentLineRow[], after: readonly FulfilmentLineRow[]): RowChange[] {
  const kept = new Set(after.map((l) => l.id));
  const known = new Map(before.map((l) => [l.id, l]));
  return [
    ...before.flatMap((l): RowChange[] =>
      kept.has(l.id) ? [] : [{ op: 'delete', entity: 'FulfilmentLine', id: l.id, owner: ownersOf(l) }],
    ),
    ...after.flatMap((line): RowChange[] => {
      const was = known.get(line.id);
      if (!was) return [{ op: 'insert', entity: 'FulfilmentLine', values: { ...line } }];
      const { quantity, returnedQuantity } = line;
      const isSame = textOf(decimal(was.quantity)) === quantity && textOf(decimal(was.returnedQuantity)) === returnedQuantity;
      if (isSame) return [];
      const { id, version } = was;
      return [{ op: 'update', entity: 'FulfilmentLine', id, version, set: { quantity, returnedQuantity }, owner: ownersOf(was) }];
    }),
  ];
}
