/**
 * What an operation can cost at most, as a formula over its variables: worked out once for a document, folded to a number wherever no
 * variable matters, and evaluated in about a microsecond for each request. Values of variables are a client's, unchecked: whatever they
 * are, the outcome is a number.
 */

export type Variables = Readonly<Record<string, unknown>>;
export type Term = number | ((variables: Variables) => number);

/** A field's part: `weight + size × (each + Σ parts)`. */
export interface CostPart {
  /** Response names from the root, parted by points. */
  readonly path: string;
  readonly weight: Term;
  /** How many objects it can lead to. */
  readonly size: Term;
  readonly each: number;
  readonly parts: readonly CostPart[];
  /** 1 or 0, by `@skip` and `@include`. */
  readonly isAsked: Term;
}

export const valueOf = (term: Term, variables: Variables): number => (typeof term === 'number' ? term : term(variables));

export function sum(terms: readonly Term[]): Term {
  const fixed = terms.reduce<number>((all, term) => (typeof term === 'number' ? all + term : all), 0);
  const open = terms.filter((term) => typeof term !== 'number');
  return open.length === 0 ? fixed : (variables) => open.reduce((all, term) => all + term(variables), fixed);
}

export function times(a: Term, b: Term): Term {
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  return (variables) => valueOf(a, variables) * valueOf(b, variables);
}

export function most(terms: readonly Term[]): Term {
  const fixed = terms.reduce<number>((all, term) => (typeof term === 'number' ? Math.max(all, term) : all), 0);
  const open = terms.filter((term) => typeof term !== 'number');
  return open.length === 0 ? fixed : (variables) => open.reduce((all, term) => Math.max(all, term(variables)), fixed);
}

/** @example costTerm({ path: 'a', weight: 1, size: 10, each: 1, parts: [], isAsked: 1 }) // 11 */
export function costTerm({ weight, size, each, parts, isAsked }: CostPart): Term {
  return times(isAsked, sum([weight, times(size, sum([each, ...parts.map(costTerm)]))]));
}

export interface CostlyPart {
  readonly path: string;
  readonly cost: number;
}

/** The parts that cost most, each with all that is multiplied around it and nothing of what is below it. */
export function costliest(parts: readonly CostPart[], variables: Variables, count: number): readonly CostlyPart[] {
  const found: CostlyPart[] = [];
  const walk = (part: CostPart, around: number): void => {
    const factor = around * valueOf(part.isAsked, variables);
    const size = valueOf(part.size, variables);
    const cost = factor * (valueOf(part.weight, variables) + size * part.each);
    if (cost > 0) found.push({ path: part.path, cost });
    for (const below of part.parts) walk(below, factor * size);
  };
  for (const part of parts) walk(part, 1);
  return found.sort((a, b) => b.cost - a.cost || (a.path < b.path ? -1 : 1)).slice(0, count);
}
