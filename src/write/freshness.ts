/** From which ERP the documents of a legal entity come, and how fresh they are, as columns of a report. What stands behind them is the sync engine's. */
import type { Principal } from '../access/principal.ts';
import { type Sql, sql } from '../read/sql.ts';

const DOCUMENTS = sql`('Order', 'Invoice', 'CreditNote', 'Payment')`;

/** By which property of an account a principal is told whose it is: a portal user by the customer that it was opened for, whoever that is matched with. */
export const customerColumn = ({ portal }: Pick<Principal, 'portal'>): 'origin_customer_id' | 'customer_id' =>
  portal ? 'origin_customer_id' : 'customer_id';

/**
 * A join beside a legal entity's alias, which gives `served.connection` (the code of the ERP that serves it; null: none does) and
 * `served.synced_at` (up to when all kinds of documents were read from it; null: one never was). Portal users are told neither.
 */
export const servedBy = (entity: string, { portal }: Pick<Principal, 'portal'>): Sql =>
  portal
    ? sql`cross join (select null::text as connection, null::timestamptz as synced_at) served`
    : sql`left join lateral (
        select c.code as connection, (
          select case when bool_and(s.last_succeeded_at is not null) then min(s.last_succeeded_at) end from sync_stream s
          where s.tenant_id = c.tenant_id and s.connection_id = c.id and s.is_enabled and s.record_kind in ${DOCUMENTS}
        ) as synced_at
        from connection_legal_entity e join connection c on c.tenant_id = e.tenant_id and c.id = e.connection_id
        where e.tenant_id = ${sql.id(entity, 'tenant_id')} and e.legal_entity_id = ${sql.id(entity, 'id')}
      ) served on true`;
