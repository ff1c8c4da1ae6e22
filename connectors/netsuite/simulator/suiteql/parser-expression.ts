/** Reads expressions by their precedence: OR, AND, NOT, comparisons, sums and ||, products, signs, then what can't be split. */
import { decimal } from '../../../../src/connect/index.ts';
import type { Comparison, Expr, Query } from './ast.ts';
import { badQuery, type Token } from './tokens.ts';
import { type Arithmetic, numberValue } from './values.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const IN_MAX = 1_000;
/** Names that stand for a value without parentheses. */
const CONSTANTS: ReadonlySet<string> = new Set(['SYSDATE', 'CURRENT_DATE', 'CURRENT_TIMESTAMP', 'SYSTIMESTAMP']);

export abstract class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #parameters = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  abstract query(): Query;

  expression(): Expr {
    let left = this.#and();
    while (this.takes('OR')) left = { is: 'OR', left, right: this.#and() };
    return left;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'WORD' && text === word;
  }

  takes(word: string): boolean {
    const isNext = this.isWord(word);
    if (isNext) this.#at += 1;
    return isNext;
  }

  takesSign(sign: string): boolean {
    const { kind, text } = this.peek();
    const isNext = kind === 'SIGN' && text === sign;
    if (isNext) this.#at += 1;
    return isNext;
  }

  expect(word: string): void {
    if (!this.takes(word)) throw badQuery(`${word} is expected, not ${this.peek().source}.`);
  }

  expectSign(sign: string): void {
    if (!this.takesSign(sign)) throw badQuery(`${sign} is expected, not ${this.peek().source}.`);
  }

  assertEnd(): void {
    if (this.peek().kind !== 'END') throw badQuery(`Invalid or unsupported search: unexpected '${this.peek().source}'.`);
  }

  /** `t.*` */
  starTable(): string | null {
    const [table, dot, star] = [this.peek(), this.peek(1), this.peek(2)];
    if (table.kind !== 'WORD' || dot.text !== '.' || star.text !== '*' || star.kind !== 'SIGN') return null;
    this.#at += 3;
    return table.source.toLowerCase();
  }

  #and(): Expr {
    let left = this.#not();
    while (this.takes('AND')) left = { is: 'AND', left, right: this.#not() };
    return left;
  }

  #not(): Expr {
    return this.takes('NOT') ? { is: 'NOT', of: this.#not() } : this.#comparison();
  }

  #comparison(): Expr {
    const left = this.#sum();
    const { kind, text } = this.peek();
    if (kind === 'SIGN' && COMPARISONS.has(text)) {
      this.next();
      return { is: 'COMPARE', op: text as Comparison, left, right: this.#sum() };
    }
    if (this.takes('IS')) {
      const isNegated = this.takes('NOT');
      this.expect('NULL');
      return negated({ is: 'IS_NULL', of: left }, isNegated);
    }
    const isNegated = this.isWord('NOT') && ['IN', 'LIKE', 'BETWEEN'].some((word) => this.isWord(word, 1)) && this.takes('NOT');
    if (this.takes('IN')) return negated(this.#in(left), isNegated);
    if (this.takes('LIKE')) {
      const pattern = this.#sum();
      return negated({ is: 'LIKE', of: left, pattern, escape: this.takes('ESCAPE') ? this.#sum() : null }, isNegated);
    }
    if (this.takes('BETWEEN')) {
      const low = this.#sum();
      this.expect('AND');
      return negated({ is: 'BETWEEN', of: left, low, high: this.#sum() }, isNegated);
    }
    return left;
  }

  #in(of: Expr): Expr {
    this.expectSign('(');
    if (this.isWord('SELECT')) {
      const query = this.query();
      this.expectSign(')');
      return { is: 'IN_QUERY', of, query };
    }
    const list = this.#list();
    if (list.length > IN_MAX) throw badQuery(`IN takes ${IN_MAX} values at most, and has ${list.length}.`);
    return { is: 'IN', of, list };
  }

  /** Up to its closing parenthesis. */
  #list(): Expr[] {
    const list = [this.expression()];
    while (this.takesSign(',')) list.push(this.expression());
    this.expectSign(')');
    return list;
  }

  #sum(): Expr {
    let left = this.#product();
    for (;;) {
      const { kind, text } = this.peek();
      if (kind !== 'SIGN' || (text !== '+' && text !== '-' && text !== '||')) return left;
      this.next();
      left = { is: 'ARITHMETIC', op: text as Arithmetic, left, right: this.#product() };
    }
  }

  #product(): Expr {
    let left = this.#signed();
    for (;;) {
      const { kind, text } = this.peek();
      if (kind !== 'SIGN' || (text !== '*' && text !== '/')) return left;
      this.next();
      left = { is: 'ARITHMETIC', op: text as Arithmetic, left, right: this.#signed() };
    }
  }

  #signed(): Expr {
    if (this.takesSign('+')) return this.#signed();
    if (!this.takesSign('-')) return this.#primary();
    return { is: 'ARITHMETIC', op: '-', left: { is: 'LITERAL', value: 0 }, right: this.#signed() };
  }

  #primary(): Expr {
    const token = this.next();
    switch (token.kind) {
      case 'NUMBER':
        return { is: 'LITERAL', value: numberValue(decimal(token.text.startsWith('.') ? `0${token.text}` : token.text)) };
      case 'TEXT':
        return { is: 'LITERAL', value: token.text === '' ? null : token.text };
      case 'SIGN':
        return this.#afterSign(token);
      case 'NAME':
      case 'WORD':
        return this.#afterWord(token);
      default:
        throw badQuery('The query ends too early.');
    }
  }

  #afterSign({ text, source }: Token): Expr {
    if (text === '?') return { is: 'PARAMETER', index: this.#parameters++ };
    if (text !== '(') throw badQuery(`Invalid or unsupported search: unexpected '${source}'.`);
    if (this.isWord('SELECT')) {
      const query = this.query();
      this.expectSign(')');
      return { is: 'SCALAR', query };
    }
    const inner = this.expression();
    this.expectSign(')');
    return inner;
  }

  #afterWord({ kind, text, source }: Token): Expr {
    if (kind === 'WORD') {
      if (text === 'NULL') return { is: 'LITERAL', value: null };
      if (text === 'CASE') return this.#case();
      if (text === 'ROWNUM') return { is: 'ROWNUM' };
      if (CONSTANTS.has(text)) return { is: 'CALL', name: text, args: [], isDistinct: false, isStar: false };
      if (text === 'EXISTS') {
        this.expectSign('(');
        const query = this.query();
        this.expectSign(')');
        return { is: 'EXISTS', query };
      }
    }
    if (text === 'BUILTIN' && this.takesSign('.')) return this.#call(`BUILTIN.${this.next().text}`);
    if (this.peek().text === '(' && kind === 'WORD') return this.#call(text);
    if (!this.takesSign('.')) return { is: 'COLUMN', table: null, name: source.replaceAll('"', '').toLowerCase() };
    const column = this.next();
    if (column.kind !== 'WORD' && column.kind !== 'NAME') throw badQuery(`A column is expected, not ${column.source}.`);
    return {
      is: 'COLUMN',
      table: source.replaceAll('"', '').toLowerCase(),
      name: column.source.replaceAll('"', '').toLowerCase(),
    };
  }

  #call(name: string): Expr {
    this.expectSign('(');
    if (this.takesSign('+')) throw badQuery('(+) is not known to this simulator: write a LEFT JOIN.');
    if (name === 'CAST') return this.#cast();
    if (this.takesSign('*')) {
      this.expectSign(')');
      return { is: 'CALL', name, args: [], isDistinct: false, isStar: true };
    }
    const isDistinct = this.takes('DISTINCT');
    const args = this.takesSign(')') ? [] : this.#list();
    return { is: 'CALL', name, args, isDistinct, isStar: false };
  }

  #cast(): Expr {
    const of = this.expression();
    this.expect('AS');
    const type = this.next().text;
    while (!this.takesSign(')')) if (this.next().kind === 'END') throw badQuery('A ) is missing.');
    const name = type === 'NUMBER' || type === 'INTEGER' ? 'TO_NUMBER' : type === 'DATE' ? 'TO_DATE' : 'TO_CHAR';
    return { is: 'CALL', name, args: [of], isDistinct: false, isStar: false };
  }

  #case(): Expr {
    const operand = this.isWord('WHEN') ? null : this.expression();
    const whens: { when: Expr; result: Expr }[] = [];
    while (this.takes('WHEN')) {
      const test = this.expression();
      this.expect('THEN');
      const when: Expr = operand === null ? test : { is: 'COMPARE', op: '=', left: operand, right: test };
      whens.push({ when, result: this.expression() });
    }
    const otherwise = this.takes('ELSE') ? this.expression() : null;
    this.expect('END');
    return { is: 'CASE', whens, otherwise };
  }
}

const negated = (expr: Expr, isNegated: boolean): Expr => (isNegated ? { is: 'NOT', of: expr } : expr);
