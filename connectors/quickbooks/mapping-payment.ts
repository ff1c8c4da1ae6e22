/**
 * Payments: what came, and what it is set against. A payment of nothing with an invoice and a credit memo in it is how QuickBooks
 * applies a credit.
 */
import {
  type AssembleContext,
  type Assembled,
  amountNumber,
  type Canonical,
  currency,
  day,
  defineMapping,
  id,
  type JsonObject,
  MappingError,
  compare,
  isZero,
} from '../../src/connect/index.ts';
import { amountAt, currencyAt, given, listAt, neededText, textAt } from './fields.ts';
import { assembled } from './mapping-lists.ts';
import { isVoided, methodAt, rateAt } from './mapping-sales.ts';
import { readNote } from './note.ts';
import type { Settings } from './settings.ts';

type Application = Canonical<'Payment'>['applications'][number];

export const paymentTable = defineMapping('Payment', [
  { ours: 'customer', read: 'CustomerRef.value', write: 'CustomerRef.value', codec: id },
  { ours: 'receivedOn', read: 'TxnDate', write: 'TxnDate', codec: day },
  { ours: 'currency', write: 'CurrencyRef.value', codec: currency },
  { ours: 'amount', read: 'TotalAmt', write: 'TotalAmt', codec: amountNumber },
  { ours: 'unapplied', read: 'UnappliedAmt', codec: amountNumber },
]);

const BY_CODE = ['CurrencyRef', 'ExchangeRate', 'PaymentMethodRef', 'PaymentRefNum', 'PrivateNote', 'Line'];

export function assemblePayment(
  raw: JsonObject,
  { config, functionalCurrency }: AssembleContext<Settings>,
): Assembled<'Payment'> {
  const note = readNote(textAt(raw, 'PrivateNote'));
  const document = {
    ...paymentTable.read(raw),
    currency: currencyAt(raw, functionalCurrency),
    method: methodAt(raw, config),
    state: isVoided(raw) ? ('VOIDED' as const) : ('RECEIVED' as const),
    applications: applicationsOf(raw),
    ...given({ rate: rateAt(raw), reference: note.reference ?? textAt(raw, 'PaymentRefNum'), memo: note.text }),
  };
  return assembled(raw, { document, tables: [paymentTable], mapped: BY_CODE, ours: note.ours });
}

const KINDS: Readonly<Record<string, Application['kind']>> = { Invoice: 'Invoice', CreditMemo: 'CreditNote' };

/** As many as there are lines with an amount; of documents of other kinds the id tells the kind. */
function applicationsOf(raw: JsonObject): Application[] {
  return listAt(raw, 'Line').flatMap((line, i): Application[] => {
    const at = `Line[${i}]`;
    const [link, ...more] = listAt(line, 'LinkedTxn');
    const amount = amountAt(line, 'Amount') ?? '0';
    if (link === undefined || isZero(amount)) return [];
    if (more.length > 0)
      throw new MappingError(`${at}.LinkedTxn`, `${at}.LinkedTxn names more than one document for one amount.`);
    if (compare(amount, '0') < 0) throw new MappingError(`${at}.Amount`, `${at}.Amount must be above zero, and is ${amount}.`);
    const type = neededText(link, 'TxnType');
    const kind = KINDS[type] ?? 'OTHER';
    const document = neededText(link, 'TxnId');
    return [{ kind, document: kind === 'OTHER' ? `${type}-${document}` : document, amount }];
  });
}
