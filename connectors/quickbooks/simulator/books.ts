/** The company's records: by id and in order, with their numbers, names and balances, what was deleted, and who is told of a change. */
import { type Body, type Ref, refOf, textOf } from './body.ts';
import { type EntityName, entity as entityOf } from './entities.ts';
import { duplicateName, duplicateNumber } from './fault.ts';

export interface Link {
  readonly id: string;
  readonly type: EntityName;
}

export interface Row {
  readonly entity: EntityName;
  readonly id: string;
  /** Grows with every new record, so that equal times have an order. */
  readonly serial: number;
  readonly createdSec: number;
  updatedSec: number;
  token: number;
  /** Never changed in place: a write puts another one there. */
  body: Body;
  /** Minor units: what is open of an invoice, left of a credit memo, not applied of a payment, owed by a customer. */
  openMinor: number;
  /** Links that another record made: payments of an invoice, the deposit of a payment, invoices of an estimate. */
  links: readonly Link[];
}

export type Operation = 'Create' | 'Update' | 'Delete' | 'Void' | 'Merge' | 'Emailed';

export interface Change {
  readonly entity: EntityName;
  readonly id: string;
  readonly operation: Operation;
  readonly atSec: number;
  /** Of a merge: the record that is gone. */
  readonly deletedId?: string;
}

export interface Deleted {
  readonly id: string;
  readonly atSec: number;
}

/** The books as they are kept: all that can't be worked out again from the records. */
export interface KeptBooks {
  readonly rows: readonly Row[];
  readonly deleted: readonly (readonly [EntityName, Deleted[]])[];
  readonly lastId: readonly (readonly [string, number])[];
  readonly lastNumber: readonly (readonly [string, number])[];
  readonly serial: number;
}

const NUMBERED: Partial<Record<EntityName, string>> = {
  Estimate: 'estimates',
  Invoice: 'sales',
  CreditMemo: 'sales',
  SalesReceipt: 'sales',
  RefundReceipt: 'sales',
};
const NO_LINKS: readonly Link[] = Object.freeze([]);
const FIRST_NUMBER = 1_001;
/** Which way a record's open amount counts in what its customer owes. */
const OWED: Partial<Record<EntityName, 1 | -1>> = { Invoice: 1, CreditMemo: -1, Payment: -1 };

export class Books {
  readonly #rows = new Map<EntityName, Map<string, Row>>();
  readonly #deleted = new Map<EntityName, Deleted[]>();
  readonly #versions = new Map<EntityName, number>();
  readonly #ordered = new Map<string, { version: number; rows: readonly Row[] }>();
  readonly #lastId = new Map<string, number>();
  readonly #numbers = new Map<string, string>();
  readonly #lastNumber = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #children = new Map<string, Set<string>>();
  readonly #refs = new Map<string, Ref>();
  #serial = 0;
  #changes: Change[] = [];

  /** Seconds: QuickBooks keeps no smaller part of when a record changed. */
  nowSec: () => number;

  constructor(nowSec: () => number) {
    this.nowSec = nowSec;
  }

  row(entity: EntityName, id: string): Row | undefined {
    return this.#rows.get(entity)?.get(id);
  }

  rows(entity: EntityName): Iterable<Row> {
    return this.#rows.get(entity)?.values() ?? [];
  }

  deleted(entity: EntityName): readonly Deleted[] {
    return this.#deleted.get(entity) ?? [];
  }

  /** All rows of an entity in an order, kept until one of them changes. */
  ordered(entity: EntityName, order: string, sort: (rows: readonly Row[]) => readonly Row[]): readonly Row[] {
    const key = `${entity}/${order}`;
    const version = this.#versions.get(entity) ?? 0;
    const known = this.#ordered.get(key);
    if (known?.version === version) return known.rows;
    const rows = sort([...this.rows(entity)]);
    this.#ordered.set(key, { version, rows });
    return rows;
  }

  /** The only Preferences and the only CompanyInfo. */
  single(entity: 'Preferences' | 'CompanyInfo'): Body {
    return this.row(entity, '1')?.body ?? {};
  }

  /** One object for all references to the same record. */
  ref(value: string): Ref {
    let ref = this.#refs.get(value);
    if (ref === undefined) {
      ref = Object.freeze({ value });
      this.#refs.set(value, ref);
    }
    return ref;
  }

  insert(entity: EntityName, body: Body, id = this.newId(entityOf(entity).ids)): Row {
    const atSec = this.nowSec();
    const row: Row = {
      entity,
      id,
      serial: ++this.#serial,
      createdSec: atSec,
      updatedSec: atSec,
      token: 0,
      body,
      openMinor: 0,
      links: NO_LINKS,
    };
    this.#put(row);
    const { ids } = entityOf(entity);
    if (/^\d{1,15}$/.test(id)) this.#lastId.set(ids, Math.max(Number(id), this.#lastId.get(ids) ?? 0));
    this.changed(row, 'Create');
    return row;
  }

  /** Another body, one version later. */
  replace(row: Row, body: Body, operation: Operation = 'Update'): void {
    this.#unindex(row);
    row.body = body;
    this.#index(row);
    this.bump(row, operation);
  }

  /** A version later, without another body: something that belongs to it has changed. */
  bump(row: Row, operation: Operation = 'Update'): void {
    row.token += 1;
    this.touch(row);
    this.changed(row, operation);
  }

  /** Only its time moves: balances and links of others do that, and leave the SyncToken alone. */
  touch(row: Row): void {
    row.updatedSec = this.nowSec();
    this.#grow(row.entity);
  }

