// What no role of the database may do: change the books and the log, read a secret, or see a row when nobody said whose.
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { asRole, roleKinds } from '../../src/cli/roles.ts';
import { DENIED, seen, tablesOf, tried } from './raw-sql.ts';
import { startStage } from './stage.ts';

const stage = await startStage(['acme']);
const { database, tenantId } = stage.world;
const ofAcme = { 'app.tenant_id': tenantId };
const tenantTables = (await tablesOf(stage)).filter(({ hasTenant }) => hasTenant).map(({ name }) => name);

const ROLES = roleKinds.filter((kind) => kind !== 'owner');
/** Of a table in a schema that one may not even look into. */
const UNKNOWN = '42P01';
const APPEND_ONLY = ['journal_entry', 'transfer', 'allocation', 'tracking_event', 'duty', 'event', 'event_00000'];

describe('what is in the books', () => {
  it.each(ROLES)('cannot be changed, deleted or emptied by the role %s', async (kind) => {
    for (const table of APPEND_ONLY) {
      for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`, `truncate ${table} cascade`]) {
        const refusal = kind === 'reporting' ? UNKNOWN : DENIED;
        expect(await tried(database.as(kind), { sql, settings: ofAcme }), `${kind}: ${sql}`).toBe(refusal);
      }
    }
  });

  it('cannot be changed or deleted by the owner, who sees no row, nor by a superuser, whom a trigger stops', async () => {
    const superuser = new pg.Pool({ ...database.connection, max: 1 });
    try {
      for (const table of APPEND_ONLY) {
        for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`]) {
          expect(await tried(database.as('owner'), { sql, settings: ofAcme }), sql).toEqual([{ count: 0 }]);
          expect(await tried(superuser, { sql }), sql).toBe('CG001');
        }
      }
    } finally {
      await superuser.end();
    }
  });
});

describe('a secret', () => {
  it.each(['read', 'portal'] as const)('is not readable by the role %s', async (kind) => {
    expect(await tried(database.as(kind), { sql: 'select secret_hash from api_key', settings: ofAcme })).toBe(DENIED);
    expect(await tried(database.as(kind), { sql: 'select * from api_key', settings: ofAcme })).toBe(DENIED);
    expect(await tried(database.as(kind), { sql: 'select answer from idempotency', settings: ofAcme })).toBe(DENIED);
    for (const column of ['sealed_secret', 'previous_sealed_secret', '*'])
      expect(await tried(database.as(kind), { sql: `select ${column} from logistics_provider`, settings: ofAcme })).toBe(DENIED);
  });
});

describe('a login that only has the role read', async () => {
  const name = `${database.name}_login`;
  await stage.rows(`create role ${name} nologin nosuperuser nobypassrls in role cashgraph_read`);
  const pool = new pg.Pool({ ...asRole(database.connection, name), max: 1 });
  afterAll(async () => {
    await pool.end();
    await stage.rows(`drop role ${name}`);
  });

  it('sees no row of any tenant as long as nobody says whose', async () => {
    for (const table of tenantTables)
      expect([DENIED, { own: 0, others: 0 }], table).toContainEqual(await seen(pool, { table, settings: {}, others: 'true' }));
  });
});
