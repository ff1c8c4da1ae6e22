// The audit chain: whoever changes, deletes, inserts or reorders a row of the log by SQL is found, and the row is named.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { verifyChain } from '../../src/outbox/chain.ts';
import { openSystemPool } from '../../src/outbox/connection.ts';
import { createSealer } from '../../src/outbox/sealer.ts';
import { freshDatabase } from '../support/database.ts';
import { administer, makeRecords, makeTenant, writeEvent } from './writers.ts';

const database = await freshDatabase();
const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 3 });
const sealer = createSealer({ pool, owner: 'tests' });
afterAll(() => pool.end());

let tenantId: string;
let otherTenantId: string;
/** Of the tenant's ten events; every third position between them is another tenant's. */
let positions: bigint[];
let count = 0;

beforeEach(async () => {
  count += 1;
  tenantId = await makeTenant(database, `chain-${count}`);
  otherTenantId = await makeTenant(database, `chain-other-${count}`);
  const [recordId = '', otherRecordId = ''] = await makeRecords(database, 2);
  for (let i = 0; i < 10; i++) {
    await writeEvent(database, { tenantId, recordId }, { personal: { name: `Ada Lovelace ${i}`, email: 'ada@example.com' } });
    if (i % 3 === 0) await writeEvent(database, { tenantId: otherTenantId, recordId: otherRecordId });
  }
  await sealer.sealed();
  const { rows } = await pool.query<{ position: string }>('select position from event where tenant_id = $1 order by position', [
    tenantId,
  ]);
  positions = rows.map(({ position }) => BigInt(position));
});

const at = (index: number): bigint => positions[index] as bigint;
const verify = () => verifyChain({ pool, tenantId });
/** As somebody who may do everything with the database. */
const tamper = (statement: string): Promise<void> => administer(database, `set session_replication_role = replica; ${statement}`);

test('an untouched log verifies, and says how far it goes', async () => {
  const result = await verify();
  expect(result).toMatchObject({ ok: true, events: 10, head: { position: at(9) } });
  expect(await verifyChain({ pool, tenantId, from: at(4) })).toMatchObject({ ok: true, events: 6 });
  expect(await verifyChain({ pool, tenantId: otherTenantId })).toMatchObject({ ok: true, events: 4 });
  expect(await verifyChain({ pool, tenantId: '00000000-0000-7000-8000-000000000000' })).toEqual({
    ok: true,
    events: 0,
    head: null,
  });
});

test('the log refuses to be changed, even by its owner', async () => {
  await expect(administer(database, `update event set source = 'x' where position = ${at(3)}`)).rejects.toThrow('append only');
  await expect(administer(database, `delete from event where position = ${at(3)}`)).rejects.toThrow('append only');
});

test('a changed row is found and named', async () => {
  await tamper(`update event set payload = payload || '{"total": "99.99"}' where position = ${at(4)}`);
  expect(await verify()).toMatchObject({ ok: false, position: at(4), fault: 'CHANGED' });
});

test('a change of a millionth of a second is found', async () => {
  await tamper(`update event set occurred_at = occurred_at + interval '1 microsecond' where position = ${at(6)}`);
  expect(await verify()).toMatchObject({ ok: false, position: at(6), fault: 'CHANGED' });
});

