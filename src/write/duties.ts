/**
 * Forbidden pairs of duties, held for every command and every path to it: whoever has used one half on a record may not use the
 * other on it. Who did which half is noted in the transaction of the deed, one row per record, pair and person; that is the
 * table's key, so of two transactions that do both halves at once the second waits for the first and then finds its row.
 * Nothing here knows a noun: the records are those that a change names.
 */
import { otherHalf, pairName, pairsOf, type PermissionPair } from '../access/duties.ts';
import type { Permission } from '../access/policy.ts';
import { sql } from '../read/sql.ts';
import type { Change, CommandContext, Problem } from './command.ts';
import { type Session, unnest } from './transaction.ts';

export interface DutiesAsked {
  readonly pairs: readonly PermissionPair[];
  readonly permission: Permission;
  readonly deeds: readonly Deed[];
  readonly context: Pick<CommandContext, 'tenant' | 'now'>;
}

/** A change that somebody is about to make. */
export interface Deed {
  /** The place of the input in its set. */
  readonly index: number;
  readonly change: Change;
  /** Null for Cashgraph itself, which leaves no notes. */
  readonly personId: string | null;
}

const COLUMNS = [
  { column: 'record_id', property: 'recordId', type: 'uuid' },
  { column: 'pair', property: 'pair', type: 'text' },
  { column: 'person_id', property: 'personId', type: 'uuid' },
] as const;

interface Note {
  readonly recordId: string;
  readonly pair: string;
  readonly personId: string;
}
const keyOf = ({ recordId, pair, personId }: Note) => `${pair} ${recordId} ${personId}`;

/** On what a change is done. */
const recordsOf = ({ recordId, concerns = [] }: Change): readonly string[] => [...new Set([recordId, ...concerns])];

/**
 * Notes what each person does. Some of the inputs may meet the other half: each of those has its problem in the answer, and then the
 * whole of it has to be undone.
 */
export async function noteDuties(session: Session, asked: DutiesAsked): Promise<ReadonlyMap<number, Problem>> {
  const { permission, deeds } = asked;
  const pairs = pairsOf(asked.pairs, permission).filter(({ extent }) => extent === 'RECORD');
  const notesOf = ({ change, personId }: Deed): readonly (Note & { readonly of: PermissionPair })[] =>
    personId === null
      ? []
      : recordsOf(change).flatMap((recordId) => pairs.map((of) => ({ recordId, pair: pairName(of), personId, of })));
  const notes = [...new Map(deeds.flatMap(notesOf).map((note) => [keyOf(note), note])).values()];
  if (notes.length === 0 || (await insert(session, asked, notes)) === notes.length) return new Map();
  const done = await doneBefore(session, asked, notes);
  return new Map(
    deeds.flatMap((deed) => {
      const broken = notesOf(deed).find((note) => done.get(keyOf(note)) === otherHalf(note.of, permission));
      return broken ? [[deed.index, problemOf(broken.of, permission)] as const] : [];
    }),
  );
}

const problemOf = (pair: PermissionPair, permission: Permission): Problem => ({
  code: 'DUTIES_CONFLICT',
  message: `You, or an API key of yours, did ${otherHalf(pair, permission)} here, and it is a forbidden pair with ${permission}. Another person has to do this.`,
  path: [],
});

/** In one order for all, so that two who note the same don't wait for each other; where somebody else is at it, it waits for them. */
const insert = (session: Session, { permission, context }: DutiesAsked, notes: readonly Note[]): Promise<number> =>
  session.change(
    sql`insert into duty (tenant_id, record_id, pair, person_id, permission, done_at)
        select ${context.tenant.id}, v.record_id, v.pair, v.person_id, ${permission}, ${context.now.toISOString()}
        from ${unnest(
          COLUMNS,
          notes.map((n) => ({ ...n })),
        )} order by v.record_id, v.pair, v.person_id on conflict do nothing`,
  );

/** What was noted of these, now or before: the permission by the note. */
async function doneBefore(
  session: Session,
  { context }: DutiesAsked,
  notes: readonly Note[],
): Promise<ReadonlyMap<string, Permission>> {
  const found = await session.rows<Note & { permission: Permission }>(
    sql`select record_id as "recordId", pair, person_id as "personId", permission from duty
        where tenant_id = ${context.tenant.id} and person_id = any(${sql.uuids(notes.map((n) => n.personId))})
          and record_id = any(${sql.uuids(notes.map((n) => n.recordId))})`,
  );
  return new Map(found.map((note) => [keyOf(note), note.permission]));
}
