/** Change data capture: what has changed since a time, whole records and stubs of those that are gone, a thousand at most. */
import type { Body } from './body.ts';
import type { Books } from './books.ts';
import { type Entity, entityNamed, isEmptyEntity } from './entities.ts';
import { invalidQuery, missing } from './fault.ts';
import { instantMs } from './pacific.ts';
import { stubOf, viewOf } from './view.ts';

const LOOK_BACK_DAYS = 30;
const DAY_MS = 86_400_000;
const OBJECTS_MAX = 1_000;

interface Changed {
  readonly atSec: number;
  readonly serial: number;
  readonly body: () => Body;
}

/** What stands below `CDCResponse`. @throws ApiFault 2020, 4001 */
export function capturedChanges(books: Books, asked: URLSearchParams): Body {
  const names = (asked.get('entities') ?? '').split(',').flatMap((name) => name.trim() || []);
  const since = asked.get('changedSince');
  if (names.length === 0) throw missing('entities');
  if (since === null || since === '') throw missing('changedSince');
  // a plus in an address that nobody has encoded arrives as a space
  const sinceMs = instantMs(since.replace(/ (?=\d\d:?\d\d$)/, '+'));
  if (sinceMs === null) throw invalidQuery(`'${since}' is not a date and time`);
  if (sinceMs < books.nowSec() * 1_000 - LOOK_BACK_DAYS * DAY_MS)
    throw invalidQuery(`changedSince is more than ${LOOK_BACK_DAYS} days ago`);
  const entities = names.map((name) => capturable(name));
  let left = OBJECTS_MAX;
  const answers = entities.map((entity): Body => {
    const changed = entity === null ? [] : changedOf(books, entity, sinceMs).slice(0, left);
    left -= changed.length;
    if (entity === null || changed.length === 0) return {};
    const rows = changed.map(({ body }) => body());
    return { [entity.name]: rows, startPosition: 1, maxResults: rows.length, totalCount: rows.length };
  });
  return { QueryResponse: answers };
}

/** Null for one that is always empty. */
function capturable(name: string): Entity | null {
  const entity = entityNamed(name);
  if (entity === undefined && isEmptyEntity(name) && !/^(journalcode|taxagency|timeactivity)$/i.test(name)) return null;
  if (entity === undefined || entity.family === 'FIXED') throw invalidQuery(`Entity ${name} is not supported by CDC`);
  return entity;
}

/** The oldest change first. */
function changedOf(books: Books, entity: Entity, sinceMs: number): readonly Changed[] {
  const changed: Changed[] = [];
  for (const row of books.rows(entity.name))
    if (row.updatedSec * 1_000 >= sinceMs)
      changed.push({ atSec: row.updatedSec, serial: row.serial, body: () => viewOf(books, row) });
  for (const { id, atSec } of books.deleted(entity.name))
    if (atSec * 1_000 >= sinceMs) changed.push({ atSec, serial: 0, body: () => stubOf(id, atSec) });
  return changed.sort((a, b) => a.atSec - b.atSec || a.serial - b.serial);
}
