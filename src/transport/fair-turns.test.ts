import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairTurns } from './fair-turns.ts';

const limits = { operationsMaxCount: 4, operationsPerTenantMaxCount: 3, operationsWaitingMaxCount: 50 };
const settled = () => new Promise((done) => setImmediate(done));

/** Work that ends when it is told to; `begun` has what runs and ran, in order. */
function desk(more: Partial<typeof limits> = {}) {
  const inTurn = createFairTurns({ ...limits, ...more });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (tenant: string, name: string): Promise<string> =>
    inTurn(tenant, async () => {
      begun.push(name);
      await new Promise<void>((done) => ends.set(name, done));
      return name;
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    ends.delete(name);
    await settled();
  };
  return { ask, begun, ends, end };
}

describe('fair turns', () => {
  it('let in at once while there is room, keep room for others, and let in tenant by tenant', async () => {
    const { ask, begun, end } = desk();
    for (let n = 0; n < 10; n++) void ask('busy', `busy${n}`);
    await settled();
    expect(begun).toEqual(['busy0', 'busy1', 'busy2']);
    void ask('quiet', 'quiet0');
    await settled();
    expect(begun.at(-1)).toBe('quiet0');
    void ask('quiet', 'quiet1');
    void ask('third', 'third0');
    await end('busy0');
    await end('busy1');
    await end('busy2');
    // who came first waits first, but nobody has two turns before another has one
    expect(begun.slice(4)).toEqual(['busy3', 'quiet1', 'third0']);
  });

  it('refuse whoever comes beyond those that may wait, and nobody else', async () => {
    const { ask } = desk({ operationsWaitingMaxCount: 2 });
    for (let n = 0; n < 5; n++) void ask('busy', `busy${n}`);
    await expect(ask('busy', 'late')).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterS: 1 } });
    void ask('quiet', 'quiet0');
  });

  it('give a place back when the work fails', async () => {
    const inTurn = createFairTurns({ ...limits, operationsMaxCount: 1 });
    const failing = inTurn('a', () => Promise.reject(new Error('broken')));
    const next = inTurn('b', async () => 'done');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
  });

  it('never run more than they may, never stand idle while somebody may run, and run everything in the end', async () => {
    const action = fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), ends: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const { ask, begun, ends, end } = desk();
        const tenantOf = (name: string) => name.slice(0, 1);
        const running = (tenant?: string) =>
          [...ends.keys()].filter((name) => tenant === undefined || tenantOf(name) === tenant).length;
        const asked: string[] = [];
        const check = () => {
          expect(running()).toBeLessThanOrEqual(4);
          for (const tenant of ['a', 'b', 'c']) {
            expect(running(tenant)).toBeLessThanOrEqual(3);
            const waits = asked.some((name) => tenantOf(name) === tenant && !begun.includes(name));
            if (waits) expect(running() === 4 || running(tenant) === 3).toBe(true);
          }
        };
        for (const [n, { tenant, ends: count }] of actions.entries()) {
          asked.push(`${tenant}${n}`);
          void ask(tenant, `${tenant}${n}`);
          await settled();
          check();
          for (const name of [...ends.keys()].slice(0, count)) await end(name);
          check();
        }
        while (ends.size > 0) await end([...ends.keys()][0] ?? '');
        expect([...begun].sort()).toEqual([...asked].sort());
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});
