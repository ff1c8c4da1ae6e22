/** Deciding that two customers are not the same. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, int, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { lockMatches } from './identity.facts.ts';
import { CustomerMatch } from './match.entity.ts';
import { decision, type MatchRow, stepped } from './match.rules.ts';

/** What every decision on a pair that is there says. */
export const decidingInput = {
  id: idOf('cm').describe('The pair.'),
  expectedVersion: optional(int({ min: 1 })).describe(
    'The version that you decide on; it has another one once other evidence came.',
  ),
  reason: optional(text({ max: 1_000, multiline: true })).describe('Why.'),
};

/** Call it first: pairs are locked before customers. */
export async function loadMatches(tx: Tx, ids: readonly string[]): Promise<readonly MatchRow[]> {
  await lockMatches(tx);
  return tx.load(CustomerMatch, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });
}

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function matchOf(
  matches: readonly MatchRow[],
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): MatchRow {
  const match = matches.find((m) => m.id === id);
  if (!match) throw new DomainError('NOT_FOUND', 'There is no such pair of customers.', { path: ['id'] });
  requireVersion(match.version, expectedVersion);
  return match;
}

export const rejectCustomerMatch = command({
  name: 'rejectCustomerMatch',
  description:
    'Says that two customers are not the same. They are not proposed again unless something else speaks for it than what is known now.',
  permission: 'customers:match',
  record: 'CustomerMatch',
  input: object('RejectCustomerMatchInput', decidingInput),
  lockKey: (input) => input.id,
  facts: (tx, inputs) =>
    loadMatches(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(matches, input, context): Change {
    const match = matchOf(matches, input);
    const { rows, events } = stepped(match, 'REJECT', decision(context, input.reason));
    return { recordId: match.id, rows, events, concerns: [match.customerId, match.otherCustomerId] };
  },
});
