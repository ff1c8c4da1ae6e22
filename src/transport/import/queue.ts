/** The job of an import, and the one that deletes files, are put into the queue in the transaction that asks for them: none is ever forgotten. */
import { sql } from '../../read/sql.ts';
import { apart, type Derivation } from '../../write/derivation.ts';

export const IMPORT_TASK = 'import';
export const SWEEP_TASK = 'sweep-uploads';

export const importQueue: Derivation = {
  name: 'import-queue',
  derive: apart(async (session, changes, { tenant }) => {
    for (const row of changes.flatMap((change) => change.rows)) {
      if (row.op === 'update' && row.entity === 'Upload' && row.set['lifecycle'] === 'DELETED') {
        await session.rows(sql`select enqueue(${sql.literal(SWEEP_TASK)}, null, ${sql.literal(SWEEP_TASK)})`);
      }
      if (row.op !== 'insert' || row.entity !== 'Import') continue;
      const { id } = row.values;
      await session.rows(
        sql`select enqueue(${sql.literal(IMPORT_TASK)}, jsonb_build_object('tenantId', ${tenant.id}::text, 'id', ${id}::text), 'import ' || ${id}::text)`,
      );
    }
    return { rows: [], events: [] };
  }),
};
