// Each invariant finds what it is there for: a healthy database is corrupted by SQL, past triggers, keys and checks, in a transaction
// that is rolled back, and exactly the invariants that this breaks report it. Some follow from others and then report with them.
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invariants, runInvariants } from '../src/cli/invariants.ts';
import type { Sql } from '../src/read/sql.ts';
import { openSmallCompany, type SmallCompany } from './support/books.ts';
import { freshDatabase } from './support/database.ts';
import { corruptions } from './support/corruptions.ts';
import { broken, runPlanned } from './support/invariants.ts';

const database = await freshDatabase();
let company: SmallCompany;
const client = new pg.Client(database.connection);

beforeAll(async () => {
  company = await openSmallCompany(database);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await company.platform.close();
});

test('a healthy database breaks none', async () => {
  expect(await broken(database, company.tenantId)).toEqual([]);
});

/** Runs all of them on what the statements have made of the database, as the roles see it. */
async function brokenBy(statements: string): Promise<{ names: string[]; rows: Record<string, unknown>[] }> {
  const runAs = async (role: string, source: Sql) => {
    await client.query(`set local role ${role}`);
    return runPlanned(client, source);
  };
  try {
    await client.query(
      `begin; set local session_replication_role = replica; ${statements}; set local session_replication_role = origin`,
    );
    await client.query(`select set_config('app.tenant_id', $1, true)`, [company.tenantId]);
    const findings = await runInvariants({
      tenantId: company.tenantId,
      rows: (source) => runAs('cashgraph_app', source),
      systemRows: (source) => runAs('cashgraph_system', source),
    });
    return { names: findings.map(({ number, name }) => `${number} ${name}`), rows: findings.flatMap((f) => f.offending) };
  } finally {
    await client.query('rollback');
  }
}

test.each(corruptions)('%s is reported', async (_, statements, names) => {
  const found = await brokenBy(statements);
  expect(found.names).toEqual(names);
  for (const row of found.rows)
    expect(row).toEqual(expect.objectContaining({ record: expect.any(String), id: expect.any(String) }));
});

test('every invariant is shown to find something', () => {
  const shown = new Set(corruptions.flatMap(([, , names]) => names));
  expect(invariants.map(({ number, name }) => `${number} ${name}`).filter((name) => !shown.has(name))).toEqual([]);
});

test('each has a name of its own and says what it holds', () => {
  expect(new Set(invariants.map(({ name }) => name)).size).toBe(invariants.length);
  for (const { description } of invariants) expect(description).toMatch(/^[A-Z].{20,}\.$/);
});

test('a log that was rewritten is reported, and its row named', async () => {
  await client.query(
    `set session_replication_role = replica; update event set payload = payload || '{"x": 1}' where position = 6; set session_replication_role = origin`,
  );
  expect(await broken(database, company.tenantId)).toEqual([
    { number: 35, name: 'chain-verifies', offending: [expect.objectContaining({ record: 'event', id: '6', fault: 'CHANGED' })] },
  ]);
});
