/** What every record shows that an ERP may know: from where it came, how fresh it is, what is still asked of the ERP. As relations by name: what stands behind them is the sync engine's. */
import { eq } from '../kernel/predicate.ts';
import type { ExternalRef, FirstRelation, ManyRelation } from '../read/catalogue.ts';
import type { Maybe } from '../read/later.ts';
import { type Sql, sql } from '../read/sql.ts';

const source: FirstRelation = {
  kind: 'first',
  record: 'RecordSource',
  by: 'recordId',
  order: ['-syncedAt'],
  description: 'From where it came, and up to when it is as it is there; of several the newest. Null: no ERP knows it.',
};
const sources: ManyRelation = {
  kind: 'many',
  record: 'RecordSource',
  by: 'recordId',
  order: ['-syncedAt'],
  connection: false,
  description: 'The same for each ERP that knows it, the newest first.',
};
const pending: ManyRelation = {
  kind: 'many',
  record: 'ErpRequest',
  by: 'recordId',
  order: ['createdAt'],
  only: eq('lifecycle', 'SENT'),
  connection: false,
  description: 'What is asked of the ERP about it and not answered yet, the oldest first.',
};

/** For records that come from an ERP only. */
export const syncedRelations = { source, sources };
/** For records that are also sent to one. */
export const pushedRelations = { source, sources, pending };

/** By an ERP's own id: of a root field. */
export const knownThere = {
  permission: 'sources:read',
  // by way of the streams, since their names come before the id in the key of erp_record
  sql: (alias: string, { connection, id }: ExternalRef<Maybe<string>>): Sql => sql`${sql.id(alias, 'id')} in (
    select s.record_id from connection c
    join sync_stream st on st.tenant_id = c.tenant_id and st.connection_id = c.id
    join erp_record s on s.tenant_id = st.tenant_id and s.connection_id = st.connection_id and s.stream = st.name
    where c.tenant_id = ${sql.id(alias, 'tenant_id')} and c.code = ${sql.typed(connection, 'text')} and s.external_id = ${sql.typed(id, 'text')})`,
} as const;
