/** The account's records: by id and in order, with balances, what was deleted, what changed when, and who is told of it. */
import type { RecordTypeName } from '../contract.ts';
import { textOf } from '../json.ts';
import { Problem, userError } from '../problem.ts';
import { dayOfWall, type Zone } from '../zone.ts';
import { type Balance, type ListRow, type TranCode, TRAN_TYPES, type Transaction, tranType } from './model.ts';
import { TouchLog } from './touch-log.ts';

export interface Deleted {
  readonly type: RecordTypeName;
  readonly id: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly atSec: number;
}

export type EventName = 'create' | 'edit' | 'delete';

export interface Change {
  readonly type: RecordTypeName;
  readonly id: string;
  readonly event: EventName;
}

export interface Currency {
  readonly id: number;
  /** ISO 4217. */
  readonly symbol: string;
  readonly decimals: number;
  /** Units of the first subsidiary's currency for one of it, as decimal text. */
  readonly rate: string;
}

const ITEM_TYPES: ReadonlySet<RecordTypeName> = new Set<RecordTypeName>([
  'inventoryItem',
  'nonInventorySaleItem',
  'serviceSaleItem',
  'discountItem',
  'salesTaxItem',
]);
export const isItemType = (type: RecordTypeName): boolean => ITEM_TYPES.has(type);
/** Records of one family share their ids and external ids. */
const familyOf = (type: RecordTypeName): string => (isItemType(type) ? 'item' : type);
const NO_IDS: readonly number[] = Object.freeze([]);
const NOTHING: Balance = Object.freeze({ open: 0, deposits: 0 });

export class Books {
  nowSec: () => number;
  readonly zone: Zone;
  /** Grows with every change. */
  version = 0;
  closedThrough: string | null = null;
  voidsByJournal = false;
  readonly transactions = new Map<number, Transaction>();
  readonly touches = new TouchLog();
  readonly deleted: Deleted[] = [];
  readonly lastIds = new Map<string, number>();
  /** Of all transactions, ascending; not to be kept over a change. */
  readonly ids: number[] = [];
  readonly #lists = new Map<string, Map<number, ListRow>>();
  readonly #byCode = new Map<TranCode, number[]>();
  readonly #externalIds = new Map<string, number>();
  readonly #balances = new Map<number, Map<number, Balance>>();
  /** Of each customer: with something open, not used, or not billed. */
  readonly #live = new Map<number, Set<number>>();
  readonly #currencies = new Map<number, Currency>();
  #changes: Change[] = [];

  constructor(nowSec: () => number, zone: Zone) {
    this.nowSec = nowSec;
    this.zone = zone;
  }

  get today(): string {
    return dayOfWall(this.zone.wall(this.nowSec()));
  }

  // lists

  rows(type: RecordTypeName): Iterable<ListRow> {
    return this.family(type, type);
  }

