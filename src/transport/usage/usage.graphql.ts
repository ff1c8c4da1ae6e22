/** `deprecatedUsage`: which logins and clients still use what is deprecated in the schema. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Int, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { DateTimeScalar, objectClass } from '../../read/schema.ts';
import { sql } from '../../read/sql.ts';
import type { GraphContext } from '../../write/context.ts';
import { reasonFor } from './deprecations.ts';

const MAX_ROWS = 1_000;
const nullable = true;
const text = (name: string, description: string) => ({ name, type: () => String, description });

const DeprecatedUsageRow = objectClass({
  name: 'DeprecatedUsageRow',
  description: 'Something deprecated that a login has used, by the client that it says it is.',
  fields: [
    text(
      'coordinate',
      'What was used, by its place in the schema: `Invoice.total`, `Query.invoices(first:)`, `OrderStatus.OPEN`.',
    ),
    { ...text('reason', 'Why it is deprecated, and what to use instead; null when the schema has it no more.'), nullable },
    { name: 'actorId', type: () => ID, description: 'The login.' },
    { ...text('actorName', 'Its name.'), nullable },
    text('client', 'The header `apollographql-client-name`; empty when none was sent, or too many different ones.'),
    text('clientVersion', 'The header `apollographql-client-version`; empty when none was sent.'),
    { name: 'firstUsedAt', type: () => DateTimeScalar, description: 'When it was first used so.' },
    { name: 'lastUsedAt', type: () => DateTimeScalar, description: 'When it was last used so.' },
    text('useCount', 'By how many operations, as a whole number in text.'),
  ],
});

interface Row {
  readonly coordinate: string;
  readonly actor_id: string;
  readonly actor_name: string | null;
  readonly client: string;
  readonly client_version: string;
  readonly first_used_at: string;
  readonly last_used_at: string;
  readonly use_count: string;
}

@Resolver()
export class UsageResolver {
  @Query(() => [DeprecatedUsageRow], {
    complexity: 50,
    description:
      'Who still uses what is deprecated in the schema, the latest first. Counts are added within a minute. Needs the permission `usage:read`.',
  })
  async deprecatedUsage(
    @Ctx() context: GraphContext,
    @Info() { schema }: GraphQLResolveInfo,
    @Arg('since', () => DateTimeScalar, { nullable, description: 'Only what was used since then.' }) since: Date | null,
    @Arg('first', () => Int, { defaultValue: 100, description: `How many at most; up to ${MAX_ROWS}.` }) first = 100,
  ): Promise<object[]> {
    requirePermission(context.principal, 'usage:read');
    if (first < 1 || first > MAX_ROWS)
      throw new DomainError('PAGE_TOO_LARGE', `first must be from 1 to ${MAX_ROWS}.`, { path: ['first'] });
    const rows = await context.read.rows<Row>(
      context.principal,
      sql`select d.coordinate, d.actor_id, a.name as actor_name, d.client, d.client_version, d.first_used_at, d.last_used_at, d.use_count::text
          from deprecated_use d left join actor a on a.tenant_id = d.tenant_id and a.id = d.actor_id
          where d.tenant_id = ${context.principal.tenantId} and d.last_used_at >= ${since?.toISOString() ?? '-infinity'}::timestamptz
          order by d.last_used_at desc, d.coordinate, d.actor_id, d.client, d.client_version limit ${first}`,
    );
    return rows.map((row) =>
      Object.assign(new DeprecatedUsageRow(), {
        coordinate: row.coordinate,
        reason: reasonFor(schema, row.coordinate),
        actorId: publicId('act', row.actor_id),
        actorName: row.actor_name,
        client: row.client,
        clientVersion: row.client_version,
        firstUsedAt: row.first_used_at,
        lastUsedAt: row.last_used_at,
        useCount: row.use_count,
      }),
    );
  }
}
