/** What each customer owes in each company and currency, by the open lines of accounting; special G/L (down payments, bills of exchange) is not in it. */
import { type Balance, type JsonObject, isZero, plain, plus } from '../../src/connect/index.ts';
import { accountId } from './companies.ts';
import { keyAt, neededText } from './fields.ts';
import { nextRows, type Rows } from './keyset.ts';
import { amountOf, LINE_KEY, LINES, servedLines } from './lines.ts';
import { all } from './literals.ts';
import type { Context } from './system.ts';

const PAGE_MAX_COUNT = 1_000;
const MORE = ['Customer', 'TransactionCurrency', 'AmountInTransactionCurrency'];

export async function* balances(context: Context): AsyncGenerator<readonly Balance[]> {
  const owed = new Map<string, Balance>();
  const filter = all(await servedLines(context), "IsCleared eq false and SpecialGLCode eq ''");
  const keySet = { service: 'items', set: LINES, by: LINE_KEY, more: MORE, filter } as const;
  for (let after: string | null = null; ; ) {
    const page: Rows = await nextRows(context, keySet, { after, max: PAGE_MAX_COUNT });
    for (const row of page.rows) add(owed, row);
    if (page.after === null) break;
    after = page.after;
  }
  yield [...owed.values()].filter(({ amount }) => !isZero(amount)).map((one) => ({ ...one, amount: plain(one.amount) }));
}

function add(owed: Map<string, Balance>, row: JsonObject): void {
  const number = keyAt(row, 'Customer');
  if (number === undefined) return;
  const customer = accountId(number, neededText(row, 'CompanyCode'));
  const currency = neededText(row, 'TransactionCurrency');
  const key = `${customer} ${currency}`;
  owed.set(key, { customer, currency, amount: plus(owed.get(key)?.amount ?? '0', amountOf(row)) });
}
