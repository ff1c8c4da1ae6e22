/** What orders are checked by when they are handed in: the rules, and other orders with the same customer's reference. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { type Reference, References, type SameReference } from './reference.rules.ts';
import type { Rule } from './validation.rules.ts';

export interface Checks {
  readonly rules: readonly Rule[];
  readonly references: References;
}

/** Beyond the scope of the actor: rules hold for whoever orders. Locks the references, in one order for everybody. */
export async function loadChecks(tx: Tx, handedIn: readonly Reference[]): Promise<Checks> {
  const [references, rules] = await Promise.all([lockReferences(tx, handedIn), loadRules(tx)]);
  return { references, rules };
}

const loadRules = (tx: Tx): Promise<readonly Rule[]> =>
  tx.rows<Rule>(
    sql`select code, description, legal_entity_id as "legalEntityId", stage, field, operator, operands
        from validation_rule where is_active order by code`,
  );

/**
 * Two orders with one reference that are handed in at once must see each other, and neither is there to be locked: what is
 * locked is the reference, by a key of account and reference.
 */
async function lockReferences(tx: Tx, handedIn: readonly Reference[]): Promise<References> {
  const keyed = handedIn.filter((r) => r.referenceKey !== null);
  if (keyed.length === 0) return new References([]);
  const accounts = sql.typed(
    keyed.map((r) => r.accountId),
    'uuid[]',
  );
  const keys = sql.typed(
    keyed.map((r) => r.referenceKey),
    'text[]',
  );
  const named = sql`select distinct account_id, reference_key from unnest(${accounts}, ${keys}) as v(account_id, reference_key)`;
  const locking = tx.rows(
    sql`select pg_advisory_xact_lock(k) from (
          select distinct hashtextextended(account_id::text || ' ' || reference_key, 0) as k from (${named}) n order by k
        ) ordered`,
  );
  const looking = tx.rows<SameReference>(
    sql`select o.id, o.account_id as "accountId", o.reference_key as "referenceKey", o.ordered_on::text as "orderedOn", o.number
        from (${named}) n join sales_order o on o.account_id = n.account_id and o.reference_key = n.reference_key
        where o.lifecycle not in ('DRAFT', 'CANCELLED') order by o.ordered_on, o.id`,
  );
  const [, rows] = await Promise.all([locking, looking]);
  return new References(rows);
}
