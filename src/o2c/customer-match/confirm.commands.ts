/** Deciding that two customers are the same: one that was proposed, or two that a person knows of. */
import { DomainError } from '../../kernel/errors.ts';
import { idOf, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Tx } from '../../write/command.ts';
import { compared } from './compare.rules.ts';
import { loadIdentities, loadWeights, loadWords, lockMatches } from './identity.facts.ts';
import { keepingOf, requireMergeable } from './keeping.rules.ts';
import { CustomerMatch, CustomerMatchEvidence } from './match.entity.ts';
import { matchMachine } from './match.machine.ts';
import { decision, type MatchRow, newMatch, pairOf, proposedAnew, stepped } from './match.rules.ts';
import { merged } from './moving.rules.ts';
import { lockParties, type Parties } from './pair.facts.ts';
import { decidingInput, loadMatches, matchOf } from './reject.commands.ts';
import { scored } from './score.rules.ts';

const keepCustomerId = optional(idOf('cus')).describe(
  'Which of the two has the accounts of both from now on; absent: the one with a credit block or limit, else the older.',
);

interface Confirming {
  readonly match: MatchRow;
  readonly parties: Parties;
  readonly keepCustomerId: string | undefined;
  readonly reason: string | undefined;
}

/** @throws WRONG_STATE */
function confirmed(context: CommandContext, { match, parties, reason, ...wanted }: Confirming): Change {
  transition(matchMachine, { state: match.lifecycle, action: 'CONFIRM' });
  const keeping = keepingOf(parties, [match.customerId, match.otherCustomerId], wanted.keepCustomerId);
  requireMergeable(parties, keeping);
  const moved = merged(context, parties, { keeping, matchId: match.id });
  const step = stepped(match, 'CONFIRM', {
    ...decision(context, reason),
    keptCustomerId: keeping.kept.id,
    movedAccountCount: moved.accountCount,
    movedCustomerCount: moved.customerCount,
  });
  return {
    recordId: match.id,
    rows: [...step.rows, ...moved.rows],
    events: [...step.events, ...moved.events],
    concerns: [match.customerId, match.otherCustomerId],
  };
}

export const confirmCustomerMatch = command({
  name: 'confirmCustomerMatch',
  description:
    'Says that two customers are the same: the accounts of one, and the customers below it, go to the other, and both count as one for credit from then on. Documents stay made out to whom they are.',
  permission: 'customers:match',
  record: 'CustomerMatch',
  input: object('ConfirmCustomerMatchInput', { ...decidingInput, keepCustomerId }),
  // each in a transaction of its own: the next one sees what it moved
  lockKey: () => 'match',
  async facts(tx, inputs) {
    const matches = await loadMatches(
      tx,
      inputs.map((i) => i.id),
    );
    return {
      matches,
      parties: await lockParties(
        tx,
        matches.flatMap((m) => [m.customerId, m.otherCustomerId]),
      ),
    };
  },
  decide({ matches, parties }, input, context): Change {
    const match = matchOf(matches, input);
    return confirmed(context, { match, parties, keepCustomerId: input.keepCustomerId, reason: input.reason });
  },
});

async function pairFacts(tx: Tx, ids: readonly string[]) {
  await lockMatches(tx);
  const two = sql.uuids(ids);
  const matches = await tx.load(CustomerMatch, sql`t.customer_id = any(${two}) and t.other_customer_id = any(${two})`, {
    lock: true,
  });
  const held = await tx.load(CustomerMatchEvidence, sql`t.match_id = any(${sql.uuids(matches.map((m) => m.id))})`);
  const parties = await lockParties(tx, ids);
  const identities = await loadIdentities(tx, ids);
  return { matches, held, parties, identities, words: await loadWords(tx, identities), weights: await loadWeights(tx) };
}

export const matchCustomers = command({
  name: 'matchCustomers',
  description:
    'Says that two customers are the same although nothing proposed them, or although it was decided otherwise before.',
  permission: 'customers:match',
  record: 'CustomerMatch',
  input: object('MatchCustomersInput', {
    customerId: idOf('cus').describe('One of the two.'),
    otherCustomerId: idOf('cus').describe('The other one.'),
    keepCustomerId,
    reason: optional(text({ max: 1_000, multiline: true })).describe('Why.'),
  }),
  lockKey: () => 'match',
  facts: (tx, inputs) =>
    pairFacts(
      tx,
      inputs.flatMap((i) => [i.customerId, i.otherCustomerId]),
    ),
  decide({ matches, held, parties, identities, words, weights }, input, context): Change {
    const { customerId, otherCustomerId, reason } = input;
    if (customerId === otherCustomerId)
      throw new DomainError('INVALID_INPUT', 'A customer is the same as itself: name two.', { path: ['otherCustomerId'] });
    const missing = (['customerId', 'otherCustomerId'] as const).find((field) => !identities.has(input[field]));
    const pair = pairOf(customerId, otherCustomerId);
    const [a, b] = pair.map((id) => identities.get(id));
    if (missing || !a || !b)
      throw new DomainError('NOT_FOUND', 'There is no such customer.', { path: [missing ?? 'customerId'] });
    const result = scored(compared(a, b, words), weights);
    const known = matches.find((m) => m.customerId === pair[0] && m.otherCustomerId === pair[1]);
    if (known?.lifecycle === 'CONFIRMED')
      throw new DomainError('ALREADY_EXISTS', 'They are matched already.', { path: ['otherCustomerId'] });
    const before = known
      ? proposedAnew(context, { match: known, held: held.filter((e) => e.matchId === known.id) }, result)
      : newMatch(context, pair, result);
    const change = confirmed(context, { match: before.match, parties, keepCustomerId: input.keepCustomerId, reason });
    return { ...change, rows: [...before.rows, ...change.rows], events: [...before.events, ...change.events] };
  },
});
