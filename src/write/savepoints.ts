/** The parts of a set in one transaction that somebody else begins and ends: each is undone by itself when it can't be written. */
import { translateDatabaseError } from './database-errors.ts';
import type { Parts } from './requests.ts';
import type { Session } from './transaction.ts';

/** With these the whole transaction is to be undone: two that meet in a circle would meet again behind their savepoints. */
const ENDS_ALL: ReadonlySet<string> = new Set(['UNAVAILABLE', 'LEASE_LOST', 'CONFLICT_RETRY', 'TIMEOUT']);

/** What is checked at the end of a transaction is checked at the end of each part, while it still can be undone by itself. */
export const behindSavepoints = (session: Session): Parts => ({
  endsSet: ENDS_ALL,
  async write(work) {
    const run = (text: string) => session.run({ text, values: [] });
    await run('savepoint part');
    try {
      const done = await work(session);
      await run('set constraints all immediate');
      await run('set constraints all deferred');
      await run('release savepoint part');
      return done;
    } catch (raw) {
      const error = translateDatabaseError(raw);
      await run('rollback to savepoint part').catch((lost: unknown) => {
        throw translateDatabaseError(lost);
      });
      throw error;
    }
  },
});
