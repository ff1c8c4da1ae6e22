/** The values of one row as the input of an import command, with the days that can be counted and the id that makes it one of its kind. */
import { createHash } from 'node:crypto';
import { addDays } from '../../kernel/date.ts';
import type { Kind } from './fields.ts';

/** Our fields, converted. */
export type Values = ReadonlyMap<string, string>;

export interface DocumentOptions {
  readonly kind: Kind;
  readonly legalEntity: { readonly code: string };
  /** Days from the issue date to the due date, where the file has no issue date. */
  readonly issuedDays: number | null;
  /** How often this hash has come by now. */
  readonly ordinal: (hash: Buffer) => number;
}

/** The input of the import command but for the legal entity's id. */
export function documentOf(values: Values, options: DocumentOptions): Readonly<Record<string, string>> {
  const { kind } = options;
  const get = (name: string): string => values.get(name) ?? '';
  const optional = (entries: readonly (readonly [string, string])[]) =>
    Object.fromEntries(entries.flatMap(([theirs, ours]) => (values.has(ours) ? [[theirs, get(ours)]] : [])));
  const shared = {
    externalId: externalId(values, options),
    customerNumber: get('customer'),
    amount: get('amount'),
    currency: get('currency'),
  };
  if (kind === 'payments') {
    return {
      ...shared,
      receivedOn: get('receivedOn'),
      ...optional([
        ['number', 'number'],
        ['reference', 'reference'],
        ['method', 'method'],
        ['invoiceNumber', 'invoice'],
      ]),
    };
  }
  const days = datesOf(values, options);
  return {
    ...shared,
    ...days,
    ...optional([
      ['number', 'number'],
      ['customerReference', 'reference'],
      ['paymentTermsCode', 'terms'],
    ]),
  };
}

function datesOf(values: Values, { kind, issuedDays }: DocumentOptions): Readonly<Record<string, string>> {
  const late = Number(values.get('daysLate') ?? '0');
  const given = { due: values.get('dueOn'), settled: values.get('settledOn') };
  const dueOn = given.due ?? addDays(given.settled ?? '', -late);
  const settledOn = kind === 'settled-invoices' ? (given.settled ?? addDays(dueOn, late)) : null;
  const counted = addDays(dueOn, -(issuedDays ?? 0));
  // paid before the day that was counted back: then it was issued by the day it was paid
  const issuedOn = values.get('issuedOn') ?? (settledOn !== null && settledOn < counted ? settledOn : counted);
  return { issuedOn, dueOn, ...(settledOn === null ? {} : { settledOn }) };
}

/** The document's own number, or what the row says and how many equal rows stood before it: real files have equal rows. */
function externalId(values: Values, { legalEntity, ordinal }: DocumentOptions): string {
  const number = values.get('number');
  if (number !== undefined) return `${legalEntity.code}:${number}`;
  const said = [...values].filter(([name]) => name !== 'customerName' && name !== 'terms').sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256')
    .update(JSON.stringify([legalEntity.code, said]))
    .digest();
  return `${hash.toString('hex')}#${ordinal(hash)}`;
}
