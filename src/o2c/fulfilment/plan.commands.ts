/** Planning fulfilments: which quantities of an order leave together, by whom; and giving that up. */
import { decimal, decimalText, subtractDecimal } from '../../kernel/decimal.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, decimalInput, idOf, int, list, object, optional } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { type Change, command, type CommandContext, ownerOf, type RowChange } from '../../write/command.ts';
import { loadOrders, type OrderBook, orderBookOf, orderMachine, wantedOf } from '../order/index.ts';
import { seriesKey } from '../party/index.ts';
import { type Choice, chosen } from './choice.rules.ts';
import { move } from './fulfilment-book.rules.ts';
import {
  fulfilmentBookOf,
  fulfilmentRef,
  loadEntitiesOf,
  loadFulfilments,
  loadProviders,
  type ProviderRow,
} from './fulfilment.facts.ts';
import { fulfilmentEvent, requireOurs } from './fulfilment.rules.ts';

export const lineChoice = object('FulfilmentLineInput', {
  orderLineId: idOf('orl').describe('The line of the order.'),
  quantity: decimalInput({ scale: 6, min: '0.000001', max: '999999999999' }).describe('How much of it.'),
});

export const planFulfilment = command({
  name: 'planFulfilment',
  description: 'Sets quantities of a confirmed order apart that leave together, in-house or by a third party.',
  permission: 'fulfilments:plan',
  record: 'Fulfilment',
  input: object('PlanFulfilmentInput', {
    orderId: idOf('ord').describe('The confirmed order.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version of the order that you saw.'),
    lines: optional(list(lineChoice, { min: 1, max: 1000 })).describe(
      'What is set apart; absent: all goods that are not planned yet.',
    ),
    plannedOn: optional(dateInput).describe('The day on which it is planned to leave.'),
    providerId: optional(idOf('lp')).describe('The third party that carries it out; absent: we do.'),
  }),
  lockKey: (input) => input.orderId,
  async facts(tx, inputs) {
    const orders = await loadOrders(
      tx,
      inputs.map((i) => i.orderId),
    );
    return {
      ...orders,
      ...(await loadEntitiesOf(tx, orders)),
      providers: await loadProviders(
        tx,
        inputs.map((i) => i.providerId),
      ),
    };
  },
  decide(facts, input, context): Change {
    if (!facts.orders.has(input.orderId)) throw new DomainError('NOT_FOUND', 'There is no such order.', { path: ['orderId'] });
    const book = orderBookOf(facts, input.orderId, input.expectedVersion);
    const { order } = book;
    transition(orderMachine, { state: order.lifecycle, action: 'FULFIL' });
    const seriesId = facts.series.get(seriesKey(order.legalEntityId, 'FULFILMENT'));
    if (!seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['orderId'] });
    if (input.plannedOn && input.plannedOn < order.orderedOn) {
      throw new DomainError('EFFECTIVE_DATE_INVALID', `plannedOn must not be before ${order.orderedOn}, the day of the order.`, {
        path: ['plannedOn'],
      });
    }
    const provider = input.providerId === undefined ? null : providerOf(facts.providers, input.providerId);
    const lines = chosen(plannable(book), input.lines, 'to plan');
    for (const { orderLineId, quantity } of lines) move(book, orderLineId, 'plannedQuantity', quantity);
    return planned(context, book, { lines, provider, seriesId, plannedOn: input.plannedOn ?? null });
  },
});

/** @throws NOT_FOUND, WRONG_STATE when nothing may be given to it any more */
export function providerOf(providers: ReadonlyMap<string, ProviderRow>, id: string): ProviderRow {
  const provider = providers.get(id);
  if (!provider) throw new DomainError('NOT_FOUND', 'There is no such logistics provider.', { path: ['providerId'] });
  if (!provider.isActive)
    throw new DomainError('WRONG_STATE', `The logistics provider ${provider.code} is not active.`, { path: ['providerId'] });
  return provider;
}

const plannable = (book: OrderBook) =>
  book.lines.map((line) => ({
    orderLineId: line.id,
    lineNumber: line.lineNumber,
    isShipped: line.isShipped,
    left: subtractDecimal(wantedOf(line), decimal(line.plannedQuantity)),
  }));

interface Plan {
  readonly lines: readonly Choice[];
  readonly provider: ProviderRow | null;
  readonly seriesId: string;
  readonly plannedOn: string | null;
}

function planned(context: CommandContext, book: OrderBook, { lines, provider, seriesId, plannedOn }: Plan): Change {
  const { order } = book;
  const owner = ownerOf(order);
  const id = context.newId();
  const fulfilment = {
    id,
    ...owner,
    orderId: order.id,
    origin: 'PLANNED' as const,
    lifecycle: 'PLANNED' as const,
    returnStatus: 'NONE' as const,
    number: drawn(seriesId, { slot: id }, 'TEXT'),
    providerId: provider?.id ?? null,
    providerStatus: 'NONE' as const,
    providerReference: null,
    providerText: null,
    carrier: null,
    trackingNumber: null,
    plannedOn,
    releasedAt: null,
    shippedOn: null,
    deliveredOn: null,
    receivedBy: null,
    returnReason: null,
    version: 1,
    createdAt: context.now,
  };
  const rows = lines.map(({ orderLineId, quantity }) => ({
    id: context.newId(),
    fulfilmentId: id,
    orderLineId,
    ...owner,
    quantity: decimalText(quantity),
    returnedQuantity: '0',
    version: 1,
  }));
  const told = { fulfilment, lines: rows, orderNumber: order.number, provider: provider?.code ?? null };
  return {
    recordId: id,
    concerns: [order.id],
    rows: [
      ...book.rows(),
      { op: 'insert', entity: 'Fulfilment', values: fulfilment },
      ...rows.map((values): RowChange => ({ op: 'insert', entity: 'FulfilmentLine', values })),
    ],
    events: [fulfilmentEvent('fulfilment.planned', told, { from: null }), ...book.events('order.fulfilment_changed')],
  };
}

export const cancelFulfilment = command({
  name: 'cancelFulfilment',
  description: 'Gives a fulfilment up before it is shipped. Its quantities can be planned anew.',
  permission: 'fulfilments:plan',
  record: 'Fulfilment',
  input: object('CancelFulfilmentInput', fulfilmentRef),
  lockKey: (input) => input.id,
  facts: (tx, inputs) =>
    loadFulfilments(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(facts, input, context): Change {
    const book = fulfilmentBookOf(facts, input.id, input.expectedVersion);
    requireOurs(context, book.fulfilment);
    book.cancel(context);
    return book.change();
  },
});
