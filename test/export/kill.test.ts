// A process that is killed in the middle of an export, as it is when a machine is gone: another one does it anew.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '../support/connection.ts';
import { type NodeProcess, runSource, until as reached } from '../support/processes.ts';
import { openBooks, type Person, startWorld, type World } from '../support/world.ts';
import type { WorkerSettings } from '../sync/worker.ts';
import { bare, CUSTOMERS, standingStill } from './company.ts';
import { fetched, linesOf, start, until } from './exporting.ts';

let world: World;
let admin: Person;
let worker: NodeProcess | null = null;
beforeAll(async () => {
  world = await startWorld();
  await openBooks(world);
  admin = await world.as('admin');
});
afterAll(() => worker?.child.kill('SIGKILL'));

async function startWorker(): Promise<NodeProcess> {
  const settings: WorkerSettings = {
    connection: world.database.connection,
    dataDir: world.dataDir,
    secretKey: readFileSync(join(world.dataDir, 'secret-key'), 'utf8').trim(),
    connector: 'quickbooks',
  };
  const file = join(import.meta.dirname, '../sync/worker.ts');
  const started = runSource(file, {
    env: { ...process.env, WORKER: JSON.stringify(settings) },
  });
  worker = started;
  await reached(() => started.stdout().includes('ready') || started.child.exitCode !== null);
  expect(started.stderr()).toBe('');
  return started;
}

it('an export whose process is killed is done anew by another, and nothing of the first is kept', async () => {
  const folder = join(world.dataDir, 'exports');
  const id = await standingStill(world, async (isWaiting) => {
    // both places of this process are taken, so the third is for the other one
    for (let n = 0; n < 2; n++) await start(admin, { query: CUSTOMERS });
    await isWaiting();
    const third = await start(admin, { query: CUSTOMERS });
    const other = await startWorker();
    const draft = join(folder, `${bare(third.id)}.1.part`);
    await reached(() => existsSync(draft));
    other.child.kill('SIGKILL');
    expect(await other.ended).toBe('SIGKILL');
    expect(existsSync(draft)).toBe(true);
    await age(third.id);
    return third.id;
  });
  const shown = await until(admin, id, 'RUNNING', 'DONE').then(() => until(admin, id, 'DONE'));
  expect(shown).toMatchObject({ runCount: 2, rowCount: 1 });
  expect(linesOf(await (await fetched(world, shown.url)).text())).toHaveLength(2);
  await world.restart(); // each process sweeps the folder as it begins
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith(bare(id)))).toEqual([`${bare(id)}.2`]);
}, 90_000);

/** As if fifteen seconds had gone by since something was heard of it. */
const age = (id: string) =>
  withClient(world.database.connection, async (client) => {
    const { rowCount } = await client.query(
      `with held as (update graphile_worker._private_jobs set locked_at = locked_at - interval '1 minute' where key = $1 returning locked_by)
       update job_worker w set until = w.until - interval '1 minute' from held where w.id = held.locked_by`,
      [`export ${bare(id)}`],
    );
    expect(rowCount).toBe(1);
  });
