// What part of the database somebody may see, in the oracle's words.

export interface Reach {
  readonly tenantId: string;
  readonly actorId: string;
  /** Null: all legal entities of the tenant. */
  readonly entityIds: readonly string[] | null;
  /** Of a portal user; null: not one. */
  readonly customerIds: readonly string[] | null;
  readonly marks: {
    readonly slug: string;
    readonly customers: readonly string[] | null;
    readonly entities: readonly string[] | null;
  };
}
