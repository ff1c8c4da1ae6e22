/** Changes of records that are no transactions: customers with their addresses and currencies, items, terms and the like. */
import { decimalOrNull } from '../books/amounts.ts';
import type { Books } from '../books/books.ts';
import { relationsOf } from '../books/customers.ts';
import type { ListRow } from '../books/model.ts';
import type { Body, Json } from '../contract.ts';
import { isBody, textOf } from '../json.ts';
import { invalidContent, Problem, userError } from '../problem.ts';
import { ADDRESS_FIELDS } from './fields.ts';
import type { ListType } from './list-types.ts';
import { type Parsed, same } from './parse.ts';

type Values = Record<string, Json>;

const FIRST_CUSTOMER = 1_000;

export class ListWriter {
  readonly #books: Books;

  constructor(books: Books) {
    this.#books = books;
  }

  /** @param id of a record that is set up with the account itself */
  create(type: ListType, parsed: Parsed, id?: number): ListRow {
    const books = this.#books;
    const values = this.#merged(type, {}, parsed);
    this.#complete(type, values);
    this.#check(type, values, null);
    const family = ['inventoryItem', 'nonInventorySaleItem', 'serviceSaleItem', 'discountItem', 'salesTaxItem'].includes(
      type.name,
    )
      ? 'item'
      : type.name;
    const atSec = books.nowSec();
    const { externalId, ...rest } = values;
    const row: ListRow = {
      type: type.name,
      id: id ?? books.newId(family),
      externalId: typeof externalId === 'string' ? externalId : null,
      createdSec: atSec,
      modifiedSec: atSec,
      values: rest,
    };
    books.setExternalId(type.name, row.id, { before: null, after: row.externalId });
    books.put(row, 'create');
    return row;
  }

  update(type: ListType, row: ListRow, parsed: Parsed): void {
    const { externalId, ...values } = this.#merged(type, row.values, parsed);
    this.#check(type, values, row);
    if (externalId !== undefined) {
      const after = externalId === null ? null : textOf(externalId);
      this.#books.setExternalId(type.name, row.id, { before: row.externalId, after });
      row.externalId = after;
    }
    row.values = values;
    row.modifiedSec = this.#books.nowSec();
    this.#books.put(row);
  }

  remove(type: ListType, row: ListRow): void {
    if (this.#isUsed(row))
      throw userError('This record cannot be deleted because it has dependent records. Make it inactive instead.');
    this.#books.removeRow(row, textOf(row.values[type.title]) || String(row.id));
  }

  #merged({ name }: ListType, before: Readonly<Values>, { values, custom, sublists }: Parsed): Values {
    const after: Values = { ...before };
    for (const [field, value] of Object.entries({ ...values, ...custom })) {
      if (value === null && field !== 'externalId') delete after[field];
      else after[field] = value;
    }
    if (name !== 'customer') return after;
    const currencies = sublists.get('currencyList');
    if (currencies !== undefined) {
      const sent = currencies.items.flatMap(({ values: line }) => (line['currency'] == null ? [] : [Number(line['currency'])]));
      const kept = currencies.isReplace ? [] : ((after['currencyList'] as readonly number[] | undefined) ?? []);
      after['currencyList'] = [...new Set([...kept, ...sent])];
    }
    const addresses = sublists.get('addressBook');
    if (addresses !== undefined) after['addressBook'] = mergedAddresses(before['addressBook'], addresses);
    return after;
  }