test('every column of the log is covered', async () => {
  const { rows } = await pool.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = 'event'::regclass and attnum > 0 and attname not in ('tenant_id', 'position')`,
  );
  const other: Record<string, string> = {
    uuid: 'gen_random_uuid()',
    text: `'x'`,
    integer: '77',
    date: `'2000-01-01'`,
    jsonb: `'{"a": 1}'`,
  };
  for (const { name, type } of rows) {
    const row = `tenant_id = '${tenantId}' and position = ${at(2)}`;
    await tamper(`create table kept as select * from event where ${row};
      update event set ${name} = ${other[type] ?? `'2000-01-01'`} where ${row}`);
    expect({ name, ...(await verify()) }).toMatchObject({ name, ok: false, position: at(2) });
    await tamper(
      `update event e set ${name} = k.${name} from kept k where e.tenant_id = k.tenant_id and e.position = k.position; drop table kept`,
    );
  }
  expect(rows.length).toBeGreaterThan(18);
  expect(await verify()).toMatchObject({ ok: true });
});

test('a deleted row is found and its position named, in the middle and at the end', async () => {
  await tamper(`delete from event where position = ${at(9)}`);
  expect(await verify()).toMatchObject({ ok: false, position: at(9), fault: 'MISSING' });
  await tamper(`delete from event where position = ${at(5)}`);
  expect(await verify()).toMatchObject({ ok: false, position: at(5), fault: 'MISSING' });
});

test('an inserted row is found and named', async () => {
  const { rows } = await pool.query<{ position: string }>(
    'select min(position) as position from event where tenant_id = $1 and position > $2',
    [otherTenantId, at(2)],
  );
  const forged = BigInt(rows[0]?.position ?? 0);
  const columns = `event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload, hash`;
  await tamper(
    `insert into event (tenant_id, position, ${columns}) select tenant_id, ${forged}, ${columns} from event where position = ${at(2)}`,
  );
  expect(await verify()).toMatchObject({ ok: false, position: forged, fault: 'INSERTED' });
});

test('a row that was added behind the head is found and named', async () => {
  const columns = `event_id, type, type_version, record_kind, record_id, record_version, actor_id, request_id, occurred_at, recorded_at, payload, hash`;
  await tamper(
    `insert into event (tenant_id, position, ${columns}) select tenant_id, 5000, ${columns} from event where position = ${at(9)}`,
  );
  expect(await verify()).toMatchObject({ ok: false, position: 5_000n, fault: 'INSERTED' });
  await tamper('delete from event where position = 5000');
});

test('two rows that changed places are found and the first is named', async () => {
  await tamper(`update event set position = 0 where position = ${at(3)};
    update event set position = ${at(3)} where position = ${at(7)}; update event set position = ${at(7)} where position = 0`);
  const result = await verify();
  expect(result).toMatchObject({ ok: false, position: at(3), fault: 'REORDERED' });
  expect(result).toHaveProperty('reason', expect.stringContaining(`now at ${at(7)}`));
});

test('a stored head with another hash is found', async () => {
  await tamper(`update event_chain set hash = 'x' where tenant_id = '${tenantId}'`);
  expect(await verify()).toMatchObject({ ok: false, position: at(9), fault: 'HEAD_CHANGED' });
});

test('a log that was rewritten whole, head included, is shown by an anchor that was kept elsewhere', async () => {
  const before = await verify();
  if (!before.ok || !before.head) throw new Error('it should verify');
  const anchor = before.head;
  await tamper(`delete from event where tenant_id = '${tenantId}' and position = ${at(9)};
    update event_chain c set position = e.position, hash = e.hash from event e where c.tenant_id = e.tenant_id and e.position = ${at(8)} and c.tenant_id = '${tenantId}'`);
  expect(await verify()).toMatchObject({ ok: true, events: 9 });
  expect(await verifyChain({ pool, tenantId, anchor })).toMatchObject({ ok: false, position: at(9), fault: 'MISSING' });
});

test('an erased person leaves a chain that verifies, and nothing of the person', async () => {
  const { rowCount } = await pool.query('select 1 from event_personal where tenant_id = $1', [tenantId]);
  expect(rowCount).toBe(10);
  await tamper(`delete from event_personal where tenant_id = '${tenantId}'`);
  expect(await verify()).toMatchObject({ ok: true, events: 10 });
  const { rows } = await pool.query<{ text: string }>(
    `select string_agg(e::text, ' ') as text from event e where tenant_id = $1`,
    [tenantId],
  );
  expect(rows[0]?.text).not.toMatch(/Lovelace|ada@example/);
});

test('a personal field that was changed is found', async () => {
  await tamper(`update event_personal p set fields = fields || '{"name": "Charles"}' from event e
    where e.tenant_id = p.tenant_id and e.event_id = p.event_id and e.position = ${at(6)}`);
  expect(await verify()).toMatchObject({ ok: false, position: at(6), fault: 'PERSONAL_CHANGED' });
});

test('the portal and other tenants see nothing of the chain', async () => {
  const client = await database.as('app').connect();
  await client.query(`begin; select set_config('app.tenant_id', '${otherTenantId}', true)`);
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from event where tenant_id = $1', [
    tenantId,
  ]);
  await client.query('rollback');
  client.release();
  expect(rows[0]?.count).toBe(0);
});
