/** `$filter` of OData V2 into a tree: or, and, not, comparisons, three functions on texts, paths to single rows. Arithmetic is not spoken. */
import type { EntitySet, Value } from '../model.ts';
import { type Literal, literalAt, valueOf } from './literal.ts';
import { invalidToken, notFilterable, wrongOperand } from './refusals.ts';
import type { Member, Rows } from './rows.ts';

export const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof OPERATORS)[number];
const FUNCTIONS = ['substringof', 'startswith', 'endswith'] as const;
export type TextFunction = (typeof FUNCTIONS)[number];

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | {
      readonly kind: 'compare';
      readonly name: string;
      readonly member: Member;
      readonly operator: Operator;
      readonly value: Value;
    }
  | { readonly kind: 'text'; readonly call: TextFunction; readonly member: Member; readonly value: string };

type Operand =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'member'; readonly name: string; readonly member: Member; readonly at: number }
  | { readonly kind: 'condition'; readonly condition: Expression; readonly at: number };

const WORD = /[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*/y;
const MIRRORED: Readonly<Record<Operator, Operator>> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' };
const isOperator = (word: string): word is Operator => OPERATORS.includes(word as Operator);
const isFunction = (word: string): word is TextFunction => FUNCTIONS.includes(word as TextFunction);

/** @throws SapRefusal that names the position of what can't be read */
export function parseFilter(source: string, set: EntitySet, rows: Rows): Expression {
  return new FilterParser(source, set, rows).parse();
}

class FilterParser {
  readonly #source: string;
  readonly #set: EntitySet;
  readonly #rows: Rows;
  #at = 0;

  constructor(source: string, set: EntitySet, rows: Rows) {
    this.#source = source;
    this.#set = set;
    this.#rows = rows;
  }

  parse(): Expression {
    const expression = this.#or();
    this.#skipBlanks();
    if (this.#at < this.#source.length) throw invalidToken(this.#at);
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    return this.#takeWord('not') ? { kind: 'not', inner: this.#not() } : this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#operand();
    const operatorAt = this.#skipBlanks();
    const word = this.#peekWord();
    if (!isOperator(word)) return this.#alone(left);
    this.#at += word.length;
    return this.#compared({ left, operator: word, right: this.#operand(), at: operatorAt });
  }

  /** A condition, or a property that is one. */
  #alone(operand: Operand): Expression {
    if (operand.kind === 'condition') return operand.condition;
    if (operand.kind === 'literal' || operand.member.property.type !== 'Edm.Boolean') throw invalidToken(this.#at);
    return { kind: 'compare', name: operand.name, member: operand.member, operator: 'eq', value: true };
  }

  #compared(both: { left: Operand; operator: Operator; right: Operand; at: number }): Expression {
    const { left, operator, right, at } = both;
    if (left.kind === 'literal' && right.kind !== 'literal')
      return this.#compared({ left: right, operator: MIRRORED[operator], right: left, at });
    if (right.kind !== 'literal' || left.kind === 'literal') throw wrongOperand(operator, at);
    if (left.kind === 'condition') {
      const { kind, text } = right.literal;
      if (kind !== 'boolean' || (operator !== 'eq' && operator !== 'ne')) throw wrongOperand(operator, at);
      const isAsked = (text === 'true') === (operator === 'eq');
      return isAsked ? left.condition : { kind: 'not', inner: left.condition };
    }
    const value = valueOf(right.literal, left.member.property);
    if (value === undefined) throw wrongOperand(operator, at);
    return { kind: 'compare', name: left.name, member: left.member, operator, value };
  }

  #operand(): Operand {
    const at = this.#skipBlanks();
    const found = literalAt(this.#source, at);
    if (found !== null) {
      this.#at = found.end;
      return { kind: 'literal', literal: found.literal, at };
    }
    if (this.#take('(')) {
      const condition = this.#or();
      this.#expect(')');
      return { kind: 'condition', condition, at };
    }
    const word = this.#peekWord();
    const end = at + word.length;
    if (word === '' || this.#source[end] === "'") throw invalidToken(at);
    this.#at = end;
    if (this.#source[end] === '(') return { kind: 'condition', condition: this.#call(word, at), at };
    return { ...this.#member(word), at };
  }

  #call(word: string, at: number): Expression {
    if (!isFunction(word)) throw invalidToken(at);
    this.#expect('(');
    const operands = [this.#operand()];
    this.#expect(',');
    operands.push(this.#operand());
    this.#expect(')');
    // substringof alone has the text first
    const [member, text] = word === 'substringof' ? operands.reverse() : operands;
    if (member?.kind !== 'member' || text?.kind !== 'literal' || text.literal.kind !== 'text') throw wrongOperand(word, at);
    if (member.member.property.type !== 'Edm.String') throw wrongOperand(word, at);
    return { kind: 'text', call: word, member: member.member, value: text.literal.text };
  }

  #member(name: string): { kind: 'member'; name: string; member: Member } {
    const member = this.#rows.member(this.#set, name.split('/'));
    if (member.property.filterable === false) throw notFilterable(name);
    return { kind: 'member', name, member };
  }

  #peekWord(): string {
    WORD.lastIndex = this.#skipBlanks();
    return WORD.exec(this.#source)?.[0] ?? '';
  }

  #takeWord(word: string): boolean {
    if (this.#peekWord() !== word) return false;
    this.#at += word.length;
    return true;
  }

  #take(sign: string): boolean {
    if (this.#source[this.#skipBlanks()] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw invalidToken(this.#at);
  }

  #skipBlanks(): number {
    while (this.#source[this.#at] === ' ') this.#at += 1;
    return this.#at;
  }
}
