/** The filter `q` of lists: conditions on fields of the record itself, AND before OR, with days in the account's own format. */
import { decimal, compareDecimal } from '../../../../src/connect/index.ts';
import { decimalOrNull } from '../books/amounts.ts';
import type { DateFormat, Json } from '../contract.ts';
import { textOf } from '../json.ts';
import { invalidParameter } from '../problem.ts';
import { sharedDay, unformatted, type Zone } from '../zone.ts';
import type { Field } from './fields.ts';
import { same } from './parse.ts';
import type { RecordType } from './records.ts';

/** Whether a record is meant, by its values as the books have them. */
export type Matches = (valueOf: (field: Field) => Json | undefined) => boolean;

interface Setting {
  readonly zone: Zone;
  readonly dateFormat: DateFormat;
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\(|\)|\[|\]|,|[^\s()[\],"]+)/gy;
type Test = (value: string, wanted: readonly string[], compare: (a: string, b: string) => number) => boolean;

/** By operator: the number of operands (null for a list), and the test. */
const OPERATORS: Readonly<Record<string, readonly [operands: number | null, test: Test]>> = {
  IS: [1, (value, [a = '']) => same(value, a)],
  IS_NOT: [1, (value, [a = '']) => !same(value, a)],
  CONTAIN: [1, (value, [a = '']) => value.toLowerCase().includes(a.toLowerCase())],
  CONTAIN_NOT: [1, (value, [a = '']) => !value.toLowerCase().includes(a.toLowerCase())],
  START_WITH: [1, (value, [a = '']) => value.toLowerCase().startsWith(a.toLowerCase())],
  START_WITH_NOT: [1, (value, [a = '']) => !value.toLowerCase().startsWith(a.toLowerCase())],
  END_WITH: [1, (value, [a = '']) => value.toLowerCase().endsWith(a.toLowerCase())],
  END_WITH_NOT: [1, (value, [a = '']) => !value.toLowerCase().endsWith(a.toLowerCase())],
  ANY_OF: [null, (value, list) => list.some((one) => same(one, value))],
  ANY_OF_NOT: [null, (value, list) => !list.some((one) => same(one, value))],
  EQUAL: [1, (value, [a = ''], compare) => compare(value, a) === 0],
  EQUAL_NOT: [1, (value, [a = ''], compare) => compare(value, a) !== 0],
  GREATER: [1, (value, [a = ''], compare) => compare(value, a) > 0],
  GREATER_OR_EQUAL: [1, (value, [a = ''], compare) => compare(value, a) >= 0],
  LESS: [1, (value, [a = ''], compare) => compare(value, a) < 0],
  LESS_OR_EQUAL: [1, (value, [a = ''], compare) => compare(value, a) <= 0],
  BETWEEN: [null, (value, [a = '', b = ''], compare) => compare(value, a) >= 0 && compare(value, b) <= 0],
  ON: [1, (value, [a = '']) => value === a],
  ON_OR_AFTER: [1, (value, [a = '']) => value >= a],
  ON_OR_BEFORE: [1, (value, [a = '']) => value <= a],
  AFTER: [1, (value, [a = '']) => value > a],
  BEFORE: [1, (value, [a = '']) => value < a],
  WITHIN: [null, (value, [a = '', b = '']) => value >= a && value <= b],
};

/** @throws Problem 400 INVALID_PARAMETER */
export function filterOf(q: string, type: RecordType, setting: Setting): Matches {
  const reader = new Reader(q, type, setting);
  const matches = reader.or();
  reader.end();
  return matches;
}

class Reader {
  readonly #tokens: string[] = [];
  readonly #type: RecordType;
  readonly #setting: Setting;
  #at = 0;

  constructor(q: string, type: RecordType, setting: Setting) {
    this.#type = type;
    this.#setting = setting;
    let end = 0;
    for (const match of q.matchAll(TOKEN)) {
      this.#tokens.push(match[1] ?? '');
      end = (match.index ?? 0) + match[0].length;
    }
    if (q.slice(end).trim() !== '') throw this.#wrong(`Invalid search query near '${q.slice(end, end + 20)}'.`);
  }

  or(): Matches {
    const parts = [this.#and()];
    while (this.#takes('OR')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Matches) : (valueOf) => parts.some((part) => part(valueOf));
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong(`Invalid search query near '${this.#tokens[this.#at]}'.`);
  }

  #and(): Matches {
    const parts = [this.#condition()];
    while (this.#takes('AND')) parts.push(this.#condition());
    return parts.length === 1 ? (parts[0] as Matches) : (valueOf) => parts.every((part) => part(valueOf));
  }

  #condition(): Matches {
    if (this.#takes('(')) {
      const inner = this.or();
      if (!this.#takes(')')) throw this.#wrong('A ) is missing.');
      return inner;
    }
    const name = this.#next();
    const field = this.#type.fields.find((one) => same(one.name, name));
    if (field === undefined) throw this.#wrong(`The field '${name}' does not exist or can not be used in a filter.`);
    const operator = this.#next().toUpperCase();
    if (operator === 'EMPTY') return (valueOf) => isEmpty(valueOf(field));
    if (operator === 'EMPTY_NOT') return (valueOf) => !isEmpty(valueOf(field));
    const known = OPERATORS[operator];
    if (known === undefined) throw this.#wrong(`The operator '${operator}' does not exist.`);
    const [operands, test] = known;
    const wanted = (operands === null ? this.#list() : [this.#next()]).map((text) => this.#operand(field, text));
    return (valueOf) => {
      const value = valueOf(field);
      return isEmpty(value) ? operator.endsWith('_NOT') : test(this.#comparable(field, value), wanted, comparing(field));
    };
  }

  #list(): string[] {
    if (!this.#takes('[')) throw this.#wrong('A list in [ ] is missing.');
    const list = [this.#next()];
    while (this.#takes(',')) list.push(this.#next());
    if (!this.#takes(']')) throw this.#wrong('A ] is missing.');
    return list;
  }

  #operand(field: Field, token: string): string {
    const text = token.startsWith('"') ? token.slice(1, -1).replaceAll(/\\(.)/g, '$1') : token;
    if (field.kind === 'DATE' || field.kind === 'DATE_TIME') {
      const day = unformatted(text, this.#setting.dateFormat);
      if (day === null) throw this.#wrong(`Unparseable date: "${text}"`);
      return day;
    }
    if (isNumeric(field) && decimalOrNull(text) === null) throw this.#wrong(`Unparseable number: "${text}"`);
    return text;
  }

  /** Times count as the account's day. */
  #comparable(field: Field, value: Json | undefined): string {
    const text = textOf(value);
    if (field.kind === 'DATE_TIME') return this.#setting.zone.day(Date.parse(text) / 1_000);
    return field.kind === 'DATE' ? (sharedDay(text) ?? text) : text;
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#wrong('The search query ends too early.');
    return token;
  }

  #takes(word: string): boolean {
    const isNext = this.#tokens[this.#at]?.toUpperCase() === word;
    if (isNext) this.#at += 1;
    return isNext;
  }

  #wrong = (detail: string) => invalidParameter(`Invalid search query. Detailed unprocessed description follows. ${detail}`, 'q');
}

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === '';
const isNumeric = ({ kind }: Field): boolean => kind === 'NUMBER' || kind === 'INTEGER' || kind === 'RATE';

function comparing(field: Field): (a: string, b: string) => number {
  return isNumeric(field) ? (a, b) => compareDecimal(decimal(a), decimal(b)) : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
}
