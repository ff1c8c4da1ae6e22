/**
 * Tenants, made and found by the command line: the one thing that no API call can make. A tenant comes with its SYSTEM actor, who
 * does what no person does (imports, jobs) and has the tenant's own id, and with its first forbidden pairs.
 */
import type { Permission } from '../access/policy.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { createIdSource } from '../kernel/ids.ts';
import { systemRandom } from '../kernel/random.ts';
import { Failure } from './failure.ts';
import { asSystem, asTenant, type DatabaseAddress } from './session.ts';

export interface TenantWanted {
  /** What tokens and URLs call it: a-z, 0-9 and -. */
  readonly slug: string;
  readonly name: string;
  readonly groupCurrency: string;
  readonly isSandbox: boolean;
}

export interface Tenant {
  readonly id: string;
  readonly slug: string;
}

export interface ActorWanted {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  /** Each for all legal entities. */
  readonly roles: readonly string[];
  /** Absent: now. */
  readonly madeAt?: Date;
}

/** What one person may not do alone on one record, from the start; an administrator of the tenant can change it. */
const FIRST_PAIRS: readonly (readonly [Permission, Permission])[] = [
  ['orders:place', 'credit:release'],
  ['credit:request', 'credit:approve'],
];

const newId = createIdSource(systemClock, systemRandom);

/** Every tenant, the oldest first. */
export const listTenants = (database: DatabaseAddress): Promise<readonly Tenant[]> =>
  asSystem(
    database,
    async (client) => (await client.query<Tenant>('select tenant_id as id, slug from tenant order by created_at, slug')).rows,
  );

/**
 * The tenant with this slug, or the n-th one, or the only one; else the one called `demo`.
 * @throws Failure that lists the tenants
 */
export async function findTenant(database: DatabaseAddress, wanted?: string): Promise<Tenant> {
  const tenants = await listTenants(database);
  if (tenants.length === 0) throw new Failure('The database has no tenant yet: run `npm start` once, which makes one.');
  const found =
    wanted === undefined
      ? tenants.find(({ slug }) => tenants.length === 1 || slug === 'demo')
      : (tenants.find(({ slug }) => slug === wanted) ?? (/^\d+$/.test(wanted) ? tenants[Number(wanted) - 1] : undefined));
  if (found) return found;
  const list = tenants.map(({ slug }) => slug).join(', ');
  throw new Failure(
    wanted === undefined
      ? `There are several tenants: name one with --tenant. They are ${list}.`
      : `There is no tenant ${wanted}. The tenants are ${list}.`,
  );
}

/** Makes the tenant with its SYSTEM actor and first forbidden pairs unless it is there. */
export async function ensureTenant(
  database: DatabaseAddress,
  wanted: TenantWanted,
  clock: Clock = systemClock,
): Promise<Tenant & { readonly isNew: boolean }> {
  const { slug, name, groupCurrency, isSandbox } = wanted;
  const before = (await listTenants(database)).find((tenant) => tenant.slug === slug);
  if (before) return { ...before, isNew: false };
  const id = newId();
  const now = clock.now().toISOString();
  const isNew = await asTenant(database, id, async (client) => {
    await client.query('begin');
    const { rowCount } = await client.query(
      `insert into tenant (tenant_id, slug, name, group_currency, is_sandbox, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (slug) do nothing`,
      [id, slug, name, groupCurrency, isSandbox, now],
    );
    if (rowCount) {
      await client.query(`insert into actor (tenant_id, id, kind, name, created_at) values ($1, $1, 'SYSTEM', 'System', $2)`, [
        id,
        now,
      ]);
      for (const [first, second] of FIRST_PAIRS) {
        await client.query(
          `insert into forbidden_pair (tenant_id, id, first_permission, second_permission, extent, created_at) values ($1, $2, $3, $4, 'RECORD', $5)`,
          [id, newId(), first, second, now],
        );
      }
    }
    await client.query('commit');
    return rowCount === 1;
  });
  if (isNew) return { id, slug, isNew };
  const other = (await listTenants(database)).find((tenant) => tenant.slug === slug); // another process was first
  return { id: other?.id ?? id, slug, isNew: false };
}

/** Makes a person of the company unless the tenant has that subject already. */
export const ensureActor = (database: DatabaseAddress, tenantId: string, wanted: ActorWanted): Promise<void> =>
  ensureActors(database, tenantId, [wanted]);

/** The same for several, all or none. */
export function ensureActors(database: DatabaseAddress, tenantId: string, wanted: readonly ActorWanted[]): Promise<void> {
  return asTenant(database, tenantId, async (client) => {
    await client.query('begin');
    for (const { name, issuer, subject, roles, madeAt } of wanted) {
      const now = (madeAt ?? systemClock.now()).toISOString();
      await client.query(
        `with made as (
           insert into actor (tenant_id, id, kind, name, issuer, subject, created_at) values ($1, $2, 'USER', $3, $4, $5, $6)
           on conflict (tenant_id, issuer, subject) do nothing returning id)
         insert into actor_role (tenant_id, id, actor_id, role, created_at)
         select $1, role.id, made.id, role.name, $6 from made, unnest($7::uuid[], $8::text[]) as role (id, name)`,
        [tenantId, newId(), name, issuer, subject, now, roles.map(newId), roles],
      );
    }
    await client.query('commit');
  });
}
