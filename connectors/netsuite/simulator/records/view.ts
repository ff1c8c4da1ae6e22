/** Records as the record service shows them: references with links and names, sub-lists as links unless they are asked for, nothing that is empty. */
import { minorText } from '../books/amounts.ts';
import { applicable } from '../books/applying.ts';
import type { Books } from '../books/books.ts';
import { currenciesOf, owedBy } from '../books/customers.ts';
import { APPLYING_CODES, type ListRow, type Transaction, tranType } from '../books/model.ts';
import type { Body, Json } from '../contract.ts';
import { textOf } from '../json.ts';
import { utc } from '../zone.ts';
import type { Field, SublistType, Target } from './fields.ts';
import { type ListType, LIST_TYPES } from './list-types.ts';
import { lineValue, type TranRecord, tranValue } from './tran-types.ts';

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region' });
const countryName = (code: string): string => (/^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code);

export interface Viewing {
  /** `http://…/services/rest` as it was called. */
  readonly root: string;
  readonly isExpanded: boolean;
  readonly isEnumSimple: boolean;
  /** Only these, in lower case. */
  readonly fields?: ReadonlySet<string>;
}

export type Shown =
  | { readonly family: 'LIST'; readonly type: ListType; readonly row: ListRow }
  | { readonly family: 'TRANSACTION'; readonly type: TranRecord; readonly row: Transaction };

export const pathOf = (type: string, id: number | string): string => `record/v1/${type.toLowerCase()}/${id}`;
export const selfLink = (href: string): Json => ({ rel: 'self', href, method: 'GET' });

export class Viewer {
  readonly #books: Books;
  readonly #viewing: Viewing;

  constructor(books: Books, viewing: Viewing) {
    this.#books = books;
    this.#viewing = viewing;
  }

  record(shown: Shown): Body {
    const { type, row } = shown;
    const { fields: wanted, isExpanded } = this.#viewing;
    const self = this.#href(pathOf(type.name, row.id));
    const body: Record<string, Json> = { links: [selfLink(self)] };
    for (const field of type.fields) {
      if (wanted !== undefined && !wanted.has(field.name.toLowerCase())) continue;
      const value = this.render(field, this.value(shown, field));
      if (value !== undefined) body[field.name] = value;
    }
    if (wanted === undefined)
      for (const list of type.sublists)
        body[list.name] = isExpanded ? this.sublist(shown, list) : { links: [selfLink(`${self}/${list.name}`)] };
    return body;
  }

