/** Taking an allocation back, with the discount that was granted with it. */
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { dateInput, idOf, object, optional } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { reversalDay } from '../ledger/index.ts';
import { Allocation } from '../open-item/index.ts';
import { loadAllocations } from './application.facts.ts';
import { newBook, settleAll, takeBack, togetherWith } from './settling.rules.ts';

export const reverseAllocation = command({
  name: 'reverseAllocation',
  description:
    'Takes an allocation back: both items are open again by what it took. A discount that was granted with it is taken back too; a discount can be taken back alone.',
  permission: 'cash:apply',
  record: 'Allocation',
  input: object('ReverseAllocationInput', {
    id: idOf('alc').describe('The allocation.'),
    effectiveOn: optional(dateInput).describe(
      'The day from which the reversal counts; absent: today. Never before the original; moved to the first open day.',
    ),
  }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) =>
    loadAllocations(tx, await tx.load(Allocation, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`)),
  decide(facts, input, context): Change {
    const allocation = facts.allocations.find((a) => a.id === input.id);
    if (!allocation) throw new DomainError('NOT_FOUND', 'There is no such allocation.', { path: ['id'] });
    if (allocation.reversesId || allocation.kind === 'RETURN')
      throw new DomainError('WRONG_STATE', 'A reversal can’t be taken back; allocate anew.', { path: ['id'] });
    const entity = facts.entities.get(allocation.legalEntityId);
    const today = localDate(context.now, entity?.timeZone ?? 'UTC');
    const days = togetherWith(facts, allocation).map((a) => a.effectiveOn);
    const effectiveOn = reversalDay(
      { code: entity?.code ?? '', closedThrough: entity?.closedThrough ?? null },
      { originalOn: days.reduce((a, b) => (a > b ? a : b)), asked: input.effectiveOn, today, path: 'effectiveOn' },
    );
    const book = newBook(context, facts);
    const reversal = takeBack({ book, facts }, allocation, { effectiveOn, rule: 'manual' });
    const items = [reversal.toItemId, reversal.fromItemId].flatMap((id) => (id === null ? [] : [book.item(id)]));
    return { recordId: reversal.id, ...settleAll(facts, book, effectiveOn), concerns: items.map((i) => i.documentId) };
  },
});
