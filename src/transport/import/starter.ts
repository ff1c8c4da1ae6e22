/** Addresses of files work only as long as whoever asked for them may sign in. */
import { type Sql, sql } from '../../read/sql.ts';

export const starterIsHere = (alias: string): Sql =>
  sql`exists (select from actor a where a.tenant_id = ${sql.id(alias, 'tenant_id')} and a.id = ${sql.id(alias, 'started_by_id')} and a.revoked_at is null)`;
