/** Groups of rows and what is worked out of each, exactly. */
import { addDecimal, divideDecimal } from '../../../../src/connect/index.ts';
import type { Select } from './ast.ts';
import type { Aggregate, Compiler, Eval, Test } from './compile.ts';
import type { Frame, Scope } from './scope.ts';
import { decimalIn, numberValue, toNumber, type Value } from './values.ts';

export interface GroupsOptions {
  readonly select: Select;
  readonly scope: Scope;
  readonly compiler: Compiler;
  /** Filled while the parts of the query are compiled. */
  readonly aggregates: readonly Aggregate[];
  readonly compare: (a: Value, b: Value) => number;
  readonly key: (value: Value) => string;
}

interface Group {
  readonly frame: Frame;
  readonly states: State[];
}

interface State {
  count: number;
  value: Value;
  readonly seen: Set<string> | null;
}

export class Groups {
  readonly #options: GroupsOptions;
  readonly #keys: readonly Eval[];
  readonly #having: Test | null;

  constructor(options: GroupsOptions) {
    const { select, compiler } = options;
    this.#options = options;
    this.#keys = select.groupBy.map((expr) => compiler.value(expr));
    this.#having = select.having === null ? null : compiler.test(select.having);
  }

  /** A frame of each group: its first rows, and behind them the results. */
  of(scan: (onFrame: (frame: Frame) => boolean) => void): Frame[] {
    const groups = new Map<string, Group>();
    scan((frame) => {
      const key = this.#keys.map((value) => this.#options.key(value(frame))).join('\u0000');
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { frame: frame.slice(), states: this.#states() }));
      this.#add(group, frame);
      return true;
    });
    // without GROUP BY there is one group, also of nothing
    if (groups.size === 0 && this.#keys.length === 0) groups.set('', { frame: [], states: this.#states() });
    const { aggregates, scope } = this.#options;
    const frames = [...groups.values()].map(({ frame, states }) => {
      for (const [index, state] of states.entries()) frame[scope.groupsAt + index] = resultOf(aggregates[index], state);
      return frame;
    });
    return this.#having === null ? frames : frames.filter((frame) => this.#having?.(frame) === true);
  }

  #states(): State[] {
    return this.#options.aggregates.map(({ isDistinct }) => ({ count: 0, value: null, seen: isDistinct ? new Set() : null }));
  }

  #add({ states }: Group, frame: Frame): void {
    const { aggregates, compare, key } = this.#options;
    for (const [index, { name, of }] of aggregates.entries()) {
      const state = states[index];
      const value = of === null ? 1 : of(frame);
      if (state === undefined || value === null) continue;
      if (state.seen !== null) {
        if (state.seen.has(key(value))) continue;
        state.seen.add(key(value));
      }
      state.count += 1;
      if (name === 'SUM' || name === 'AVG') state.value = sum(state.value, value);
      else if (name === 'MIN' || name === 'MAX') {
        const isBetter =
          state.value === null || (name === 'MIN' ? compare(value, state.value) < 0 : compare(value, state.value) > 0);
        if (isBetter) state.value = value;
      }
    }
  }
}

function sum(before: Value, value: Value): Value {
  const number = toNumber(value);
  if (before === null || number === null) return number;
  const left = toNumber(before);
  if (typeof left === 'number' && typeof number === 'number' && Number.isSafeInteger(left + number)) return left + number;
  return numberValue(addDecimal(decimalIn(left ?? 0), decimalIn(number)));
}

function resultOf(aggregate: Aggregate | undefined, { count, value }: State): Value {
  if (aggregate?.name === 'COUNT') return count;
  if (aggregate?.name !== 'AVG' || count === 0) return value;
  return numberValue(divideDecimal(decimalIn(toNumber(value) ?? 0), decimalIn(count), { scale: 12, rounding: 'HALF_UP' }));
}
