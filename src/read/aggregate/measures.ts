/**
 * What can be added up of a record: amounts of money, the numbers that are marked as measures, and the first and last of days.
 * It knows no SQL.
 */
import { snake } from '../../kernel/text.ts';
import type { ReadColumn, ReadRecord } from '../record.ts';
import { type MoneyShown, type ScalarShown, shownFields } from '../shown.ts';

interface Named {
  readonly name: string;
  /** In arguments: `BASE_TOTAL`. */
  readonly constant: string;
}

export interface MoneyMeasure extends Named {
  readonly kind: 'money';
  readonly field: MoneyShown;
  /** How it becomes an amount in the group's currency; null where the record stores no rate. */
  readonly conversion: Conversion | null;
}

/** By the rate that the row stores, or not at all, since the amount is in the group's currency already. */
type Conversion = { readonly rate: ReadColumn } | 'SAME';

export interface NumberMeasure extends Named {
  readonly kind: 'number';
  readonly field: ScalarShown;
}

/** Only the smallest and the largest of it. */
export interface TimeMeasure extends Named {
  readonly kind: 'time';
  readonly field: ScalarShown;
}

export type Measure = MoneyMeasure | NumberMeasure | TimeMeasure;

const known = new WeakMap<ReadRecord, readonly Measure[]>();

export function measuresOf(record: ReadRecord): readonly Measure[] {
  const found = known.get(record);
  if (found) return found;
  const made = shownFields(record).flatMap((field): Measure[] => {
    const { name } = field;
    const named = { name, constant: snake(name).toUpperCase() };
    if (field.kind === 'money') return [{ ...named, kind: 'money', field, conversion: conversionOf(record, field) }];
    if (field.kind !== 'scalar') return [];
    if (field.column.meta?.measure === true) return [{ ...named, kind: 'number', field }];
    const isTime = (field.scalar === 'Date' || field.scalar === 'DateTime') && field.column.meta?.filter === true;
    return isTime ? [{ ...named, kind: 'time', field }] : [];
  });
  known.set(record, made);
  return made;
}

/** `groupRate` is of the record's own currency, and of no other. */
function conversionOf({ columns }: ReadRecord, { currency }: MoneyShown): Conversion | null {
  if (currency.property === 'groupCurrency') return 'SAME';
  const { groupRate } = columns;
  return currency.property === 'currency' && groupRate ? { rate: groupRate } : null;
}

/** What can be asked of a measure. */
export const FUNCTIONS = ['SUM', 'AVG', 'MIN', 'MAX', 'COUNT'] as const;
export type AggregateFunction = (typeof FUNCTIONS)[number];
