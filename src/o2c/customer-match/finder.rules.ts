/** Which pairs are proposed, proposed anew, or not any more. Pure but for what one set of decisions adds: a pair is looked at once, from whichever side. */
import type { Change, CommandContext } from '../../write/command.ts';
import type { Candidate } from './candidates.facts.ts';
import { compared, type Identity } from './compare.rules.ts';
import { type EvidenceRow, isSameEvidence, type MatchRow, newMatch, pairOf, proposedAnew, stepped } from './match.rules.ts';
import type { Words } from './name-likeness.rules.ts';
import { PROPOSED_FROM, scored, speaksMore } from './score.rules.ts';
import type { Weights } from './weights.rules.ts';

export interface Findings {
  readonly candidates: readonly Candidate[];
  readonly identities: ReadonlyMap<string, Identity>;
  readonly known: readonly MatchRow[];
  readonly evidence: readonly EvidenceRow[];
  /** Does one of them belong to the other? */
  readonly isInLine: (a: string, b: string) => boolean;
  readonly words: Words;
  readonly weights: Weights;
}

type Written = Pick<Change, 'rows' | 'events'>;
const NOTHING: Written = { rows: [], events: [] };

export class Finder {
  private readonly looked = new Set<string>();
  private readonly known: ReadonlyMap<string, MatchRow>;

  constructor(private readonly findings: Findings) {
    this.known = new Map(findings.known.map((m) => [keyOf(m.customerId, m.otherCustomerId), m]));
  }

  /** What follows for a customer that stands for itself. */
  find(context: CommandContext, customerId: string): Written {
    const { candidates, known, identities } = this.findings;
    const isIts = (id: string) => id === customerId || identities.get(id)?.mergedIntoId === customerId;
    const written = [
      ...candidates.filter((c) => c.customerId === customerId).map((c) => this.look(context, customerId, c.otherId)),
      ...known
        .filter((m) => isIts(m.customerId) || isIts(m.otherCustomerId))
        .map((m) => this.look(context, m.customerId, m.otherCustomerId)),
    ];
    return { rows: written.flatMap((w) => w.rows), events: written.flatMap((w) => w.events) };
  }

  private look(context: CommandContext, customerId: string, otherId: string): Written {
    const key = keyOf(customerId, otherId);
    if (this.looked.has(key)) return NOTHING;
    this.looked.add(key);
    const { identities, isInLine, words, weights } = this.findings;
    const [first, second] = pairOf(customerId, otherId);
    const [a, b] = [identities.get(first), identities.get(second)];
    const match = this.known.get(key);
    if (!a || !b || match?.lifecycle === 'CONFIRMED') return NOTHING;
    const result = scored(compared(a, b, words), weights);
    const isLikely = result.score >= PROPOSED_FROM && !isInLine(first, second) && !a.mergedIntoId && !b.mergedIntoId;
    if (!match) return isLikely ? newMatch(context, [first, second], result) : NOTHING;
    if (match.lifecycle === 'PROPOSED' && !isLikely) return stepped(match, 'WITHDRAW', {});
    if (!isLikely) return NOTHING;
    const held = this.findings.evidence.filter((e) => e.matchId === match.id);
    const isNews =
      match.lifecycle === 'PROPOSED'
        ? !isSameEvidence(held, result.evidence)
        : match.lifecycle === 'WITHDRAWN' || speaksMore(result.evidence, held);
    return isNews ? proposedAnew(context, { match, held }, result) : NOTHING;
  }
}

const keyOf = (a: string, b: string): string => pairOf(a, b).join(' ');
