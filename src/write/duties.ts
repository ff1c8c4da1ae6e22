/**
 * Forbidden pairs of duties, held for every command and every path to it: whoever has used one half on a record may not use the
 * other on it. Who did which half is noted in the transaction of the deed, one row per record, pair and person; that is the
 * table's key, so of two transactions that do both halves at once the second waits for the first and then finds its row.
 * Nothing here knows a noun: the records are those that a change names.
 */
import { otherHalf, pairName, pairsOf, type PermissionPair } from '../access/duties.ts';
import type { Permission } from '../access/policy.ts';
import { DomainError } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import type { Change, CommandContext, Problem } from './command.ts';
import { type Session, unnest } from './transaction.ts';

export interface DutiesAsked {
  readonly pairs: readonly PermissionPair[];
  readonly permission: Permission;
  /** By the place of the input in its set. */
  readonly changes: ReadonlyMap<number, Change>;
  readonly context: CommandContext;
}

const COLUMNS = [
  { column: 'record_id', property: 'recordId', type: 'uuid' },
  { column: 'pair', property: 'pair', type: 'text' },
] as const;

interface Note {
  readonly recordId: string;
  readonly pair: string;
}
const keyOf = ({ recordId, pair }: Note) => `${pair} ${recordId}`;

/** On what a change is done. */
const recordsOf = ({ recordId, concerns = [] }: Change): readonly string[] => [...new Set([recordId, ...concerns])];

/**
 * Notes what the person does, unless some of the inputs meet the other half: then nothing is noted, and each of those has its
 * problem in the answer. Cashgraph itself leaves no notes.
 * @throws CONFLICT_RETRY when the same person did something with a pair of these on one of the records at the same time
 */
export async function noteDuties(session: Session, asked: DutiesAsked): Promise<ReadonlyMap<number, Problem>> {
  const { permission, changes, context } = asked;
  const { personId } = context.principal;
  const pairs = pairsOf(asked.pairs, permission).filter(({ extent }) => extent === 'RECORD');
  if (personId === null || pairs.length === 0 || changes.size === 0) return new Map();
  const notes = new Map<string, Note>();
  for (const change of changes.values())
    for (const recordId of recordsOf(change))
      for (const pair of pairs) {
        const note = { recordId, pair: pairName(pair) };
        notes.set(keyOf(note), note);
      }
  const found = await session.rows<Note & { permission: Permission }>(
    sql`select record_id as "recordId", pair, permission from duty
        where tenant_id = ${context.tenant.id} and person_id = ${personId} and record_id = any(${sql.uuids([...notes.values()].map((n) => n.recordId))})`,
  );
  const done = new Map(found.map((note) => [keyOf(note), note.permission]));
  const problems = new Map<number, Problem>();
  for (const [index, change] of changes) {
    const broken = pairs.find((pair) =>
      recordsOf(change).some((recordId) => done.get(keyOf({ recordId, pair: pairName(pair) })) === otherHalf(pair, permission)),
    );
    if (broken) problems.set(index, problemOf(broken, permission));
  }
  if (problems.size === 0)
    await insert(
      session,
      asked,
      [...notes].flatMap(([key, note]) => (done.has(key) ? [] : [note])),
    );
  return problems;
}

const problemOf = (pair: PermissionPair, permission: Permission): Problem => ({
  code: 'DUTIES_CONFLICT',
  message: `You, or an API key of yours, did ${otherHalf(pair, permission)} here, and it is a forbidden pair with ${permission}. Another person has to do this.`,
  path: [],
});

/** In one order for all, so that two who note the same don't wait for each other. */
async function insert(session: Session, { permission, context }: DutiesAsked, notes: readonly Note[]): Promise<void> {
  if (notes.length === 0) return;
  const noted = await session.change(
    sql`insert into duty (tenant_id, record_id, pair, person_id, permission, done_at)
        select ${context.tenant.id}, v.record_id, v.pair, ${context.principal.personId}, ${permission}, ${context.now.toISOString()}
        from ${unnest(
          COLUMNS,
          notes.map((n) => ({ ...n })),
        )} order by v.record_id, v.pair on conflict do nothing`,
  );
  if (noted !== notes.length) throw new DomainError('CONFLICT_RETRY', 'You did something else here at the same time. Try again.');
}
