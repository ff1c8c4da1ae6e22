/** Releasing a fulfilment to whoever carries it out, unless a hold or the credit of the order's customer is against it. */
import { object } from '../../kernel/input.ts';
import { type Change, command } from '../../write/command.ts';
import { requireNoHold } from '../order/index.ts';
import { fulfilmentBookOf, fulfilmentRef, loadCreditAt, loadFulfilments } from './fulfilment.facts.ts';
import { requireOurs } from './fulfilment.rules.ts';
import { passageOf } from './passage.rules.ts';
import { providerOf } from './plan.commands.ts';

export const releaseFulfilment = command({
  name: 'releaseFulfilment',
  description:
    'Hands a fulfilment to the warehouse, ours or a third party’s. Where credit is checked at this stage and does not fit, it stays planned and the order gets a hold.',
  permission: 'fulfilments:plan',
  record: 'Fulfilment',
  input: object('ReleaseFulfilmentInput', fulfilmentRef),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const loaded = await loadFulfilments(
      tx,
      inputs.map((i) => i.id),
    );
    return { ...loaded, credit: await loadCreditAt(tx, 'RELEASE', loaded, context) };
  },
  decide(facts, input, context): Change {
    const book = fulfilmentBookOf(facts, input.id, input.expectedVersion);
    requireOurs(context, book.fulfilment);
    book.require('RELEASE');
    const { id, providerId } = book.fulfilment;
    if (providerId !== null) providerOf(facts.providers, providerId);
    const passage = passageOf(context, book, { stage: 'RELEASE', credit: facts.credit });
    if (passage.is === 'CLOSED') requireNoHold(book.order.holds, 'RELEASE', { fulfilmentId: id });
    if (passage.is !== 'OPEN') return book.change();
    book.release(context.now);
    return book.change(passage);
  },
});
