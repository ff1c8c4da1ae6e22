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
  /** @throws CONFLICT_RETRY when a demand doesn't hold any more */
  derive(session: Session, changes: readonly Change[], context: CommandContext): Promise<Derived>;
}

/** Written with the rest; not checked against the permissions of whoever acts, since nobody asked for it. */
export type Derived = Pick<Change, 'rows' | 'events'>;
