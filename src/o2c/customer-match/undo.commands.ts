/** Taking a match back. */
import { object } from '../../kernel/input.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { CustomerMatchMove } from './match.entity.ts';
import { decision, stepped } from './match.rules.ts';
import { restored } from './moving.rules.ts';
import { lockParties } from './pair.facts.ts';
import { decidingInput, loadMatches, matchOf } from './reject.commands.ts';

export const undoCustomerMatch = command({
  name: 'undoCustomerMatch',
  description:
    'Takes a match back: the accounts that were opened for the one are its own again, and the hierarchy is as it was but for what somebody changed since. The pair is not proposed again unless something else speaks for it.',
  permission: 'customers:match',
  record: 'CustomerMatch',
  input: object('UndoCustomerMatchInput', decidingInput),
  lockKey: () => 'match',
  async facts(tx, inputs) {
    const matches = await loadMatches(
      tx,
      inputs.map((i) => i.id),
    );
    const moves = await tx.load(CustomerMatchMove, sql`t.match_id = any(${sql.uuids(matches.map((m) => m.id))})`);
    const ids = matches.flatMap((m) => [m.customerId, m.otherCustomerId]);
    const parties = await lockParties(
      tx,
      ids,
      moves.flatMap((m) => [m.customerId, ...(m.fromParentId === null ? [] : [m.fromParentId])]),
    );
    return { matches, moves, parties };
  },
  decide({ matches, moves, parties }, input, context): Change {
    const match = matchOf(matches, input);
    const step = stepped(match, 'UNDO', decision(context, input.reason));
    const goneId = match.keptCustomerId === match.customerId ? match.otherCustomerId : match.customerId;
    const [kept, gone] = [parties.customers.get(match.keptCustomerId ?? ''), parties.customers.get(goneId)];
    if (!kept || !gone) throw new DomainError('NOT_FOUND', 'One of the customers is not there.', { path: ['id'] });
    const moved = restored(context, parties, {
      keeping: { kept, merged: gone },
      moves: moves.filter((m) => m.matchId === match.id),
    });
    return {
      recordId: match.id,
      rows: [...step.rows, ...moved.rows],
      events: [...step.events, ...moved.events],
      concerns: [match.customerId, match.otherCustomerId],
    };
  },
});
