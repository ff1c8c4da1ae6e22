/**
 * The scalars of command inputs: each checks, converts and knows its GraphQL scalar. Imported through `input.ts` only.
 * Messages say what would be right and never repeat what was sent.
 */
import { z } from 'zod';
import { type CurrencyCode, currency, isCurrency } from './currency.ts';
import { isPlainDate, type PlainDate } from './date.ts';
import { compareDecimal, type Decimal, decimal, MAX_DECIMAL_DIGITS } from './decimal.ts';
import { DomainError } from './errors.ts';
import { parsePublicId, type Uuid } from './ids.ts';
import { oneOf } from './input-problems.ts';
import { type Money, parseMoney } from './money.ts';

const MULTILINE = /[\t\n\r]/g;
// \p{Cc}: control characters, \u0000 too, which Postgres can't store; \p{Cs}: half a character, which UTF-8 can't
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A text of `min` (1) to `max` (255) characters that isn't blank; with `multiline` it may hold line breaks and tabs. @example text({ max: 40 }) */
export function text({ max = 255, min = 1, multiline = false }: { max?: number; min?: number; multiline?: boolean } = {}) {
  const rule = `must be a text of ${min} to ${max} characters${min > 0 ? ' that is not blank' : ''}`;
  return z
    .string({ error: rule })
    .superRefine((value, context) => {
      const issue = (message: string) => context.addIssue({ code: 'custom', message });
      // 2 code units a character at most: a huge text isn't walked
      const size = value.length > max * 2 ? value.length : Array.from(value).length;
      if (size < min || size > max || (min > 0 && value.trim() === '')) issue(rule);
      else if (UNPRINTABLE.test(multiline ? value.replace(MULTILINE, '') : value)) {
        issue(`must be a text without control characters${multiline ? '' : ' and line breaks'}`);
      }
    })
    .meta({ graphql: 'String' });
}

/** A text of one form, which `rule` says. @example formed(/^[A-Z]{2}$/, 'must be two capital letters') */
export function formed(pattern: RegExp, rule: string) {
  return z.string({ error: rule }).regex(pattern, { error: rule }).meta({ graphql: 'String' });
}

/** An ISO 3166-1 alpha-2 code. */
export const countryInput = formed(/^[A-Z]{2}$/, 'must be a country of two capital letters (ISO 3166-1), for example DE');

/** An ISO 3166-2 code: the country comes first. */
export const regionInput = formed(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'must be a region as ISO 3166-2 code, for example US-CA');

/** A code of the list VATEX: why no VAT is charged. */
export const vatexInput = formed(
  /^VATEX-[A-Z]{2}-[A-Z0-9]{1,20}(-[A-Z0-9]{1,20}){0,3}$/,
  'must be a code of the list VATEX, for example VATEX-EU-AE',
);

/** A public id with this prefix; the value is the bare uuid. @example idOf('inv') */
export function idOf(prefix: string) {
  const rule = `must be an id that begins with "${prefix}_", as the API returned it`;
  return converted<Uuid>(rule, (value) => {
    const id = parsePublicId(value);
    return id.prefix === prefix ? id.uuid : undefined;
  }).meta({ graphql: 'ID', prefix });
}

/** A decimal string of at most 30 digits, either sign; the value is exact. @example amount() */
export function amount() {
  return converted<Decimal>(`must be a decimal string such as "-12.50", ${MAX_DECIMAL_DIGITS} digits at most`, decimal).meta({
    graphql: 'Decimal',
  });
}

/** A decimal string with bounds, both included, and at most `scale` decimals. @example decimalInput({ min: '0', max: '100', scale: 4 }) */
export function decimalInput({ min, max, scale }: { min?: string; max?: string; scale: number }) {
  const low = min === undefined ? undefined : decimal(min);
  const high = max === undefined ? undefined : decimal(max);
  const bounds = [min === undefined ? '' : ` of at least ${min}`, max === undefined ? '' : ` of at most ${max}`];
  const rule = `must be a decimal string${bounds.filter(Boolean).join(' and')} with at most ${scale} decimals`;
  return converted<Decimal>(rule, (value) => {
    const read = decimal(value);
    const fits = read.scale <= scale && (!low || compareDecimal(read, low) >= 0) && (!high || compareDecimal(read, high) <= 0);
    return fits ? read : undefined;
  }).meta({ graphql: 'Decimal' });
}

