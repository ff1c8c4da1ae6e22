/**
 * The rows of one entity set: by key, in the order of their keys, and by the properties that have an index. It knows nothing of what they
 * mean. Rows are never changed in place: a change puts another one there.
 */
import type { EntitySet, Row, Value } from '../model.ts';

/** What a property holds that nobody filled. */
const INITIAL: Readonly<Record<string, Value>> = {
  'Edm.String': '',
  'Edm.Boolean': false,
  'Edm.Decimal': '0',
  'Edm.Int32': 0,
  'Edm.Time': '00:00:00',
};
/** Of item numbers: `10` and `000010` are one, whichever of them the set shows. */
const ITEM_DIGITS = 6;
const NO_KEYS: readonly string[] = [];

export type Values = Readonly<Record<string, Value | undefined>>;

/** @param before null for a new row @param after null for one that is gone */
export type Watcher = (before: Row | null, after: Row | null) => void;

export class Table {
  readonly set: EntitySet;
  readonly watchers: Watcher[] = [];
  /** Properties at their initial value stand here once for all rows. */
  readonly #initial: Row;
  readonly #keyParts: readonly ((value: Value | undefined) => string)[];
  readonly #rows = new Map<string, Row>();
  readonly #indexes: ReadonlyMap<string, Map<Value, string[]>>;
  #order: string[] = [];
  #fresh: string[] = [];

  constructor(set: EntitySet) {
    this.set = set;
    this.#initial = Object.fromEntries(set.properties.map(({ name, type }) => [name, INITIAL[type] ?? null]));
    this.#keyParts = set.keys.map((key) => {
      const property = set.properties.find(({ name }) => name === key);
      const isNumber = property?.displayFormat === 'NonNegative' || (property?.maxLength === ITEM_DIGITS && key.endsWith('Item'));
      const digits = isNumber ? (property.maxLength ?? 0) : 0;
      return (value) => String(value ?? '').padStart(digits, '0');
    });
    this.#indexes = new Map((set.indexes ?? []).map((name) => [name, new Map<Value, string[]>()]));
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The text by which a row is known here: its key properties, in an order that is the one of the rows. */
  keyOf(row: Values): string {
    const { keys } = this.set;
    let text = '';
    for (let at = 0; at < keys.length; at++) {
      const part = this.#keyParts[at]?.(row[keys[at] ?? '']) ?? '';
      text = at === 0 ? part : `${text}\u0001${part}`;
    }
    return text;
  }

  /** A row with these values, and all others initial. */
  row(values: Values): Row {
    return Object.setPrototypeOf(told(values), this.#initial) as Row;
  }

  /** The row with other values in some places; the same one when nothing differs. */
  changed(row: Row, values: Values): Row {
    if (Object.keys(values).every((name) => values[name] === undefined || values[name] === row[name])) return row;
    return Object.setPrototypeOf({ ...row, ...told(values) }, this.#initial) as Row;
  }

  get(key: Values): Row | undefined {
    return this.#rows.get(this.keyOf(key));
  }

  at(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Null takes it away. */
  put(key: string, row: Row | null): void {
    const before = this.#rows.get(key) ?? null;
    if (row === null) this.#rows.delete(key);
    else this.#rows.set(key, row);
    if (before === null && row !== null) this.#fresh.push(key);
    for (const [name, index] of this.#indexes) reindex({ index, key, from: before?.[name], to: row?.[name] });
    for (const watcher of this.watchers) watcher(before, row);
  }

  *rows(): Generator<Row> {
    for (const key of this.#ordered()) {
      const row = this.#rows.get(key);
      if (row !== undefined) yield row;
    }
  }

  /** From the last one back. */
  *newest(): Generator<Row> {
    const keys = this.#ordered();
    for (let at = keys.length - 1; at >= 0; at--) {
      const row = this.#rows.get(keys[at] ?? '');
      if (row !== undefined) yield row;
    }
  }

  /** Rows with these values, in the order of their keys. */
  *related(where: Values): Generator<Row> {
    const names = Object.keys(where);
    if (this.set.keys.every((key) => names.includes(key))) {
      const row = this.get(where);
      if (row !== undefined && this.matches(row, where, names)) yield row;
      return;
    }
    const indexed = names.find((name) => this.#indexes.has(name) && isTold(where[name]));
    const keys = indexed === undefined ? this.#ordered() : this.#found(indexed, where[indexed]);
    for (const key of keys) {
      const row = this.#rows.get(key);
      if (row !== undefined && this.matches(row, where, names)) yield row;
    }
  }

  #found(name: string, value: Value | undefined): readonly string[] {
    const keys = this.#indexes.get(name)?.get(value ?? null);
    return keys === undefined ? NO_KEYS : keys.toSorted();
  }

  /** @param names of the properties in `where` */
  matches(row: Row, where: Values, names: readonly string[]): boolean {
    return names.every((name) => {
      const at = this.set.keys.indexOf(name);
      if (row[name] === where[name]) return true;
      return at >= 0 && this.#keyParts[at]?.(row[name]) === this.#keyParts[at]?.(where[name]);
    });
  }

  /** New keys are merged in when somebody asks for the order. */
  #ordered(): readonly string[] {
    if (this.#fresh.length === 0) return this.#order;
    const fresh = [...new Set(this.#fresh)].sort();
    this.#fresh = [];
    this.#order = merged(this.#order, fresh);
    return this.#order;
  }
}

const isTold = (value: Value | undefined): boolean => value !== undefined && value !== '' && value !== null;

/**
 * Without what was left out. As a copy that is made at once: objects that grow by one computed name after the other take five times the
 * room.
 */
function told(values: Values): Record<string, Value> {
  for (const name in values)
    if (values[name] === undefined)
      return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
  return { ...values } as Record<string, Value>;
}

interface Move {
  readonly index: Map<Value, string[]>;
  readonly key: string;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
}

/** Initial values are not indexed: most rows have them. */
function reindex({ index, key, from, to }: Move): void {
  if (from === to) return;
  if (isTold(from)) {
    const left = index.get(from ?? null)?.filter((other) => other !== key) ?? [];
    if (left.length === 0) index.delete(from ?? null);
    else index.set(from ?? null, left);
  }
  if (!isTold(to)) return;
  const keys = index.get(to ?? null);
  if (keys === undefined) index.set(to ?? null, [key]);
  else keys.push(key);
}

/** Two ordered lists as one; a key that went and came again stands once. */
function merged(left: readonly string[], right: readonly string[]): string[] {
  const last = left.at(-1);
  if (last === undefined || last < (right[0] ?? '')) return [...left, ...right];
  const keys: string[] = [];
  let [a, b] = [0, 0];
  while (a < left.length || b < right.length) {
    const [one, other] = [left[a], right[b]];
    const isLeft = other === undefined || (one !== undefined && one <= other);
    const key = (isLeft ? one : other) as string;
    if (isLeft) a += 1;
    else b += 1;
    if (keys.at(-1) !== key) keys.push(key);
  }
  return keys;
}
