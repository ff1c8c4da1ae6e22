// The database roles that row-level security tells apart. They belong to the whole cluster, carry no login, and are
// only ever taken on by a session (`set role`); none may be able to pass the policies.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withSettings } from '../kernel/connection.ts';

export const roleKinds = ['owner', 'app', 'read', 'portal', 'system', 'reporting'] as const;
export type RoleKind = (typeof roleKinds)[number];

export const defaultRolePrefix = 'cashgraph';

export function roleName(prefix: string, kind: RoleKind): string {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(prefix))
    throw new Error(`"${prefix}" can't be a role prefix: use a-z, 0-9 and _, at most 31.`);
  return `${prefix}_${kind}`;
}

/** The same connection, its sessions taking on the role from the start. */
export const asRole = (connection: pg.ClientConfig, role: string): pg.ClientConfig => withSettings(connection, { role });

interface Found {
  name: string;
  exists: boolean;
  isUnsafe: boolean;
  isUsable: boolean;
}

/**
 * Creates the roles that are missing and grants them to the connecting user. Without the right to do so it throws an error with
 * the SQL that an administrator has to run.
 */
export async function ensureRoles(client: pg.ClientBase, prefix: string = defaultRolePrefix): Promise<void> {
  const attemptsMax = 10;
  for (let attempt = 1; ; attempt++) {
    try {
      await createMissing(client, prefix);
      return;
    } catch (error) {
      // Roles are cluster-wide, so a process on another database can be doing the same, and no lock spans both.
      if (attempt === attemptsMax || !isRace(error)) throw error;
      await sleep(20 * attempt);
    }
  }
}

async function createMissing(client: pg.ClientBase, prefix: string): Promise<void> {
  const found = await look(client, prefix);
  const unsafe = found.find((role) => role.isUnsafe);
  if (unsafe) {
    throw new Error(`Role ${unsafe.name} could pass row-level security. Run: alter role ${unsafe.name} nosuperuser nobypassrls;`);
  }
  const statements = found.flatMap(({ name, exists, isUsable }) => [
    ...(exists ? [] : [`create role ${name} nologin nosuperuser nobypassrls nocreatedb nocreaterole`]),
    ...(isUsable ? [] : [`grant ${name} to current_user`]),
  ]);
  if (statements.length === 0) return;
  try {
    for (const statement of statements) await client.query(statement);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '42501') throw error;
    throw new Error(await instructions(client, statements), { cause: error });
  }
}

async function look(client: pg.ClientBase, prefix: string): Promise<Found[]> {
  const version = await serverVersion(client);
  // From 16 on, being a member doesn't yet mean being allowed to `set role`.
  const membership = version >= 160_000 ? 'SET' : 'MEMBER';
  const { rows } = await client.query<Found>(
    `select wanted.name, role.oid is not null as exists, coalesce(role.rolsuper or role.rolbypassrls, false) as "isUnsafe",
            coalesce(me.rolsuper or pg_has_role(me.oid, role.oid, $2), false) as "isUsable"
     from unnest($1::text[]) with ordinality as wanted(name, place)
     join pg_roles me on me.rolname = current_user
     left join pg_roles role on role.rolname = wanted.name
     order by wanted.place`,
    [roleKinds.map((kind) => roleName(prefix, kind)), membership],
  );
  return rows;
}

export async function serverVersion(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
  return rows[0]?.version ?? 0;
}

async function instructions(client: pg.ClientBase, statements: string[]): Promise<string> {
  const { rows } = await client.query<{ me: string }>('select quote_ident(current_user) as me');
  const sql = statements.map((statement) => `  ${statement.replace('current_user', rows[0]?.me ?? 'current_user')};`);
  return ['This database user may not create the roles that are needed. Let an administrator run:', ...sql].join('\n');
}

function isRace(error: unknown): boolean {
  const { code, message } = error as pg.DatabaseError;
  // duplicate_object, unique_violation in the catalogue, and two grants of one role at once
  return code === '42710' || code === '23505' || (code === 'XX000' && message.includes('concurrently updated'));
}
