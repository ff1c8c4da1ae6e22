/**
 * Payments: what came and what it is set against. A deposit is a payment that its applications set against invoices; a credit memo that is
 * set against invoices is a payment of nothing with both sides in it; what was refunded is set against something that isn't known here.
 */
import {
  type Assembled,
  type AssembleContext,
  type Canonical,
  day,
  defineMapping,
  type JsonObject,
  NotOurs,
  text,
  isZero,
  minus,
  plus,
  sumOf,
} from '../../src/connect/index.ts';
import { assembled, oursIn } from './assembled.ts';
import { discountsOf } from './discounts.ts';
import { amountAt, given, listAt, neededAmount, neededText, textAt } from './fields.ts';
import { rateAt } from './mapping-lists.ts';
import { currencyOf, customerOf, isVoided, methodAt, statusOf, unusedOf } from './mapping-sales.ts';
import type { Settings } from './settings.ts';

type Application = Canonical<'Payment'>['applications'][number];

const MEMO_MAX_CHARS = 999;

export const paymentTable = defineMapping('Payment', [
  { ours: 'number', read: 'tranid', codec: text() },
  { ours: 'receivedOn', read: 'trandate', write: 'tranDate', codec: day },
  { ours: 'memo', read: 'memo', write: 'memo', codec: text(MEMO_MAX_CHARS) },
  { ours: 'reference', read: 'otherrefnum', codec: text() },
]);

const MAPPED = [
  'foreigntotal',
  'foreignamountunpaid',
  'mainamount',
  'unused',
  'voided',
  'paymentmethod',
  'createdfrom',
  'createdfromtype',
  'discounts',
  'duedate',
  'terms',
];

/** @throws NotOurs for a payment that nobody has approved yet */
export function assemblePayment(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Payment'> {
  if (textAt(raw, 'type') === 'CustCred') return assembleSettlement(raw, context);
  const isDeposit = textAt(raw, 'type') === 'CustDep';
  const letter = isVoided(raw) ? 'V' : statusOf(raw, isDeposit ? 'ABCV' : 'ABCDEV');
  if (!isDeposit && (letter === 'A' || letter === 'D' || letter === 'E')) throw new NotOurs('Nobody has approved this payment.');
  const isVoid = letter === 'V';
  const amount = neededAmount(raw, 'foreigntotal').replace('-', '');
  const applications = isVoid ? [] : applicationsOf(raw);
  const unapplied = isDeposit ? minus(amount, sumOf(applications.map((one) => one.amount))) : unusedOf(raw);
  const document = {
    ...paymentTable.read(raw),
    customer: customerOf(raw),
    currency: currencyOf(raw, context),
    amount,
    unapplied: isVoid ? '0' : unapplied,
    method: methodAt(raw, context.config),
    state: isVoid ? ('VOIDED' as const) : ('RECEIVED' as const),
    applications,
    ...given({ rate: rateAt(raw), legalEntity: textAt(raw, 'subsidiary') }),
  };
  return assembled(raw, context, { document, tables: [paymentTable], mapped: MAPPED, ours: oursIn(raw) });
}

/** A credit memo in its second role. Its own id of ours names the credit note, which this is not. */
function assembleSettlement(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Payment'> {
  const against = applicationsOf(raw);
  const used = sumOf(against.map((one) => one.amount));
  const credit: Application = { kind: 'CreditNote', document: neededText(raw, 'id'), amount: used };
  const { number: _number, reference: _reference, memo: _memo, ...read } = paymentTable.read(raw);
  const document = {
    ...read,
    customer: customerOf(raw),
    currency: currencyOf(raw, context),
    amount: '0',
    unapplied: '0',
    method: 'OTHER' as const,
    state: against.length === 0 ? ('VOIDED' as const) : ('RECEIVED' as const),
    applications: against.length === 0 ? [] : [...against, credit],
    ...given({ rate: rateAt(raw), legalEntity: textAt(raw, 'subsidiary') }),
  };
  return assembled(raw, context, { document, tables: [paymentTable], mapped: MAPPED });
}

/** One for each document; links stand for pairs of lines and are added up. */
function applicationsOf(raw: JsonObject): Application[] {
  const own = neededText(raw, 'id');
  const each = new Map<string, Application>();
  for (const [i, link] of listAt(raw, 'links').entries()) {
    const at = `links[${i}].`;
    const amount = (amountAt(link, 'foreignamount', at) ?? '0').replace('-', '');
    if (isZero(amount)) continue;
    const one = { ...otherSide(link, own, at), amount };
    const key = `${one.kind}/${one.document}`;
    const before = each.get(key);
    each.set(key, before ? { ...before, amount: plus(before.amount, amount) } : one);
  }
  const discounts = discountsOf(raw);
  return [...each.values()].map((one) => {
    const discount = one.kind === 'Invoice' ? discounts.get(one.document) : undefined;
    return discount === undefined ? one : { ...one, amount: minus(one.amount, discount), discount };
  });
}

/** What it is set against: the document before it, or the refund behind it. */
function otherSide(link: JsonObject, own: string, at: string): Omit<Application, 'amount'> {
  if (textAt(link, 'previousdoc') === own) {
    const next = neededText(link, 'nextdoc', at);
    return { kind: 'OTHER', document: `${neededText(link, 'nexttype', at)}-${next}` };
  }
  const document = neededText(link, 'previousdoc', at);
  const type = neededText(link, 'previoustype', at);
  const isApplied = textAt(link, 'nextdoc') !== own;
  const appliedOn = isApplied ? textAt(link, 'nextdate') : undefined;
  return {
    ...(type === 'CustInvc'
      ? { kind: 'Invoice' as const, document }
      : { kind: 'OTHER' as const, document: `${type}-${document}` }),
    ...given({ appliedOn: appliedOn === undefined ? undefined : day.decode(appliedOn, `${at}nextdate`) }),
  };
}
