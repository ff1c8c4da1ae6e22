/** Rows in Atom, for those who do not ask for JSON: feeds and entries, properties with their types, links, and what is expanded within them. */
import type { EntitySet, Navigation, Property, Row } from '../model.ts';
import type { Renderer } from './render.ts';
import type { Rows } from './rows.ts';
import type { Shape } from './shape.ts';
import { toText } from './wire.ts';
import { escaped } from './xml.ts';

const DATA = 'http://schemas.microsoft.com/ado/2007/08/dataservices';
export const NAMESPACES = `xmlns="http://www.w3.org/2005/Atom" xmlns:m="${DATA}/metadata" xmlns:d="${DATA}"`;

export interface AtomParts {
  readonly rows: Rows;
  readonly renderer: Renderer;
  readonly root: string;
  readonly now: Date;
}

interface Feed {
  readonly title: string;
  /** Its address below the service's. */
  readonly path: string;
  readonly entries: readonly string[];
  readonly count?: number | null;
  readonly next?: string | null;
}

export class Atom {
  readonly #parts: AtomParts;

  constructor(parts: AtomParts) {
    this.#parts = parts;
  }

  /** A document by itself. */
  document(element: string): string {
    const root = `${NAMESPACES} xml:base="${escaped(this.#parts.root)}/"`;
    return `<?xml version="1.0" encoding="utf-8"?>${element.replace(/^<\w+/, (start) => `${start} ${root}`)}`;
  }

  feed({ title, path, entries, count = null, next = null }: Feed): string {
    const { root, now } = this.#parts;
    return [
      `<feed><id>${escaped(`${root}/${path}`)}</id><title type="text">${escaped(title)}</title>`,
      `<updated>${now.toISOString()}</updated>`,
      count === null ? '' : `<m:count>${count}</m:count>`,
      ...entries,
      next === null ? '' : `<link rel="next" href="${escaped(next)}"/>`,
      '</feed>',
    ].join('');
  }

  entry(row: Row, shape: Shape): string {
    const { rows, renderer, root, now } = this.#parts;
    const { set, properties, deferred, expanded } = shape;
    const uri = renderer.uri(set, row);
    const path = uri.slice(root.length + 1);
    const etag = renderer.etag(set, row);
    return [
      `<entry${etag === null ? '' : ` m:etag="${escaped(etag)}"`}><id>${escaped(uri)}</id>`,
      `<title type="text">${escaped(path)}</title><updated>${now.toISOString()}</updated>`,
      `<category term="${rows.schema.typeName(set)}" scheme="${DATA}/scheme"/>`,
      `<link href="${escaped(path)}" rel="self" title="${set.type}"/>`,
      ...deferred.map((navigation) => linkOf(navigation, path, '')),
      ...expanded.map(({ navigation, shape: inner }) =>
        linkOf(navigation, path, this.#inline({ set, row, navigation, inner, path })),
      ),
      `<content type="application/xml"><m:properties>${properties.map((property) => elementOf(property, row)).join('')}`,
      '</m:properties></content></entry>',
    ].join('');
  }

  #inline({
    set,
    row,
    navigation,
    inner,
    path,
  }: {
    set: EntitySet;
    row: Row;
    navigation: Navigation;
    inner: Shape;
    path: string;
  }): string {
    const { rows } = this.#parts;
    if (!navigation.isMany) {
      const one = rows.followOne(set, row, navigation);
      return `<m:inline>${one === null ? '' : this.entry(one, inner)}</m:inline>`;
    }
    const entries = Array.from(rows.follow(set, row, navigation), (each) => this.entry(each, inner));
    return `<m:inline>${this.feed({ title: inner.set.name, path: `${path}/${navigation.name}`, entries })}</m:inline>`;
  }
}

function linkOf({ name, isMany }: Navigation, path: string, content: string): string {
  const type = `application/atom+xml;type=${isMany ? 'feed' : 'entry'}`;
  return `<link href="${escaped(`${path}/${name}`)}" rel="${DATA}/related/${name}" type="${type}" title="${name}">${content}</link>`;
}

/** One property of a row, with its type where it is no text. */
export function elementOf(property: Property, row: Row): string {
  const { name, type } = property;
  const value = row[name];
  const typed = type === 'Edm.String' ? '' : ` m:type="${type}"`;
  if (value === null || value === undefined) return `<d:${name}${typed} m:null="true"/>`;
  return `<d:${name}${typed}>${escaped(toText(value, property))}</d:${name}>`;
}