/** An ISO 4217 code in capital letters. */
export const currencyInput = converted<CurrencyCode>('must be an ISO 4217 currency code such as "EUR"', currency).meta({
  graphql: 'Currency',
});

/** A calendar day that exists, 1900-01-01 to 2999-12-31. */
export const dateInput = converted<PlainDate>(
  'must be a day that exists, as YYYY-MM-DD, from 1900-01-01 to 2999-12-31',
  (value) => (isPlainDate(value) ? value : undefined),
).meta({ graphql: 'Date' });

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
const DATE_TIME_RULE = 'must be a time with its offset, such as "2026-01-31T09:00:00Z"';

/** An ISO 8601 time with an offset, or a valid Date; the value is a Date. */
export const dateTimeInput = z
  .custom<string | Date>((value) => typeof value === 'string' || value instanceof Date, { error: DATE_TIME_RULE })
  .transform((value, context): Date => {
    const day = typeof value === 'string' ? DATE_TIME.exec(value)?.[1] : undefined;
    const instant = value instanceof Date ? value : new Date(day !== undefined && isPlainDate(day) ? value : Number.NaN);
    if (!Number.isNaN(instant.getTime())) return instant;
    context.addIssue({ code: 'custom', message: DATE_TIME_RULE });
    return z.NEVER;
  })
  .meta({ graphql: 'DateTime' });

const MONEY_TEXT = 'must be a decimal string such as "12.50"';

/** `{ amount: "12.50", currency: "EUR" }` → Money; refuses more decimals than the currency has. */
export const moneyInput: z.ZodType<Money> = z
  .strictObject(
    {
      amount: z.string({ error: MONEY_TEXT }).meta({ graphql: 'Decimal' }),
      currency: z
        .string({ error: 'must be an ISO 4217 currency code such as "EUR"' })
        .refine(isCurrency, { error: 'must be an ISO 4217 currency code such as "EUR"' })
        .meta({ graphql: 'Currency' }),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object with amount and currency' : undefined) },
  )
  .transform((value, context): Money => {
    const read = attempt(() => parseMoney(value.amount, value.currency));
    if (read !== undefined) return read;
    const message = `${MONEY_TEXT}, with no more decimals than ${value.currency} has and in the range of the books`;
    context.addIssue({ code: 'custom', path: ['amount'], message });
    return z.NEVER;
  })
  .meta({ graphql: 'MoneyInput' });

/** A whole number, bounds included; without bounds the range of GraphQL's Int. @example int({ min: 1, max: 12 }) */
export function int({ min = -2_147_483_648, max = 2_147_483_647 }: { min?: number; max?: number } = {}) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta({ graphql: 'Int' });
}

const JSON_MAX_CHARS = 20_000;

/** An object of JSON; what it must hold is known later. @example jsonObject */
export const jsonObject = z
  .record(z.string(), z.unknown(), { error: 'must be an object of JSON' })
  .refine((value) => JSON.stringify(value).length <= JSON_MAX_CHARS, {
    error: `must be an object of JSON of at most ${JSON_MAX_CHARS} characters`,
  })
  .meta({ graphql: 'Json' });

/** True or false. */
export const flag = z.boolean({ error: 'must be true or false' }).meta({ graphql: 'Boolean' });

/** One of the values; `name` is the GraphQL enum. @example choice('DisputeReason', ['PRICE', 'QUANTITY']) */
export function choice<const Value extends string>(name: string, values: readonly [Value, ...Value[]] | readonly Value[]) {
  return z.enum(values as readonly Value[], { error: `must be ${oneOf(values)}` }).meta({ graphql: name, values });
}

/** A string that `convert` turns into a value; undefined or a DomainError of `convert` is a breach of the rule. */
function converted<Value>(rule: string, convert: (text: string) => Value | undefined) {
  return z.string({ error: rule }).transform((value, context): Value => {
    const read = attempt(() => convert(value));
    if (read !== undefined) return read;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

function attempt<Value>(convert: () => Value): Value | undefined {
  try {
    return convert();
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
