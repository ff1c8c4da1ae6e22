// Exports while they run: one snapshot and its place in the log, cancelling, waiting for a turn, the end of a process, the end of a file.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExportFile } from '../../src/transport/export/file.ts';
import { sweep } from '../../src/transport/export/folder.ts';
import { withClient } from '../support/connection.ts';
import { type Books, collect, openBooks, type Person, startWorld, type World } from '../support/world.ts';
import { bare, CUSTOMERS, standingStill } from './company.ts';
import { exported, fetched, linesOf, show, start, until } from './exporting.ts';

let world: World;
let books: Books;
let admin: Person;
beforeAll(async () => {
  world = await startWorld();
  books = await openBooks(world);
  admin = await world.as('admin');
});

const filesOf = (id: string): string[] => readdirSync(join(world.dataDir, 'exports')).filter((name) => name.startsWith(bare(id)));
const asSystem = async (name: string, input: object) => {
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const outcome = await world.platform.write.run(world.platform.command(name), input, { principal, requestId: 'test' });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.isNew;
};

describe('an export that runs', () => {
  it('shows one state of the database, from whose place in the log on every change follows, and no other', async () => {
    const { id, made } = await standingStill(world, async (isWaiting) => {
      const begun = await start(admin, { query: CUSTOMERS });
      await isWaiting();
      const later = await admin.do('createCustomer', { number: 'C-9', name: 'Too late' }, 'customer');
      await admin.do('updateCustomer', { id: books.customerId, name: 'Renamed meanwhile' }, 'customer');
      expect(await show(admin, begun.id)).toMatchObject({
        lifecycle: 'RUNNING',
        rowTotal: 1,
        rowCount: 0,
        url: null,
        allowedActions: ['CANCEL'],
      });
      return { id: begun.id, made: later };
    });
    const shown = await until(admin, id, 'DONE');
    const lines = linesOf(await (await fetched(world, shown.url)).text());
    expect(lines.filter((line) => line.number === 'C-1' && line.name !== undefined)).toMatchObject([{ name: 'Customer C-1' }]);
    expect(lines).not.toContainEqual(expect.objectContaining({ number: 'C-9' }));
    const subscription = `subscription($after: Cursor) { events(after: $after, recordKinds: [Customer]) { event { type recordId } } }`;
    const seen = await collect<{ events: { event: object } }>(
      admin.socket(),
      subscription,
      { after: shown.position },
      (messages) => messages.length === 2,
    );
    expect(seen.map(({ events }) => events.event)).toEqual([
      { type: 'customer.created', recordId: made.id },
      { type: 'customer.updated', recordId: books.customerId },
    ]);
  });

  it('ends at once when it is cancelled, leaves nothing behind, and can be done anew', async () => {
    const id = await standingStill(world, async (isWaiting) => {
      const begun = await start(admin, { query: CUSTOMERS });
      await isWaiting();
      const { version } = await show(admin, begun.id);
      expect((await admin.refused('cancelExport', { id: begun.id, expectedVersion: version - 1 }))[0]).toMatchObject({
        code: 'VERSION_CONFLICT',
      });
      await admin.do('cancelExport', { id: begun.id, expectedVersion: version }, 'export');
      return begun.id;
    });
    await expect.poll(() => filesOf(id)).toEqual([]);
    expect(await show(admin, id)).toMatchObject({ lifecycle: 'CANCELLED', url: null, allowedActions: ['RESTART'], runCount: 1 });
    expect((await admin.refused('cancelExport', { id }))[0]).toMatchObject({ code: 'WRONG_STATE' });
    await admin.do('restartExport', { id }, 'export');
    const done = await until(admin, id, 'QUEUED', 'RUNNING', 'DONE').then(() => until(admin, id, 'DONE'));
    expect(done).toMatchObject({ runCount: 2, errorCode: null });
    expect(filesOf(id)).toEqual([`${bare(id)}.2`]);
  });

  it('waits for its turn where others run, and not more than twenty of one person are under way', async () => {
    const ids = await standingStill(world, async (isWaiting) => {
      const started: string[] = [];
      for (let n = 0; n < 20; n++) started.push((await start(admin, { query: CUSTOMERS })).id);
      await isWaiting();
      expect((await admin.refused('startExport', { query: CUSTOMERS, format: 'JSONL' }))[0]).toMatchObject({
        code: 'TOO_MANY_EXPORTS',
      });
      const lifecycles = (await admin.ask('{ exports(first: 20) { nodes { lifecycle } } }'))['exports'].nodes as {
        lifecycle: string;
      }[];
      expect(lifecycles.filter(({ lifecycle }) => lifecycle === 'RUNNING').length).toBeLessThanOrEqual(2);
      return started;
    });
    for (const id of ids)
      expect(await until(admin, id, 'QUEUED', 'RUNNING', 'DONE').then(() => until(admin, id, 'DONE'))).toMatchObject({
        rowCount: 2,
      });
  });
});

