/** Flat reports in the graph: a root field each, made from its definition. One row is one object of scalars. */
import { type GraphQLScalarType } from 'graphql';
import { type ClassType, Ctx, Extensions, ID, Int, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { cursorText, parseCursor } from '../../outbox/event-row.ts';
import { addArguments, type FieldSpec, namedClass } from '../../read/schema-classes.ts';
import { CurrencyScalar, CursorScalar, DateScalar, DateTimeScalar, DecimalScalar, objectClass } from '../../read/schema.ts';
import type { GraphContext } from '../../write/context.ts';
import { uuidOf } from '../../write/report.graphql.ts';
import { markOf, placeText, readPlace } from './cursor.read.ts';
import { type Report, type ReportColumn, reportPageSql, type ReportType, shownName } from './report.read.ts';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;
/** Beside 1 for each row: a page is an index range; what is open, or a period, is read whole. */
const COST = 20;
const COST_OF_PERIOD = 500;

const TYPES: Readonly<Record<ReportType, GraphQLScalarType | StringConstructor | BooleanConstructor>> = {
  uuid: ID,
  text: String,
  int: Int,
  numeric: DecimalScalar,
  currency: CurrencyScalar,
  date: DateScalar,
  timestamptz: DateTimeScalar,
  boolean: Boolean,
};

/** @example fieldOf('cash_rows') // 'cashRows' */
export const fieldOf = ({ name }: Pick<Report, 'name'>): string => shownName(name);

/** @example typeName(salesReport) // 'SalesReport' */
const typeName = (report: Report): string =>
  `${fieldOf(report)
    .replace(/^./, (letter) => letter.toUpperCase())
    .replace(/(Rows|s)$/, '')}Report`;

const nullable = true;

/** The days of a report over a period have to be said; of others they choose rows. */
function daysOf({ filters, over }: Report): readonly FieldSpec[] {
  const type = () => DateScalar;
  if (over === 'period') {
    return [
      { name: 'from', type, description: 'The first day of the period.' },
      { name: 'to', type, description: 'Its last day.' },
    ];
  }
  if (filters.day === undefined) return [];
  const day = `Only rows whose \`${shownName(filters.day)}\` is on this day or`;
  return [
    { name: 'from', type, nullable, description: `${day} later.` },
    { name: 'to', type, nullable, description: `${day} earlier.` },
  ];
}

/** What a report can be asked for with: also by `/reports`, under the same names. */
export function argumentsOf(report: Report): readonly FieldSpec[] {
  const { legalEntity, customer, currency } = report.filters;
  const only = (is: true | undefined, spec: Omit<FieldSpec, 'nullable'>) => (is ? [{ ...spec, nullable }] : []);
  return [
    { name: 'first', type: () => Int, defaultValue: PAGE_DEFAULT, description: `How many rows at most; up to ${PAGE_MAX}.` },
    { name: 'after', type: () => String, nullable, description: 'The `cursor` of the page before; absent: from the start.' },
    ...only(report.changed ? true : undefined, {
      name: 'changedSince',
      type: () => CursorScalar,
      description:
        'The `position` of an earlier reading: only rows that something happened to since. Put them in the place of those with the same id.',
    }),
    ...daysOf(report),
    ...only(legalEntity, { name: 'legalEntityId', type: () => ID, description: 'Only this legal entity.' }),
    ...only(customer, { name: 'customerId', type: () => ID, description: 'Only this customer.' }),
    ...only(currency, { name: 'currency', type: () => CurrencyScalar, description: 'Only rows in this currency.' }),
  ];
}

interface ReportArguments {
  readonly first: number;
  readonly after?: string | null;
  readonly changedSince?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly legalEntityId?: string | null;
  readonly customerId?: string | null;
  readonly currency?: string | null;
}

interface Found {
  readonly position: string;
  readonly floor: string;
  readonly rows: readonly (Record<string, unknown> & { readonly key: string })[];
}

/** @throws FORBIDDEN, PAGE_TOO_LARGE, INVALID_INPUT, CURSOR_INVALID, CURSOR_TOO_OLD, CURSOR_ORDER_MISMATCH, INVALID_ID */
async function page(report: Report, context: GraphContext, given: ReportArguments): Promise<object> {
  const { principal } = context;
  for (const permission of ['reports:read', ...report.scope.permissions] as const) requirePermission(principal, permission);
  const { first } = given;
  if (first < 1 || first > PAGE_MAX) {
    throw new DomainError(
      'PAGE_TOO_LARGE',
      `first must be from 1 to ${PAGE_MAX}: go on with after, or use export for all of it.`,
      {
        path: ['first'],
      },
    );
  }
  const { from = null, to = null, currency = null, changedSince = null } = given;
  if (from !== null && to !== null && from > to)
    throw new DomainError('INVALID_INPUT', 'from must be the same day as to, or an earlier one.', { path: ['from'] });
  const since = changedSince === null ? null : parseCursor(changedSince);
  const legalEntityId = given.legalEntityId ? uuidOf('le', given.legalEntityId, 'legalEntityId') : null;
  const customerId = given.customerId ? uuidOf('cus', given.customerId, 'customerId') : null;
  const mark = markOf(report.name, [principal.tenantId, from, to, currency, legalEntityId, customerId, since?.toString()]);
  const place = given.after ? readPlace(given.after, mark) : null;
  if (place && report.key.type === 'uuid' && !isUuid(place.key))
    throw new DomainError('CURSOR_INVALID', 'The cursor is not one of ours.');
  const wallNow = new Date(context.now().getTime() - (principal.clockOffsetMs ?? 0));
  const asked = { report, first, from, to, currency, legalEntityId, customerId, wallNow };
  const [found] = await context.read.rows<Found>(
    principal,
    reportPageSql({
      ...asked,
      after: place?.key ?? null,
      changedSince: since,
      tenantId: principal.tenantId,
      scope: context.scope,
    }),
  );
  if (!found) throw new Error('A report gave no page.');
  if (since !== null && since < BigInt(found.floor)) throw forgotten(found.floor);
  const position = place?.position ?? found.position;
  const rows = found.rows.slice(0, first);
  const last = found.rows.length > first ? rows.at(-1) : undefined;
  return {
    rows,
    cursor: last ? placeText({ position, key: last.key }, mark) : null,
    hasMore: last !== undefined,
    position: cursorText(BigInt(position)),
  };
}

const forgotten = (floor: string): DomainError =>
  new DomainError(
    'CURSOR_TOO_OLD',
    `The log no longer knows what happened up to ${floor}: leave changedSince out and take all rows anew.`,
    { details: { path: ['changedSince'], forgottenTo: floor } },
  );

const fieldSpec = ({ name, type, description, nullable: mayLack }: ReportColumn): FieldSpec => ({
  name: shownName(name),
  type: () => TYPES[type],
  description,
  ...(mayLack ? { nullable } : {}),
});

function pageType(report: Report): ClassType<Record<string, unknown>> {
  const name = typeName(report);
  const row = objectClass({
    name: `${name}Row`,
    description: `A row of \`${fieldOf(report)}\`.`,
    fields: report.columns.map(fieldSpec),
  });
  return objectClass({
    name: `${name}Page`,
    description: `Some rows of \`${fieldOf(report)}\`, and where to go on.`,
    fields: [
      { name: 'rows', type: () => [row], description: 'The rows, in the order of their ids.' },
      {
        name: 'cursor',
        type: () => String,
        nullable: true,
        description: 'Pass it as `after` for the next page; null: this is the last.',
      },
      { name: 'hasMore', type: () => Boolean, description: 'There is a next page.' },
      {
        name: 'position',
        type: () => CursorScalar,
        description: `The position of the log at which this reading began: what happens later is after it, in ${report.changed ? '`changedSince`, ' : ''}subscriptions and webhooks.`,
      },
    ],
  });
}

/** The resolver class with the root field of a report. */
export function reportResolver(report: Report): Function {
  const name = fieldOf(report);
  const made = namedClass(`${typeName(report)}Resolver`);
  const specs = argumentsOf(report);
  const resolve = (context: GraphContext, ...values: readonly unknown[]) =>
    page(
      report,
      context,
      Object.fromEntries(specs.map((spec, i) => [spec.name, values[i] ?? undefined])) as unknown as ReportArguments,
    );
  const type = pageType(report);
  const prototype = made.prototype as object;
  const descriptor = { value: resolve, configurable: true };
  Object.defineProperty(prototype, name, descriptor);
  const needs = ['reports:read', ...report.scope.permissions].map((permission) => `\`${permission}\``).join(', ');
  Query(() => type, { description: `${report.description} Needs ${needs}.` })(prototype, name, descriptor);
  // the flag is what `/reports` goes by
  Extensions({ isReport: true, complexity: report.over === 'period' ? COST_OF_PERIOD : COST })(prototype, name, descriptor);
  Ctx()(prototype, name, 0);
  addArguments(made, { field: name, args: specs, from: 1 });
  Resolver()(made);
  return made;
}
