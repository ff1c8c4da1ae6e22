/** What giving rights needs to know: who has which roles, by person, and which pairs nobody may hold. */
import type { PermissionPair } from '../../access/duties.ts';
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import type { HeldRole } from './holdings.rules.ts';

/** Rights of a tenant are given one after the other: two at once could each see half of what they give together. */
export const lockRights = (tx: Tx) =>
  tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('administrators ' || current_setting('app.tenant_id'), 0))`);

export interface RoleOfPerson extends HeldRole {
  readonly actorId: string;
  readonly personId: string;
}

export interface Rights {
  readonly pairs: readonly PermissionPair[];
  readonly held: readonly RoleOfPerson[];
}

/** Of people and of keys that are in force: those who can't sign in hold nothing. */
export const loadHeld = (tx: Tx) =>
  tx.rows<RoleOfPerson>(
    sql`select r.role, r.legal_entity_id as "legalEntityId", a.id as "actorId", coalesce(a.owner_id, a.id) as "personId"
        from actor_role r join actor a on a.tenant_id = r.tenant_id and a.id = r.actor_id
        where a.revoked_at is null and (a.kind <> 'API_KEY' or exists (
          select from api_key k where k.tenant_id = a.tenant_id and k.actor_id = a.id and k.revoked_at is null))`,
  );

/** The pairs that no person may hold; and who holds what, if there are any. Locked first. */
export async function loadRights(tx: Tx): Promise<Rights> {
  await lockRights(tx);
  const pairs = await tx.rows<PermissionPair>(
    sql`select first_permission as first, second_permission as second, extent from forbidden_pair where is_active and extent = 'PERSON'`,
  );
  return { pairs, held: pairs.length > 0 ? await loadHeld(tx) : [] };
}
