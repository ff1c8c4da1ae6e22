/** Answers a statement: filters, sorts and pages as QuickBooks does, with its counters present or absent as recorded. */
import type { Body } from './body.ts';
import type { Books, Row } from './books.ts';
import { type Entity, entityNamed, isEmptyEntity } from './entities.ts';
import { invalidQuery } from './fault.ts';
import { type Condition, type Order, parseQuery, type Query } from './query-parser.ts';
import { type Comparable, compare, pathOf, propertyOf } from './query-values.ts';
import { viewOf } from './view.ts';

type Test = (row: Row) => boolean;

/** What stands below `QueryResponse`. @throws ApiFault 4000, 4001 */
export function answerQuery(books: Books, statement: string): Body {
  const query = parseQuery(statement);
  const entity = entityNamed(query.entity);
  if (entity === undefined) {
    if (!isEmptyEntity(query.entity)) throw invalidQuery(`Invalid context declaration: ${query.entity}`);
    return query.columns === 'COUNT' ? { totalCount: 0 } : {};
  }
  const rows = rowsOf(books, entity, query);
  if (query.columns === 'COUNT') return { totalCount: rows.length };
  const page = rows.slice(query.startPosition - 1, query.startPosition - 1 + query.maxResults);
  if (page.length === 0) return {};
  const { columns } = query;
  const paths = columns === '*' ? null : columns.map((column) => pathOf(entity, column));
  return {
    [entity.name]: page.map((row) => (paths === null ? viewOf(books, row) : chosen(viewOf(books, row), paths))),
    startPosition: query.startPosition,
    maxResults: page.length,
    ...(entity.hasTotalCount ? { totalCount: page.length } : {}),
  };
}

function rowsOf(books: Books, entity: Entity, { conditions, orders }: Query): readonly Row[] {
  const tests = conditions.map((condition) => testOf(books, entity, condition));
  // names that are out of use are left out unless they are asked for
  const asksForActive = conditions.some(({ property }) => property.toLowerCase() === 'active');
  if (['NAME', 'LIST', 'FIXED'].includes(entity.family) && !asksForActive) tests.push(({ body }) => body.Active !== false);
  const sorted = sortedRows(books, entity, orders);
  return tests.length === 0 ? sorted : sorted.filter((row) => tests.every((test) => test(row)));
}

function sortedRows(books: Books, entity: Entity, orders: readonly Order[]): readonly Row[] {
  const wanted = orders.length > 0 ? orders : defaultOrders(entity);
  const keys = wanted.map(({ property, isDescending }) => ({ isDescending, ...propertyOf(books, entity, property) }));
  const name = wanted.map(({ property, isDescending }) => `${property.toLowerCase()}${isDescending ? '-' : '+'}`).join();
  const tie = orders.length === 0 && entity.family === 'TRANSACTION' ? -1 : 1;
  return books.ordered(entity.name, name, (rows) =>
    rows
      .map((row) => ({ row, values: keys.map(({ valueOf }) => lowered(valueOf(row))) }))
      .sort((a, b) => {
        for (const [index, { isDescending }] of keys.entries()) {
          const difference = order(a.values[index], b.values[index]);
          if (difference !== 0) return isDescending ? -difference : difference;
        }
        return tie * (a.row.serial - b.row.serial);
      })
      .map(({ row }) => row),
  );
}

/** Nobody promises it, and all recordings have it: transactions by their last change, the newest first; lists by name, children below parents. */
function defaultOrders({ family, name }: Entity): readonly Order[] {
  if (family === 'TRANSACTION') return [{ property: 'MetaData.LastUpdatedTime', isDescending: true }];
  if (family === 'SINGLE') return [{ property: 'Id', isDescending: false }];
  const hasParents = family === 'NAME' || name === 'Item' || name === 'Account';
  return [{ property: hasParents ? 'FullyQualifiedName' : 'Name', isDescending: false }];
}

function testOf(books: Books, entity: Entity, { property, operator, values }: Condition): Test {
  const { valueOf, literal } = propertyOf(books, entity, property);
  const wanted = values.map(literal);
  const first = wanted[0];
  if (operator === 'IN') return (row) => wanted.some((one) => compare(valueOf(row), one) === 0);
  if (operator === 'LIKE') {
    const pattern = likePattern(String(first));
    return (row) => {
      const value = valueOf(row);
      return value !== undefined && pattern.test(String(value));
    };
  }
  return (row) => {
    const difference = compare(valueOf(row), first);
    if (difference === undefined) return false;
    if (operator === '=') return difference === 0;
    if (operator === '<') return difference < 0;
    if (operator === '>') return difference > 0;
    return operator === '<=' ? difference <= 0 : difference >= 0;
  };
}

/** Only `%` stands for something else than itself. */
function likePattern(text: string): RegExp {
  const parts = text.split('%').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'is');
}

const lowered = (value: Comparable): Comparable => (typeof value === 'string' ? value.toLowerCase() : value);

/** What is nothing comes first. */
function order(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** Only what was asked for, and the id. */
function chosen(view: Body, paths: readonly string[]): Body {
  const wanted = new Set(['domain', 'Id', ...paths.map((path) => path.split('.')[0] ?? '')]);
  return { ...Object.fromEntries(Object.entries(view).filter(([name]) => wanted.has(name))), sparse: true };
}
