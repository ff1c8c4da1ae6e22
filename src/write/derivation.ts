/** Derivations: sums over many records, kept in the transaction that changes what they are sums of. */
import type { Change, CommandContext } from './command.ts';
import type { Session } from './transaction.ts';

/**
 * What follows from rows, whichever command writes them: sums over many records that no command may forget to keep. It runs in
 * the writing transaction after the locks of the commands and before numbers are drawn, over all changes of the transaction.
 */
export interface Derivation {
  /** What a `Demand` names it by. */
  readonly name: string;
  /**
   * For each of the authors what follows from its changes, to be told in its name; later ones build upon those before.
   * @throws CONFLICT_RETRY when a demand doesn't hold any more
   */
  derive(session: Session, authors: readonly Authored[]): Promise<readonly Derived[]>;
}

/** What one did, of several whose changes are written together. */
export interface Authored {
  readonly changes: readonly Change[];
  readonly context: CommandContext;
}

/** Written with the rest; not checked against the permissions of whoever acts, since nobody asked for it. */
export type Derived = Pick<Change, 'rows' | 'events'>;

/** A derivation for which authors have nothing to do with each other. */
export const apart =
  (derive: (session: Session, changes: readonly Change[], context: CommandContext) => Promise<Derived>): Derivation['derive'] =>
  async (session, authors) => {
    const all: Derived[] = [];
    for (const { changes, context } of authors) all.push(await derive(session, changes, context));
    return all;
  };
