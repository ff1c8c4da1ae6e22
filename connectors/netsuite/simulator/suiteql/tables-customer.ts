/** Which companies customers trade with, and where they are. */
import { relationsOf } from '../books/customers.ts';
import type { ListRow } from '../books/model.ts';
import type { Body, Json } from '../contract.ts';
import type { Records } from '../records/records.ts';
import { addressText } from '../records/view.ts';
import { addressKey } from './columns-list.ts';
import { type Columns, columnsOf, flag, idOf, type Row, type Table, textOr } from './table.ts';
import { Moment, type Value } from './values.ts';

interface Relation {
  readonly id: number;
  readonly entity: number;
  readonly subsidiary: number;
  readonly isPrimary: boolean;
}

interface AddressRow {
  readonly key: number;
  readonly customer: ListRow;
  readonly line: Body;
  readonly address: Readonly<Record<string, Json>>;
}

export function relationTable(records: Records): Table {
  const { books } = records;
  const ofCustomer = ({ id, values }: ListRow): Relation[] => [
    { id: id * 1_000, entity: id, subsidiary: Number(values['subsidiary']), isPrimary: true },
    ...relationsOf(books, id).map((row) => ({
      id: id * 1_000 + row.id,
      entity: id,
      subsidiary: Number(row.values['subsidiary']),
      isPrimary: false,
    })),
  ];
  const seen = (row: ListRow) =>
    records.isRowSeen(row)
      ? ofCustomer(row).filter(({ subsidiary }) => records.role === null || records.role.has(subsidiary))
      : [];
  const byEntity = (entity: Value): readonly Row[] => {
    const row = books.row('customer', idOf(entity) ?? 0);
    return row === undefined ? [] : seen(row);
  };
  const columns: Columns<Relation> = {
    id: ({ id }) => id,
    entity: { get: ({ entity }) => entity, display: ({ entity }) => textOr(books.row('customer', entity)?.values['entityId']) },
    subsidiary: {
      get: ({ subsidiary }) => subsidiary,
      display: ({ subsidiary }) => textOr(books.row('subsidiary', subsidiary)?.values['name']),
    },
    isprimarysub: ({ isPrimary }) => flag(isPrimary),
    lastmodifieddate: ({ entity }) => new Moment(books.zone.wall(books.row('customer', entity)?.modifiedSec ?? 0)),
  };
  return {
    name: 'customersubsidiaryrelationship',
    columns: columnsOf(columns),
    *rows() {
      for (const row of books.rows('customer')) yield* seen(row);
    },
    lookups: new Map([['entity', byEntity]]),
  };
}

export function addressTables(records: Records, moment: (sec: number) => Moment): Table[] {
  const { books } = records;
  const ofCustomer = (customer: ListRow): AddressRow[] =>
    ((customer.values['addressBook'] as readonly Body[] | undefined) ?? []).map((line) => ({
      key: addressKey(customer.id, line['internalId']),
      customer,
      line,
      address: (line['addressBookAddress'] ?? {}) as Readonly<Record<string, Json>>,
    }));
  const rows = function* (): Iterable<AddressRow> {
    for (const row of books.rows('customer')) if (records.isRowSeen(row)) yield* ofCustomer(row);
  };
  const byKey = (key: Value): readonly Row[] => {
    const row = books.row('customer', Math.floor((idOf(key) ?? 0) / 1_000));
    return row === undefined || !records.isRowSeen(row) ? [] : ofCustomer(row).filter((one) => one.key === idOf(key));
  };
  const byEntity = (entity: Value): readonly Row[] => {
    const row = books.row('customer', idOf(entity) ?? 0);
    return row === undefined || !records.isRowSeen(row) ? [] : ofCustomer(row);
  };
  const names = ['addr1', 'addr2', 'addr3', 'addressee', 'attention', 'addrPhone', 'city', 'state', 'zip', 'country'];
  const parts = Object.fromEntries(names.map((name) => [name.toLowerCase(), ({ address }: AddressRow) => textOr(address[name])]));
  return [
    {
      name: 'entityaddress',
      columns: columnsOf<AddressRow>({
        nkey: ({ key }) => key,
        recordowner: ({ key }) => key,
        ...parts,
        addrtext: ({ address }) => textOr(addressText(address)),
        dropdownstate: ({ address }) => textOr(address['state']),
        override: () => 'F',
        lastmodifieddate: ({ customer }) => moment(customer.modifiedSec),
      }),
      rows,
      lookups: new Map([['nkey', byKey]]),
    },
    {
      name: 'customeraddressbook',
      columns: columnsOf<AddressRow>({
        entity: ({ customer }) => customer.id,
        internalid: ({ key }) => key,
        addressbookaddress: ({ key }) => key,
        label: ({ line }) => textOr(line['label']),
        defaultbilling: ({ line }) => flag(line['defaultBilling']),
        defaultshipping: ({ line }) => flag(line['defaultShipping']),
      }),
      rows,
      lookups: new Map([['entity', byEntity]]),
    },
  ];
}
