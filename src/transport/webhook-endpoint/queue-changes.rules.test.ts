import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, Ended } from './claims.ts';
import { queueChangesOf, type QueueChange } from './queue-changes.rules.ts';

interface Queue {
  readonly pending: number;
  readonly failingSince: Date | null;
  readonly failure: string | null;
  readonly failureCount: number;
  readonly deliveredAt: Date | null;
  readonly blockedUntil: Date | null;
}

const NEW: Queue = { pending: 0, failingSince: null, failure: null, failureCount: 0, deliveredAt: null, blockedUntil: null };
const latest = (a: Date | null, b: Date | null) => [a, b].reduce((x, y) => (x && y ? (x > y ? x : y) : (x ?? y)));

/** What the statement makes of a queue. */
const changed = (queue: Queue, change: QueueChange): Queue => ({
  pending: queue.pending - change.endedCount,
  failingSince: change.wasTaken ? change.failingSince : (queue.failingSince ?? change.failingSince),
  failure: change.wasTaken || change.failure !== null ? change.failure : queue.failure,
  failureCount: (change.wasTaken ? 0 : queue.failureCount) + change.failureCount,
  deliveredAt: change.deliveredAt ?? queue.deliveredAt,
  blockedUntil: latest(queue.blockedUntil, change.blockedUntil),
});

const ENDPOINTS = ['a', 'b'];
const ended = fc
  .record({
    endpointId: fc.constantFrom(...ENDPOINTS),
    isTest: fc.boolean(),
    failure: fc.option(fc.constantFrom('It answered 500.', 'It answered 429.')),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
    isOver: fc.boolean(),
  })
  .map(({ endpointId, isTest, failure, retryAfterMs, isOver }) => ({
    claim: { tenantId: 't', endpointId, purpose: isTest ? 'TEST' : 'EVENT' } as Claim,
    outcome: { failure, retryAfterMs: failure === null ? null : retryAfterMs },
    state: failure === null ? 'DELIVERED' : isOver ? 'DEAD' : 'PENDING',
  }));
const inTime = fc
  .array(ended, { maxLength: 12 })
  .map((all) => all.map((one, i) => ({ ...one, startedAt: new Date(i * 1_000), now: new Date(i * 1_000 + 10) }) as Ended));

describe('attempts that are noted together', () => {
  it('leave each queue as if they had been noted one after the other, however they are grouped', () => {
    fc.assert(
      fc.property(inTime, fc.integer({ min: 1, max: 12 }), (all, size) => {
        const through = (groups: readonly (readonly Ended[])[]) => {
          const queues = new Map<string, Queue>();
          for (const change of groups.flatMap(queueChangesOf))
            queues.set(change.endpointId, changed(queues.get(change.endpointId) ?? NEW, change));
          return ENDPOINTS.map((id) => queues.get(id));
        };
        const grouped = Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
        expect(through(grouped)).toEqual(through(all.map((one) => [one])));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('what was taken ends a failing, and what fails after it begins another', () => {
    const claim = { tenantId: 't', endpointId: 'a', purpose: 'EVENT' } as Claim;
    const at = (ms: number, failure: string | null) =>
      ({
        claim,
        outcome: { failure, retryAfterMs: null },
        startedAt: new Date(ms),
        now: new Date(ms + 1),
        state: failure === null ? 'DELIVERED' : 'PENDING',
      }) as Ended;
    expect(queueChangesOf([at(1, 'no'), at(2, null), at(3, 'never'), at(4, 'not now')])).toMatchObject([
      { endedCount: 1, wasTaken: true, failureCount: 2, failure: 'not now', failingSince: new Date(3) },
    ]);
  });
});
