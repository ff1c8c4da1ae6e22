/** Turns expressions into functions of a frame of rows, once for each query. */
import type { Expr, Query } from './ast.ts';
import { functionNamed, type Surroundings } from './functions.ts';
import type { Found, Frame, Scope } from './scope.ts';
import type { Row } from './table.ts';
import { badQuery } from './tokens.ts';
import { calculate, compare, Moment, toText, type Truth, type Value } from './values.ts';

export type Eval = (frame: Frame) => Value;
export type Test = (frame: Frame) => Truth;

export type AggregateName = 'COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG';
const AGGREGATES: ReadonlySet<string> = new Set<AggregateName>(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG']);
export const isAggregate = (name: string): name is AggregateName => AGGREGATES.has(name);

export interface Aggregate {
  readonly name: AggregateName;
  /** Null: of rows, not of values. */
  readonly of: Eval | null;
  readonly isDistinct: boolean;
}

/** What a compiler needs of the query around an expression. */
export interface Surrounding {
  readonly values: Surroundings;
  readonly parameters: readonly Value[];
  /** The rows of a query within the query: of its first column. */
  firstColumn(query: Query, scope: Scope): (frame: Frame) => readonly Value[];
  /** The same, of a query that doesn't depend on the rows around it; null of any other. */
  standalone(query: Query, scope: Scope): readonly Value[] | null;
}

export class Compiler {
  readonly #scope: Scope;
  readonly #surrounding: Surrounding;
  /** Where groups are asked for: what is worked out of each. */
  readonly aggregates: Aggregate[] = [];

  constructor(scope: Scope, surrounding: Surrounding) {
    this.#scope = scope;
    this.#surrounding = surrounding;
  }

  value(expr: Expr): Eval {
    const { format } = this.#surrounding.values;
    switch (expr.is) {
      case 'LITERAL':
        return () => expr.value;
      case 'PARAMETER': {
        const { parameters } = this.#surrounding;
        if (expr.index >= parameters.length) throw badQuery('A parameter is missing.');
        const value = parameters[expr.index] ?? null;
        return () => value;
      }
      case 'COLUMN':
        return columnEval(this.#scope.resolve(expr));
      case 'ROWNUM': {
        const at = this.#scope.rownumAt;
        return (frame) => (frame[at] as number | undefined) ?? null;
      }
      case 'ARITHMETIC': {
        const [left, right] = [this.value(expr.left), this.value(expr.right)];
        return (frame) => calculate(expr.op, left(frame), right(frame), format);
      }
      case 'CALL':
        return this.#call(expr);
      case 'CASE': {
        const whens = expr.whens.map(({ when, result }) => ({ when: this.test(when), result: this.value(result) }));
        const otherwise = expr.otherwise === null ? () => null : this.value(expr.otherwise);
        return (frame) => (whens.find(({ when }) => when(frame) === true)?.result ?? otherwise)(frame);
      }
      case 'SCALAR': {
        const rows = this.#surrounding.firstColumn(expr.query, this.#scope);
        return (frame) => {
          const values = rows(frame);
          if (values.length > 1) throw badQuery('single-row subquery returns more than one row');
          return values[0] ?? null;
        };
      }
      default: {
        const test = this.test(expr);
        return (frame) => {
          const truth = test(frame);
          return truth === null ? null : truth ? 'T' : 'F';
        };
      }
    }
  }

  test(expr: Expr): Test {
    switch (expr.is) {
      case 'AND': {
        const [left, right] = [this.test(expr.left), this.test(expr.right)];
        return (frame) => {
          const truth = left(frame);
          if (truth === false) return false;
          const other = right(frame);
          return other === false ? false : truth === null || other === null ? null : true;
        };
      }
      case 'OR': {
        const [left, right] = [this.test(expr.left), this.test(expr.right)];
        return (frame) => {
          const truth = left(frame);
          if (truth === true) return true;
          const other = right(frame);
          return other === true ? true : truth === null || other === null ? null : false;
        };
      }
      case 'NOT': {
        const test = this.test(expr.of);
        return (frame) => {
          const truth = test(frame);
          return truth === null ? null : !truth;
        };
      }
      case 'COMPARE':
        return this.#compare(expr);
      case 'BETWEEN': {
        const low = this.#compare({ is: 'COMPARE', op: '>=', left: expr.of, right: expr.low });
        const high = this.#compare({ is: 'COMPARE', op: '<=', left: expr.of, right: expr.high });
        return (frame) => {
          const [a, b] = [low(frame), high(frame)];
          return a === false || b === false ? false : a === null || b === null ? null : true;
        };
      }
      case 'IS_NULL': {
        const of = this.value(expr.of);
        return (frame) => of(frame) === null;
      }
      case 'LIKE':
        return this.#like(expr);
      case 'IN':
        return this.#in(expr);
      case 'IN_QUERY': {
        const [of, rows] = [this.value(expr.of), this.#surrounding.firstColumn(expr.query, this.#scope)];
        const keys = new WeakMap<readonly Value[], ReadonlySet<string>>();
        return (frame) => {
          const value = of(frame);
          const values = rows(frame);
          let known = keys.get(values);
          if (known === undefined) keys.set(values, (known = new Set(values.map((one) => this.#key(one)))));
          return value === null ? null : known.has(this.#key(value));
        };
      }
      case 'EXISTS': {
        const rows = this.#surrounding.firstColumn(expr.query, this.#scope);
        return (frame) => rows(frame).length > 0;
      }
      default:
        throw badQuery('A condition is expected.');
    }
  }

  #compare({ op, left, right }: Extract<Expr, { is: 'COMPARE' }>): Test {
    const { format } = this.#surrounding.values;
    const [a, b] = [this.value(left), this.value(right)];
    const qualified = this.#qualified(left) ?? this.#qualified(right);
    const isOk = TESTS[op];
    const compared = (x: Value, y: Value): Truth => (x === null || y === null ? null : isOk(compare(x, y, format)));
    if (qualified === null) return (frame) => compared(a(frame), b(frame));
    const isLeft = this.#qualified(left) !== null;
    return (frame) => {
      const [x, y] = [a(frame), b(frame)];
      const other = isLeft ? y : x;
      if (typeof other !== 'string' || !other.includes(':')) return compared(x, y);
      return isLeft ? compared(qualified(frame), y) : compared(x, qualified(frame));
    };
  }

  /** Of a column that may be compared with a longer form of its value. */
  #qualified(expr: Expr): Eval | null {
    if (expr.is !== 'COLUMN') return null;
    const { slot, column } = this.#scope.resolve(expr);
    return column.qualified === undefined ? null : rowEval(slot.index, (row) => column.qualified?.(row) ?? null);
  }

  #in({ of: expr, list }: Extract<Expr, { is: 'IN' }>): Test {
    const of = this.value(expr);
    const qualified = this.#qualified(expr);
    if (list.every((one) => one.is === 'LITERAL' || one.is === 'PARAMETER')) {
      const keys = new Set(list.map((one) => this.#key(this.value(one)([]))));
      return (frame) => {
        const value = of(frame);
        if (value === null) return null;
        return keys.has(this.#key(value)) || (qualified !== null && keys.has(this.#key(qualified(frame))));
      };
    }
    const tests = list.map((one) => this.#compare({ is: 'COMPARE', op: '=', left: expr, right: one }));
    return (frame) => {
      let truth: Truth = false;
      for (const test of tests) {
        const own = test(frame);
        if (own === true) return true;
        if (own === null) truth = null;
      }
      return truth;
    };
  }

  /** Equal values have equal keys, numbers and their texts alike. */
  #key(value: Value): string {
    return value instanceof Moment ? `@${value.wall}` : (toText(value, this.#surrounding.values.format) ?? '');
  }

  #like({ of: expr, pattern: patternExpr, escape }: Extract<Expr, { is: 'LIKE' }>): Test {
    const { format } = this.#surrounding.values;
    const [of, pattern] = [this.value(expr), this.value(patternExpr)];
    const sign = escape === null ? null : toText(this.value(escape)([]), format);
    const known = new Map<string, RegExp>();
    return (frame) => {
      const [value, text] = [toText(of(frame), format), toText(pattern(frame), format)];
      if (value === null || text === null) return null;
      let regexp = known.get(text);
      if (regexp === undefined) known.set(text, (regexp = likeRegexp(text, sign)));
      return regexp.test(value);
    };
  }

  #call(expr: Extract<Expr, { is: 'CALL' }>): Eval {
    const { name, args, isStar, isDistinct } = expr;
    if (isAggregate(name)) {
      const of = isStar || args[0] === undefined ? null : new Compiler(this.#scope, this.#surrounding).value(args[0]);
      const at = this.#scope.groupsAt + this.aggregates.push({ name, of, isDistinct }) - 1;
      return (frame) => (frame[at] as Value | undefined) ?? null;
    }
    if (isStar) throw badQuery(`${name}(*) is unknown.`);
    const [first] = args;
    if (name.startsWith('BUILTIN.')) return this.#builtin(name.slice(8), first);
    const fn = functionNamed(name);
    const values = args.map((arg) => this.value(arg));
    return (frame) =>
      fn(
        values.map((value) => value(frame)),
        this.#surrounding.values,
      );
  }

  #builtin(name: string, first: Expr | undefined): Eval {
    if (first === undefined) throw badQuery(`BUILTIN.${name} needs a field.`);
    if ((name !== 'DF' && name !== 'CF') || first.is !== 'COLUMN')
      throw badQuery(`BUILTIN.${name} is unknown, or needs a field.`);
    const found = this.#scope.resolve(first);
    const { column, slot } = found;
    const special = name === 'DF' ? column.display : column.qualified;
    return special === undefined ? columnEval(found) : rowEval(slot.index, special);
  }
}

/** Null where a left join found no row. */
function rowEval(index: number, get: (row: Row) => Value): Eval {
  return (frame) => {
    const row = frame[index] as Row | null | undefined;
    return row === null || row === undefined ? null : get(row);
  };
}

const columnEval = ({ slot, column }: Found): Eval => rowEval(slot.index, column.get);

const TESTS = {
  '=': (sign: number) => sign === 0,
  '<>': (sign: number) => sign !== 0,
  '<': (sign: number) => sign < 0,
  '<=': (sign: number) => sign <= 0,
  '>': (sign: number) => sign > 0,
  '>=': (sign: number) => sign >= 0,
} as const;

function likeRegexp(pattern: string, escape: string | null): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] ?? '';
    if (sign === escape && at + 1 < pattern.length) source += quoted(pattern[++at] ?? '');
    else source += sign === '%' ? '.*' : sign === '_' ? '.' : quoted(sign);
  }
  return new RegExp(`^${source}$`, 'su');
}

const quoted = (sign: string): string => sign.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
