/** The system query options of one request, read and checked against the set that it asks. Options without a dollar are not OData's. */
import type { EntitySet, Row } from '../model.ts';
import type { OrderTerm } from './compare.ts';
import { type Expression, parseFilter } from './filter-parser.ts';
import { badOption, badOptionValue, notSortable } from './refusals.ts';
import type { Rows } from './rows.ts';

export interface Options {
  readonly filter: Expression | null;
  /** As asked for; completed with the key. */
  readonly order: readonly OrderTerm[];
  readonly top: number | null;
  readonly skip: number;
  readonly isCounted: boolean;
  readonly skipToken: string | null;
}

const KNOWN = new Set(['$filter', '$orderby', '$top', '$skip', '$inlinecount', '$skiptoken', '$select', '$expand', '$format']);
const FORMATS = new Set(['json', 'atom', 'xml']);

/** @throws SapRefusal about an option that isn't OData's, or is none that the set takes */
export function checkedOptions(query: string): URLSearchParams {
  const options = new URLSearchParams(query);
  for (const name of options.keys()) if (name.startsWith('$') && !KNOWN.has(name)) throw badOption(name);
  const format = options.get('$format');
  if (format !== null && !FORMATS.has(format)) throw badOptionValue('$format', format);
  return options;
}

/** @throws SapRefusal */
export function readOptions(options: URLSearchParams, set: EntitySet, rows: Rows): Options {
  const filter = options.get('$filter')?.trim() ?? '';
  const isPageable = set.pageable !== false;
  const count = options.get('$inlinecount') ?? 'none';
  if (count !== 'none' && count !== 'allpages') throw badOptionValue('$inlinecount', count);
  const [top, skip] = [whole(options, '$top'), whole(options, '$skip')];
  return {
    filter: filter === '' ? null : parseFilter(filter, set, rows),
    order: orderOf(options.get('$orderby') ?? '', set, rows),
    top: isPageable ? top : null,
    skip: isPageable ? (skip ?? 0) : 0,
    isCounted: count === 'allpages',
    skipToken: options.get('$skiptoken'),
  };
}

function whole(options: URLSearchParams, name: string): number | null {
  const text = options.get(name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw badOptionValue(name, text);
  return Number(text);
}

/** The key comes last, so that no two rows are alike. */
function orderOf(source: string, set: EntitySet, rows: Rows): OrderTerm[] {
  const asked = source.split(',').map((term) => term.trim());
  const terms = asked
    .filter((term) => term !== '')
    .map((term) => {
      const [path = '', direction = 'asc', ...more] = term.split(/ +/);
      if (more.length > 0 || !['asc', 'desc'].includes(direction)) throw badOptionValue('$orderby', source);
      const { property, valueOf } = rows.member(set, path.split('/'));
      if (property.sortable === false) throw notSortable(path);
      return { name: path, property, valueOf, isDescending: direction === 'desc' };
    });
  const named = new Set(terms.map(({ name }) => name));
  const keys = rows.schema.keys(set).filter(({ name }) => !named.has(name));
  return [
    ...terms,
    ...keys.map((property) => {
      const { name } = property;
      return { name, property, isDescending: false, valueOf: (row: Row) => row[name] ?? null };
    }),
  ];
}
