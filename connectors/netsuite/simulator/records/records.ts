/** All records of the account by type and id, and every way to change one: what the record service and a person at the screen have in common. */
import type { Books } from '../books/books.ts';
import { customerAccounts } from '../books/customers.ts';
import type { ListRow, Transaction } from '../books/model.ts';
import { Writer } from '../books/writer.ts';
import type { Body } from '../contract.ts';
import { noRecord, noType, Problem, userError, wrongTransaction } from '../problem.ts';
import { ListWriter } from './list-writer.ts';
import { LIST_TYPES, type ListType } from './list-types.ts';
import { type ParseOptions, Parser, same, tranInput } from './parse.ts';
import { TRAN_RECORDS, type TranRecord } from './tran-types.ts';
import { transformed } from './transform.ts';
import type { Shown } from './view.ts';

export type RecordType = ListType | TranRecord;

const TYPES: readonly RecordType[] = [...LIST_TYPES, ...TRAN_RECORDS];
export const RECORDS: ReadonlyMap<string, RecordType> = new Map(TYPES.map((type) => [type.name.toLowerCase(), type]));

export class Records {
  readonly books: Books;
  readonly writer: Writer;
  readonly lists: ListWriter;
  /** Ids of subsidiaries that the role of the integration sees; null: all. */
  role: ReadonlySet<number> | null = null;
  /** A person acts on the screens, not the integration. */
  isPerson = false;

  constructor(books: Books) {
    this.books = books;
    this.writer = new Writer(books);
    this.lists = new ListWriter(books);
  }

  /** @param url as it was asked for, for the message */
  type(name: string, url = `/services/rest/record/v1/${name}`): RecordType {
    const type = RECORDS.get(name.toLowerCase());
    if (type === undefined) throw noType(name, url);
    return type;
  }

  /** By id, or `eid:` and an external id. @throws Problem as NetSuite does, which depends on the kind of record */
  find(type: RecordType, id: string): Shown {
    const number = id.startsWith('eid:')
      ? this.books.byExternalId(type.name, id.slice(4))
      : /^-?\d{1,15}$/.test(id)
        ? Number(id)
        : undefined;
    if ('code' in type) {
      const row = number === undefined ? undefined : this.books.transaction(type.code, number);
      if (row === undefined || !this.isSeen(row)) throw id.startsWith('eid:') ? noRecord() : wrongTransaction();
      return { family: 'TRANSACTION', type, row };
    }
    const row = number === undefined ? undefined : this.books.row(type.name, number);
    if (row === undefined || !this.isRowSeen(row)) throw noRecord();
    return { family: 'LIST', type, row };
  }

  /** In no order that is documented: the newest first. */
  *all(type: RecordType): Iterable<Shown> {
    if ('code' in type) {
      for (const id of this.books.idsOf(type.code).toReversed()) {
        const row = this.books.transactions.get(id);
        if (row !== undefined && this.isSeen(row)) yield { family: 'TRANSACTION', type, row };
      }
    } else
      for (const row of [...this.books.rows(type.name)].reverse()) if (this.isRowSeen(row)) yield { family: 'LIST', type, row };
  }

  /** @returns the id */
  create(type: RecordType, body: Body, options: ParseOptions): number {
    this.#assertWritable(type);
    const parsed = new Parser(this.books, options).record(body, type.fields, type.sublists);
    if (!('code' in type)) return this.lists.create(type, parsed).id;
    if (type.code === 'ItemShip') throw userError('An item fulfillment is made of an order: use !transform.');
    const deposit = type.code === 'DepAppl' ? Number(parsed.values['deposit'] ?? 0) : 0;
    const source = deposit === 0 ? undefined : this.books.transaction('CustDep', deposit);
    return this.writer.create(type.code, tranInput(parsed), source).id;
  }

  update({ family, type, row }: Shown, body: Body, options: ParseOptions): void {
    this.#assertWritable(type);
    const parsed = new Parser(this.books, options).record(body, type.fields, type.sublists);
    if (family === 'TRANSACTION') this.writer.update(row, tranInput(parsed));
    else this.lists.update(type, row, parsed);
  }

  /** By external id. @returns the id, and whether it is new */
  upsert(
    type: RecordType,
    externalId: string,
    body: Body,
    options: ParseOptions,
  ): { readonly id: number; readonly isNew: boolean } {
    const sent: Body = { ...Object.fromEntries(Object.entries(body).filter(([name]) => !same(name, 'externalId'))), externalId };
    const known = this.books.byExternalId(type.name, externalId);
    if (known === undefined) return { id: this.create(type, sent, options), isNew: true };
    const shown = this.find(type, String(known));
    this.update(shown, sent, options);
    return { id: shown.row.id, isNew: false };
  }

  remove({ family, type, row }: Shown): void {
    this.#assertWritable(type);
    if (family === 'TRANSACTION') this.writer.remove(row);
    else this.lists.remove(type, row);
  }

  /** @returns the id of what was made */
  transform(source: Shown, into: RecordType, body: Body, options: ParseOptions): number {
    if (source.family === 'LIST' || !('code' in into)) throw userError('That record can not be transformed.');
    const parsed = new Parser(this.books, options).record(body, into.fields, into.sublists);
    return this.writer.create(into.code, transformed(this.books, source.row, into.code, tranInput(parsed)), source.row).id;
  }

  isSeen({ subsidiary }: Transaction): boolean {
    return this.role === null || this.role.has(subsidiary);
  }

  isRowSeen(row: ListRow): boolean {
    const { role } = this;
    if (role === null) return true;
    const { type, values } = row;
    if (type === 'customer') return customerAccounts(this.books, row).subsidiaries.some((id) => role.has(id));
    if (type === 'subsidiary') return role.has(row.id);
    if (type === 'customerSubsidiaryRelationship' || type === 'location') return role.has(Number(values['subsidiary']));
    return true;
  }

  #assertWritable(type: RecordType): void {
    const isReadOnly = 'code' in type ? type.code === 'Journal' : type.isReadOnly === true && !this.isPerson;
    if (isReadOnly)
      throw new Problem(
        403,
        'INSUFFICIENT_PERMISSION',
        `Permission Violation: You need a higher level of the '${type.name}' permission to access this page. Please contact your account administrator.`,
      );
  }
}
