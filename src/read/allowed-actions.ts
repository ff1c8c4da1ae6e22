/** The `allowedActions` field: state × permission as SQL, so that a portal can draw its buttons from the same statement. Guards answer as userErrors. */
import { sql } from './sql.ts';
import type { ComputedField } from './catalogue.ts';
import type { Permission } from '../access/policy.ts';
import type { Machine } from '../kernel/machine.ts';

/** Where it depends on the record which command does it: the permission for each value of a column. */
export interface PermissionByColumn {
  readonly column: string;
  readonly permissions: Readonly<Record<string, Permission>>;
}

export interface AllowedActions {
  readonly machine: Machine;
  /** The permission of each action's command. */
  readonly permissions: Readonly<Record<string, Permission | PermissionByColumn>>;
  /** The name of the GraphQL enum. */
  readonly enumName: string;
  /** The records are of no legal entity, and so are the permissions. */
  readonly isTenantWide?: true;
}

/** Reads the column `lifecycle` of the record's table, and `legal_entity_id` unless it is tenant-wide. */
export function allowedActions({ machine, permissions, enumName, isTenantWide }: AllowedActions): ComputedField {
  const offered = machine.rows.filter((row) => !row.observed);
  const columned = Object.values(permissions).some((permission) => typeof permission === 'object');
  return {
    kind: 'computed',
    description: 'What you may do with it now, by its state and your permissions.',
    type: { enum: enumName, values: Object.fromEntries(offered.map(({ on, description }) => [on, description])) },
    list: true,
    sql(alias, { asker }) {
      const rows = offered.flatMap(({ on, from }, rank) =>
        waysOf(permissions[on]).flatMap(({ permission, column, value }) => {
          const grant = asker.grant(permission);
          if (grant === null) return [];
          const entities = grant === 'ALL' ? sql`null::uuid[]` : sql.typed(grant, 'uuid[]');
          const ofColumn = column === null ? sql`true` : sql`${sql.id(alias, column)} = ${sql.literal(value)}`;
          return [
            sql`(${sql.literal(on)}, ${sql.literal(from)}, ${sql.number(rank)}, ${entities}${columned ? sql`, ${ofColumn}` : sql.empty})`,
          ];
        }),
      );
      if (rows.length === 0) return sql`'[]'::json`;
      const ofEntity = isTenantWide ? sql.empty : sql`or ${sql.id(alias, 'legal_entity_id')} = any(a.entities)`;
      return sql`(select coalesce(json_agg(a.action order by a.rank), '[]'::json) from (values ${sql.join(rows)}) as a(action, state, rank, entities${columned ? sql`, fits` : sql.empty})
        where a.state = ${sql.id(alias, 'lifecycle')} and (a.entities is null ${ofEntity})${columned ? sql` and a.fits` : sql.empty})`;
    },
  };
}

interface Way {
  readonly permission: Permission;
  readonly column: string | null;
  readonly value: string;
}

function waysOf(permission: Permission | PermissionByColumn | undefined): readonly Way[] {
  if (permission === undefined) return [];
  if (typeof permission === 'string') return [{ permission, column: null, value: '' }];
  const { column, permissions } = permission;
  return Object.entries(permissions).map(([value, of]) => ({ permission: of, column, value }));
}
