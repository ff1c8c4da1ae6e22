/** The `allowedActions` field: state × permission as SQL, so that a portal can draw its buttons from the same statement. Guards answer as userErrors. */
import { sql } from './sql.ts';
import type { ComputedField } from './catalogue.ts';
import type { Permission } from '../access/policy.ts';
import type { Machine } from '../kernel/machine.ts';

export interface AllowedActions {
  readonly machine: Machine;
  /** The permission of each action's command. */
  readonly permissions: Readonly<Record<string, Permission>>;
  /** The name of the GraphQL enum. */
  readonly enumName: string;
}

/** Reads the columns `lifecycle` and `legal_entity_id` of the record's table. */
export function allowedActions({ machine, permissions, enumName }: AllowedActions): ComputedField {
  const offered = machine.rows.filter((row) => !row.observed);
  return {
    kind: 'computed',
    description: 'What you may do with it now, by its state and your permissions.',
    type: { enum: enumName, values: Object.fromEntries(offered.map(({ on, description }) => [on, description])) },
    list: true,
    sql(alias, { principal }) {
      const rows = offered.flatMap(({ on, from }, rank) => {
        const permission = permissions[on];
        const grant = permission && principal.grants.get(permission);
        if (!grant) return [];
        const entities = grant === 'ALL' ? sql`null::uuid[]` : sql.typed([...grant], 'uuid[]');
        return [sql`(${sql.literal(on)}, ${sql.literal(from)}, ${sql.number(rank)}, ${entities})`];
      });
      if (rows.length === 0) return sql`'[]'::json`;
      return sql`(select coalesce(json_agg(a.action order by a.rank), '[]'::json) from (values ${sql.join(rows)}) as a(action, state, rank, entities)
        where a.state = ${sql.id(alias, 'lifecycle')} and (a.entities is null or ${sql.id(alias, 'legal_entity_id')} = any(a.entities)))`;
    },
  };
}
