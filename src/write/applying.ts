/**
 * What one or several decided becomes rows and events: the write guard, what follows from it, the numbers drawn last, n rows per
 * statement, the events into the inbox. Each author's events are in its own name. The one place where commands write.
 */
import type { PermissionPair } from '../access/duties.ts';
import type { EventDefinition } from '../outbox/event.ts';
import type { CommandDefinition, Problem } from './command.ts';
import type { Authored, Derivation, Derived } from './derivation.ts';
import { drawNumbers } from './draw.ts';
import { type Deed, noteDuties } from './duties.ts';
import { appendAllEvents } from './events.ts';
import { guardAuthority, guardRow, travelTogether, writeRows } from './rows.ts';
import type { Tables } from './tables.ts';
import type { Session } from './transaction.ts';

export interface ApplyEngines {
  readonly tables: Tables;
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly derivations: readonly Derivation[];
}

/** What one did, with the name of its request. */
export interface Author extends Authored {
  readonly requestId: string;
}

export interface Applying<A> {
  readonly definition: CommandDefinition;
  readonly authors: readonly Author[];
  /** What forbidden pairs are looked up by. */
  readonly pairs: readonly PermissionPair[];
  readonly deeds: readonly Deed[];
  /** Asked for behind the rows, so that it sees them: it travels with them. */
  readonly behind: () => Promise<A>;
}

/** `conflicts`: of those that the person may not do; then everything has to be undone. */
export type Applied<A> = { readonly conflicts: ReadonlyMap<number, Problem> } | { readonly conflicts: null; readonly behind: A };

/** @throws FORBIDDEN, ERP_AUTHORITY */
export function guard(definition: CommandDefinition, { changes, context }: Authored): void {
  const scope = { principal: context.principal, permission: definition.permission };
  for (const change of changes) {
    for (const row of change.rows) guardRow(row, scope);
    guardAuthority(change, context);
  }
}

/** Changes that have passed the guard. Who may not do it is told so, whatever else stands against it. */
export async function apply<A>(engines: ApplyEngines, session: Session, work: Applying<A>): Promise<Applied<A>> {
  const { definition, authors, pairs, deeds } = work;
  const [first] = authors;
  if (!first) throw new Error('Nobody does anything');
  const { context } = first;
  // the notes travel with what they are of: where there is a conflict, all of it is undone
  const [noted, done] = await Promise.allSettled([
    noteDuties(session, { pairs, permission: definition.permission, deeds, context }),
    written(engines, session, work),
  ]);
  if (noted.status === 'rejected') throw noted.reason;
  if (noted.value.size > 0) return { conflicts: noted.value };
  if (done.status === 'rejected') throw done.reason;
  return { conflicts: null, behind: done.value };
}

/** Everything but who may do it. */
async function written<A>(engines: ApplyEngines, session: Session, { authors, behind }: Applying<A>): Promise<A> {
  const tenantId = authors[0]?.context.tenant.id ?? '';
  const changes = authors.flatMap((author) => author.changes);
  // asked for behind the first derivation's statement, and travels with it
  const [following, fill] = await Promise.all([derived(engines, session, authors), drawNumbers(session, tenantId, changes)]);
  const drawn = [...changes, ...following.flat()].map(fill);
  const rows = drawn.flatMap((c) => c.rows);
  const writing = writeRows(session, { tables: engines.tables, tenantId, rows });
  if (!travelTogether(rows)) await writing;
  let at = 0;
  let last = changes.length;
  const sources = authors.map(({ changes: own, context, requestId }, i) => ({
    definitions: engines.events,
    drafts: [...drawn.slice(at, (at += own.length)), ...drawn.slice(last, (last += following[i]?.length ?? 0))].flatMap(
      (c) => c.events,
    ),
    context,
    requestId,
  }));
  const [, , found] = await Promise.all([writing, appendAllEvents(session, sources), behind()]);
  return found;
}

/** By author. */
async function derived(
  { derivations }: ApplyEngines,
  session: Session,
  authors: readonly Author[],
): Promise<readonly (readonly Derived[])[]> {
  const all = authors.map((): Derived[] => []);
  for (const derivation of derivations) (await derivation.derive(session, authors)).forEach((one, i) => all[i]?.push(one));
  return all;
}
