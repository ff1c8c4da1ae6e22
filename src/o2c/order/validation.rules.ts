/**
 * Validation rules as data: which field of an order or of its lines must be how. A rule is checked when it is set, so that a
 * stored one can always be looked at. Pure.
 */
import { compareDecimal, type Decimal, decimal } from '../../kernel/decimal.ts';
import { isPlainDate } from '../../kernel/date.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { convert, type Money, money, moneyDecimal } from '../../kernel/money.ts';
import type { RowOf } from '../../write/command.ts';
import { type OrderLineRow, type OrderRow, plain, wantedOf } from './line-amounts.rules.ts';
import type { ValidationRule } from './order.entity.ts';

export const OPERATORS = ['IS_PRESENT', 'EQ', 'NE', 'LT', 'LTE', 'GT', 'GTE', 'IN', 'NOT_IN', 'STARTS_WITH'] as const;
export type Operator = (typeof OPERATORS)[number];
export const MAX_OPERANDS = 100;

type Kind = 'TEXT' | 'DATE' | 'NUMBER';
type Value = string | Decimal | null;

/** The part of a rule that decides. */
export interface Rule extends Pick<RowOf<typeof ValidationRule>, 'code' | 'description' | 'legalEntityId' | 'stage' | 'field'> {
  readonly operator: Operator;
  readonly operands: readonly string[];
}

interface Field<Row> {
  readonly kind: Kind;
  of(row: Row): Value;
}

const field = <Row>(kind: Kind, of: (row: Row) => Value): Field<Row> => ({ kind, of });
const amount = (m: Money): Decimal => moneyDecimal(m);
const inGroup = (order: OrderRow, minor: bigint): Money =>
  convert(money(minor, order.currency), decimal(order.groupRate), order.groupCurrency);

const ORDER_FIELDS: Readonly<Record<string, Field<OrderRow>>> = {
  customerReference: field('TEXT', (o) => o.customerReference),
  currency: field('TEXT', (o) => o.currency),
  shipToName: field('TEXT', (o) => o.shipToName),
  shipToAddress: field('TEXT', (o) => o.shipToAddress),
  shipToCountry: field('TEXT', (o) => o.shipToCountry),
  shipToRegion: field('TEXT', (o) => o.shipToRegion),
  orderedOn: field('DATE', (o) => o.orderedOn),
  requestedOn: field('DATE', (o) => o.requestedOn),
  net: field('NUMBER', (o) => amount(money(o.netMinor, o.currency))),
  total: field('NUMBER', (o) => amount(money(o.totalMinor, o.currency))),
  groupTotal: field('NUMBER', (o) => amount(inGroup(o, o.totalMinor))),
};

const LINE_FIELDS: Readonly<Record<string, Field<OrderLineRow>>> = {
  'lines.sku': field('TEXT', (l) => l.sku),
  'lines.description': field('TEXT', (l) => l.description),
  'lines.unit': field('TEXT', (l) => l.unit),
  'lines.priceRule': field('TEXT', (l) => l.priceRule),
  'lines.taxCategory': field('TEXT', (l) => l.taxCategory),
  'lines.quantity': field('NUMBER', wantedOf),
  'lines.unitPrice': field('NUMBER', (l) => decimal(l.unitPrice)),
  'lines.discountPercent': field('NUMBER', (l) => decimal(l.discountPercent)),
  'lines.taxRate': field('NUMBER', (l) => decimal(l.taxRate)),
  'lines.net': field('NUMBER', (l) => amount(money(l.netMinor, l.currency))),
};

export const VALIDATION_FIELDS: readonly string[] = [...Object.keys(ORDER_FIELDS), ...Object.keys(LINE_FIELDS)];

const COUNT: Readonly<Record<Operator, 0 | 1 | 'LIST'>> = {
  IS_PRESENT: 0,
  EQ: 1,
  NE: 1,
  LT: 1,
  LTE: 1,
  GT: 1,
  GTE: 1,
  IN: 'LIST',
  NOT_IN: 'LIST',
  STARTS_WITH: 1,
};
const ORDERED: ReadonlySet<Operator> = new Set(['LT', 'LTE', 'GT', 'GTE']);

const invalid = (path: string, message: string) => new DomainError('INVALID_INPUT', message, { path: [path] });

