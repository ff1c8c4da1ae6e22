/**
 * Values that are known only when a statement is bound: what stands in the variables, and whose rows are read. They flow through
 * plan, predicates and scope into the holes of `sql` like any value, but nobody can look at one: whoever has to know it to choose
 * the text says so by `settled`, which makes the outcome part of the template's key. So a template holds nothing of who came first.
 */
import type { Principal } from '../access/principal.ts';
import type { Predicate, Scalar } from '../kernel/predicate.ts';

/** What a statement is bound to. */
export interface Binding {
  readonly principal: Principal;
  /** As GraphQL coerced them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Business time. */
  readonly now: Date;
}

export type Settled = string | number | boolean | null;

export class Later<T> {
  /** @throws DomainError when the value isn't one */
  readonly of: (binding: Binding) => T;
  /** What it is made of. */
  readonly from: readonly Later<unknown>[];
  private readonly trace: Trace;

  constructor(trace: Trace, of: (binding: Binding) => T, from: readonly Later<unknown>[] = []) {
    this.trace = trace;
    this.of = of;
    this.from = from;
  }

  map<U>(f: (value: T) => U): Later<U> {
    return this.trace.made(new Later(this.trace, (binding) => f(this.of(binding)), [this]));
  }

  /** Many values of the same template as one. */
  with<U>(of: (binding: Binding) => U, from: readonly Later<unknown>[]): Later<U> {
    return new Later(this.trace, of, from);
  }

  settle(this: Later<T & Settled>): T {
    return this.trace.settle(this);
  }
}

export type Maybe<T> = T | Later<T>;

/** A condition on rows whose values may be known later. */
export type Condition = Predicate<Maybe<Scalar>, Maybe<readonly Scalar[]>>;

export const mapped = <T, U>(value: Maybe<T>, f: (value: T) => U): Maybe<U> => (value instanceof Later ? value.map(f) : f(value));

/** Looked at while a statement is made: one that turns out otherwise needs a text of its own. */
export const settled = <T extends Settled>(value: Maybe<T>): T => (value instanceof Later ? value.settle() : value);

/** Many values as one. */
export function all<T extends readonly unknown[]>(values: { readonly [K in keyof T]: Maybe<T[K]> }): Maybe<T> {
  const laters = values.filter((value): value is Later<unknown> => value instanceof Later);
  const [first] = laters;
  if (!first) return values as unknown as T;
  const known = (value: unknown, binding: Binding): unknown => (value instanceof Later ? value.of(binding) : value);
  return first.with((binding) => values.map((value) => known(value, binding)) as unknown as T, laters);
}

/** What was looked at while a template was made, in order. Whatever is asked next follows from the outcomes before. */
export interface Decision {
  readonly asked: Later<Settled>;
  readonly outcome: Settled;
}

/** The making of one template. */
export class Trace {
  readonly decisions: Decision[] = [];
  /** A decision couldn't be made with these values, so nothing is learnt for others. */
  isBroken = false;
  private readonly conversions = new Set<Later<unknown>>();
  private binding: Binding | null;

  constructor(binding: Binding) {
    this.binding = binding;
  }

  made<T>(conversion: Later<T>): Later<T> {
    this.conversions.add(conversion);
    return conversion;
  }

  /**
   * The conversions that neither a statement's values nor a decision is made of: a condition that can't hold has swallowed them.
   * They are made all the same when it is bound, since they may refuse what they are given.
   */
  unused(values: readonly unknown[]): readonly Later<unknown>[] {
    const rest = new Set(this.conversions);
    const use = (later: Later<unknown>): void => {
      rest.delete(later);
      later.from.forEach(use);
    };
    for (const value of values) if (value instanceof Later) use(value);
    for (const { asked } of this.decisions) use(asked);
    return [...rest].filter((one) => ![...rest].some((other) => other.from.includes(one)));
  }

  later<T>(of: (binding: Binding) => T): Later<T> {
    return new Later(this, of);
  }

  settle<T extends Settled>(asked: Later<T>): T {
    if (!this.binding) throw new Error('A value is looked at when its template is made already.');
    this.isBroken = true;
    const outcome = asked.of(this.binding);
    this.isBroken = false;
    this.decisions.push({ asked, outcome });
    return outcome;
  }

  /** From here on nobody can look, and nothing of the first request is kept. */
  end(): void {
    this.binding = null;
  }
}
