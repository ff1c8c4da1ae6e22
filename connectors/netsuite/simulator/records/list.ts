/** Lists of the record service: ids and links only, with its limits on paging and its wrong count and last link. */
import { type Call, type Page, pageBody } from '../call.ts';
import type { Body, DateFormat } from '../contract.ts';
import { invalidParameter } from '../problem.ts';
import { filterOf } from './q.ts';
import type { Records, RecordType } from './records.ts';
import { pathOf, selfLink, Viewer } from './view.ts';

const LIMIT_MAX = 1_000;
const PAGES_MAX = 1_000;

/** @throws Problem for a limit or offset that may not be */
export function pageOf(query: URLSearchParams, unless = LIMIT_MAX): Page {
  const number = (name: string, missing: number): number => {
    const text = query.get(name);
    if (text === null || text === '') return missing;
    if (!/^\d{1,9}$/.test(text)) throw invalidParameter(`The query parameter '${name}' is no number: ${text}.`, name);
    return Number(text);
  };
  const limit = number('limit', unless);
  const offset = number('offset', 0);
  if (limit < 1 || limit > LIMIT_MAX) throw invalidParameter(`The limit is from 1 to ${LIMIT_MAX}, not ${limit}.`, 'limit');
  if (offset % limit !== 0) throw invalidParameter(`The offset ${offset} is no multiple of the limit ${limit}.`, 'offset');
  return { limit, offset };
}

export function list(records: Records, type: RecordType, { call, dateFormat }: { call: Call; dateFormat: DateFormat }): Body {
  const page = pageOf(call.url.searchParams);
  const q = call.url.searchParams.get('q');
  const { books } = records;
  const viewer = new Viewer(books, { root: call.root, isExpanded: false, isEnumSimple: true });
  const matches = q === null || q.trim() === '' ? null : filterOf(q, type, { zone: books.zone, dateFormat });
  const { limit, offset } = page;
  if (offset / limit >= PAGES_MAX) throw invalidParameter(`There are ${PAGES_MAX} pages at most.`, 'offset');
  const items: Body[] = [];
  let total = 0;
  for (const shown of records.all(type)) {
    if (matches !== null && !matches((field) => viewer.value(shown, field))) continue;
    total += 1;
    if (total <= offset || items.length >= limit) continue;
    const { id } = shown.row;
    items.push({ links: [selfLink(`${call.root}/${pathOf(type.name, id)}`)], id: String(id) });
  }
  // no count is larger than all pages together
  return pageBody({ limit, offset, total: Math.min(total, PAGES_MAX * limit), items }, { href: call.url, method: 'GET' });
}
