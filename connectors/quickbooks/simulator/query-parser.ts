/** The grammar of QuickBooks' query language: one entity, conditions joined by AND, an order, a page. Nothing else of SQL. */
import { invalidQuery, unparsable } from './fault.ts';
import { type Word, wordsOf } from './query-words.ts';

export type Operator = '=' | '<' | '>' | '<=' | '>=' | 'IN' | 'LIKE';
export type Literal = string | number | boolean;

export interface Condition {
  readonly property: string;
  readonly operator: Operator;
  /** One, or as many as IN lists. */
  readonly values: readonly Literal[];
}

export interface Order {
  readonly property: string;
  readonly isDescending: boolean;
}

export interface Query {
  /** Properties, or all of them, or only how many rows there are. */
  readonly columns: readonly string[] | '*' | 'COUNT';
  readonly entity: string;
  readonly conditions: readonly Condition[];
  readonly orders: readonly Order[];
  readonly startPosition: number;
  readonly maxResults: number;
}

const PAGE = { fallback: 100, max: 1_000 };

/** @throws ApiFault 4000 for what is no statement, 4001 for a page that there can't be */
export function parseQuery(statement: string): Query {
  return new Parser(wordsOf(statement)).query();
}

class Parser {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  query(): Query {
    this.#keyword('SELECT');
    const columns = this.#columns();
    this.#keyword('FROM');
    const entity = this.#name();
    const conditions = this.#takes('WHERE') ? this.#conditions() : [];
    const orders = this.#takesOrder() ? this.#list(() => this.#order()) : [];
    const page = this.#page();
    if (this.#word.kind !== 'END') throw this.#unexpected('<EOF>');
    return { columns, entity, conditions, orders, ...page };
  }

  #columns(): Query['columns'] {
    if (this.#isCount()) {
      this.#at += 1;
      for (const sign of ['(', '*', ')']) this.#sign(sign);
      return 'COUNT';
    }
    const names = this.#list(() => (this.#takesSign('*') ? '*' : this.#name()));
    return names.includes('*') ? '*' : names.map((name) => name.replace(/\.\*$/, ''));
  }

  #conditions(): Condition[] {
    const conditions = [this.#condition()];
    while (this.#takes('AND')) conditions.push(this.#condition());
    return conditions;
  }

  #condition(): Condition {
    const property = this.#name();
    if (this.#takes('IN')) {
      this.#sign('(');
      const values = this.#list(() => this.#literal());
      this.#sign(')');
      return { property, operator: 'IN', values };
    }
    if (this.#takes('LIKE')) return { property, operator: 'LIKE', values: [this.#literal()] };
    const operator = (['<=', '>=', '=', '<', '>'] as const).find((sign) => this.#takesSign(sign));
    if (operator === undefined) throw this.#unexpected('=, <, >, <=, >=, IN or LIKE');
    return { property, operator, values: [this.#literal()] };
  }

  #literal(): Literal {
    const { kind, text } = this.#word;
    const isTruth = kind === 'WORD' && /^(true|false)$/i.test(text);
    if (kind !== 'TEXT' && kind !== 'NUMBER' && !isTruth) throw this.#unexpected('a value');
    this.#at += 1;
    if (isTruth) return text.toLowerCase() === 'true';
    return kind === 'NUMBER' ? Number(text) : text;
  }

  #order(): Order {
    const property = this.#name();
    const isDescending = this.#takes('DESC');
    if (!isDescending) this.#takes('ASC');
    return { property, isDescending };
  }

  /** STARTPOSITION and MAXRESULTS, in either order. */
  #page(): { startPosition: number; maxResults: number } {
    let startPosition = 1;
    let maxResults = PAGE.fallback;
    for (;;) {
      if (this.#takes('STARTPOSITION')) startPosition = this.#count(Number.MAX_SAFE_INTEGER);
      else if (this.#takes('MAXRESULTS')) maxResults = this.#count(PAGE.max);
      else return { startPosition, maxResults };
    }
  }

  #count(max: number): number {
    const { kind, text } = this.#word;
    if (kind !== 'NUMBER' || !/^[+-]?\d+$/.test(text)) throw this.#unexpected('a whole number');
    this.#at += 1;
    const value = Number(text);
    if (value < 1) throw invalidQuery(`value ${value} is too small. Min allowed value is 1`);
    if (value > max) throw invalidQuery(`value ${value} is too large. Max allowed value is ${max}`);
    return value;
  }

  #takesOrder(): boolean {
    if (this.#takes('ORDERBY')) return true;
    if (!this.#takes('ORDER')) return false;
    this.#keyword('BY');
    return true;
  }

  #list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.#takesSign(',')) items.push(item());
    return items;
  }

  #name(): string {
    const { kind, text } = this.#word;
    if (kind !== 'WORD') throw this.#unexpected('a name');
    this.#at += 1;
    return text;
  }

  #keyword(word: string): void {
    if (!this.#takes(word)) throw this.#unexpected(word);
  }

  #takes(keyword: string): boolean {
    const { kind, text } = this.#word;
    if (kind !== 'WORD' || text.toUpperCase() !== keyword) return false;
    this.#at += 1;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#takesSign(sign)) throw this.#unexpected(sign);
  }

  #takesSign(sign: string): boolean {
    const { kind, text } = this.#word;
    if (kind !== 'SIGN' || text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #isCount(): boolean {
    const next = this.#words[this.#at + 1];
    return this.#word.kind === 'WORD' && this.#word.text.toUpperCase() === 'COUNT' && next?.kind === 'SIGN' && next.text === '(';
  }

  #unexpected(wanted: string) {
    const { text, column } = this.#word;
    return unparsable(`Encountered " "${text}" "" at line 1, column ${column}. Was expecting: ${wanted}`);
  }

  get #word(): Word {
    return this.#words[Math.min(this.#at, this.#words.length - 1)] as Word;
  }
}