  remove(row: Row): void {
    this.#unindex(row);
    this.#rows.get(row.entity)?.delete(row.id);
    const gone = this.#deleted.get(row.entity) ?? [];
    gone.push({ id: row.id, atSec: this.nowSec() });
    this.#deleted.set(row.entity, gone);
    this.changed(row, 'Delete');
  }

  /** Sets what is open of a record, and with it what its customer owes. */
  setOpen(row: Row, openMinor: number): void {
    const difference = openMinor - row.openMinor;
    row.openMinor = openMinor;
    this.#grow(row.entity);
    this.owe(refOf(row.body, 'CustomerRef'), difference * (OWED[row.entity] ?? 0));
  }

  /** The customer owes so much more. */
  owe(customerId: string | undefined, minor: number): void {
    const customer = customerId === undefined ? undefined : this.row('Customer', customerId);
    if (customer === undefined || minor === 0) return;
    customer.openMinor += minor;
    this.touch(customer);
  }

  childrenOf(row: Row): readonly Row[] {
    const ids = this.#children.get(`${row.entity}/${row.id}`) ?? [];
    return [...ids].flatMap((id) => this.row(row.entity, id) ?? []);
  }

  newId(sequence: string): string {
    const id = (this.#lastId.get(sequence) ?? 0) + 1;
    this.#lastId.set(sequence, id);
    return String(id);
  }

  /** The next free document number, for those that have one. */
  nextNumber(entity: EntityName): string | undefined {
    const sequence = NUMBERED[entity];
    if (sequence === undefined) return undefined;
    return String((this.#lastNumber.get(sequence) ?? FIRST_NUMBER - 1) + 1);
  }

  /** @throws ApiFault 6140 */
  checkNumber(entity: EntityName, number: string, ownId?: string): void {
    const other = this.#numbers.get(`${entity}/${number}`);
    if (other !== undefined && other !== ownId) throw duplicateNumber(number, entity, other);
  }

  isNameTaken(entity: EntityName, name: string): boolean {
    return this.#names.has(nameKey(entity, name));
  }

  /** @throws ApiFault 6240: customers, vendors and employees share their names, other lists have their own */
  checkName(entity: EntityName, name: string, ownId?: string): void {
    const other = this.#names.get(nameKey(entity, name));
    if (other !== undefined && other !== `${entity}/${ownId}`) throw duplicateName(other.split('/')[0] ?? entity);
  }

  changed(row: Row, operation: Operation, deletedId?: string): void {
    this.#grow(row.entity);
    const { entity, id } = row;
    this.#changes.push({ entity, id, operation, atSec: this.nowSec(), ...(deletedId === undefined ? {} : { deletedId }) });
  }

  /** What has changed since this was asked last. */
  takeChanges(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  kept(): KeptBooks {
    return {
      rows: [...this.#rows.values()].flatMap((rows) => [...rows.values()]),
      deleted: [...this.#deleted],
      lastId: [...this.#lastId],
      lastNumber: [...this.#lastNumber],
      serial: this.#serial,
    };
  }

  /** Into empty books. */
  load({ rows, deleted, lastId, lastNumber, serial }: KeptBooks): void {
    for (const row of rows) this.#put(row);
    for (const [entity, list] of deleted) this.#deleted.set(entity, list);
    for (const [sequence, id] of lastId) this.#lastId.set(sequence, id);
    for (const [sequence, number] of lastNumber) this.#lastNumber.set(sequence, number);
    this.#serial = serial;
  }

  #put(row: Row): void {
    let rows = this.#rows.get(row.entity);
    if (rows === undefined) this.#rows.set(row.entity, (rows = new Map<string, Row>()));
    rows.set(row.id, row);
    this.#index(row);
  }

  #index(row: Row): void {
    const { entity, id, body } = row;
    const number = textOf(body, 'DocNumber');
    if (number !== undefined) this.#indexNumber(entity, number, id);
    const name = nameOf(entity, body);
    if (name !== undefined) this.#names.set(nameKey(entity, name), `${entity}/${id}`);
    const parent = refOf(body, 'ParentRef');
    if (parent === undefined) return;
    const key = `${entity}/${parent}`;
    this.#children.set(key, (this.#children.get(key) ?? new Set<string>()).add(id));
  }

  #indexNumber(entity: EntityName, number: string, id: string): void {
    if (!this.#numbers.has(`${entity}/${number}`)) this.#numbers.set(`${entity}/${number}`, id);
    const sequence = NUMBERED[entity];
    if (sequence === undefined || !/^\d{1,15}$/.test(number)) return;
    this.#lastNumber.set(sequence, Math.max(Number(number), this.#lastNumber.get(sequence) ?? FIRST_NUMBER - 1));
  }

  #unindex({ entity, id, body }: Row): void {
    const number = `${entity}/${textOf(body, 'DocNumber')}`;
    if (this.#numbers.get(number) === id) this.#numbers.delete(number);
    const name = nameOf(entity, body);
    if (name !== undefined) this.#names.delete(nameKey(entity, name));
    const parent = refOf(body, 'ParentRef');
    if (parent !== undefined) this.#children.get(`${entity}/${parent}`)?.delete(id);
  }

  #grow(entity: EntityName): void {
    this.#versions.set(entity, (this.#versions.get(entity) ?? 0) + 1);
  }
}

/** The name by which people know a record of a list. */
function nameOf(entity: EntityName, body: Body): string | undefined {
  const { family } = entityOf(entity);
  if (family === 'NAME') return textOf(body, 'DisplayName');
  return family === 'LIST' || family === 'FIXED' ? textOf(body, 'Name') : undefined;
}

const nameKey = (entity: EntityName, name: string): string =>
  `${entityOf(entity).family === 'NAME' ? 'people' : entity}/${name.toLowerCase()}`;
