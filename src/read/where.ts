/**
 * A `where` argument as a predicate. The input type allows only what a field's type can do; this file turns public ids,
 * amounts and search texts into what the columns hold, and checks the permission of every field that is named.
 */
import { type CurrencyCode, currency } from '../kernel/currency.ts';
import { DomainError } from '../kernel/errors.ts';
import { parsePublicId } from '../kernel/ids.ts';
import { parseMoney } from '../kernel/money.ts';
import { and, FALSE, isNull, not, or, type Scalar, some, TRUE } from '../kernel/predicate.ts';
import { normalise, upperFirst } from '../kernel/text.ts';
import { listOf, refused, refuseDepth } from './condition-input.ts';
import { all, type Condition, mapped, type Maybe, settled } from './later.ts';
import { needPermission, needRecord, type Reader } from './reader.ts';
import type { ReadRecord } from './record.ts';
import { type ManyShown, type MoneyShown, type ScalarShown, shownField } from './shown.ts';

export interface WhereContext {
  readonly reader: Reader;
  readonly record: ReadRecord;
  /** For messages: `['invoices', 'where']`. */
  readonly path: readonly string[];
}

type Input = Readonly<Record<string, unknown>>;

/** @throws DomainError INVALID_INPUT, INVALID_ID, AMOUNT_INVALID, TOO_MANY_ITEMS with the path */
export function wherePredicate(context: WhereContext, where: unknown): Condition {
  return conditions(context, { input: where, depth: 0 });
}

function conditions(context: WhereContext, { input, depth }: { input: unknown; depth: number }): Condition {
  if (input === undefined || input === null) return TRUE;
  refuseDepth(depth, context.path);
  return and(...Object.entries(input as Input).map(([name, part]) => condition(context, { name, part, depth })));
}

interface Part {
  readonly name: string;
  readonly part: unknown;
  readonly depth: number;
}

function condition(context: WhereContext, { name, part, depth }: Part): Condition {
  const path = [...context.path, name];
  const inner = (input: unknown, at = path) => conditions({ ...context, path: at }, { input, depth: depth + 1 });
  if (name === 'and') return and(...((part ?? []) as unknown[]).map((one, i) => inner(one, [...path, String(i)])));
  if (name === 'or') {
    // an absent list asks for nothing, an empty one can't be met
    return part === null ? TRUE : or(...(part as unknown[]).map((one, i) => inner(one, [...path, String(i)])));
  }
  if (name === 'not') return part === null ? TRUE : not(inner(part));
  if (part === null) throw refused(path, 'is null: leave it out, or use isNull');
  const field = shownField(context.record, name);
  if (field?.kind === 'one') return relatedCondition(context, { name, part, depth, path });
  if (field?.kind === 'many') return listCondition(context, field, { name, part, depth, path });
  if (field?.kind !== 'scalar' && field?.kind !== 'money') throw new Error(`${context.record.name}.${name} can't be filtered.`);
  needPermission(context.reader, field.permission, path);
  const operators = Object.entries(part as Input);
  if (field.kind === 'money') return moneyCondition(field, part as Input, path);
  return and(
    ...operators.map(([operator, value]) => scalarCondition({ context, field, path: [...path, operator] }, operator, value)),
  );
}

function relatedCondition(
  { reader, record }: WhereContext,
  { name, part, depth, path }: Part & { readonly path: readonly string[] },
): Condition {
  const field = shownField(record, name);
  if (field?.kind !== 'one') throw new Error(`${record.name}.${name} is no relation.`);
  const { catalogue } = reader;
  const other = catalogue.record(field.relation.record);
  needPermission(reader, field.permission, path);
  needRecord(reader, other, path);
  const between = field.relation.through === undefined ? undefined : record.definition.relations?.[field.relation.through];
  if (between) needRecord(reader, catalogue.record(between.record), path);
  return some(name, conditions({ reader, record: other, path }, { input: part, depth: depth + 1 }));
}

