/** A parsed `$filter` at work: tells for a row whether it is meant, and what of it an index or an order can make use of. */
import type { Property, Row, Value } from '../model.ts';
import { comparer } from './compare.ts';
import type { Expression, Operator } from './filter-parser.ts';
import { shown } from './literal.ts';

export type Test = (row: Row) => boolean;

const HOLDS: Readonly<Record<Operator, (difference: number) => boolean>> = {
  eq: (difference) => difference === 0,
  ne: (difference) => difference !== 0,
  gt: (difference) => difference > 0,
  ge: (difference) => difference >= 0,
  lt: (difference) => difference < 0,
  le: (difference) => difference <= 0,
};
/** More lookups than that, and reading the set is as quick. */
const LOOKUPS_MAX = 500;

export function testOf(expression: Expression): Test {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [testOf(expression.left), testOf(expression.right)];
      return expression.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    case 'not': {
      const inner = testOf(expression.inner);
      return (row) => !inner(row);
    }
    case 'text': {
      const { call, member, value } = expression;
      const method = call === 'substringof' ? 'includes' : call === 'startswith' ? 'startsWith' : 'endsWith';
      return (row) => shown(String(member.valueOf(row) ?? ''), member.property)[method](value);
    }
    default:
      return comparisonOf(expression);
  }
}

/** With nothing, only being equal or not can be asked: no date is neither before nor after a day. */
function comparisonOf({ member, operator, value }: Extract<Expression, { kind: 'compare' }>): Test {
  const compare = comparer(member.property);
  const holds = HOLDS[operator];
  const isEquality = operator === 'eq' || operator === 'ne';
  return (row) => {
    const own = member.valueOf(row);
    if (!isEquality && (own === null || value === null)) return false;
    return holds(compare(own, value));
  };
}

/** Of a row that passes, one of these holds: equal values of own properties. Null when the filter doesn't say so. */
export function equalities(expression: Expression): readonly Row[] | null {
  switch (expression.kind) {
    case 'compare':
      return expression.operator === 'eq' && expression.member.isOwn ? [{ [expression.name]: expression.value }] : null;
    case 'and': {
      const [left, right] = [equalities(expression.left), equalities(expression.right)];
      if (left === null || right === null) return left ?? right;
      if (left.length * right.length > LOOKUPS_MAX) return left.length < right.length ? left : right;
      return left.flatMap((one) => right.map((other) => ({ ...one, ...other })));
    }
    case 'or': {
      const [left, right] = [equalities(expression.left), equalities(expression.right)];
      if (left === null || right === null || left.length + right.length > LOOKUPS_MAX) return null;
      return [...left, ...right];
    }
    default:
      return null;
  }
}

/** No row that passes has a smaller value of the own property. Null when the filter doesn't say so. */
export function lowestOf(expression: Expression, property: string): Value {
  switch (expression.kind) {
    case 'compare':
      return ['eq', 'ge', 'gt'].includes(expression.operator) && expression.name === property ? expression.value : null;
    case 'and':
      return lowestOf(expression.left, property) ?? lowestOf(expression.right, property);
    case 'or': {
      const left = lowestOf(expression.left, property);
      const right = lowestOf(expression.right, property);
      if (left === null || right === null) return null;
      return smaller(expression, property, [left, right]);
    }
    default:
      return null;
  }
}

function smaller(expression: Expression, property: string, [left, right]: readonly [Value, Value]): Value {
  const compared = memberOf(expression, property);
  return compared === null || comparer(compared)(left, right) > 0 ? right : left;
}

function memberOf(expression: Expression, property: string): Property | null {
  if (expression.kind === 'compare') return expression.name === property ? expression.member.property : null;
  if (expression.kind !== 'and' && expression.kind !== 'or') return null;
  return memberOf(expression.left, property) ?? memberOf(expression.right, property);
}
