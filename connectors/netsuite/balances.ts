/**
 * What customers owe, by what is open of their documents: the balances that NetSuite works out for customers are slow, and in one currency.
 * A deposit has no open amount there, so it is put together with its applications.
 */
import {
  type Balance,
  type Canonical,
  type JsonObject,
  MappingError,
  NotOurs,
  isZero,
  minus,
  plus,
  sumOf,
} from '../../src/connect/index.ts';
import { amountAt, neededText, textAt } from './fields.ts';
import { accountId } from './lists.ts';
import { assemblePayment } from './mapping-payment.ts';
import { type Context, inChunks, literal, queryAll, ROWS_MAX_COUNT } from './suiteql.ts';
import { companyWhere, HEADERS_FROM, type TransactionSource } from './transactions.ts';

const BALANCES_MAX_COUNT = 1_000;
/** A status may come with its type before it. */
const statuses = (type: string, letters: readonly string[]): string =>
  letters
    .flatMap((letter) => [letter, `${type}:${letter}`])
    .map(literal)
    .join(', ');
/** Invoices and credits that are open; payments that were approved, and that something is left of. */
const OPEN = [
  ...['CustInvc', 'CustCred'].map((type) => `(t.type = ${literal(type)} AND t.status IN (${statuses(type, ['A'])}))`),
  `(t.type = 'CustPymt' AND t.status NOT IN (${statuses('CustPymt', ['A', 'D', 'E', 'V'])}) AND m.foreignpaymentamountunused <> 0)`,
].join(' OR ');

export async function* balancesOf(context: Context, payments: TransactionSource): AsyncGenerator<readonly Balance[]> {
  const owed = new Map<string, Balance>();
  const add = (one: Balance) => {
    const key = `${one.customer} ${one.currency}`;
    owed.set(key, { ...one, amount: plus(owed.get(key)?.amount ?? '0', one.amount) });
  };
  for (const row of await sums(context)) {
    const customer = accountId(neededText(row, 'entity'), textAt(row, 'subsidiary'));
    const open = (amountAt(row, 'unpaid') ?? '0').replace('-', '');
    const unused = (amountAt(row, 'unused') ?? '0').replace('-', '');
    const amount = textAt(row, 'type') === 'CustInvc' ? open : minus('0', unused);
    add({ customer, currency: neededText(row, 'currency'), amount });
  }
  for (const one of await deposits(context, payments)) add(one);
  const all = [...owed.values()].filter(({ amount }) => !isZero(amount));
  for (const some of inChunks(all, BALANCES_MAX_COUNT)) yield some;
}

async function sums(context: Context): Promise<readonly JsonObject[]> {
  const company = context.config.oneWorld ? 'm.subsidiary' : null;
  const groups = ['t.entity', ...(company === null ? [] : [company]), 'cur.symbol', 't.type'];
  const columns = [
    't.entity',
    ...(company === null ? [] : [company]),
    'cur.symbol AS currency',
    't.type',
    'SUM(t.foreignamountunpaid) AS unpaid',
    'SUM(m.foreignpaymentamountunused) AS unused',
  ];
  const where = [`(${OPEN})`, `(t.voided = 'F' OR t.voided IS NULL)`, ...companyWhere(context)].join(' AND ');
  return queryAll(context, {
    statement: (after) =>
      `SELECT ${columns.join(', ')} FROM ${HEADERS_FROM} WHERE ${where} AND ${after} GROUP BY ${groups.join(', ')} ORDER BY t.entity`,
    key: [['t.entity', 'entity']],
    max: ROWS_MAX_COUNT,
  });
}

/** Of deposits that something is left of. */
async function deposits(context: Context, payments: TransactionSource): Promise<readonly Balance[]> {
  const found: Balance[] = [];
  const rows = await queryAll(context, {
    statement: (after) =>
      `SELECT t.id FROM ${HEADERS_FROM} WHERE ${["t.type = 'CustDep'", `t.status NOT IN ('C', 'V', 'CustDep:C', 'CustDep:V')`, ...companyWhere(context)].join(' AND ')} AND ${after} ORDER BY t.id`,
    key: [['t.id', 'id']],
  });
  for (const some of inChunks(rows, BALANCES_MAX_COUNT)) {
    const records = await payments.get(
      context,
      some.map((row) => neededText(row, 'id')),
    );
    for (const { raw } of records) {
      const deposit = depositOf(raw, context);
      if (deposit === null) continue;
      const { customer, currency, amount, applications } = deposit;
      found.push({ customer, currency, amount: minus(sumOf(applications.map((one) => one.amount)), amount) });
    }
  }
  return found;
}

/** Null for one that is refused when it is read: it is shown there, and owes nothing here. */
function depositOf(raw: JsonObject, { config }: Context): Canonical<'Payment'> | null {
  try {
    return assemblePayment(raw, { config, functionalCurrency: '' }).document;
  } catch (error) {
    if (error instanceof MappingError || error instanceof NotOurs) return null;
    throw error;
  }
}
