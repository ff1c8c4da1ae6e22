/** The arguments of a list: which page, in which order, as of when. */
import { DomainError } from '../kernel/errors.ts';
import { cursorMark, readCursor } from './cursor.ts';
import { requireKnownAt } from './moment.ts';
import { all, mapped, type Maybe, settled } from './later.ts';
import { needPermission, type Reader } from './reader.ts';
import type { Moment, ReadRecord } from './record.ts';
import { shownField } from './shown.ts';
import type { OrderTerm, Page, Position, PositionValue } from './tree.ts';

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 1_000;
const TERMS_MAX = 5;

type Args = Readonly<Record<string, unknown>>;

export interface ListPage {
  readonly order: readonly OrderTerm[];
  readonly mark: string;
  readonly page: Page;
}

export interface ListContext {
  readonly reader: Reader;
  readonly record: ReadRecord;
  readonly path: readonly string[];
  readonly moment: Moment;
  /** Property names, a leading `-` for descending: when the client gives no order. */
  readonly defaultOrder: readonly string[];
}

export function listPage(context: ListContext, args: Args): ListPage {
  const { record, moment } = context;
  const order = withId(record, requestedOrder(context, args.orderBy) ?? namedOrder(record, context.defaultOrder));
  const mark = cursorMark(record, order, moment);
  const { size, isBackward, cursor } = pageArguments(args);
  return {
    order,
    mark,
    page: {
      size,
      isBackward,
      from: cursor === null ? null : positionOf(mapped(cursor, (text) => readCursor(text, mark, order))),
    },
  };
}

/** Which values are null decides how a position is compared. */
export function positionOf(position: Maybe<readonly PositionValue[]>): Position {
  const nulls = settled(mapped(position, (values) => values.map((value) => (value === null ? 'null' : '')).join(' ')));
  return nulls.split(' ').map((value, at) => (value === 'null' ? null : mapped(position, (values) => values[at] ?? null)));
}

function pageArguments({ first, last, after, before }: Args) {
  const refuse = (message: string) => new DomainError('PAGE_ARGUMENTS_INVALID', message);
  const given = (value: unknown) => value !== undefined && value !== null;
  if (given(first) && given(last))
    throw refuse('first and last contradict each other: use first with after, or last with before.');
  if (given(after) && given(before))
    throw refuse('after and before contradict each other: use first with after, or last with before.');
  if (given(first) && given(before)) throw refuse('first goes with after, and last with before.');
  if (given(last) && given(after)) throw refuse('last goes with before, and first with after.');
  const isBackward = given(last) || given(before);
  const size = settled(((isBackward ? last : first) ?? PAGE_DEFAULT) as Maybe<number>);
  if (size < 0) throw refuse(`A page has 0 to ${PAGE_MAX} rows, not ${JSON.stringify(size)}.`);
  if (size > PAGE_MAX) {
    throw new DomainError(
      'PAGE_TOO_LARGE',
      `A page has at most ${PAGE_MAX} rows, not ${size}: page with after, or use export for a whole list.`,
      { details: { asked: size, most: PAGE_MAX } },
    );
  }
  return { size, isBackward, cursor: ((isBackward ? before : after) ?? null) as Maybe<string> | null };
}

interface OrderInput {
  readonly field: Maybe<string>;
  readonly direction?: Maybe<'ASC' | 'DESC'>;
}

function requestedOrder({ reader, record, path }: ListContext, orderBy: unknown): OrderTerm[] | null {
  const terms = (orderBy ?? []) as readonly OrderInput[];
  if (terms.length === 0) return null;
  if (terms.length > TERMS_MAX) throw new DomainError('TOO_MANY_ITEMS', `orderBy takes at most ${TERMS_MAX} fields.`);
  return terms.map(({ field: asked, direction }) => {
    const name = settled(asked);
    const field = shownField(record, name);
    if (field?.kind !== 'scalar' && field?.kind !== 'money') throw new Error(`${record.name} can't be ordered by ${name}.`);
    needPermission(reader, field.permission, [...path, 'orderBy', name]);
    return { column: field.column, isDescending: direction !== undefined && settled(direction) === 'DESC' };
  });
}

/** @example namedOrder(invoice, ['-issuedOn']) */
export function namedOrder(record: ReadRecord, names: readonly string[]): OrderTerm[] {
  return names.map((name) => {
    const column = record.columns[name.replace(/^-/, '')];
    if (!column) throw new Error(`${record.name} has no property ${name}.`);
    return { column, isDescending: name.startsWith('-') };
  });
}

/** Each column once, and the id last, in the direction of the last column, so that one index answers both. */
export function withId(record: ReadRecord, terms: readonly OrderTerm[]): OrderTerm[] {
  const { id } = record.columns;
  if (!id) throw new Error(`${record.name} has no property id.`);
  const once = terms.filter((term, i) => terms.findIndex(({ column }) => column === term.column) === i);
  const upToId = once.findIndex(({ column }) => column === id);
  if (upToId >= 0) return once.slice(0, upToId + 1);
  return [...once, { column: id, isDescending: once.at(-1)?.isDescending ?? false }];
}

/**
 * The moment that a list's arguments ask for, else that of the list around it.
 * @throws DomainError KNOWN_AT_TOO_RECENT
 */
export function momentOf({ reader, record, moment }: Omit<ListContext, 'defaultOrder'>, { asOf, knownAt }: Args): Moment {
  if (!record.definition.at || (asOf ?? knownAt ?? null) === null) return moment;
  // a moment changes the text, and nearly all who give one give the same
  return {
    asOf: settled((asOf ?? null) as Maybe<string> | null),
    knownAt: knownAt ? knownSince(reader.now, knownAt as Maybe<Date>) : null,
  };
}

function knownSince(now: Maybe<Date>, knownAt: Maybe<Date>): Date {
  const instant = mapped(all<[Date, Date]>([now, knownAt]), ([at, asked]) => requireKnownAt(at, asked).toISOString());
  return new Date(settled(instant));
}
