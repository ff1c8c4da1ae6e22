/**
 * Cash discounts on payments. What a link says is settled has the discount in it, so that it comes to more than the payment is: the rest is
 * the discount. Where a payment settles several invoices, its record is asked which of them has it.
 */
import { decimalOf, type JsonObject, compare, isZero, minus, sumOf } from '../../src/connect/index.ts';
import { amountAt, isObject, listAt, magnitude, neededText, textAt } from './fields.ts';
import { readRecord } from './record-service.ts';
import type { Context } from './suiteql.ts';

/** All of it; zero where there is none, or nobody can tell. */
function totalOf(raw: JsonObject): string {
  if (textAt(raw, 'type') !== 'CustPymt' || amountAt(raw, 'unused') === undefined) return '0';
  const settled = sumOf(listAt(raw, 'links').map((link) => magnitude(link, 'foreignamount')));
  const rest = minus(settled, minus(magnitude(raw, 'foreigntotal'), magnitude(raw, 'unused')));
  return compare(rest, '0') > 0 ? rest : '0';
}

const invoicesIn = (raw: JsonObject): readonly string[] => [
  ...new Set(
    listAt(raw, 'links').flatMap((link) =>
      textAt(link, 'previoustype') === 'CustInvc' ? (textAt(link, 'previousdoc') ?? []) : [],
    ),
  ),
];

/** The record as it was read, with its discounts beside it where it takes another look to tell them. */
export async function withDiscounts(context: Context, raw: JsonObject): Promise<JsonObject> {
  if (isZero(totalOf(raw)) || invoicesIn(raw).length < 2) return raw;
  const record = await readRecord(context, 'customerPayment', { id: neededText(raw, 'id'), withLines: true });
  const list = record?.['apply'];
  const items = isObject(list) && Array.isArray(list['items']) ? list['items'].filter(isObject) : [];
  const discounts = items.flatMap(({ doc, disc }): JsonObject[] => {
    const document = isObject(doc) ? textAt(doc, 'id') : undefined;
    const amount = disc === undefined || disc === null ? '0' : decimalOf(disc, 'apply.disc');
    return document === undefined || isZero(amount) ? [] : [{ document, amount }];
  });
  return { ...raw, discounts: discounts.sort((a, b) => Number(a['document']) - Number(b['document'])) };
}

/** By the invoice. None where they don't come to what must be a discount. */
export function discountsOf(raw: JsonObject): ReadonlyMap<string, string> {
  const total = totalOf(raw);
  if (isZero(total)) return new Map();
  const [only, ...more] = invoicesIn(raw);
  if (only !== undefined && more.length === 0) return new Map([[only, total]]);
  const told = listAt(raw, 'discounts').map((one) => [neededText(one, 'document'), magnitude(one, 'amount')] as const);
  return isZero(minus(sumOf(told.map(([, amount]) => amount)), total)) ? new Map(told) : new Map();
}
