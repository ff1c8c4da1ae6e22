/** A `having` argument as a tree of conditions on figures of a group, with every measure that it names checked. */
import { listOf, refused, refuseDepth } from '../condition-input.ts';
import { type Maybe, settled } from '../later.ts';
import type { HavingRead } from './aggregate-tree.ts';
import { figureOf } from './group-page.ts';
import type { AggregateFunction, Measure } from './measures.ts';

interface HavingContext {
  readonly path: readonly string[];
  /** By its name in the graph; its permission is checked. */
  measure(name: string, path: readonly string[]): Measure;
}

type Input = Readonly<Record<string, unknown>>;

const FUNCTION_OF: Readonly<Record<string, AggregateFunction>> = {
  count: 'COUNT',
  sum: 'SUM',
  avg: 'AVG',
  min: 'MIN',
  max: 'MAX',
};

/** @throws DomainError INVALID_INPUT, TOO_MANY_ITEMS with the path */
export function havingRead(context: HavingContext, input: unknown, depth = 0): HavingRead {
  if (input === undefined || input === null) return { op: 'and', of: [] };
  refuseDepth(depth, context.path);
  return { op: 'and', of: Object.entries(input as Input).map(([name, part]) => condition(context, { name, part, depth })) };
}

interface Part {
  readonly name: string;
  readonly part: unknown;
  readonly depth: number;
}

function condition(context: HavingContext, { name, part, depth }: Part): HavingRead {
  const path = [...context.path, name];
  const inner = (one: unknown, at = path) => havingRead({ ...context, path: at }, one, depth + 1);
  if (name === 'and' || name === 'or') {
    // an absent list asks for nothing
    if (part === null) return { op: 'and', of: [] };
    return { op: name, of: (part as unknown[]).map((one, i) => inner(one, [...path, String(i)])) };
  }
  if (name === 'not') return part === null ? { op: 'and', of: [] } : { op: 'not', of: inner(part) };
  if (part === null) throw refused(path, 'is null: leave it out, or use isNull');
  if (name === 'count')
    return { op: 'and', of: comparisons({ measure: null, asked: 'COUNT', currency: null }, part as Input, path) };
  const measure = context.measure(name, path);
  const { currency, ...figures } = part as Input;
  const of = Object.entries(figures).flatMap(([figure, filter]) => {
    if (filter === null) throw refused([...path, figure], 'is null: leave it out, or use isNull');
    const asked = FUNCTION_OF[figure];
    if (!asked) throw new Error(`No figure is called ${figure}.`);
    const what = { measure, asked, currency: (currency ?? null) as Maybe<string> | null };
    return comparisons(what, filter as Input, [...path, figure]);
  });
  return { op: 'and', of };
}

interface Asked {
  readonly measure: Measure | null;
  readonly asked: AggregateFunction;
  readonly currency: Maybe<string> | null;
}

function comparisons({ measure, asked, currency }: Asked, filter: Input, path: readonly string[]): HavingRead[] {
  const figure = figureOf({ measure, function: asked, currency }, path.slice(0, -1));
  return Object.entries(filter).map(([op, value]): HavingRead => {
    const at = [...path, op];
    if (value === null) throw refused(at, 'is null: leave it out, or use isNull');
    switch (op) {
      case 'isNull':
        return { op, figure, value: settled(value as Maybe<boolean>) };
      case 'in':
      case 'notIn':
        return { op, figure, value: listOf(value, at) };
      case 'eq':
      case 'ne':
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        return { op, figure, value: value as Maybe<unknown> };
      default:
        throw new Error(`No operator is called ${op}.`);
    }
  });
}
