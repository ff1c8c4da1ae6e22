// The floor of the inbox: it rises past what is sealed, and never past an id that an open transaction has drawn.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../../src/kernel/random.ts';
import { openSystemPool } from '../../src/outbox/connection.ts';
import { InboxFloor } from '../../src/outbox/inbox-floor.ts';
import { acquireLease, type Lease } from '../../src/outbox/lease.ts';
import { sealBatch } from '../../src/outbox/seal-batch.ts';
import { freshDatabase } from '../support/database.ts';
import { makeGate } from '../support/gate.ts';
import { insertEvent, makeRecords, makeTenant, withTenant, writeEvent } from './writers.ts';

const database = await freshDatabase();
const pool = openSystemPool({ connection: database.connection, role: 'cashgraph_system', max: 3 });
let tenantId: string;
let recordId: string;
let lease: Lease;

beforeAll(async () => {
  tenantId = await makeTenant(database);
  recordId = (await makeRecords(database, 1))[0] as string;
  const taken = await acquireLease(pool, { name: 'sealer', owner: 'tests', ttlMs: 60_000 });
  if (!taken) throw new Error('the lease should be free');
  lease = taken;
});
afterAll(() => pool.end());

async function seal(floor: InboxFloor, limit = 100): Promise<number> {
  const { count, ids } = await sealBatch({ pool, lease, limit, random: systemRandom, floor: floor.value });
  floor.saw(ids);
  return count;
}

test('an id that is drawn before the floor rises and committed after it is sealed all the same', async () => {
  const floor = new InboxFloor();
  const drawn = makeGate();
  const end = makeGate();
  const late = withTenant(database.as('app'), tenantId, async (client) => {
    await insertEvent(client, { tenantId, recordId, version: 100 });
    drawn.open();
    await end.opened;
  });
  await drawn.opened;
  for (let i = 0; i < 5; i++) await writeEvent(database, { tenantId, recordId });
  expect(await seal(floor)).toBe(5);
  for (let i = 0; i < 3; i++) {
    await floor.check(pool);
    expect(await seal(floor)).toBe(0);
  }
  expect(floor.value).toBe(0n);
  end.open();
  await late;
  await floor.check(pool);
  expect(await seal(floor)).toBe(1);
  expect(floor.value).toBe(6n);
});

test('the floor rises to the highest sealed id once nobody can draw a lower one', async () => {
  const floor = new InboxFloor();
  for (let i = 0; i < 5; i++) await writeEvent(database, { tenantId, recordId });
  await seal(floor);
  await floor.check(pool);
  await seal(floor);
  const { rows } = await pool.query<{ id: string }>(`select count(*) as id from event`);
  expect(floor.value).toBe(BigInt(rows[0]?.id ?? 0));
});

test('of a late transaction that is sealed in parts, nothing is left below the floor', async () => {
  const floor = new InboxFloor();
  const drawn = makeGate();
  const end = makeGate();
  const late = withTenant(database.as('app'), tenantId, async (client) => {
    for (let version = 200; version < 203; version++) await insertEvent(client, { tenantId, recordId, version });
    drawn.open();
    await end.opened;
  });
  await drawn.opened;
  for (let i = 0; i < 2; i++) await writeEvent(database, { tenantId, recordId });
  expect(await seal(floor)).toBe(2);
  await floor.check(pool);
  end.open();
  await late;
  await floor.check(pool);
  expect([await seal(floor, 2), await seal(floor, 2), await seal(floor, 2)]).toEqual([2, 1, 0]);
});

test('rows that are committed but not sealed yet stay above the floor', async () => {
  const floor = new InboxFloor();
  for (let i = 0; i < 6; i++) await writeEvent(database, { tenantId, recordId });
  await seal(floor, 2);
  await floor.check(pool);
  const rest = [await seal(floor, 2), await seal(floor, 2), await seal(floor, 2)];
  expect(rest).toEqual([2, 2, 0]);
});
