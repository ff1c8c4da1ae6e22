import { expect, test } from 'vitest';
import { statement } from '../src/read/sql.ts';
import { invariants } from '../src/cli/invariants.ts';
import { freshDatabase } from './support/database.ts';
const database = await freshDatabase();
for (const i of invariants) test(`${i.number} ${i.name}`, async () => {
  const c = await database.as(i.scope === 'SYSTEM' ? 'system' : 'app').connect();
  const s = statement(i.sql);
  await c.query(`select set_config('app.tenant_id', '00000000-0000-7000-8000-000000000000', false)`);
  const { rows } = await c.query(s.text, [...s.values]);
  c.release();
  expect(rows).toEqual([]);
});
