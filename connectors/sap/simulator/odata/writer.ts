/** Writes of single rows: what is sent is checked against the set and the etag, then given to the books. */
import type { Books, EntitySet, Row } from '../model.ts';
import { bodyOf, changesFrom, createdFrom } from './body.ts';
import { noIfMatch, notAllowed, staleEtag } from './refusals.ts';
import { header, type ODataRequest } from './request.ts';
import type { Origin } from './resource.ts';
import type { Rows } from './rows.ts';

export interface Created {
  readonly row: Row;
  /** Navigations whose rows were made with it. */
  readonly expanded: readonly string[];
}

export class Writer {
  readonly #rows: Rows;
  readonly #books: Books;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#books = rows.books;
  }

  /** @throws SapRefusal */
  create(set: EntitySet, origin: Origin | null, request: ODataRequest): Created {
    if (set.creatable === false) throw notAllowed('Creating');
    const { schema } = this.#rows;
    const { row, children } = createdFrom(bodyOf(request), set, { schema, source: request.body });
    const joined = origin === null ? {} : this.#rows.joined(origin.set, origin.row, origin.navigation);
    return { row: this.#books.create(set.name, { row: { ...row, ...joined }, children }), expanded: Object.keys(children) };
  }

  /** @param isWhole PUT: what isn't sent becomes empty. @throws SapRefusal */
  update(target: { set: EntitySet; row: Row; guard: string | null; isWhole: boolean }, request: ODataRequest): Row {
    const { set, row, guard, isWhole } = target;
    if (set.updatable === false) throw notAllowed('Updating');
    checkIfMatch(request, guard);
    const sent = changesFrom(bodyOf(request), set, { schema: this.#rows.schema, source: request.body });
    return this.#books.update(set.name, this.#rows.keyOf(set, row), isWhole ? { ...emptied(set), ...sent } : sent);
  }

  /** @throws SapRefusal */
  remove(set: EntitySet, row: Row, guarded: { guard: string | null; request: ODataRequest }): void {
    if (set.deletable === false) throw notAllowed('Deleting');
    checkIfMatch(guarded.request, guarded.guard);
    this.#books.remove(set.name, this.#rows.keyOf(set, row));
  }
}

/**
 * A write to a row that has an etag, or whose header has one, names the one that it knows, or `*`. Escapes in it don't matter.
 * @throws SapRefusal
 */
export function checkIfMatch({ headers }: Pick<ODataRequest, 'headers'>, guard: string | null): void {
  if (guard === null) return;
  const given = header(headers, 'if-match')?.trim() ?? '';
  if (given === '') throw noIfMatch();
  if (given === '*') return;
  const named = given.split(/,(?=\s*(?:W\/)?")/).map((each) => plain(each.trim()));
  if (!named.includes(plain(guard))) throw staleEtag();
}

function plain(etag: string): string {
  try {
    return decodeURIComponent(etag);
  } catch {
    return etag;
  }
}

function emptied(set: EntitySet): Row {
  const changed = set.properties.filter(({ name, updatable }) => updatable !== false && !set.keys.includes(name));
  return Object.fromEntries(
    changed.map(({ name, type }) => [name, type === 'Edm.String' ? '' : type === 'Edm.Boolean' ? false : null]),
  );
}
