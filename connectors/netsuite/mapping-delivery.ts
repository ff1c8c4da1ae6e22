/** Item fulfilments as deliveries of the order that they were made from. Those of transfers and returns are no business of ours. */
import {
  type Assembled,
  type AssembleContext,
  day,
  defineMapping,
  type JsonObject,
  MappingError,
  NotOurs,
  text,
  isZero,
} from '../../src/connect/index.ts';
import { assembled, oursIn } from './assembled.ts';
import { amountAt, given, listAt, neededText, textAt } from './fields.ts';
import { originsOf } from './lines.ts';
import { isVoided, statusOf } from './mapping-sales.ts';
import type { Settings } from './settings.ts';

const table = defineMapping('Delivery', [{ ours: 'number', read: 'tranid', codec: text() }]);

/** Picked and packed goods are in the house still. */
const STATES = { A: 'RELEASED', B: 'RELEASED', C: 'SHIPPED' } as const;

const MAPPED = ['trandate', 'memo', 'createdfrom', 'createdfromtype', 'mainamount', 'voided', 'foreigntotal'];

/** @throws NotOurs for one that delivers no order */
export function assembleDelivery(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Delivery'> {
  const origins = originsOf(raw);
  const order = orderOf(
    raw,
    [...origins.values()].map((origin) => origin.order),
  );
  const letter = isVoided(raw) ? 'V' : (statusOf(raw, 'ABC') as keyof typeof STATES);
  const state = letter === 'V' ? ('CANCELLED' as const) : STATES[letter];
  const shippedOn = state === 'SHIPPED' ? day.decode(neededText(raw, 'trandate'), 'trandate') : undefined;
  const document = {
    ...table.read(raw),
    order,
    state,
    ...given({ legalEntity: textAt(raw, 'subsidiary'), shippedOn }),
    lines: linesOf(raw, origins),
  };
  return assembled(raw, context, { document, tables: [table], mapped: MAPPED, ours: oursIn(raw) });
}

function orderOf(raw: JsonObject, linked: readonly string[]): string {
  const orders = new Set(linked);
  const from = textAt(raw, 'createdfromtype') === 'SalesOrd' ? textAt(raw, 'createdfrom') : undefined;
  if (from !== undefined) orders.add(from);
  const [order, ...more] = orders;
  if (more.length > 0) throw new MappingError('links', `It delivers more than one order: ${[...orders].join(', ')}.`);
  if (order === undefined) throw new NotOurs('It delivers no sales order.');
  return order;
}

/** Lines stand twice in the ledger, once as goods and once as their cost: only those that come from a line of the order count. */
function linesOf(raw: JsonObject, origins: ReturnType<typeof originsOf>): Assembled<'Delivery'>['document']['lines'] {
  const lines = new Map<string, Assembled<'Delivery'>['document']['lines'][number]>();
  for (const [i, row] of listAt(raw, 'lines').entries()) {
    const id = neededText(row, 'id', `lines[${i}].`);
    const origin = origins.get(id);
    const quantity = (amountAt(row, 'quantity', `lines[${i}].`) ?? '0').replace('-', '');
    if (origin && !isZero(quantity) && !lines.has(origin.orderLine))
      lines.set(origin.orderLine, { id, orderLine: origin.orderLine, quantity });
  }
  return [...lines.values()];
}