  #complete({ name }: ListType, values: Values): void {
    if (name === 'customer') this.#completeCustomer(values);
    if (name !== 'salesTaxItem' && name !== 'customerSubsidiaryRelationship' && name !== 'accountingPeriod')
      values['isInactive'] ??= false;
  }

  #completeCustomer(values: Values): void {
    const books = this.#books;
    values['isPerson'] ??= false;
    const person = `${textOf(values['firstName'])} ${textOf(values['lastName'])}`.trim();
    if (values['isPerson'] === true ? person === '' : textOf(values['companyName']).trim() === '')
      throw invalidContent(
        `Please enter value(s) for: ${values['isPerson'] === true ? 'First Name, Last Name' : 'Company Name'}`,
        'companyName',
      );
    if (values['entityId'] === undefined) {
      values['entityId'] = `CUST${FIRST_CUSTOMER + books.newId('number CUST')}`;
      values['autoName'] = true;
    }
    values['creditHoldOverride'] ??= 'AUTO';
    values['emailPreference'] ??= 'DEFAULT';
    const subsidiary = values['subsidiary'];
    if (values['currency'] === undefined && typeof subsidiary === 'number') values['currency'] = books.baseOf(subsidiary).id;
  }

  #check(type: ListType, values: Values, row: ListRow | null): void {
    for (const field of type.required)
      if (values[field] === undefined || values[field] === null)
        throw invalidContent(`Please enter value(s) for: ${field}`, field);
    const limit = values['creditLimit'];
    if (typeof limit === 'string' && Number(decimalOrNull(limit)) < 0)
      throw invalidContent('Invalid credit limit.', 'creditLimit');
    if (type.name === 'customer' && row !== null) this.#checkMoved(row, values);
    if (type.name === 'customerSubsidiaryRelationship' && row === null) this.#checkRelation(values);
    if (!['customer', 'term', 'inventoryItem', 'nonInventorySaleItem', 'serviceSaleItem', 'discountItem'].includes(type.name))
      return;
    const name = values[type.title];
    const family = type.name === 'customer' || type.name === 'term' ? type.name : 'item';
    if (name === row?.values[type.title]) return;
    for (const other of this.#books.family(family))
      if (other.id !== row?.id && textOf(other.values[type.title]).toLowerCase() === textOf(name).toLowerCase())
        throw userError(
          `A ${type.name} record with this ID already exists. You must enter a unique ${type.name} ID for each record you create.`,
          type.title,
        );
  }

  #checkMoved({ id, values: before }: ListRow, values: Values): void {
    if (before['subsidiary'] === values['subsidiary'] && before['currency'] === values['currency']) return;
    if (this.#books.balances(id).size > 0)
      throw userError('The primary subsidiary and currency of a customer with transactions can not be changed.', 'subsidiary');
  }

  #checkRelation(values: Values): void {
    const { entity, subsidiary } = values;
    const customer = this.#books.row('customer', Number(entity));
    const isKnown = relationsOf(this.#books, Number(entity)).some((row) => row.values['subsidiary'] === subsidiary);
    if (isKnown || customer?.values['subsidiary'] === subsidiary)
      throw new Problem(400, 'USER_ERROR', 'Error while accessing a resource. The customer has that subsidiary already.');
  }

  #isUsed({ type, id }: ListRow): boolean {
    const { transactions } = this.#books;
    if (type === 'customer') {
      for (const one of transactions.values()) if (one.entity === id) return true;
    } else if (type === 'term') {
      for (const one of transactions.values()) if (one.terms === id) return true;
      for (const row of this.#books.rows('customer')) if (row.values['terms'] === id) return true;
    } else if (type.endsWith('Item')) {
      for (const one of transactions.values()) if (one.lines.some(({ item }) => item === id)) return true;
    }
    return false;
  }
}

type Sent = NonNullable<ReturnType<Parsed['sublists']['get']>>;

/** Each has its own number, by which it is changed; there is one default of a kind. */
function mergedAddresses(before: Json | undefined, { items, isReplace }: Sent): Json[] {
  const addresses = new Map<string, Body>(
    (Array.isArray(before) ? (before as readonly Body[]) : []).map((one) => [textOf(one['internalId']), one]),
  );
  const sent = new Set<string>();
  let last = Math.max(0, ...[...addresses.keys()].map(Number));
  for (const { values, body } of items) {
    const given = values['internalId'] ?? body['id'];
    const key = given !== undefined && given !== null && addresses.has(textOf(given)) ? textOf(given) : String(++last);
    const known = addresses.get(key);
    const name = Object.keys(body).find((one) => same(one, 'addressBookAddress'));
    const address = {
      ...(known?.['addressBookAddress'] as Body | undefined),
      ...addressIn(name === undefined ? undefined : body[name]),
    };
    for (const kind of ['defaultBilling', 'defaultShipping'])
      if (values[kind] === true) for (const [other, one] of addresses) addresses.set(other, { ...one, [kind]: false });
    addresses.set(key, {
      defaultBilling: false,
      defaultShipping: false,
      ...known,
      ...values,
      internalId: key,
      addressBookAddress: address,
    });
    sent.add(key);
  }
  return [...addresses.values()].filter((one) => !isReplace || sent.has(textOf(one['internalId'])));
}

function addressIn(value: Json | undefined): Body {
  if (!isBody(value)) return {};
  const address: Record<string, Json> = {};
  for (const [name, field] of Object.entries(value)) {
    const known = [...ADDRESS_FIELDS].find((one) => same(one, name));
    if (known === undefined || field === undefined || field === null) continue;
    address[known] = textOf(isBody(field) ? field['id'] : field);
  }
  return address;
}