/** Of the records that belong to a listed one: some of them fulfil this, none of them does. */
function listCondition(
  { reader }: WhereContext,
  { relation, permission }: ManyShown,
  { name, part, depth, path }: Part & { readonly path: readonly string[] },
): Condition {
  const other = reader.catalogue.record(relation.record);
  needPermission(reader, permission, path);
  needRecord(reader, other, path);
  return and(
    ...Object.entries(part as Input).map(([quantity, input]) => {
      const at = [...path, quantity];
      if (input === null) throw refused(at, 'is null: leave it out, or use {} for any');
      const fits = some(name, conditions({ reader, record: other, path: at }, { input, depth: depth + 1 }));
      return quantity === 'none' ? not(fits) : fits;
    }),
  );
}

interface ScalarContext {
  readonly context: WhereContext;
  readonly field: ScalarShown;
  readonly path: readonly string[];
}

function scalarCondition({ context, field, path }: ScalarContext, operator: string, value: unknown): Condition {
  if (value === null) throw refused(path, 'is null: leave it out, or use isNull');
  const { property } = field.column;
  const scalar = (one: Scalar): Scalar => (field.ref === null ? one : uuidOf({ context, field, path }, one as string));
  switch (operator) {
    case 'isNull':
      return isNull(property, settled(value as Maybe<boolean>));
    case 'in':
    case 'notIn': {
      const values = mapped(listOf<Scalar>(value, path), (list) => list.map(scalar));
      // none of nothing is everything, and one of nothing can't be
      if (settled(mapped(values, (list) => list.length === 0))) return operator === 'in' ? FALSE : TRUE;
      return { op: operator, field: property, values };
    }
    case 'contains':
    case 'startsWith':
      return textCondition({ context, field, path }, operator, value as Maybe<string>);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { op: operator, field: property, value: mapped(value as Maybe<Scalar>, scalar) };
    default:
      throw new Error(`No operator is called ${operator}.`);
  }
}

/** Where the record has a search text of the field (`searchName` of `name`), that one: no accents, no capitals, and an index. */
function textCondition({ context, field }: ScalarContext, operator: 'contains' | 'startsWith', value: Maybe<string>): Condition {
  const search = context.record.columns[`search${upperFirst(field.column.property)}`];
  return search
    ? { op: operator, field: search.property, value: mapped(value, normalise) }
    : { op: operator, field: field.column.property, value };
}

function uuidOf({ context, field, path }: ScalarContext, text: string): string {
  const { definition } = context.reader.catalogue.record(field.ref ?? '');
  return uuidWith(definition.prefix, text, path);
}

/** The uuid of a public id of one kind. @throws DomainError INVALID_ID */
export function uuidWith(prefix: string, text: string, path: readonly string[]): string {
  const parsed = parsePublicId(text);
  if (parsed.prefix === prefix) return parsed.uuid;
  throw new DomainError('INVALID_ID', `${path.join('.')} needs an id that begins with "${prefix}_", not "${parsed.prefix}_".`, {
    details: { path },
  });
}

const MONEY_OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;

/** Amounts compare within one currency only. */
function moneyCondition(field: MoneyShown, input: Input, path: readonly string[]): Condition {
  const code = mapped(input.currency as Maybe<string>, currency);
  const amounts = MONEY_OPERATORS.filter((op) => input[op] !== undefined).map((op): Condition => {
    if (input[op] === null) throw refused([...path, op], 'is null: leave it out, or use isNull');
    const given = all<[string, CurrencyCode]>([input[op] as Maybe<string>, code]);
    return { op, field: field.column.property, value: mapped(given, ([text, unit]) => parseMoney(text, unit).minor) };
  });
  const isAbsent =
    (input.isNull ?? null) === null ? [] : [isNull(field.column.property, settled(input.isNull as Maybe<boolean>))];
  return and<Maybe<Scalar>, Maybe<readonly Scalar[]>>(
    { op: 'eq', field: field.currency.property, value: code },
    ...amounts,
    ...isAbsent,
  );
}