  /** All of a family when no type is told. */
  *family(family: string, type?: RecordTypeName): Iterable<ListRow> {
    for (const row of this.#lists.get(type === undefined ? family : familyOf(type))?.values() ?? [])
      if (type === undefined || row.type === type) yield row;
  }

  /** Of a whole family. */
  countOf(type: RecordTypeName): number {
    return this.#lists.get(familyOf(type))?.size ?? 0;
  }

  row(type: RecordTypeName, id: number): ListRow | undefined {
    const row = this.#lists.get(familyOf(type))?.get(id);
    return row?.type === type ? row : undefined;
  }

  item(id: number): ListRow | undefined {
    return this.#lists.get('item')?.get(id);
  }

  put(row: ListRow, event: EventName = 'edit'): void {
    const family = familyOf(row.type);
    let rows = this.#lists.get(family);
    if (rows === undefined) this.#lists.set(family, (rows = new Map<number, ListRow>()));
    rows.set(row.id, row);
    this.#seen(family, row.id);
    if (row.externalId !== null) this.#externalIds.set(`${family}/${row.externalId}`, row.id);
    if (row.type === 'currency') this.#currencies.set(row.id, currencyOf(row));
    this.changed(row.type, row.id, event);
  }

  removeRow(row: ListRow, name: string): void {
    this.#lists.get(familyOf(row.type))?.delete(row.id);
    this.#gone(row.type, row.id, { name, externalId: row.externalId });
  }

  currency(id: number): Currency {
    const currency = this.#currencies.get(id);
    if (currency === undefined) throw userError(`Invalid currency reference key ${id}.`);
    return currency;
  }

  currencies(): Iterable<Currency> {
    return this.#currencies.values();
  }

  /** The currency of a subsidiary's books. */
  baseOf(subsidiary: number): Currency {
    return this.currency(Number(this.row('subsidiary', subsidiary)?.values['currency']));
  }

  // transactions

  transaction(code: TranCode, id: number): Transaction | undefined {
    const found = this.transactions.get(id);
    return found?.code === code ? found : undefined;
  }

  /** In ascending order; not to be kept over a change. */
  idsOf(code: TranCode): readonly number[] {
    return this.#byCode.get(code) ?? NO_IDS;
  }

  insert(transaction: Transaction): void {
    const { id, code } = transaction;
    this.transactions.set(id, transaction);
    let ids = this.#byCode.get(code);
    if (ids === undefined) this.#byCode.set(code, (ids = []));
    ids.push(id);
    this.ids.push(id);
    this.#seen('transaction', id);
    this.touched(transaction);
    this.changed(TRAN_TYPES[code].record, id, 'create');
  }

  /** What is open of it counts again in what its customer owes: after it was read from a file. */
  restore(transaction: Transaction): void {
    const { open, code, id, modifiedSec, mainSec } = transaction;
    transaction.open = 0;
    this.insert(transaction);
    this.touches.add(Math.max(modifiedSec, mainSec, ...transaction.lines.map((line) => line.modifiedSec)), id);
    this.setExternalId(TRAN_TYPES[code].record, id, { before: null, after: transaction.externalId });
    this.setOpen(transaction, open);
    if (code === 'SalesOrd') this.setLive(transaction, !'CGH'.includes(transaction.status));
  }

  removeTransaction(transaction: Transaction): void {
    const { id, code, entity } = transaction;
    this.setOpen(transaction, 0);
    this.#live.get(entity)?.delete(id);
    this.transactions.delete(id);
    const ids = this.#byCode.get(code) ?? [];
    ids.splice(placeOf(ids, id), 1);
    this.ids.splice(placeOf(this.ids, id), 1);
    this.#gone(TRAN_TYPES[code].record, id, {
      name: `${tranType(code).title} #${transaction.tranId}`,
      externalId: transaction.externalId,
    });
  }

  /** Its header has changed. */
  edited(transaction: Transaction): void {
    transaction.modifiedSec = this.nowSec();
    transaction.mainSec = transaction.modifiedSec;
    this.touched(transaction);
    this.changed(TRAN_TYPES[transaction.code].record, transaction.id, 'edit');
  }

  /** Only a line of it has changed, or what is set against it: its header's date stays. */
  lineChanged(transaction: Transaction): void {
    transaction.mainSec = this.nowSec();
    this.touched(transaction);
    this.changed(TRAN_TYPES[transaction.code].record, transaction.id, 'edit');
  }

  touched({ id }: Transaction): void {
    this.touches.add(this.nowSec(), id);
    this.version += 1;
  }

  setOpen(transaction: Transaction, open: number): void {
    const { entity, currency, code } = transaction;
    const difference = open - transaction.open;
    transaction.open = open;
    if (difference === 0) return;
    this.setLive(transaction, open > 0);
    const { owes } = TRAN_TYPES[code];
    let balances = this.#balances.get(entity);
    if (balances === undefined) this.#balances.set(entity, (balances = new Map<number, Balance>()));
    const { open: owed, deposits } = balances.get(currency) ?? NOTHING;
    const paidBefore = code === 'CustDep' ? difference : 0;
    balances.set(currency, { open: owed + owes * difference, deposits: deposits + paidBefore });
  }

  setLive({ entity, id }: Transaction, isLive: boolean): void {
    let live = this.#live.get(entity);
    if (live === undefined) this.#live.set(entity, (live = new Set<number>()));
    if (isLive) live.add(id);
    else live.delete(id);
  }

  /** Of a customer: with something open, not used or not billed, oldest first. */
  live(entity: number): Transaction[] {
    const ids = [...(this.#live.get(entity) ?? [])].sort((a, b) => a - b);
    return ids.flatMap((id) => this.transactions.get(id) ?? []);
  }

  balances(entity: number): ReadonlyMap<number, Balance> {
    return this.#balances.get(entity) ?? NO_BALANCES;
  }

  // ids

  newId(sequence: string): number {
    const id = (this.lastIds.get(sequence) ?? 0) + 1;
    this.lastIds.set(sequence, id);
    return id;
  }

  byExternalId(type: RecordTypeName, externalId: string): number | undefined {
    return this.#externalIds.get(`${familyOf(type)}/${externalId}`);
  }

  /** Transactions of any type with that external id. */
  transactionsNamed(externalId: string): number[] {
    return Object.values(TRAN_TYPES).flatMap(({ record }) => this.byExternalId(record, externalId) ?? []);
  }

  /** @throws Problem when another record has it */
  setExternalId(type: RecordTypeName, id: number, { before, after }: { before: string | null; after: string | null }): void {
    const key = `${familyOf(type)}/${after}`;
    const other = after === null ? undefined : this.#externalIds.get(key);
    if (other !== undefined && other !== id)
      throw new Problem(400, 'INVALID_CONTENT', `Error while accessing a resource. This entity already exists.`, {
        path: 'externalId',
      });
    if (before !== null) this.#externalIds.delete(`${familyOf(type)}/${before}`);
    if (after !== null) this.#externalIds.set(key, id);
  }

  // events

  changed(type: RecordTypeName, id: number, event: EventName): void {
    this.version += 1;
    this.#changes.push({ type, id: String(id), event });
  }

  takeChanges(): readonly Change[] {
    const distinct = new Map(this.#changes.map((change) => [`${change.type}/${change.id}/${change.event}`, change]));
    this.#changes = [];
    return [...distinct.values()];
  }

  #gone(type: RecordTypeName, id: number, { name, externalId }: { name: string; externalId: string | null }): void {
    if (externalId !== null) this.#externalIds.delete(`${familyOf(type)}/${externalId}`);
    this.deleted.push({ type, id, name, externalId, atSec: this.nowSec() });
    this.changed(type, id, 'delete');
  }

  #seen(sequence: string, id: number): void {
    if (id > (this.lastIds.get(sequence) ?? 0)) this.lastIds.set(sequence, id);
  }
}

const NO_BALANCES: ReadonlyMap<number, Balance> = new Map();

const currencyOf = ({ id, values }: ListRow): Currency => ({
  id,
  symbol: textOf(values['symbol']),
  decimals: Number(values['currencyPrecision']),
  rate: textOf(values['exchangeRate']),
});

/** Where an id stands in ascending ids, or would. */
export function placeOf(ids: readonly number[], id: number): number {
  let [from, to] = [0, ids.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ids[middle] ?? 0) < id) from = middle + 1;
    else to = middle;
  }
  return from;
}
