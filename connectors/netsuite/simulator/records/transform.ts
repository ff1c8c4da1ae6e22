/** What is made of another transaction: its parties and the lines that are still to be shipped, billed or credited, changed by what is sent. */
import { minorText, quantityText } from '../books/amounts.ts';
import { autoApplied } from '../books/applying.ts';
import type { Books } from '../books/books.ts';
import type { LineInput, Raw, Sublist, TranInput } from '../books/input.ts';
import type { Line, TranCode, Transaction } from '../books/model.ts';
import { isShipped } from '../books/order-state.ts';
import { invalidContent, userError } from '../problem.ts';

type Values = Record<string, Raw>;

const WAYS: Partial<Record<TranCode, readonly TranCode[]>> = {
  SalesOrd: ['ItemShip', 'CustInvc', 'CashSale'],
  CustInvc: ['CustCred', 'CustPymt'],
  CustDep: ['DepAppl'],
};

/** @throws Problem when there is no such way, or nothing is left to be made */
export function transformed(books: Books, source: Transaction, into: TranCode, sent: TranInput): TranInput {
  if (WAYS[source.code]?.includes(into) !== true)
    throw userError(`That transaction can not be transformed: no way leads from ${source.code} to ${into}.`);
  if (source.isVoided) throw userError('That transaction can not be transformed: it is voided.');
  if (source.isPendingApproval) throw userError('That transaction can not be transformed: it is pending approval.');
  const header = { ...partiesOf(source, into), ...sent.header };
  switch (into) {
    case 'CustPymt':
      return paymentOf(books, source, { ...sent, header });
    case 'DepAppl':
      return { apply: depositLines(books, source), ...sent, header: { ...header, deposit: source.id } };
    case 'CustCred': {
      const isOpen = source.open > 0;
      return {
        ...(isOpen ? { apply: applyTo(source) } : {}),
        ...sent,
        header,
        item: chosen(creditable(books, source), sent.item, false),
      };
    }
    default: {
      const lines = into === 'ItemShip' ? shippable(books, source) : billable(books, source);
      const item = chosen(lines, sent.item, into === 'ItemShip');
      if (item.items.length === 0)
        throw userError(
          `That transaction can not be transformed: nothing of it is left to be ${into === 'ItemShip' ? 'fulfilled' : 'billed'}.`,
        );
      return { ...sent, header, item };
    }
  }
}

function partiesOf({ entity, subsidiary, currency, location, terms, otherRef, code, rate }: Transaction, into: TranCode): Values {
  const isSale = into === 'CustInvc' || into === 'CashSale';
  return {
    [into === 'CustPymt' || into === 'DepAppl' ? 'customer' : 'entity']: entity,
    subsidiary,
    currency,
    ...(location === null ? {} : { location }),
    ...(isSale && otherRef !== null ? { otherRefNum: otherRef } : {}),
    ...(into === 'CustInvc' && terms !== null ? { terms } : {}),
    ...(code === 'CustInvc' && into === 'CustCred' ? { exchangeRate: rate } : {}),
  };
}

const line = (values: Values, path = 'item'): LineInput => ({ key: null, values, path });

function applyTo({ id }: Transaction): Sublist<LineInput> {
  return { isReplace: false, items: [line({ doc: id, apply: true }, 'apply')] };
}

function paymentOf(books: Books, source: Transaction, sent: TranInput): TranInput {
  if (source.open === 0) throw userError('That transaction can not be transformed: it is paid in full.');
  const { decimals } = books.currency(source.currency);
  const payment = sent.header['payment'] ?? minorText(source.open, decimals);
  return { apply: applyTo(source), ...sent, header: { ...sent.header, payment } };
}

function depositLines(books: Books, deposit: Transaction): Sublist<LineInput> {
  const { decimals } = books.currency(deposit.currency);
  const applies = autoApplied(
    books,
    Object.assign(Object.create(null) as Transaction, deposit, { code: 'DepAppl', total: deposit.open }),
  );
  const items = applies.map(({ doc, minor }) => line({ doc, apply: true, amount: minorText(minor, decimals) }, 'apply'));
  return { isReplace: false, items };
}

