/** Rows as entities of OData V2 in JSON: `__metadata`, values as the wire has them, links and what is expanded. Their addresses and etags. */
import type { EntitySet, Navigation, Property, Row } from '../model.ts';
import { uriOf } from './literal.ts';
import type { Rows } from './rows.ts';
import type { Shape } from './shape.ts';
import { toWire } from './wire.ts';

/** Writes one property of a row, with a comma in front. */
type Write = (row: Row) => string;

export class Renderer {
  readonly #rows: Rows;
  readonly #root: string;
  readonly #writers = new WeakMap<Shape, readonly Write[]>();

  /** @param root the service's address as the client called it */
  constructor(rows: Rows, root: string) {
    this.#rows = rows;
    this.#root = root;
  }

  uri(set: EntitySet, row: Row): string {
    const keys = this.#rows.schema.keys(set);
    const parts = keys.map((property) => {
      const literal = uriOf(row[property.name] ?? null, property);
      return keys.length === 1 ? literal : `${property.name}=${literal}`;
    });
    return `${this.#root}/${set.name}(${parts.join(',')})`;
  }

  /** Weak, made of one property; null where neither the set has one nor the header that it belongs to. */
  etag(set: EntitySet, row: Row): string | null {
    if (set.etag === undefined) return null;
    const property = this.#rows.schema.property(set, set.etag);
    if (property === undefined) throw new Error(`${set.name}: its etag ${set.etag} is no property.`);
    return `W/"${uriOf(row[set.etag] ?? null, property)}"`;
  }

  /** The etag that guards a row: its own, or that of the row that it belongs to. */
  guard(set: EntitySet, row: Row): string | null {
    const navigation = set.guardedBy === undefined ? undefined : this.#rows.schema.navigation(set, set.guardedBy);
    if (navigation === undefined) return this.etag(set, row);
    const owner = this.#rows.followOne(set, row, navigation);
    return owner === null ? null : this.etag(this.#rows.schema.target(navigation), owner);
  }

  /** JSON, as text: large pages are written many times. */
  entity(row: Row, shape: Shape): string {
    const { set, deferred, expanded } = shape;
    const uri = this.uri(set, row);
    const etag = this.etag(set, row);
    const type = this.#rows.schema.typeName(set);
    let json = `{"__metadata":${JSON.stringify({ id: uri, uri, type, ...(etag === null ? {} : { etag }) })}`;
    for (const write of this.#writersOf(shape)) json += write(row);
    for (const { name } of deferred)
      json += `,${JSON.stringify(name)}:${JSON.stringify({ __deferred: { uri: `${uri}/${name}` } })}`;
    for (const { navigation, shape: inner } of expanded)
      json += `,${JSON.stringify(navigation.name)}:${this.#followed({ set, row, navigation, inner })}`;
    return `${json}}`;
  }

  #followed({ set, row, navigation, inner }: { set: EntitySet; row: Row; navigation: Navigation; inner: Shape }): string {
    if (navigation.isMany) {
      const many = Array.from(this.#rows.follow(set, row, navigation), (each) => this.entity(each, inner));
      return `{"results":[${many.join()}]}`;
    }
    const one = this.#rows.followOne(set, row, navigation);
    return one === null ? 'null' : this.entity(one, inner);
  }

  #writersOf(shape: Shape): readonly Write[] {
    let writers = this.#writers.get(shape);
    if (writers === undefined) this.#writers.set(shape, (writers = shape.properties.map(writerOf)));
    return writers;
  }
}

function writerOf(property: Property): Write {
  const { name } = property;
  const start = `,${JSON.stringify(name)}:`;
  const [blank, no, none] = [`${start}""`, `${start}false`, `${start}null`];
  return (row) => {
    const value = row[name];
    // most of what a row has is empty
    if (value === '') return blank;
    if (value === false) return no;
    return value === null ? none : `${start}${JSON.stringify(toWire(value, property))}`;
  };
}
