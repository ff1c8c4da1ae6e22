// Folders for one test run: in memory where there is room, and cleared by a later run if this one is killed.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../src/cli/embedded-postgres-files.ts';

const memoryMinBytes = 2e9;

/** Entered by everyone, since an embedded server may run as another user. The caller removes it. */
export function makeScratchFolder(): string {
  const parent = roomyFolder();
  const folder = mkdtempSync(join(parent, `cashgraph-test-${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeLeftovers(): void {
  const parent = roomyFolder();
  for (const name of readdirSync(parent)) {
    const pid = /^cashgraph-test-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > memoryMinBytes) return '/dev/shm';
  } catch {
    // no such folder on this system
  }
  return tmpdir();
}
