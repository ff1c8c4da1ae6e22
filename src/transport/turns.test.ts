import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('runs so many at once, lets so many wait in their order, and refuses the rest; a failure gives its place on', async () => {
  const inTurn = createTurns({ atOnce: 2, waiting: 3 });
  const started: number[] = [];
  let most = 0;
  let running = 0;
  const work = (i: number) => async () => {
    started.push(i);
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    if (i === 1) throw new Error('broken');
    return i;
  };
  const outcomes = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((i) => inTurn(work(i))));
  expect(outcomes.map((o) => (o.status === 'fulfilled' ? o.value : (o.reason.code ?? o.reason.message)))).toEqual([
    0,
    'broken',
    2,
    3,
    4,
    'UNAVAILABLE',
  ]);
  expect({ started, most }).toEqual({ started: [0, 1, 2, 3, 4], most: 2 });
  expect(await inTurn(work(6))).toBe(6);
});
