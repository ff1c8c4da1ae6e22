/** A body of the record service, read against the fields of its type: names in any case, references by id or external id, every value judged. */
import { decimalOrNull } from '../books/amounts.ts';
import { type Books, isItemType } from '../books/books.ts';
import type { LineInput, Raw, Sublist, TranInput } from '../books/input.ts';
import { codeOf } from '../books/model.ts';
import type { Body, Json, RecordTypeName } from '../contract.ts';
import { isBody, textOf } from '../json.ts';
import { invalidContent, Problem } from '../problem.ts';
import { sharedDay } from '../zone.ts';
import type { Field, SublistType, Target } from './fields.ts';

export type Strictness = 'Ignore' | 'Warning' | 'Error';

export interface ParseOptions {
  /** For names that the type doesn't have; what is ignored with a warning is in `warnings`. */
  readonly names: Strictness;
  readonly values: Strictness;
  /** Sub-lists of which lines that are not sent are dropped. */
  readonly replace: ReadonlySet<string>;
  readonly warnings: string[];
}

export const lenient = (): ParseOptions => ({ names: 'Error', values: 'Error', replace: new Set(), warnings: [] });

export interface Parsed {
  readonly values: Record<string, Raw>;
  readonly custom: Record<string, Json>;
  /** Lines of each sub-list that was sent. */
  readonly sublists: ReadonlyMap<string, Sublist<LineInput & { readonly body: Body }>>;
}

export class Parser {
  readonly #books: Books;
  readonly #options: ParseOptions;

  constructor(books: Books, options: ParseOptions) {
    this.#books = books;
    this.#options = options;
  }

  record(body: Body, fields: readonly Field[], sublists: readonly SublistType[]): Parsed {
    const found = new Map<string, Sublist<LineInput & { readonly body: Body }>>();
    const more: Body = Object.fromEntries(
      Object.entries(body).filter(([name, value]) => {
        const list = sublists.find((one) => same(one.name, name));
        if (list === undefined) return true;
        found.set(list.name, this.#sublist(value, list));
        return false;
      }),
    );
    const { values, custom } = this.#fields(more, fields, '');
    for (const list of sublists)
      if (this.#options.replace.has(list.name.toLowerCase()) && !found.has(list.name))
        found.set(list.name, { items: [], isReplace: true });
    return { values, custom, sublists: found };
  }

  #sublist(value: Json | undefined, list: SublistType): Sublist<LineInput & { readonly body: Body }> {
    const items = isBody(value) ? value['items'] : value;
    if (!Array.isArray(items)) throw invalidContent(`${list.name} is a list: {"items":[…]}.`, list.name);
    const isReplace = this.#options.replace.has(list.name.toLowerCase());
    return { isReplace, items: items.map((item: Json, index) => this.#line(item, list, `${list.name}.items[${index}]`)) };
  }

  #line(item: Json, list: SublistType, path: string): LineInput & { readonly body: Body } {
    if (!isBody(item)) throw invalidContent('A line is an object.', path);
    const own = list.name === 'addressBook' ? withoutAddress(item) : item;
    const { values, custom } = this.#fields(own, list.fields, path);
    const key = list.key === 'line' ? values['line'] : undefined;
    return { key: key === undefined || key === null ? null : Number(key), values, custom, path, body: item };
  }

  #fields(body: Body, fields: readonly Field[], path: string): { values: Record<string, Raw>; custom: Record<string, Json> } {
    const values: Record<string, Raw> = {};
    const own: Record<string, Json> = {};
    for (const [name, value] of Object.entries(body)) {
      if (value === undefined || same(name, 'links') || same(name, 'refName')) continue;
      const field = fields.find((one) => same(one.name, name));
      const at = path === '' ? name : `${path}.${name}`;
      if (field === undefined) this.#unknown(name, at);
      else if (field.isReadOnly !== true) this.#value(field, { value, at }, field.isCustom === true ? own : values);
    }
    return { values, custom: own };
  }

  #unknown(name: string, path: string): void {
    const { names, warnings } = this.#options;
    if (names === 'Error')
      throw new Problem(400, 'INVALID_CONTENT', `Invalid content in the request body. The property '${name}' does not exist.`, {
        path,
      });
    if (names === 'Warning') warnings.push(`The property '${path}' does not exist and was ignored.`);
  }

