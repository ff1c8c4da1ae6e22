/**
 * Payment terms. SAP has them as keys whose days stand in its configuration, which no service shows; the accounting lines that were made with
 * them do, and the settings may. Days are never read out of a key.
 */
import {
  type Assembled,
  type AssembleContext,
  defineMapping,
  type JsonObject,
  NotOurs,
  type SourceRecord,
  text,
  isZero,
  plain,
} from '../../src/connect/index.ts';
import { amountAt, given, textAt } from './fields.ts';
import { distinctOf } from './keyset.ts';
import { changedLines, LINES, OF_CUSTOMERS, servedLines } from './lines.ts';
import { all } from './literals.ts';
import { literalOf, readPage } from './query.ts';
import { type Asked, type Keys, recordOf, type Source } from './reading.ts';
import type { Settings } from './settings.ts';
import { type Context, isOpen, once } from './system.ts';

const LINE_FIELDS = [
  'PaymentTerms',
  'NetPaymentDays',
  'CashDiscount1Days',
  'CashDiscount1Percent',
  'CashDiscount2Days',
  'CashDiscount2Percent',
  'PostingDate',
];

export const termsSource: Source = { listers: [{ list }], load };

/** Those of customers and of the settings, and by changes those on new lines. */
async function list(context: Context, { after, since, max }: Asked): Promise<Keys> {
  const keys = since === null ? await known(context) : await onNewLines(context, since);
  const rest = keys.toSorted().filter((key) => after === null || key > after);
  const some = rest.slice(0, max);
  return { keys: some, after: rest.length > max ? (some.at(-1) ?? null) : null };
}

const known = (context: Context): Promise<readonly string[]> =>
  once(context, 'payment terms', async () => {
    const ofCompany = await distinctOf(context, { service: 'partner', set: 'A_CustomerCompany', field: 'PaymentTerms' });
    const ofArea = await distinctOf(context, { service: 'partner', set: 'A_CustomerSalesArea', field: 'CustomerPaymentTerms' });
    const set = context.config.terms.map(({ key }) => key);
    return [...new Set([...ofCompany, ...ofArea, ...set])].filter((key) => key !== '');
  });

async function onNewLines(context: Context, since: string): Promise<readonly string[]> {
  const filter = all(await servedLines(context), changedLines(context, since), "PaymentTerms ne ''");
  return distinctOf(context, { service: 'items', set: LINES, field: 'PaymentTerms', filter });
}

/** Whatever a document names is a key: one whose days nothing tells is none of ours, and no document waits for it. */
async function load(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const records: SourceRecord[] = [];
  const hasLines = await isOpen(context, 'items');
  for (const key of keys) {
    const line = hasLines ? await newestLine(context, key) : null;
    const { PostingDate: _day, ...days } = line ?? { PaymentTerms: key };
    records.push(recordOf(key, { ...days, PaymentTerms: key }));
  }
  return records;
}

async function newestLine(context: Context, key: string): Promise<JsonObject | null> {
  const literal = await literalOf(context, 'items', { set: LINES, field: 'PaymentTerms', value: key });
  // rests and payments copy the key and not always the days
  const filter = all(OF_CUSTOMERS, `PaymentTerms eq ${literal} and DebitCreditCode eq 'S' and InvoiceReference eq ''`);
  const orderBy = 'PostingDate desc';
  const { rows } = await readPage(context, 'items', { set: LINES, fields: LINE_FIELDS, filter, orderBy, top: 1 });
  return rows[0] ?? null;
}

const table = defineMapping('Terms', [
  { ours: 'code', read: 'PaymentTerms', codec: text() },
  { ours: 'name', read: 'PaymentTerms', codec: text() },
]);

/** @throws NotOurs for a key whose days nothing tells: documents that name it have due dates of their own */
export function assembleTerms(raw: JsonObject, { config }: AssembleContext<Settings>): Assembled<'Terms'> {
  const read = table.read(raw);
  const set = config.terms.find(({ key }) => key === read.code);
  if (set) {
    const { key: _key, name, ...days } = set;
    return { document: { ...read, ...given({ name }), ...given(days), netDays: set.netDays } };
  }
  const [first, second, net] = ['CashDiscount1Days', 'CashDiscount2Days', 'NetPaymentDays'].map((field) => daysAt(raw, field));
  if (first === undefined && second === undefined && net === undefined)
    throw new NotOurs(`No accounting line tells the days of the terms ${read.code}: name them in the setting terms.`);
  const percent = amountAt(raw, 'CashDiscount1Percent') ?? '0';
  // a key without any discount has its days as those of the first one
  const document = { ...read, netDays: net || second || first || 0 };
  if (isZero(percent) || first === undefined) return { document };
  return { document: { ...document, discountDays: first, discountPercent: plain(percent) } };
}

function daysAt(raw: JsonObject, field: string): number | undefined {
  const days = amountAt(raw, field);
  return textAt(raw, field) === undefined && days === undefined ? undefined : Number(plain(days ?? '0'));
}