  /** As the books have it: a reference is the id. */
  value(shown: Shown, field: Field): Json | undefined {
    return shown.family === 'TRANSACTION' ? tranValue(this.#books, shown.row, field) : this.#listValue(shown.row, field);
  }

  sublist(shown: Shown, list: SublistType): Body {
    const self = `${this.#href(pathOf(shown.type.name, shown.row.id))}/${list.name}`;
    const items = this.lines(shown, list);
    return { links: [selfLink(self)], items, totalResults: items.length };
  }

  lines(shown: Shown, list: SublistType): Body[] {
    const self = `${this.#href(pathOf(shown.type.name, shown.row.id))}/${list.name}`;
    return this.#raws(shown, list).map(({ key, values, more }) => {
      const line: Record<string, Json> = { links: [selfLink(`${self}/${key}`)] };
      for (const field of list.fields) {
        const value = this.render(field, values(field));
        if (value !== undefined) line[field.name] = value;
      }
      return { ...line, ...more };
    });
  }

  render(field: Field, value: Json | undefined): Json | undefined {
    if (value === undefined || value === null) return undefined;
    switch (field.kind) {
      case 'NUMBER':
      case 'INTEGER':
      case 'RATE':
        return Number(value);
      case 'CHOICE': {
        const id = textOf(value);
        return this.#viewing.isEnumSimple ? id : { links: [], id, refName: field.choices?.[id] ?? id };
      }
      case 'REFERENCE':
        return this.reference(field.to ?? 'item', Number(value));
      default:
        return value;
    }
  }

  reference(to: Target, id: number): Body {
    const books = this.#books;
    const transaction = books.transactions.get(id);
    const isTran = to === 'transaction' || to === 'salesOrder' || to === 'customerDeposit';
    if (isTran && transaction !== undefined) {
      const { record, title } = tranType(transaction.code);
      return this.#reference(record, id, `${title} #${transaction.tranId}`);
    }
    const row = to === 'item' ? books.item(id) : isTran ? undefined : books.row(to, id);
    const title = LIST_TYPES.find(({ name }) => name === row?.type)?.title ?? 'name';
    return this.#reference(row?.type ?? to, id, row === undefined ? '' : textOf(row.values[title]) || String(id));
  }

  #reference(type: string, id: number, refName: string): Body {
    return { links: [selfLink(this.#href(pathOf(type, id)))], id: String(id), ...(refName === '' ? {} : { refName }) };
  }

  #listValue(row: ListRow, field: Field): Json | undefined {
    switch (field.name) {
      case 'id':
        return String(row.id);
      case 'externalId':
        return row.externalId;
      case 'dateCreated':
      case 'createdDate':
        return utc(row.createdSec);
      case 'lastModifiedDate':
        return utc(row.modifiedSec);
      case 'defaultTaxReg':
        return row.values['defaultTaxReg'] ?? row.values['vatRegNumber'];
      default:
        return row.type === 'customer' && field.isReadOnly === true ? this.#owed(row, field.name) : row.values[field.name];
    }
  }

  #owed(row: ListRow, name: string): Json | undefined {
    if (name === 'defaultAddress') return addressText(defaultAddress(row));
    const { decimals } = this.#books.currency(Number(row.values['currency']));
    const owed = owedBy(this.#books, row);
    const amounts: Readonly<Record<string, number>> = {
      balance: owed.balance,
      overdueBalance: owed.overdue,
      unbilledOrders: owed.unbilled,
      depositBalance: owed.deposits,
    };
    if (name === 'daysOverdue') return owed.daysOverdue;
    const minor = amounts[name];
    return minor === undefined ? row.values[name] : minorText(minor, decimals);
  }

  #raws(shown: Shown, { name }: SublistType): RawLine[] {
    const books = this.#books;
    if (shown.family === 'LIST') return name === 'addressBook' ? addresses(shown.row) : this.#currencyLines(shown.row);
    const { row } = shown;
    if (name === 'apply') return this.#applyLines(row);
    if (name === 'package') return row.packages.map((one, index) => ({ key: index + 1, values: (field) => one[field.name] }));
    if (name === 'line') {
      const { decimals } = books.currency(row.currency);
      return row.lines.map((line) => ({
        key: line.id,
        values: ({ name: field }) => {
          if (field === 'line') return line.id;
          if (field === 'account') return line.account;
          if (field === 'debit') return line.minor > 0 ? minorText(line.minor, decimals) : null;
          return line.minor < 0 ? minorText(-line.minor, decimals) : null;
        },
      }));
    }
    return row.lines.map((line) => ({ key: line.id, values: (field) => lineValue(books, { transaction: row, line }, field) }));
  }

  /** What it is applied to, then what it could be. */
  #applyLines(source: Transaction): RawLine[] {
    const books = this.#books;
    const { decimals } = books.currency(source.currency);
    if (!APPLYING_CODES.has(source.code)) return [];
    const done = source.applies.flatMap((apply) => {
      const doc = books.transactions.get(apply.doc);
      return doc === undefined ? [] : [{ doc, apply }];
    });
    const others = applicable(books, source).filter(({ id }) => !source.applies.some(({ doc }) => doc === id));
    const shown = [...done, ...others.map((doc) => ({ doc, apply: null }))];
    return shown.map(({ doc, apply }) => {
      const values: Readonly<Record<string, Json>> = {
        doc: doc.id,
        apply: apply !== null,
        amount: apply === null ? null : minorText(apply.minor, decimals),
        disc: apply === null || apply.discount === 0 ? null : minorText(apply.discount, decimals),
        due: minorText(doc.open, decimals),
        total: minorText(doc.total, decimals),
        refNum: doc.tranId,
        type: tranType(doc.code).title,
        applyDate: doc.day,
        dueDate: doc.dueDay,
        line: 0,
      };
      return { key: `doc=${doc.id},line=0`, values: (field: Field) => values[field.name] };
    });
  }

  #currencyLines({ id, values }: ListRow): RawLine[] {
    const balances = this.#books.balances(id);
    return currenciesOf(values).map((currency, index) => {
      const { decimals } = this.#books.currency(currency);
      const { open = 0, deposits = 0 } = balances.get(currency) ?? {};
      const own: Readonly<Record<string, Json>> = {
        currency,
        balance: minorText(open, decimals),
        depositBalance: minorText(deposits, decimals),
      };
      return { key: index + 1, values: (field) => own[field.name] };
    });
  }

  #href(path: string): string {
    return `${this.#viewing.root}/${path}`;
  }
}

interface RawLine {
  readonly key: number | string;
  readonly values: (field: Field) => Json | undefined;
  readonly more?: Body;
}

function addresses({ values }: ListRow): RawLine[] {
  return ((values['addressBook'] as readonly Body[] | undefined) ?? []).map((one) => {
    const address = (one['addressBookAddress'] ?? {}) as Body;
    const country = textOf(address['country']);
    const shown = country === '' ? {} : { country: { links: [], id: country, refName: countryName(country) } };
    return {
      key: textOf(one['internalId']),
      values: (field) => one[field.name],
      more: { id: textOf(one['internalId']), addressBookAddress: { ...address, ...shown, addrText: addressText(address) ?? '' } },
    };
  });
}

export function defaultAddress(
  { values }: ListRow,
  kind: 'defaultBilling' | 'defaultShipping' = 'defaultBilling',
): Body | undefined {
  const all = (values['addressBook'] as readonly Body[] | undefined) ?? [];
  const found = all.find((one) => one[kind] === true);
  return found === undefined ? undefined : { ...(found['addressBookAddress'] as Body), internalId: found['internalId'] };
}

export function addressText(address: Body | undefined): string | undefined {
  if (address === undefined) return undefined;
  const { addressee, addr1, addr2, city, state, zip, country } = address as Readonly<Record<string, string | undefined>>;
  const place = [city, state, zip].filter(Boolean).join(' ');
  return [addressee, addr1, addr2, place, country === undefined ? '' : countryName(country)].filter(Boolean).join('\n');
}
