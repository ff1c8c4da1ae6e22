/** Chooses what goes wrong with which request to a simulator: as scripted, then by chance. The same seed and the same requests give the same faults. */
import type { SeededRandomness } from '../../kernel/random.ts';
import { FAULT_KINDS, type FaultKind, type FaultPlan } from '../simulator.ts';

export interface FaultyRequest {
  readonly method: string;
  readonly path: string;
  /** It asks for a token. */
  readonly isSignIn: boolean;
}

/** What can happen to a request for a token, and only when the plan names such requests. */
const SIGN_IN_KINDS: ReadonlySet<FaultKind> = new Set(['UNAVAILABLE', 'SLOW', 'LOST_ANSWER']);

export class FaultChooser {
  readonly #random: SeededRandomness;
  #plan: FaultPlan = {};
  #script: (FaultKind | null)[] = [];

  constructor(random: SeededRandomness) {
    this.#random = random;
  }

  set(plan: FaultPlan): void {
    this.#plan = plan;
    this.#script = [...(plan.script ?? [])];
  }

  next({ method, path, isSignIn }: FaultyRequest): FaultKind | null {
    const { only, rate = 0, kinds = FAULT_KINDS } = this.#plan;
    if (only === undefined ? isSignIn : !only({ method, path })) return null;
    const isPossible = (kind: FaultKind): boolean => !isSignIn || SIGN_IN_KINDS.has(kind);
    const scripted = this.#script[0];
    if (scripted !== undefined) {
      if (scripted !== null && !isPossible(scripted)) return null;
      this.#script.shift();
      return scripted;
    }
    const possible = kinds.filter(isPossible);
    if (possible.length === 0 || this.#random.fraction() >= rate) return null;
    return this.#random.pick(possible);
  }

  /** Whether a refusal says when to come again: by the plan, else as `unplanned`. */
  tellsRetryAfter(unplanned: () => boolean): boolean {
    return this.#plan.tellsRetryAfter ?? unplanned();
  }

  /** One of two, as often as the other. */
  coin(): boolean {
    return this.#random.fraction() < 0.5;
  }
}
