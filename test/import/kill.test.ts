// A process that is killed in the middle of a file: another one goes on within half a minute, and each line is in the books once. Taking
// over takes as long as a process may be silent, so this runs where KILLS says how often; `resume` stops an import everywhere in seconds.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { monotonicMs } from '../../src/kernel/clock.ts';
import { type NodeProcess, runSource, until } from '../support/processes.ts';
import { openHands } from './hands.ts';
import type { WorkerSettings } from './worker.ts';

const KILLS = Number(process.env['KILLS'] ?? 0);
const ROWS = 2_000;
const PAGE_ROWS = 50;
const TAKE_OVER_MAX_MS = 30_000;

it.runIf(KILLS > 0)('reads each line once, however often its process is killed', { timeout: 600_000 }, async () => {
  const hands = await openHands();
  await hands.run('createLegalEntity', {
    code: 'DE01',
    name: 'DE01',
    country: 'DE',
    functionalCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
  });
  const { connection, dataDir } = hands;
  const settings: WorkerSettings = { connection, dataDir, pageRows: PAGE_ROWS };
  const worker = async (): Promise<NodeProcess> => {
    const started = runSource(join(import.meta.dirname, 'worker.ts'), {
      env: { ...process.env, WORKER: JSON.stringify(settings) },
    });
    await until(() => started.stdout().includes('ready'));
    return started;
  };
  const rows = Array.from({ length: ROWS }, (_, i) => `K-${i % 100},K-${i},2026-03-01,2026-04-01,${i + 1}.00,EUR\n`);
  const { id } = await hands.start('OPEN_INVOICES', `customer,number,issuedOn,dueOn,amount,currency\n${rows.join('')}`);
  const progress = async () => Number((await hands.state(id))?.['row_count']);
  const beyond = async (count: number) => {
    while ((await progress()) <= count) await sleep(20);
  };
  let running = await worker();
  const waitedMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await beyond((ROWS * kill) / (KILLS + 1));
    running.child.kill('SIGKILL');
    await running.ended;
    const killedMs = monotonicMs();
    const before = await progress();
    running = await worker();
    await beyond(before);
    waitedMs.push(monotonicMs() - killedMs);
  }
  while ((await hands.state(id))?.['lifecycle'] === 'RUNNING') await sleep(50);
  running.child.kill('SIGTERM');
  await running.ended;
  expect(await hands.state(id)).toMatchObject({
    lifecycle: 'DONE',
    row_count: ROWS,
    new_count: ROWS,
    unchanged_count: 0,
    refused_count: 0,
    run_count: KILLS + 1,
  });
  expect(await hands.books()).toHaveLength(ROWS);
  expect(Math.max(...waitedMs)).toBeLessThan(TAKE_OVER_MAX_MS);
  expect(await hands.broken()).toEqual([]);
  await hands.close();
  process.stderr.write(`Killed ${KILLS} times; taken over after ${waitedMs.map((ms) => Math.round(ms / 1_000)).join(', ')} s.\n`);
});
