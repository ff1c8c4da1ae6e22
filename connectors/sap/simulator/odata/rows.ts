/** Single rows and those that navigations lead to, found in the books. */
import type { Books, EntitySet, Navigation, Property, Row, Value } from '../model.ts';
import { stored } from './literal.ts';
import { noMember } from './refusals.ts';
import type { Schema } from './schema.ts';

/** A property of a row, or of the one row that navigations lead to from there. */
export interface Member {
  readonly property: Property;
  /** It stands in the row itself. */
  readonly isOwn: boolean;
  readonly valueOf: (row: Row) => Value;
}

export class Rows {
  readonly schema: Schema;
  readonly books: Books;

  constructor(schema: Schema, books: Books) {
    this.schema = schema;
    this.books = books;
  }

  keyOf(set: EntitySet, row: Row): Row {
    return Object.fromEntries(set.keys.map((name) => [name, row[name] ?? null]));
  }

  /** The rows that a navigation leads to; nothing leads from an empty reference. */
  follow(set: EntitySet, row: Row, navigation: Navigation): Iterable<Row> {
    const where = this.joined(set, row, navigation);
    if (Object.values(where).every((value) => value === '' || value === null)) return [];
    const target = this.schema.target(navigation);
    if (!target.keys.every((name) => name in where)) return this.books.related(target.name, where);
    const one = this.books.get(target.name, where);
    return one === null ? [] : [one];
  }

  followOne(set: EntitySet, row: Row, navigation: Navigation): Row | null {
    for (const found of this.follow(set, row, navigation)) return found;
    return null;
  }

  /** What the rows at the other end have of ours. */
  joined(set: EntitySet, row: Row, { on, ...navigation }: Navigation): Row {
    const target = this.schema.target({ on, ...navigation });
    return Object.fromEntries(
      on.map(([ours, theirs]) => {
        const value = row[ours] ?? null;
        const property = this.schema.property(target, theirs);
        if (property === undefined || this.schema.property(set, ours) === undefined)
          throw new Error(`${set.name}.${navigation.name} joins ${ours} with ${theirs}: one of them is not there.`);
        return [theirs, typeof value === 'string' ? stored(value, property) : value];
      }),
    );
  }

  /** @throws SapRefusal when there is none, or when it leads to many */
  member(set: EntitySet, path: readonly string[]): Member {
    const [name = '', ...rest] = path;
    const type = this.schema.typeName(set);
    if (rest.length === 0) {
      const property = this.schema.property(set, name);
      if (property === undefined) throw noMember(name, type);
      return { property, isOwn: true, valueOf: (row) => row[name] ?? null };
    }
    const navigation = this.schema.navigation(set, name);
    if (navigation === undefined || navigation.isMany) throw noMember(name, type);
    const further = this.member(this.schema.target(navigation), rest);
    const valueOf = (row: Row): Value => {
      const there = this.followOne(set, row, navigation);
      return there === null ? null : further.valueOf(there);
    };
    return { property: further.property, isOwn: false, valueOf };
  }
}
