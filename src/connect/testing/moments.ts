/** Moments at which records slip through: midnight in some zone, and a page that moves because what it had moves to the end. */
import { type KitCheck, mustBeTheSame } from './check.ts';
import { mustBeAsBooked } from './amounts.ts';
import { eachStream, lastCursor, later, mustSee, present } from './scene.ts';

const SMALL = 7;
const CHANGES_MAX_COUNT = 5;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** From Samoa to Kiritimati, minutes ahead of UTC; one of half an hour. */
const OFFSETS_MINUTES = [-660, -480, -420, -300, 0, 60, 330, 540, 840];

/** Minutes from an instant to the next midnight of a zone. */
const toMidnight = (now: Date, offset: number): number =>
  DAY_MINUTES - ((now.getTime() / MINUTE_MS + offset) % DAY_MINUTES) || DAY_MINUTES;

export const momentChecks: readonly KitCheck[] = [
  {
    name: 'local midnight',
    area: 'reading',
    promise: 'What is made and changed between a run and midnight, and just after it, comes with the next run, dated as there.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        let cursor = await lastCursor(harness, stream);
        const made: string[] = [];
        for (const offset of OFFSETS_MINUTES) {
          later(harness, toMidnight(harness.context.now(), offset) - 20);
          const run = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor });
          cursor = run.cursors.at(-1) ?? cursor;
          const touched: string[] = [];
          for (const minutes of [15, 10]) {
            later(harness, minutes); // five before, and five after
            const id = await harness.erp.make(stream);
            if (id !== null) touched.push(id);
            const [some] = await harness.erp.ids(stream);
            if (some !== undefined && (await harness.erp.change(stream, some))) touched.push(some);
          }
          for (const id of touched)
            await mustSee(harness, stream, { cursor, id, what: `around midnight ${offset / 60} hours from UTC, record` });
          made.push(...touched);
        }
        await mustBeAsBooked(harness, stream, new Set(made));
      }),
  },
  {
    name: 'moved while paging',
    area: 'reading',
    promise: 'A record that is changed when it was read, and so moves to the end, takes no other one with it.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const wanted = await harness.erp.ids(stream);
        let changes = 0;
        const { records } = await harness.readAll(stream, {
          mode: 'FULL',
          pageMaxCount: SMALL,
          isPatient: true,
          async between(_, [first]) {
            if (first === undefined || changes === CHANGES_MAX_COUNT) return;
            later(harness, 1);
            changes += 1;
            await harness.erp.change(stream, first.externalId);
          },
        });
        mustBeTheSame(present(records), wanted, `${stream}, with records that moved to the end while it was read`);
      }),
  },
];
