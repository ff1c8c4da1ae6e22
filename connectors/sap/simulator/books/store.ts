/** All tables of the books, with what undoes a change until its unit of work is done, number ranges and the clock. It knows no business. */
import type { Row, Value } from '../model.ts';
import { type Moment, momentOf } from './calendar.ts';
import { SERVICES } from './sets/index.ts';
import { Table, type Values } from './table.ts';

/** A table as it is kept: its rows as lists of values, each beside the list of names that it shares with others. */
export interface KeptTable {
  readonly set: string;
  readonly shapes: readonly (readonly string[])[];
  readonly rows: readonly (readonly [shape: number, ...values: Value[]])[];
}

export interface KeptStore {
  readonly tables: readonly KeptTable[];
  readonly numbers: readonly (readonly [string, number])[];
  readonly facts: readonly (readonly [string, string])[];
}

export class Store {
  readonly #tables = new Map<string, Table>();
  readonly #numbers = new Map<string, number>();
  /** What is known beside the rows, such as prices and closed periods. */
  readonly #facts = new Map<string, string>();
  readonly #zoneOffsetMinutes: number;
  #undo: (() => void)[] | null = null;
  #moment: Moment | null = null;
  version = 0;
  now: () => Date;

  constructor(now: () => Date, zoneOffsetMinutes: number) {
    this.now = now;
    this.#zoneOffsetMinutes = zoneOffsetMinutes;
    for (const set of SERVICES.flatMap(({ sets }) => sets)) this.#tables.set(set.name, new Table(set));
  }

  /** One and the same within a unit of work. */
  get moment(): Moment {
    if (this.#undo === null) return momentOf(this.now(), this.#zoneOffsetMinutes);
    this.#moment ??= momentOf(this.now(), this.#zoneOffsetMinutes);
    return this.#moment;
  }

  table(set: string): Table {
    const table = this.#tables.get(set);
    if (table === undefined) throw new Error(`There is no set ${set} in these books.`);
    return table;
  }

  get(set: string, key: Values): Row | undefined {
    return this.table(set).get(key);
  }

  /** A new row; one with the same key is replaced. */
  add(set: string, values: Values): Row {
    const table = this.table(set);
    return this.#put(table, table.keyOf(values), table.row(values));
  }

  /** The row with other values in some places, which are not its keys. */
  change(set: string, row: Row, values: Values): Row {
    const table = this.table(set);
    const changed = table.changed(row, values);
    return changed === row ? row : this.#put(table, table.keyOf(row), changed);
  }

  drop(set: string, row: Row): void {
    const table = this.table(set);
    this.#put(table, table.keyOf(row), null);
  }

  /** The next of a number range, which begins with `first`. */
  next(range: string, first: number): number {
    const known = this.#numbers.get(range);
    const number = (known ?? first - 1) + 1;
    this.#numbers.set(range, number);
    this.#undo?.push(() => this.#restore(this.#numbers, range, known));
    return number;
  }

  /** It is taken as used up, as everything below it. */
  used(range: string, number: number): void {
    const known = this.#numbers.get(range);
    if (number <= (known ?? 0)) return;
    this.#numbers.set(range, number);
    this.#undo?.push(() => this.#restore(this.#numbers, range, known));
  }

  fact(name: string): string | undefined {
    return this.#facts.get(name);
  }

  setFact(name: string, value: string): void {
    const known = this.#facts.get(name);
    this.#facts.set(name, value);
    this.version += 1;
    this.#undo?.push(() => this.#restore(this.#facts, name, known));
  }

  /** Done whole or not at all. */
  atomically<T>(work: () => T): T {
    if (this.#undo !== null) return work();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      this.#undo = null;
      for (const step of undo.toReversed()) step();
      this.version += 1;
      throw error;
    } finally {
      this.#undo = null;
      this.#moment = null;
    }
  }

  kept(): KeptStore {
    const tables = Array.from(this.#tables.values(), keptTable);
    return { tables, numbers: [...this.#numbers], facts: [...this.#facts] };
  }

  /** Into an empty store. */
  load({ tables, numbers, facts }: KeptStore): void {
    for (const { set, shapes, rows } of tables) {
      const table = this.table(set);
      for (const [shape, ...values] of rows) {
        const names = shapes[shape] ?? [];
        const row = table.row(Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])));
        table.put(table.keyOf(row), row);
      }
    }
    for (const [range, number] of numbers) this.#numbers.set(range, number);
    for (const [name, value] of facts) this.#facts.set(name, value);
    this.version += 1;
  }

  #put<R extends Row | null>(table: Table, key: string, row: R): R {
    const before = table.at(key) ?? null;
    table.put(key, row);
    this.version += 1;
    this.#undo?.push(() => table.put(key, before));
    return row;
  }

  #restore<V>(map: Map<string, V>, name: string, known: V | undefined): void {
    if (known === undefined) map.delete(name);
    else map.set(name, known);
  }
}

function keptTable(table: Table): KeptTable {
  const shapes: string[][] = [];
  const known = new Map<string, number>();
  const rows = Array.from(table.rows(), (row): [number, ...Value[]] => {
    const names = Object.keys(row);
    const text = names.join(' ');
    let shape = known.get(text);
    if (shape === undefined) {
      shape = shapes.push(names) - 1;
      known.set(text, shape);
    }
    return [shape, ...names.map((name) => row[name] ?? null)];
  });
  return { set: table.set.name, shapes, rows };
}