  #value(field: Field, { value, at }: { value: Json; at: string }, into: Record<string, Json>): void {
    const { values, warnings } = this.#options;
    try {
      into[field.name] = value === null ? null : this.#read(field, value, at);
    } catch (error) {
      if (!(error instanceof Problem) || values === 'Error') throw error;
      if (values === 'Warning') warnings.push(`${at}: ${error.message}`);
    }
  }

  #read(field: Field, value: Json, at: string): Raw {
    const wrong = (what: string) =>
      invalidContent(`Invalid value for the property '${field.name}': ${JSON.stringify(value).slice(0, 60)} is no ${what}.`, at);
    switch (field.kind) {
      case 'TEXT':
        if (typeof value === 'string' || typeof value === 'number') return String(value);
        if (isBody(value) && typeof value['id'] === 'string') return value['id'];
        throw wrong('text');
      case 'NUMBER':
      case 'INTEGER': {
        const text = decimalOrNull(value);
        if (text === null || (field.kind === 'INTEGER' && text.includes('.'))) throw wrong('number');
        return text;
      }
      case 'RATE': {
        if (typeof value === 'string' && value.endsWith('%') && decimalOrNull(value.slice(0, -1)) !== null) return value;
        const text = decimalOrNull(value);
        if (text === null) throw wrong('rate');
        return text;
      }
      case 'BOOLEAN':
        if (typeof value !== 'boolean') throw wrong('boolean');
        return value;
      case 'DATE': {
        const day = typeof value === 'string' ? sharedDay(value) : null;
        if (day === null) throw wrong('date such as 2026-05-20');
        return day;
      }
      case 'DATE_TIME':
        return textOf(value);
      case 'CHOICE': {
        const id = isBody(value) ? value['id'] : value;
        const choices = field.choices ?? {};
        if (typeof id !== 'string' && typeof id !== 'number') throw wrong(`choice of ${Object.keys(choices).join(', ')}`);
        if (!(String(id) in choices)) throw wrong(`choice of ${Object.keys(choices).join(', ')}`);
        return String(id);
      }
      default:
        return this.#reference(field, value, at);
    }
  }

  #reference({ name, to = 'item' }: Field, value: Json, at: string): number {
    const wrong = (key: unknown) => invalidContent(`Invalid ${name} reference key ${String(key)}.`, at);
    if (isBody(value) && typeof value['externalId'] === 'string') {
      const id = this.#byExternalId(to, value['externalId']);
      if (id === undefined) throw wrong(value['externalId']);
      return id;
    }
    const given = isBody(value) ? value['id'] : value;
    const text = typeof given === 'number' || typeof given === 'string' ? String(given) : '';
    const id = text.startsWith('eid:')
      ? this.#byExternalId(to, text.slice(4))
      : /^-?\d{1,15}$/.test(text)
        ? Number(text)
        : undefined;
    if (id === undefined || !this.#exists(to, id)) throw wrong(text === '' ? JSON.stringify(value) : text);
    return id;
  }

  #byExternalId(to: Target, externalId: string): number | undefined {
    const types: readonly RecordTypeName[] =
      to === 'item'
        ? ['inventoryItem']
        : to === 'transaction'
          ? ['invoice', 'creditMemo', 'customerDeposit', 'customerPayment']
          : [to];
    for (const type of types) {
      const id = this.#books.byExternalId(type, externalId);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  #exists(to: Target, id: number): boolean {
    if (to === 'item') return this.#books.item(id) !== undefined;
    if (to === 'transaction') return this.#books.transactions.has(id);
    const code = codeOf(to);
    if (code !== undefined) return this.#books.transaction(code, id) !== undefined;
    const row = isItemType(to) ? this.#books.item(id) : this.#books.row(to, id);
    return row?.type === to;
  }
}

export function tranInput({ values, custom, sublists }: Parsed): TranInput {
  const packages = sublists.get('package');
  const item = sublists.get('item');
  const apply = sublists.get('apply');
  return {
    header: values,
    custom,
    ...(item === undefined ? {} : { item }),
    ...(apply === undefined ? {} : { apply }),
    ...(packages === undefined
      ? {}
      : { package: { isReplace: packages.isReplace, items: packages.items.map((line) => line.values) } }),
  };
}

const withoutAddress = (item: Body): Body =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !same(name, 'addressBookAddress') && !same(name, 'id')));
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
