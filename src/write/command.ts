/**
 * The shape of a command. `facts` reads what n inputs need in one statement, in scope, locking in id order; `decide` is pure
 * and says what changes or why not; the runner does everything else. A mutation is n = 1, an import page n > 1: same code.
 */
import type { InferEntity } from '@mikro-orm/core';
import type { z } from 'zod';
import type { PermissionPair } from '../access/duties.ts';
import type { Principal } from '../access/principal.ts';
import type { Permission, PolicyRow } from '../access/policy.ts';
import type { Predicate } from '../kernel/predicate.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { SecretPlace } from '../kernel/sealed.ts';
import type { Connector } from '../connect/connector.ts';
import type { EventDraft } from '../outbox/event.ts';
import type { Sql } from '../read/sql.ts';

/** Why a command was refused: something a person can act on. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** The input field, for example `['lines', '0', 'quantity']`; empty for the whole input. */
  readonly path: readonly string[];
}

export type RowChange =
  | { readonly op: 'insert'; readonly entity: string; readonly values: Readonly<Record<string, unknown>> }
  | {
      readonly op: 'update';
      readonly entity: string;
      readonly id: string;
      /** The version that was read; the row gets the next one. Null for tables without versions. */
      readonly version: number | null;
      readonly set: Readonly<Record<string, unknown>>;
      /** Values before, of those properties that a derivation sums up: it takes the difference. */
      readonly was?: Readonly<Record<string, unknown>>;
      /** The owner columns of the row as read, for the write guard. */
      readonly owner: Readonly<Record<string, unknown>>;
    }
  | {
      readonly op: 'delete';
      readonly entity: string;
      readonly id: string;
      readonly was?: Readonly<Record<string, unknown>>;
      readonly owner: Readonly<Record<string, unknown>>;
    };

/** The owner columns of a row of a document, for the write guard. */
export const ownerOf = ({
  tenantId,
  legalEntityId,
  accountId,
}: {
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
}) => ({
  tenantId,
  legalEntityId,
  accountId,
});

/** What an ERP is to be asked for: the record itself changes when the ERP shows it changed. */
export interface ErpAsk {
  readonly recordKind: string;
  readonly recordId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly command: 'CREATE' | 'UPDATE' | 'VOID';
  /** What is wished beyond what the record says, for example what a payment is to be set against. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Who may change records of a kind in a legal entity, and the connection that serves it. */
export interface Authority {
  readonly side: 'PLATFORM' | 'CONNECTION';
  /** Null: no ERP serves the legal entity. */
  readonly connection: ServingConnection | null;
}

export interface ServingConnection {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly connector: string;
}

/** By which connection something is observed. */
export interface Observing {
  readonly connectionId: string;
  readonly code: string;
}

/** A demand on the derivation `of`, about one subject of its own. */
export interface Demand {
  readonly of: string;
  readonly subject: string;
  /** What the facts have locked of it, for that derivation alone: it needn't lock it again. */
  readonly locked?: unknown;
}

export interface Change {
  /** The record that the command answers with. */
  readonly recordId: string;
  readonly rows: readonly RowChange[];
  readonly events: readonly EventDraft[];
  /** What a derivation must find to hold when this is written, or nothing is: for example that credit still fits. */
  readonly demands?: readonly Demand[];
  /** Other records that this is done on, for forbidden pairs: the order of a fulfilment, the customer of a limit. */
  readonly concerns?: readonly string[];
  /** A wish towards the ERP that has authority: with one, rows may be of records that only the ERP may change. */
  readonly asks?: readonly ErpAsk[];
  /** Returned once beside the record and never stored (a new API key's secret). */
  readonly secret?: string;
}

export type Decision = Change | { readonly unchanged: string } | { readonly refused: readonly Problem[] };

export interface CommandContext {
  readonly principal: Principal;
  readonly tenant: {
    readonly id: string;
    readonly groupCurrency: string;
    readonly isSandbox: boolean;
    readonly clockOffsetMs: bigint;
  };
  /** Business time: what is recorded now. */
  readonly now: Date;
  /** Wall time: keys, expiry. */
  readonly wallNow: Date;
  /** The tenant's forbidden pairs. */
  readonly pairs: readonly PermissionPair[];
  /** Every permission there is, and the roles that give it: for commands that grant. */
  readonly policies: readonly PolicyRow[];
  readonly newId: () => string;
  /** For secrets. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Seals a secret for one field of one record; only what talks to the outside opens it again. @throws NOT_CONFIGURED */
  seal(secret: string, place: Omit<SecretPlace, 'tenantId'>): string;
  /** Keyed digests of a text, one for each of the server's keys, the newest first: to know it again without keeping it. None without a key. */
  digests(text: string, use: string): readonly string[];
  /** May requests of ours go to this machine itself? The operator says so. */
  readonly allowsLoopback: boolean;
  authority(legalEntityId: string, recordKind: string): Authority;
  /** Null for a command of ours. */
  readonly observing: Observing | null;
  /** The connectors that the operator has installed, by name. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The rows of a record that the principal may see, or may touch with a permission. */
  scope(record: string, permission?: Permission): Predicate;
}

export interface SchemaLike {
  readonly meta: { readonly className: string };
}

/** A whole row of an entity: every property present, null where the column is null. */
export type RowOf<S> = { readonly [K in keyof InferEntity<S> & string]-?: Exclude<InferEntity<S>[K], undefined> };

/** Many rows by their ids, each looked up by itself: it costs the same however many others there are. */
export interface ByIds {
  readonly ids: Iterable<string | null | undefined>;
}

/** The writing transaction, as `facts` sees it. */
export interface Tx {
  rows<T>(source: Sql): Promise<readonly T[]>;
  /**
   * Whole rows of an entity that the principal may see, in id order, by conditions over the alias `t` or by their ids. With `lock` they
   * stay as they are until the transaction ends.
   */
  load<S extends SchemaLike>(schema: S, where: Sql | ByIds, options?: { readonly lock?: boolean }): Promise<readonly RowOf<S>[]>;
  /** A scope predicate as SQL over a table alias. */
  inScope(record: string, alias: string): Sql;
}

export interface CommandDefinition<I = unknown, F = unknown> {
  readonly name: string;
  readonly description: string;
  readonly permission: Permission;
  /** The kind of record it answers with. */
  readonly record: string;
  readonly input: z.ZodObject;
  /** It follows what an ERP shows: run by the sync engine alone, past guards, periods and authority. */
  readonly observes?: true;
  /**
   * Done so often that requests which come at once are done together: the same facts, decisions and rows, one commit. The ids of what an
   * input changes that is there already: two that share one follow each other.
   */
  coalesces?(input: I): readonly string[];
  /** Inputs with an equal key never share one set; null: none has the same. */
  lockKey?(input: I): string | null;
  facts(tx: Tx, inputs: readonly I[], context: CommandContext): Promise<F>;
  decide(facts: F, input: I, context: CommandContext): Decision;
}

/** Declares a command; types of `facts` and `decide` follow from the input schema. */
export function command<S extends z.ZodObject, F>(
  definition: Omit<CommandDefinition<z.output<S>, F>, 'input'> & { readonly input: S },
): CommandDefinition {
  return definition;
}
