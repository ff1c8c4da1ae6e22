/** What the command runner is asked for: one input, a set of them, and where the parts of a set are written. Types only. */
import type { Principal } from '../access/principal.ts';
import type { CommandDefinition, Observing } from './command.ts';
import type { KeyedRequest } from './idempotency.ts';
import type { Outcome } from './outcome.ts';
import type { Session } from './transaction.ts';

/** How the parts of a set are written. */
export interface Parts {
  /** A part is kept whole or not at all. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Errors with which there is no use in going on with the others. */
  readonly endsSet: ReadonlySet<string>;
}

export interface RunRequest {
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotencyKey?: string | null;
  readonly dryRun?: boolean;
  /** Reads the answer inside the transaction; what it gives is stored with the key and given again to a retry. */
  readonly answer?: AnswerRead;
}

export interface AnswerRead {
  /** Reads with an equal one, asked for by actors with equal access, ask for the same. */
  readonly selectionHash: string;
  read(session: Session, recordId: string): Promise<unknown>;
  /** The same of several records, each for whoever asks for it, in one statement. */
  readAll?(
    session: Session,
    asked: readonly { readonly id: string; readonly principal: Principal }[],
  ): Promise<readonly unknown[]>;
}

/** One input of one command that has passed the form, with the key that it came under. */
export interface Asked {
  readonly definition: CommandDefinition;
  readonly input: unknown;
  readonly request: RunRequest;
  readonly key: KeyedRequest | null;
}

/** A set has no key: what it reads in has keys of its own, such as the external id of a document. */
export interface SetRequest extends Pick<RunRequest, 'principal' | 'requestId' | 'dryRun'> {
  /** By which connection the inputs were observed; only for commands that observe. */
  readonly observing?: Observing | null;
  /**
   * Written in the same transaction as what was decided: given the inputs of this transaction, by their place in the list, and what
   * came of them. A set that has to be split calls it once for each part; a transaction that is tried again calls it again.
   */
  readonly alongside?: (session: Session, outcomes: ReadonlyMap<number, Outcome>) => Promise<void>;
  /** In each transaction, once it is decided what changes and before anything of it is written. */
  readonly decided?: (session: Session) => Promise<void>;
  /** Absent: each part is a transaction of its own. */
  readonly parts?: Parts;
  /** The idempotency key of each input, by its place. */
  readonly keys?: ReadonlyMap<number, string>;
}

/** An input with its place in the list that was given. */
export interface Item {
  readonly index: number;
  readonly value: unknown;
  readonly key: string | null;
}
