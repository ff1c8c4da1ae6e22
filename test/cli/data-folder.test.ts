// The data folder, where it can't be made: said in a sentence and at once, also on file systems that take no folders at all.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { makeFolder, ownFile } from '../../src/transport/data-folder.ts';
import { spawnCommand } from './commands.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cashgraph-folder-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.runIf(process.platform === 'linux').each(['/proc/cashgraph', '/proc/cashgraph/deep/data'])(
  'a data folder at %s is refused with a sentence',
  async (folder) => {
    // in a process of its own, which can be killed: a `mkdir` that never returns stops this one's timers too
    const starting = spawnCommand(['start', '--empty', '--port', '0', '--data-dir', folder]);
    const code = await Promise.race([starting.ended, sleep(45_000, 'hangs')]);
    starting.child.kill('SIGKILL');
    expect({ code, said: starting.stderr().trim().split('\n').at(-1) }).toEqual({
      code: 1,
      said: `The data folder ${folder} can't be used: no folder can be made there. Choose another one with --data-dir.`,
    });
  },
);

it('a folder is made with all that is missing above it, for its owner only where asked, and again does nothing', () => {
  const folder = join(scratch, 'a/b/c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(join(scratch, 'a')).mode & 0o777).toBe(0o700);
  writeFileSync(join(scratch, 'file'), '');
  expect(() => makeFolder(join(scratch, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(scratch, 'file/below'))).toThrow('ENOTDIR');
});

it('a key file is made once, also by many at a time, and only its owner may read it', async () => {
  const path = join(scratch, 'keys/key');
  let made = 0;
  const texts = await Promise.all(Array.from({ length: 8 }, () => ownFile(path, () => `text ${(made += 1)}`)));
  expect(new Set(texts).size).toBe(1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