type Choice = ReadonlyMap<number, Values>;

function shippable(books: Books, { lines }: Transaction): Choice {
  const left = lines.filter((one) => !one.isClosed && isShipped(books, one) && one.quantity > one.fulfilled);
  return new Map(left.map((one) => [one.id, { ...valuesOf(one), quantity: quantityText(one.quantity - one.fulfilled) }]));
}

/** What was shipped and not billed; where that is nothing, all that is not billed: invoices in advance are allowed. */
function billable(books: Books, order: Transaction): Choice {
  const live = order.lines.filter((one) => !one.isClosed || one.fulfilled > one.billed);
  const shipped = (one: Line) => (isShipped(books, one) ? one.fulfilled : one.quantity);
  const hasShipped = live.some((one) => isShipped(books, one) && one.fulfilled > one.billed);
  const { decimals } = books.currency(order.currency);
  const left = live.flatMap((one): [number, Values][] => {
    const quantity = (hasShipped ? shipped(one) : one.quantity) - one.billed;
    if (quantity <= 0) return [];
    const isWhole = quantity === one.quantity;
    const amount = isWhole ? { amount: minorText(one.minor, decimals) } : {};
    return [[one.id, { ...valuesOf(one), ...priceOf(one), quantity: quantityText(quantity), ...amount }]];
  });
  return new Map(left);
}

function creditable(books: Books, { lines, currency }: Transaction): Choice {
  const { decimals } = books.currency(currency);
  return new Map(
    lines.map((one) => {
      const { orderLine: _, ...goods } = valuesOf(one);
      return [one.id, { ...goods, ...priceOf(one), amount: minorText(one.minor, decimals) }];
    }),
  );
}

function valuesOf({ id, item, description, quantity, location }: Line) {
  return { orderLine: id, item, description, quantity: quantityText(quantity), ...(location === null ? {} : { location }) };
}

function priceOf({ rate, taxCode }: Line): Values {
  return { ...(rate === null ? {} : { rate }), ...(taxCode === null ? {} : { taxCode }) };
}

/** Lines that are not sent stay, unless all are replaced. */
function chosen(choice: Choice, sent: Sublist<LineInput> | undefined, isShipment: boolean): Sublist<LineInput> {
  const lines = new Map<number | string, LineInput>();
  if (sent?.isReplace !== true) for (const [id, values] of choice) lines.set(id, line(values));
  for (const [index, { values, custom, path }] of (sent?.items ?? []).entries()) {
    const { line: key, itemReceive, ...rest } = values;
    const of = values['orderLine'] ?? key;
    const known = of === undefined || of === null ? undefined : choice.get(Number(of));
    if (known === undefined) {
      if (isShipment || (of !== undefined && of !== null))
        throw invalidContent(`The order has no line ${of} that is left.`, `${path}.orderLine`);
      lines.set(`sent ${index}`, { key: null, values: rest, path, ...(custom === undefined ? {} : { custom }) });
      continue;
    }
    const isLeftOut = itemReceive === false || Number(rest['quantity'] ?? 1) === 0;
    if (isLeftOut) {
      lines.delete(Number(of));
      continue;
    }
    // what stands for the whole line does not stand for a part of it
    const { amount, ...unpriced } = known;
    const isPriced = rest['quantity'] !== undefined || rest['rate'] !== undefined || rest['amount'] !== undefined;
    const start: Values = isPriced || amount === undefined ? unpriced : { ...unpriced, amount };
    const orderLine = known['orderLine'];
    lines.set(Number(of), {
      key: null,
      values: { ...start, ...rest, ...(orderLine === undefined ? {} : { orderLine }) },
      path,
      ...(custom === undefined ? {} : { custom }),
    });
  }
  return { isReplace: false, items: [...lines.values()] };
}
