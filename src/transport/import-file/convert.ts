/**
 * One row of a file as what the import commands take. Everything that is wrong with it is told at once, each with its field. What the
 * file doesn't say is filled in from the mapping's defaults, never guessed; only the issue date may be counted back from the due date.
 */
import { type ErrorCode, isDomainError } from '../../kernel/errors.ts';
import { type DocumentOptions, documentOf, type Values } from './document.ts';
import { type Field, fieldsOf, type Kind, missingFields } from './fields.ts';
import type { RawRow } from './row.ts';
import type { Mapping } from './mapping.ts';
import { amountText, BadValue, currencyCode, dayCount, plainText } from './values.ts';

export interface Refusal extends Pick<RawRow, 'line' | 'text' | 'values'> {
  /** Ours; null for the whole row. */
  readonly field: string | null;
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface CustomerPart {
  readonly number: string;
  /** Null where the file has no name for it. */
  readonly name: string | null;
  readonly currency: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface Candidate {
  readonly raw: RawRow;
  readonly customer: CustomerPart;
  /** The input of the import command but for the legal entity's id; null in a file of customers. */
  readonly document: Readonly<Record<string, string>> | null;
}

export interface Converted {
  readonly line: number;
  readonly candidate: Candidate | null;
  readonly refusals: readonly Refusal[];
}

export interface ConvertOptions {
  readonly kind: Kind;
  readonly mapping: Mapping;
  readonly legalEntity: { readonly code: string; readonly currency: string };
  /** Days from the issue date to the due date, where the file has no issue date. */
  readonly issuedDays: number | null;
}

const DETAILS = ['country', 'segment', 'taxId', 'email'] as const;

/** The converter of one file; it counts rows that are equal in everything, so that each has an id of its own. */
export function createConverter(options: ConvertOptions): (raw: RawRow) => Converted {
  const fields = fieldsOf(options.kind);
  const seen = new Map<number, number>();
  const ordinal = (hash: Buffer): number => {
    const short = hash.readUIntBE(0, 6);
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return count;
  };
  return (raw) => {
    const { line, fault } = raw;
    const refused = (problems: readonly Problem[]): Converted => ({
      line,
      candidate: null,
      refusals: problems.map((problem) => refusalOf(raw, { code: 'INVALID_INPUT', ...problem })),
    });
    if (fault !== undefined) return refused([{ field: null, reason: fault }]);
    const problems: Problem[] = [];
    const values = read(fields, raw, { ...options, problems });
    if (problems.length > 0) return refused(problems);
    try {
      return { line, candidate: candidateOf(raw, values, { ...options, ordinal }), refusals: [] };
    } catch (error) {
      // a day that is counted from others can lie beyond the calendar
      if (isDomainError(error)) return refused([{ field: 'dueOn', reason: error.message }]);
      throw error;
    }
  };
}

interface Problem {
  readonly field: string | null;
  readonly reason: string;
}

/** Why a row is refused. */
export const refusalOf = ({ line, text, values }: RawRow, why: Pick<Refusal, 'field' | 'code' | 'reason'>): Refusal => ({
  line,
  ...why,
  values,
  text,
});

/** Every field that the row has, converted; what is wrong goes to `problems`. */
function read(
  fields: readonly Field[],
  { values: cells }: RawRow,
  { mapping, legalEntity, kind, issuedDays, problems }: ConvertOptions & { readonly problems: Problem[] },
): Values {
  const texts = new Map<string, string>();
  for (const { name } of fields) {
    const column = mapping.columns.get(name);
    const text = (column === undefined ? '' : (cells[column] ?? '').trim()) || (mapping.defaults.get(name) ?? '');
    if (text !== '') texts.set(name, text);
  }
  if (kind === 'customers' && !texts.has('currency')) texts.set('currency', legalEntity.currency);
  const missing = missingFields(kind, (name) => texts.has(name), issuedDays !== null);
  problems.push(...missing.map((name) => ({ field: name, reason: 'it is missing' })));
  const values = new Map<string, string>();
  for (const field of orderOf(fields)) {
    const text = texts.get(field.name);
    if (text === undefined) continue;
    try {
      values.set(field.name, convert(field, text, { mapping, currency: values.get('currency') }));
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      problems.push({ field: field.name, reason: error.message });
    }
  }
  return values;
}

/** The currency before the amounts in it. */
const orderOf = (fields: readonly Field[]): readonly Field[] =>
  [...fields].sort((a, b) => Number(b.type === 'currency') - Number(a.type === 'currency'));

function convert(
  { type, max }: Field,
  text: string,
  { mapping, currency }: { readonly mapping: Mapping; readonly currency: string | undefined },
): string {
  if (type === 'date') return mapping.dates.parse(text);
  if (type === 'currency') return currencyCode(text);
  if (type === 'days') return String(dayCount(text));
  // with a wrong currency the row is refused anyway; its amount is still looked at
  return type === 'amount' ? amountText(text, currency ?? 'USD') : plainText(text, max);
}

function candidateOf(raw: RawRow, values: Values, options: DocumentOptions): Candidate {
  const { kind } = options;
  const get = (name: string): string => values.get(name) ?? '';
  const details = Object.fromEntries(DETAILS.flatMap((name) => (values.has(name) ? [[name, get(name)]] : [])));
  const isCustomers = kind === 'customers';
  const customer: CustomerPart = {
    number: get(isCustomers ? 'number' : 'customer'),
    name: values.get(isCustomers ? 'name' : 'customerName') ?? null,
    currency: get('currency'),
    details,
  };
  return { raw, customer, document: isCustomers ? null : documentOf(values, options) };
}
