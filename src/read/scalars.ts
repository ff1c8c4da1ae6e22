/**
 * The scalars of the graph. Numbers that must be exact travel as text. What comes in is checked here, so that no value reaches
 * the database that its column can't hold; what goes out was stored by us and is passed on as it is.
 */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLEmailAddress, GraphQLURL } from 'graphql-scalars';
import { Int, ID } from 'type-graphql';
import { CURRENCIES } from '../kernel/currency.ts';
import { FIRST_DATE, isPlainDate, LAST_DATE } from '../kernel/date.ts';
import { decimal } from '../kernel/decimal.ts';
import { durationMs } from '../kernel/duration.ts';
import { isCurrency } from '../kernel/currency.ts';
import type { ScalarName } from './record.ts';

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** @throws anything when the text isn't one. */
  read(text: string): unknown;
  /** What would be right, for the message. */
  readonly form: string;
}

function textScalar({ name, description, specifiedByURL, read, form }: TextScalar): GraphQLScalarType {
  const parse = (value: unknown): unknown => {
    const refused = () => new GraphQLError(`${name} must be ${form}.`, { extensions: { code: 'BAD_USER_INPUT' } });
    if (typeof value !== 'string' || value.includes('\u0000')) throw refused();
    try {
      return read(value);
    } catch {
      throw refused();
    }
  };
  return new GraphQLScalarType({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
    parseValue: parse,
    // a number would have passed through a binary float in many clients already
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const check = (isFine: boolean): void => {
  if (!isFine) throw new Error('not of this form');
};

export const DecimalScalar = textScalar({
  name: 'Decimal',
  description: 'An exact decimal number as text, such as "-12.50": digits with "." between, at most 30, no exponent.',
  form: 'a text such as "-12.50", with at most 30 digits',
  read: (text) => {
    decimal(text);
    return text;
  },
});

export const DateScalar = textScalar({
  name: 'Date',
  description: `A calendar day as YYYY-MM-DD, from ${FIRST_DATE} to ${LAST_DATE}; it has no time zone.`,
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  form: `a day that exists, as YYYY-MM-DD from ${FIRST_DATE} to ${LAST_DATE}`,
  read: (text) => {
    check(isPlainDate(text));
    return text;
  },
});

const INSTANT = /^(\d{4}-\d\d-\d\d)[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: 'An instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z. Other offsets are understood.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  form: 'an instant with its offset, such as "2026-01-31T09:30:00Z"',
  read: (text) => {
    const [, day = ''] = INSTANT.exec(text) ?? [];
    const instant = new Date(text);
    check(isPlainDate(day) && !Number.isNaN(instant.getTime()));
    return instant;
  },
});

export const CurrencyScalar = textScalar({
  name: 'CurrencyCode',
  description: `A currency of ISO 4217 in capital letters, such as EUR. ${CURRENCIES.length} are known.`,
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  form: 'a currency of ISO 4217 in capital letters, such as "EUR"',
  read: (text) => {
    check(isCurrency(text));
    return text;
  },
});

const EmailScalar = textScalar({
  name: 'EmailAddress',
  description: 'An e-mail address, such as ann@example.com.',
  specifiedByURL: 'https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address',
  form: 'an e-mail address, such as "ann@example.com"',
  read: (text) => GraphQLEmailAddress.parseValue(text),
});

const UrlScalar = textScalar({
  name: 'URL',
  description: 'An absolute URL.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  form: 'an absolute URL, such as "https://example.com/"',
  read: (text) => String(GraphQLURL.parseValue(text)),
});

export const CursorScalar = textScalar({
  name: 'Cursor',
  description: 'A place in a list. Opaque: pass it back as it came, under the same orderBy, asOf and knownAt.',
  form: 'a cursor as the API returned it',
  read: (text) => text,
});

export const DurationScalar = textScalar({
  name: 'Duration',
  description: 'A span of time as ISO 8601 writes it, in days, hours, minutes and seconds, such as PT5M.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#appendix-A',
  form: 'a span of days, hours, minutes and seconds, such as "PT5M"',
  read: (text) => {
    const ms = durationMs(text);
    check(ms !== undefined);
    return ms;
  },
});

export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
});

/** What type-graphql takes for each scalar. */
export const SCALARS: Readonly<Record<ScalarName, GraphQLScalarType | StringConstructor | BooleanConstructor>> = {
  ID,
  String,
  Int,
  Boolean,
  Decimal: DecimalScalar,
  Date: DateScalar,
  DateTime: DateTimeScalar,
  Currency: CurrencyScalar,
  Email: EmailScalar,
  Url: UrlScalar,
  Cursor: CursorScalar,
  Json: JsonScalar,
};

export const isScalarName = (name: string): name is ScalarName => Object.hasOwn(SCALARS, name);
