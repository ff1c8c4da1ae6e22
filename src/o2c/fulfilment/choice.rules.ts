/** Which quantities of which lines a command is for: those that it names, else all that is left. Pure. */
import { compareDecimal, type Decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { quantityText } from './fulfilment.rules.ts';

export interface Choice {
  readonly orderLineId: string;
  readonly quantity: Decimal;
}

/** A line of the order that could be named. */
export interface Available {
  readonly orderLineId: string;
  readonly lineNumber: number;
  /** A service is not shipped, so it can't be named. */
  readonly isShipped: boolean;
  readonly left: Decimal;
}

const isSome = (quantity: Decimal) => quantity.coefficient > 0n;
const refuse = (code: 'INVALID_INPUT' | 'NOT_FOUND' | 'QUANTITY_EXCEEDED', message: string, path: readonly string[]) =>
  new DomainError(code, message, { path });

/**
 * The named quantities, checked; without names all that is left of each line of goods.
 * @throws NOT_FOUND, INVALID_INPUT, QUANTITY_EXCEEDED that name the line and what is left of it
 * @example chosen(available, undefined, 'to plan')
 */
export function chosen(
  available: readonly Available[],
  wanted: readonly Choice[] | undefined,
  what: 'to plan' | 'to take back',
): readonly Choice[] {
  if (!wanted) {
    const all = available.filter((a) => a.isShipped && isSome(a.left));
    if (all.length === 0) throw refuse('QUANTITY_EXCEEDED', `Nothing is left ${what}.`, ['lines']);
    return all.map(({ orderLineId, left }) => ({ orderLineId, quantity: left }));
  }
  const seen = new Set<string>();
  for (const [index, { orderLineId, quantity }] of wanted.entries()) {
    const path = (field: string) => ['lines', String(index), field];
    const line = available.find((a) => a.orderLineId === orderLineId);
    if (!line) throw refuse('NOT_FOUND', 'There is no such line here.', path('orderLineId'));
    const name = `Line ${line.lineNumber}`;
    if (!line.isShipped) throw refuse('INVALID_INPUT', `${name} is a service, which is not shipped.`, path('orderLineId'));
    if (seen.has(orderLineId)) throw refuse('INVALID_INPUT', `${name} is named twice: name each line once.`, path('orderLineId'));
    seen.add(orderLineId);
    if (compareDecimal(quantity, line.left) > 0) {
      const text = `${name} has ${quantityText(line.left)} left ${what}, which is less than ${quantityText(quantity)}.`;
      throw refuse('QUANTITY_EXCEEDED', text, path('quantity'));
    }
  }
  return wanted;
}
