/** The use of the graph: who may send which documents, and who still uses what is deprecated. */
import { sql, type Sql } from '../../read/sql.ts';
import { defineModule } from '../../write/module.ts';
import type { DeprecatedUse } from './counter.ts';
import { UsageResolver } from './usage.graphql.ts';
import { usagePolicy } from './usage.policy.ts';

export const usageModule = defineModule({
  name: 'usage',
  entities: [],
  records: [],
  machines: [],
  postings: [],
  policy: usagePolicy,
  events: [],
  commands: [],
  resolvers: [UsageResolver],
});

/** Adds counts to the table; in the system role, since they are of all tenants together. */
export const addUses = (uses: readonly DeprecatedUse[]): Sql => {
  const column = (type: string, of: (use: DeprecatedUse) => unknown): Sql => sql.typed(uses.map(of), `${type}[]`);
  return sql`insert into deprecated_use as d (tenant_id, actor_id, client, client_version, coordinate, first_used_at, last_used_at, use_count)
    select * from unnest(${sql.join([
      column('uuid', ({ tenantId }) => tenantId),
      column('uuid', ({ actorId }) => actorId),
      column('text', ({ client }) => client),
      column('text', ({ clientVersion }) => clientVersion),
      column('text', ({ coordinate }) => coordinate),
      column('timestamptz', ({ firstUsedAt }) => firstUsedAt.toISOString()),
      column('timestamptz', ({ lastUsedAt }) => lastUsedAt.toISOString()),
      column('bigint', ({ count }) => count),
    ])})
    on conflict (tenant_id, actor_id, client, client_version, coordinate) do update set
      use_count = d.use_count + excluded.use_count,
      first_used_at = least(d.first_used_at, excluded.first_used_at), last_used_at = greatest(d.last_used_at, excluded.last_used_at)`;
};