/** Can the rule be looked at? @throws INVALID_INPUT that names the field and what would be right */
export function requireRule({ field: name, operator, operands }: Pick<Rule, 'field' | 'operator' | 'operands'>): void {
  const kind = (ORDER_FIELDS[name] ?? LINE_FIELDS[name])?.kind;
  if (!kind || !VALIDATION_FIELDS.includes(name)) throw invalid('field', `field must be one of ${VALIDATION_FIELDS.join(', ')}.`);
  if (ORDERED.has(operator) && kind === 'TEXT')
    throw invalid(
      'operator',
      `operator must not be ${operator} for ${name}, which is a text: use EQ, NE, IN, NOT_IN, STARTS_WITH or IS_PRESENT.`,
    );
  if (operator === 'STARTS_WITH' && kind !== 'TEXT')
    throw invalid('operator', `operator must not be STARTS_WITH for ${name}, which is no text.`);
  const count = COUNT[operator];
  if (count === 'LIST' ? operands.length === 0 : operands.length !== count) {
    const right = count === 'LIST' ? 'one or more' : count === 0 ? 'none' : 'one';
    throw invalid('operands', `operands must hold ${right} for ${operator}.`);
  }
  operands.forEach((operand, i) => {
    const is = { TEXT: true, DATE: isPlainDate(operand), NUMBER: isDecimal(operand) }[kind];
    if (is) return;
    const right = kind === 'DATE' ? 'a day as YYYY-MM-DD' : 'a decimal such as "-12.50"';
    throw new DomainError('INVALID_INPUT', `operands.${i} must be ${right}, as ${name} is.`, { path: ['operands', String(i)] });
  });
}

function isDecimal(text: string): boolean {
  try {
    decimal(text);
    return true;
  } catch (error) {
    if (isDomainError(error)) return false;
    throw error;
  }
}

export interface Failure {
  readonly rule: Rule;
  /** What was found instead, as a sentence. */
  readonly found: string;
}

/** The rules that don't hold for an order, with what was found. A line that is all cancelled isn't looked at. */
export function failuresOf(rules: readonly Rule[], order: OrderRow, lines: readonly OrderLineRow[]): Failure[] {
  const wanted = lines.filter((line) => wantedOf(line).coefficient > 0n);
  return rules.flatMap((rule) => {
    if (rule.legalEntityId !== null && rule.legalEntityId !== order.legalEntityId) return [];
    const ofOrder = ORDER_FIELDS[rule.field];
    if (ofOrder) {
      const value = ofOrder.of(order);
      return holds(rule, ofOrder.kind, value) ? [] : [{ rule, found: `${rule.field} is ${shown(value)}.` }];
    }
    const ofLine = LINE_FIELDS[rule.field];
    const failing = ofLine ? wanted.find((line) => !holds(rule, ofLine.kind, ofLine.of(line))) : undefined;
    if (!ofLine || !failing) return [];
    return [{ rule, found: `${rule.field} of line ${failing.lineNumber} is ${shown(ofLine.of(failing))}.` }];
  });
}

/** What is absent is no value: only IS_PRESENT asks for one, and it differs from everything. */
function holds({ operator, operands }: Rule, kind: Kind, value: Value): boolean {
  if (value === null) return operator === 'NE' || operator === 'NOT_IN';
  if (operator === 'IS_PRESENT') return true;
  if (operator === 'STARTS_WITH') return typeof value === 'string' && value.startsWith(operands[0] ?? '');
  const signs = operands.map((operand) => signOf(value, kind === 'NUMBER' ? decimal(operand) : operand));
  const [sign = 0] = signs;
  switch (operator) {
    case 'LT':
      return sign < 0;
    case 'LTE':
      return sign <= 0;
    case 'GT':
      return sign > 0;
    case 'GTE':
      return sign >= 0;
    case 'NE':
    case 'NOT_IN':
      return !signs.includes(0);
    default:
      return signs.includes(0);
  }
}

function signOf(a: string | Decimal, b: string | Decimal): -1 | 0 | 1 {
  if (typeof a === 'object' && typeof b === 'object') return compareDecimal(a, b);
  return a === b ? 0 : a < b ? -1 : 1;
}

function shown(value: Value): string {
  if (value === null) return 'missing';
  return typeof value === 'string' ? `"${value}"` : plain(value);
}
