/** Which names a part of a query knows, and where their rows stand. */
import type { Expr } from './ast.ts';
import type { Column, Table } from './table.ts';
import { badQuery } from './tokens.ts';

/** The rows that belong together, one for each table; those of an outer query come first. */
export type Frame = unknown[];

export interface Slot {
  readonly alias: string;
  readonly table: Table;
  readonly index: number;
}

export interface Found {
  readonly slot: Slot;
  readonly column: Column;
  readonly name: string;
  /** It is of this query, not of one around it. */
  readonly isOwn: boolean;
}

export class Scope {
  readonly slots: Slot[] = [];
  readonly #outer: Scope | null;
  readonly #base: number;
  /** Its rows depend on those of the query around it. */
  isCorrelated = false;

  constructor(outer: Scope | null) {
    this.#outer = outer;
    this.#base = outer === null ? 0 : outer.end;
  }

  /** After the rows of its tables come the number of the row, and the results of groups. */
  get rownumAt(): number {
    return this.#base + this.slots.length;
  }

  get groupsAt(): number {
    return this.rownumAt + 1;
  }

  /** Beyond everything that a frame of it holds. */
  get end(): number {
    return this.groupsAt + GROUPS_MAX;
  }

  add(alias: string, table: Table): Slot {
    const slot = { alias: alias.toLowerCase(), table, index: this.#base + this.slots.length };
    if (alias !== '' && this.slots.some((one) => one.alias === slot.alias)) throw badQuery(`The alias ${alias} stands twice.`);
    this.slots.push(slot);
    return slot;
  }

  /** @throws Problem for a name that no table has, or several have */
  resolve({ table, name }: Extract<Expr, { is: 'COLUMN' }>): Found {
    const fits = this.slots.filter((slot) => (table === null || slot.alias === table) && slot.table.columns.has(name));
    const [slot] = fits;
    if (slot !== undefined) {
      if (fits.length > 1 && table === null) throw badQuery(`The field '${name}' is ambiguous.`);
      return { slot, column: slot.table.columns.get(name) as Column, name, isOwn: true };
    }
    if (this.#outer !== null) {
      const found = this.#outer.resolve({ is: 'COLUMN', table, name });
      this.isCorrelated = true;
      return { ...found, isOwn: false };
    }
    const label = table === null ? name : `${table}.${name}`;
    throw badQuery(
      `Field '${label}' for record was not found. Reason: NOT_EXPOSED - The field does not exist or your role may not see it.`,
    );
  }
}

const GROUPS_MAX = 24;
