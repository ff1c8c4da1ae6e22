/**
 * The templates that were made: for each operation a tree of decisions (first the shapes of variables and principal, then whatever was
 * looked at while the template was made), so that the same questions lead a later request to the template that fits it, or to none.
 */
import type { Binding, Decision, Later, Settled } from '../later.ts';
import type { Template } from './template.ts';

/** A template, or the knowledge that there is none. */
interface Leaf {
  readonly template: Template | null;
  readonly path: readonly Step[];
}

interface Fork {
  readonly asked: Later<Settled>;
  readonly ways: Map<Settled, Fork | Leaf>;
}

interface Step {
  readonly ways: Map<Settled, Fork | Leaf>;
  readonly outcome: Settled;
}

/** The templates of one operation of one document. */
export type OperationTemplates = Map<Settled, Fork | Leaf>;

export class TemplateCache {
  private readonly max: number;
  /** In the order of their use, the newest last. */
  private readonly kept = new Set<Leaf>();

  constructor(max: number) {
    this.max = max;
  }

  get size(): number {
    return this.kept.size;
  }

  /** Undefined where none was made yet. @throws DomainError where a value can't be what is asked of it */
  find(templates: OperationTemplates, shape: string, binding: Binding): Template | null | undefined {
    let at = templates.get(shape);
    while (at && 'asked' in at) at = at.ways.get(at.asked.of(binding));
    if (!at) return undefined;
    this.kept.delete(at);
    this.kept.add(at);
    return at.template;
  }

  keep(templates: OperationTemplates, shape: string, made: { template: Template | null; decisions: readonly Decision[] }): void {
    const path: Step[] = [{ ways: templates, outcome: shape }];
    let ways = templates;
    let outcome: Settled = shape;
    for (const decision of made.decisions) {
      const found = ways.get(outcome);
      const fork: Fork = found && 'asked' in found ? found : { asked: decision.asked, ways: new Map() };
      ways.set(outcome, fork);
      ({ ways } = fork);
      ({ outcome } = decision);
      path.push({ ways, outcome });
    }
    const leaf = { template: made.template, path };
    ways.set(outcome, leaf);
    this.kept.add(leaf);
    for (const oldest of this.kept) {
      if (this.kept.size <= this.max) break;
      this.kept.delete(oldest);
      prune(oldest);
    }
  }
}

/** Takes a leaf out of its tree, with the forks that lead nowhere then. */
function prune({ path }: Leaf): void {
  for (const { ways, outcome } of path.toReversed()) {
    ways.delete(outcome);
    if (ways.size > 0) return;
  }
}
