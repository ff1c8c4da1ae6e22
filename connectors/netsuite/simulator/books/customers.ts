/** What a customer may buy in, and what they owe: in which companies and currencies, how much, how much too late. */
import { converted } from './amounts.ts';
import type { Books } from './books.ts';
import type { ListRow, Transaction } from './model.ts';
import { rateBetween } from './rates.ts';

export interface CustomerAccounts {
  readonly subsidiaries: readonly number[];
  readonly currencies: readonly number[];
}

export function customerAccounts(books: Books, { id, values }: ListRow): CustomerAccounts {
  const subsidiaries = [Number(values['subsidiary'])];
  for (const row of relationsOf(books, id)) {
    const subsidiary = Number(row.values['subsidiary']);
    if (!subsidiaries.includes(subsidiary)) subsidiaries.push(subsidiary);
  }
  return { subsidiaries, currencies: currenciesOf(values) };
}

export const currenciesOf = (values: ListRow['values']): readonly number[] => {
  const more = (values['currencyList'] as readonly number[] | undefined) ?? [];
  return [...new Set([Number(values['currency']), ...more])];
};

/** By customer, kept until one of the relationships changes. */
const relations = new WeakMap<Books, { count: number; last: number; byCustomer: Map<number, ListRow[]> }>();

export function relationsOf(books: Books, customer: number): readonly ListRow[] {
  const last = books.lastIds.get('customerSubsidiaryRelationship') ?? 0;
  const count = books.countOf('customerSubsidiaryRelationship');
  let known = relations.get(books);
  if (known === undefined || known.last !== last || known.count !== count) {
    known = { last, count, byCustomer: new Map() };
    for (const row of books.rows('customerSubsidiaryRelationship')) {
      const entity = Number(row.values['entity']);
      const rows = known.byCustomer.get(entity);
      if (rows === undefined) known.byCustomer.set(entity, [row]);
      else rows.push(row);
    }
    relations.set(books, known);
  }
  return known.byCustomer.get(customer) ?? [];
}

export interface Owed {
  /** Minor units of the customer's own currency. */
  readonly balance: number;
  readonly overdue: number;
  readonly unbilled: number;
  readonly deposits: number;
  readonly daysOverdue: number;
}

export function owedBy(books: Books, { id, values }: ListRow): Owed {
  const own = books.currency(Number(values['currency']));
  const { today } = books;
  const inOwn = (minor: number, currency: number): number => {
    if (currency === own.id || minor === 0) return minor;
    const from = books.currency(currency);
    return converted(minor, { rate: rateBetween(from, own, today.slice(0, 7)), from: from.decimals, to: own.decimals });
  };
  let [balance, deposits, overdue, unbilled, firstDue] = [0, 0, 0, 0, today];
  for (const [currency, sums] of books.balances(id)) {
    balance += inOwn(sums.open, currency);
    deposits += inOwn(sums.deposits, currency);
  }
  for (const one of books.live(id)) {
    if (one.code === 'SalesOrd') unbilled += inOwn(unbilledOf(one), one.currency);
    else if (one.code === 'CustInvc' && (one.dueDay ?? one.day) < today) {
      overdue += inOwn(one.open, one.currency);
      if ((one.dueDay ?? one.day) < firstDue) firstDue = one.dueDay ?? one.day;
    }
  }
  const daysOverdue = Math.round((Date.parse(today) - Date.parse(firstDue)) / 86_400_000);
  return { balance, deposits, overdue, unbilled, daysOverdue };
}

/** What an order will still be billed, without tax. */
function unbilledOf({ lines }: Transaction): number {
  let minor = 0;
  for (const line of lines) {
    if (line.isClosed || line.quantity === 0 || line.billed >= line.quantity) continue;
    const left = BigInt(line.quantity - line.billed);
    minor += Number((BigInt(line.minor) * left) / BigInt(line.quantity));
  }
  return minor;
}

export function isOnHold(books: Books, row: ListRow): boolean {
  const hold = row.values['creditHoldOverride'];
  if (hold === 'ON') return true;
  const limit = row.values['creditLimit'];
  if (hold === 'OFF' || limit === undefined || limit === null) return false;
  const { decimals } = books.currency(Number(row.values['currency']));
  return owedBy(books, row).balance > Number(limit) * 10 ** decimals;
}
