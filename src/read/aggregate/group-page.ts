/** The arguments of an aggregate that say which groups, in which order: a complete order, and a page that can be resumed. */
import { createHash } from 'node:crypto';
import { DomainError } from '../../kernel/errors.ts';
import { readCursor } from '../cursor.ts';
import { mapped, type Maybe, settled } from '../later.ts';
import { positionOf } from '../paging.ts';
import type { ColumnType, Moment, ReadColumn, ReadRecord } from '../record.ts';
import type { Position } from '../tree.ts';
import type { Figure, GroupOrder, KeyTerm } from './aggregate-tree.ts';
import type { AggregateFunction, Measure } from './measures.ts';

export const GROUPS_MAX = 1_000;
/** As many as there can be: what is cut off without being asked for makes a chart lie. */
export const GROUPS_DEFAULT = 1_000;
const TERMS_MAX = 5;

interface PageContext {
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly keys: readonly KeyTerm[];
  readonly path: readonly string[];
  /** By its name in arguments; its permission is checked. */
  measure(name: string, path: readonly string[]): Measure | null;
}

interface OrderInput {
  readonly key?: Maybe<string> | null;
  readonly measure?: Maybe<string> | null;
  readonly function?: Maybe<AggregateFunction> | null;
  readonly currency?: Maybe<string> | null;
  readonly direction?: Maybe<'ASC' | 'DESC'>;
}

interface GroupPage {
  readonly order: readonly GroupOrder[];
  readonly mark: string;
  readonly size: number;
  readonly from: Position | null;
}

/** @throws DomainError INVALID_INPUT, TOO_MANY_ITEMS, PAGE_ARGUMENTS_INVALID, PAGE_TOO_LARGE, CURSOR_INVALID, CURSOR_ORDER_MISMATCH */
export function groupPage(context: PageContext, args: Readonly<Record<string, unknown>>): GroupPage {
  const order = completeOrder(context, (args.orderBy ?? []) as readonly OrderInput[]);
  const mark = markOf(context, order);
  const cursor = (args.after ?? null) as Maybe<string> | null;
  return {
    order,
    mark,
    size: sizeOf((args.first ?? GROUPS_DEFAULT) as Maybe<number>),
    from: cursor === null ? null : positionOf(mapped(cursor, (text) => readCursor(text, mark, order))),
  };
}

function sizeOf(first: Maybe<number>): number {
  const size = settled(first);
  if (size < 1) throw new DomainError('PAGE_ARGUMENTS_INVALID', `A page has 1 to ${GROUPS_MAX} groups, not ${size}.`);
  if (size <= GROUPS_MAX) return size;
  throw new DomainError(
    'PAGE_TOO_LARGE',
    `A page has at most ${GROUPS_MAX} groups, not ${size}: page with after, group more coarsely, or filter by where or having.`,
    { details: { asked: size, most: GROUPS_MAX } },
  );
}

/** What is asked for, and then by every key that isn't in it, so that no two groups are equal. */
function completeOrder(context: PageContext, inputs: readonly OrderInput[]): GroupOrder[] {
  if (inputs.length > TERMS_MAX) throw new DomainError('TOO_MANY_ITEMS', `orderBy takes at most ${TERMS_MAX} steps.`);
  const asked = inputs.map((input, i) => askedOrder(context, input, [...context.path, 'orderBy', String(i)]));
  const rest = context.keys.flatMap((_, keyAt): GroupOrder[] =>
    asked.some(({ by }) => 'keyAt' in by && by.keyAt === keyAt) ? [] : [byKey(context, keyAt, false)],
  );
  return [...asked, ...rest];
}

function askedOrder(context: PageContext, input: OrderInput, path: readonly string[]): GroupOrder {
  const key = settled((input.key ?? null) as Maybe<string | null>);
  const name = settled((input.measure ?? null) as Maybe<string | null>);
  const isDescending = settled(input.direction ?? 'ASC') === 'DESC';
  if ((key === null) === (name === null)) throw refused(path, 'needs either key or measure');
  if (key !== null) {
    if ((input.function ?? input.currency ?? null) !== null)
      throw refused(path, 'has a key, so it takes no function or currency');
    const keyAt = context.keys.findIndex(({ dimension }) => dimension.name === key);
    if (keyAt < 0) throw refused([...path, 'key'], 'is not in groupBy: add it there, or leave it out');
    return byKey(context, keyAt, isDescending);
  }
  // cursors of one currency are none of another
  const currency = settled((input.currency ?? null) as Maybe<string | null>);
  const figure = figureOf({ ...input, currency, measure: context.measure(name ?? '', [...path, 'measure']) }, path);
  return { by: { figure }, column: figureColumn(figure), isDescending };
}

interface FigureInput extends Omit<OrderInput, 'measure'> {
  readonly measure: Measure | null;
}

/** @throws DomainError INVALID_INPUT for what the measure can't be asked */
export function figureOf({ measure, ...input }: FigureInput, path: readonly string[]): Figure {
  const asked = settled((input.function ?? null) as Maybe<AggregateFunction | null>);
  const currency = input.currency ?? null;
  if (measure?.kind !== 'money' && currency !== null) throw refused([...path, 'currency'], 'is for amounts of money');
  if (measure === null) {
    if (asked !== null && asked !== 'COUNT') throw refused([...path, 'function'], 'is for measures: rows are only counted');
    return { measure, function: 'COUNT', currency: null };
  }
  if (measure.kind === 'time' && (asked === 'SUM' || asked === 'AVG'))
    throw refused([...path, 'function'], `must be MIN, MAX or COUNT: ${measure.name} is a time`);
  if (measure.kind === 'money' && measure.conversion === null && currency === null)
    throw refused([...path, 'currency'], `is needed: ${measure.name} stores no rate to the group's currency`);
  return { measure, function: asked ?? (measure.kind === 'time' ? 'MIN' : 'SUM'), currency };
}

export function figureType({ measure, function: name }: Figure): ColumnType {
  if (measure === null || name === 'COUNT') return 'bigint';
  return measure.kind === 'time' ? measure.field.column.type : 'numeric';
}

/** As if it were a column, for what cursors are made of. */
const column = (property: string, type: ColumnType): ReadColumn => ({
  property,
  column: property,
  type,
  nullable: true,
  isSearchText: false,
  meta: null,
});

const figureColumn = (figure: Figure): ReadColumn =>
  column(`${figure.measure?.name ?? 'rows'} ${figure.function} ${settled(figure.currency ?? '')}`, figureType(figure));

function byKey({ keys }: PageContext, keyAt: number, isDescending: boolean): GroupOrder {
  const key = keys[keyAt];
  if (!key) throw new Error(`There is no key ${keyAt}.`);
  const { dimension, span } = key;
  return { by: { keyAt }, column: column(dimension.name, span ? 'date' : dimension.field.column.type), isDescending };
}

/** A short hash of what the positions mean. */
function markOf({ record, moment, keys }: PageContext, order: readonly GroupOrder[]): string {
  const parts = [
    `groups of ${record.name}`,
    ...keys.map(({ dimension, span }) => `${dimension.name} ${span?.bucket ?? ''} ${span?.timeZone ?? ''}`),
    ...order.map(({ column: { property }, isDescending }) => `${isDescending ? '-' : ''}${property}`),
    `${moment.asOf ?? ''} ${moment.knownAt?.toISOString() ?? ''}`,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 6);
}

// graphql-js takes an error that has a path of its own for one that it has located already, so the path goes into details
const refused = (path: readonly string[], problem: string) =>
  new DomainError('INVALID_INPUT', `${path.join('.')} ${problem}.`, { details: { path } });
