/** The types in which a measure is shown and compared: the same for every record, by what kind of value it is. */
import { type ClassType, Int } from 'type-graphql';
import { CurrencyScalar, DateScalar, DateTimeScalar, DecimalScalar } from '../scalars.ts';
import { type FieldSpec, inputClass, objectClass } from '../schema-classes.ts';
import { scalarFilter } from '../schema-filters.ts';
import type { Measure } from './measures.ts';

type Class = ClassType<Record<string, unknown>>;

const currency = (description: string): FieldSpec => ({ name: 'currency', type: () => CurrencyScalar, description });
const count = (description: string): FieldSpec => ({ name: 'count', type: () => Int, description });
const amount = (name: string, description: string, nullable = false): FieldSpec => ({
  name,
  type: () => DecimalScalar,
  description,
  nullable,
});

const AVG_ROUNDED = "rounded to the currency's decimals, half away from zero";

const MoneyInCurrency = objectClass({
  name: 'MoneyInCurrency',
  description: 'The amounts of a group that are in one currency. All figures are exact, in units of that currency.',
  fields: [
    currency('The currency of these amounts.'),
    count('How many rows have such an amount.'),
    amount('sum', 'Their sum.'),
    amount('avg', `Their average, ${AVG_ROUNDED}.`),
    amount('min', 'The smallest of them.'),
    amount('max', 'The largest of them.'),
  ],
});

const UnconvertedMoney = objectClass({
  name: 'UnconvertedMoney',
  description: 'Amounts in one currency whose rows store no rate, so that nobody knows what they are in another currency.',
  fields: [currency('Their currency.'), count('How many rows.'), amount('sum', 'Their sum, in units of their currency.')],
});

const MoneyInGroupCurrency = objectClass({
  name: 'MoneyInGroupCurrency',
  description:
    "The amounts of a group in the currency of the business group: each at the rate that its row stores, rounded once to the currency's decimals. What has no rate is not in the figures, and is listed as unconverted.",
  fields: [
    currency('The currency of the business group.'),
    count('How many rows have such an amount and a rate.'),
    amount('sum', 'Their sum; zero of none.'),
    amount('avg', `Their average, ${AVG_ROUNDED}; null of none.`, true),
    amount('min', 'The smallest of them; null of none.', true),
    amount('max', 'The largest of them; null of none.', true),
    {
      name: 'unconverted',
      type: () => [UnconvertedMoney],
      description: 'What is missing in the figures, by currency; empty where nothing is.',
    },
  ],
});

const byCurrency: FieldSpec = {
  name: 'byCurrency',
  type: () => [MoneyInCurrency],
  description: 'By the currency of the amounts, in the order of its code: amounts of two currencies are never added up.',
};

const MoneyMeasure = objectClass({
  name: 'MoneyMeasure',
  description: 'Amounts of money of a group, added up for each currency.',
  fields: [byCurrency],
});

const ConvertedMoneyMeasure = objectClass({
  name: 'ConvertedMoneyMeasure',
  description: 'Amounts of money of a group, added up for each currency, and all of them in the currency of the business group.',
  fields: [
    byCurrency,
    {
      name: 'inGroupCurrency',
      type: () => MoneyInGroupCurrency,
      description: 'All of them, by the rates that their rows store.',
    },
  ],
});

const NumberMeasure = objectClass({
  name: 'NumberMeasure',
  description: 'Numbers of a group, added up.',
  fields: [
    count('How many rows have such a number.'),
    amount('sum', 'Their sum; zero of none.'),
    amount('avg', 'Their average, rounded to 6 decimals, half away from zero; null of none.', true),
    amount('min', 'The smallest of them; null of none.', true),
    amount('max', 'The largest of them; null of none.', true),
  ],
});

const timeMeasure = (name: string, what: string, type: () => unknown): Class =>
  objectClass({
    name,
    description: `The first and the last of the ${what} of a group.`,
    fields: [
      count(`How many rows have such a value.`),
      { name: 'min', type, nullable: true, description: 'The earliest; null of none.' },
      { name: 'max', type, nullable: true, description: 'The latest; null of none.' },
    ],
  });

const DateMeasure = timeMeasure('DateMeasure', 'days', () => DateScalar);
const DateTimeMeasure = timeMeasure('DateTimeMeasure', 'instants', () => DateTimeScalar);

export function measureType(measure: Measure): Class {
  if (measure.kind === 'money') return measure.conversion ? ConvertedMoneyMeasure : MoneyMeasure;
  if (measure.kind === 'number') return NumberMeasure;
  return measure.field.scalar === 'Date' ? DateMeasure : DateTimeMeasure;
}

const condition = (name: string, type: () => unknown, description: string): FieldSpec => ({
  name,
  type,
  description,
  nullable: true,
});
const decimals = () => scalarFilter('Decimal');
const ofNumbers = [
  condition('count', () => scalarFilter('Int'), 'How many rows have a value.'),
  condition('sum', decimals, 'The sum.'),
  condition('avg', decimals, 'The average, rounded as it is shown.'),
  condition('min', decimals, 'The smallest.'),
  condition('max', decimals, 'The largest.'),
];

const MoneyHaving = inputClass({
  name: 'MoneyHaving',
  description: 'Conditions on the amounts of a group, in units of the currency that is looked at; all that are given must hold.',
  fields: [
    condition(
      'currency',
      () => CurrencyScalar,
      'Only amounts in this currency; absent: all of them in the currency of the business group, by stored rates.',
    ),
    ...ofNumbers,
  ],
});

const NumberHaving = inputClass({
  name: 'NumberHaving',
  description: 'Conditions on the numbers of a group; all that are given must hold.',
  fields: ofNumbers,
});

const timeHaving = (name: string, what: string, filter: () => Class): Class =>
  inputClass({
    name,
    description: `Conditions on the first and the last of the ${what} of a group; all that are given must hold.`,
    fields: [
      condition('count', () => scalarFilter('Int'), 'How many rows have a value.'),
      condition('min', filter, 'The earliest.'),
      condition('max', filter, 'The latest.'),
    ],
  });

const DateHaving = timeHaving('DateHaving', 'days', () => scalarFilter('Date'));
const DateTimeHaving = timeHaving('DateTimeHaving', 'instants', () => scalarFilter('DateTime'));

/** The conditions that a measure can be put under. */
export function having(measure: Measure): Class {
  if (measure.kind === 'money') return MoneyHaving;
  if (measure.kind === 'number') return NumberHaving;
  return measure.field.scalar === 'Date' ? DateHaving : DateTimeHaving;
}
