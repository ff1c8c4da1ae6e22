/**
 * When an export's turn comes: its job is put into the queue in the transaction that asks for it, and that of the one which waits
 * longest in the transaction that ends another. So none is ever forgotten, whichever process goes down when.
 */
import { type Sql, sql } from '../../read/sql.ts';
import { apart, type Derivation } from '../../write/derivation.ts';

export const EXPORT_TASK = 'export';

export const exportQueue: Derivation = {
  name: 'export-queue',
  derive: apart(async (session, changes, { tenant }) => {
    const rows = changes.flatMap((change) => change.rows).filter((row) => row.entity === 'Export');
    for (const row of rows) {
      if (row.op === 'delete') continue;
      const { lifecycle } = row.op === 'insert' ? row.values : row.set;
      if (lifecycle === 'QUEUED')
        await session.rows(enqueueSql(tenant.id, row.op === 'insert' ? sql`${row.values['id']}::uuid` : sql`${row.id}::uuid`));
      else if (row.op === 'update' && row.was?.['lifecycle'] === 'RUNNING' && lifecycle !== 'RUNNING') {
        const next = sql`(select id from export where lifecycle = 'QUEUED' order by queued_at, id limit 1)`;
        await session.rows(enqueueSql(tenant.id, next));
      }
    }
    return { rows: [], events: [] };
  }),
};

/** Nothing for no id. A job with the same key that hasn't begun is replaced. */
const enqueueSql = (tenantId: string, id: Sql): Sql => sql`
  select enqueue(${sql.literal(EXPORT_TASK)}, jsonb_build_object('tenantId', ${tenantId}::text, 'id', e.id), 'export ' || e.id)
  from (select ${id} as id) e where e.id is not null`;
