// From nothing to a ready server and back, in whole processes: whatever ends it, nothing is left running.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { processesOf } from '../../src/cli/embedded-postgres-process.ts';
import { OPERATIONS } from '../../src/cli/operations.ts';
import type { NodeProcess } from '../support/processes.ts';
import { until } from '../support/processes.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import { ask, command, spawnCommand, startServer } from './commands.ts';

const scratch = makeScratchFolder();
const dataDir = join(scratch, 'data');
const running: NodeProcess[] = [];
const postgres = () => processesOf(join(dataDir, 'postgres/pg18'));

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('start', () => {
  it('serves until SIGTERM, then leaves nothing running', async () => {
    const server = await startServer(['--empty', '--data-dir', dataDir]);
    running.push(server);
    const { stdout: token } = await command(['cashgraph', 'token', '--role', 'admin', '--data-dir', dataDir]);
    for (const { query, variables = '{}' } of OPERATIONS.filter((one) => !one.query.includes('\nsubscription '))) {
      await ask(server, token.trim(), { query, variables: JSON.parse(variables) as unknown });
    }
    expect(server.stdout()).toContain(`curl -s ${server.url}/graphql`);
    expect(postgres().length).toBeGreaterThan(0);
    const taken = await command(['start', '--port', new URL(server.url).port, '--data-dir', join(scratch, 'other')]);
    expect(taken).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Port \d+ is taken by another program\. Choose another one with --port.*\n$/) as string,
    });
    expect(existsSync(join(scratch, 'other'))).toBe(false);

    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(postgres()).toEqual([]);
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('gives tokens when no server runs, and stops what it started for that', async () => {
    const { code, stdout } = await command(['cashgraph', 'token', '--role', 'admin', '--data-dir', dataDir]);
    expect({ code, parts: stdout.split('.').length }).toEqual({ code: 0, parts: 3 });
    expect(postgres()).toEqual([]);
  });

  it('ends with 0 when Ctrl-C comes twice at once while it starts', async () => {
    const starting = spawnCommand(['start', '--empty', '--port', '0', '--data-dir', dataDir]);
    running.push(starting);
    await until(() => postgres().length > 0);
    starting.child.kill('SIGINT');
    starting.child.kill('SIGINT');
    expect(await starting.ended, starting.stderr()).toBe(0);
    expect(postgres()).toEqual([]);
  });

  it('stops the database when the server can’t listen', async () => {
    const { code, stderr } = await command(['start', '--empty', '--data-dir', dataDir], { HOST: '192.0.2.1', PORT: '0' });
    expect({ code, last: stderr.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      last: expect.stringContaining('192.0.2.1 is not an address of this machine') as string,
    });
    expect(postgres()).toEqual([]);
  });

  it('--reset begins anew', async () => {
    writeFileSync(join(scratch, 'customers.csv'), 'number,name\n1,x\n');
    const server = await startServer(['--empty', '--reset', '--data-dir', dataDir]);
    running.push(server);
    const { code, stderr } = await command([
      'cashgraph',
      'import',
      'customers',
      join(scratch, 'customers.csv'),
      '--data-dir',
      dataDir,
    ]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'The tenant has no legal entity yet: make one with the mutation createLegalEntity.\n',
    });
  });
});