describe('an export of a tenant of which as many run as may', () => {
  /** As if another process had it, or none had taken it yet. */
  const put = async (lifecycle: string): Promise<string> => {
    const id = randomUUID();
    await withClient(world.database.connection, (client) =>
      client.query(
        `insert into export (tenant_id, id, started_by_id, query, variables, list, format, lifecycle, run_count, queued_at, created_at)
         select $1, $2, id, '{ customers { nodes { id } } }', '{}', 'customers', 'JSONL', $3, 1, now(), now() from actor where tenant_id = $1 and subject = 'admin'`,
        [world.tenantId, id, lifecycle],
      ),
    );
    return id;
  };

  it('begins when one of those ends', async () => {
    const [running, waiting] = [await put('RUNNING'), await put('QUEUED')];
    expect(await asSystem('beginExport', { id: waiting, isTakeOver: false, runningMaxCount: 1 })).toBe(false);
    expect(await show(admin, `exp_${waiting}`)).toMatchObject({ lifecycle: 'QUEUED', runCount: 1 });
    expect(await asSystem('failExport', { id: running, run: 1, code: 'INTERNAL', message: 'Its end.' })).toBe(true);
    expect(await until(admin, `exp_${waiting}`, 'DONE')).toMatchObject({ runCount: 2 });
  });
});

describe('a process that works on an export', () => {
  it('and is gone, or late, changes nothing any more: another one has begun anew', async () => {
    const { id } = await standingStill(world, async (isWaiting) => {
      const begun = await start(admin, { query: CUSTOMERS });
      await isWaiting();
      // as the queue does when nothing is heard of the first one
      expect(await asSystem('beginExport', { id: bare(begun.id), isTakeOver: false, runningMaxCount: 9 })).toBe(false);
      expect(await asSystem('beginExport', { id: bare(begun.id), isTakeOver: true, runningMaxCount: 9 })).toBe(true);
      return begun;
    });
    const made = {
      fileName: 'late.jsonl',
      sha256: '0'.repeat(64),
      rowCount: 1,
      lineCount: 1,
      byteCount: 1n,
      position: 1n,
      keptMs: 1_000,
    };
    expect(await asSystem('finishExport', { id: bare(id), run: 1, ...made })).toBe(false);
    expect(await asSystem('failExport', { id: bare(id), run: 1, code: 'INTERNAL', message: 'late' })).toBe(false);
    await expect.poll(() => filesOf(id)).toEqual([]);
    expect(await show(admin, id)).toMatchObject({ lifecycle: 'RUNNING', runCount: 2 });
    expect(await asSystem('failExport', { id: bare(id), run: 2, code: 'INTERNAL', message: 'The end of this test.' })).toBe(true);
    expect(await show(admin, id)).toMatchObject({ lifecycle: 'FAILED', errorCode: 'INTERNAL', allowedActions: ['RESTART'] });
  });

  it('hands its exports to the next one when it goes down in order', async () => {
    const id = await standingStill(world, async (isWaiting) => {
      const begun = await start(admin, { query: CUSTOMERS });
      await isWaiting();
      // it does not wait for the end of the statement
      await world.restart();
      return begun.id;
    });
    expect(await until(admin, id, 'QUEUED', 'RUNNING', 'DONE').then(() => until(admin, id, 'DONE'))).toMatchObject({
      lifecycle: 'DONE',
    });
  });
});

describe('the file of an export', () => {
  it('ends when its time is over: by the record, at its address and on the disk', async () => {
    const { shown } = await exported(world, admin, { query: '{ customers { nodes { id } } }' });
    expect(filesOf(shown.id)).toHaveLength(1);
    world.clock.advance(49 * 3_600_000);
    expect((await fetched(world, shown.url)).status).toBe(404);
    expect(await asSystem('expireExport', { id: shown.id })).toBe(true);
    expect(await show(admin, shown.id)).toMatchObject({ lifecycle: 'EXPIRED', url: null, allowedActions: ['RESTART'] });
    const folder = join(world.dataDir, 'exports');
    await sweep({ folder, rows: world.platform.systemRows });
    expect(filesOf(shown.id)).toEqual([]);
  });

  it('is refused beyond its size, and where the disk is full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cashgraph-export-'));
    const small = await ExportFile.create(join(folder, 'small'), 1_000);
    await expect(small.write(randomBytes(2_000))).rejects.toMatchObject({ code: 'EXPORT_TOO_LARGE' });
    await small.discard();
    symlinkSync('/dev/full', join(folder, 'full.part'));
    const full = await ExportFile.create(join(folder, 'full'), 10_000_000);
    await expect(full.write(randomBytes(1_000_000))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    await full.discard();
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync('/dev/full')).toBe(true);
  });
});
