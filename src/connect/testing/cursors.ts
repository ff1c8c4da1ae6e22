/** Cursors that no read gave last: older ones, ones that lay about for weeks, and ones that make no sense. None may lose a record. */
import type { Cursor } from '../connector.ts';
import { ExternalError } from '../external-error.ts';
import { contentOf, type KitCheck, KitFailure, must, mustBeTheSame, wordsOf } from './check.ts';
import type { Harness } from './harness.ts';
import type { ReadAll, ReadHow } from './paging.ts';
import { eachStream, lastCursor, later, mustSee, present, touch } from './scene.ts';

const SMALL = 7;
/** Longer than any ERP keeps page tokens or lists of changes. */
const AGE_MINUTES = 45 * 24 * 60;

/** What a cursor may become at the hands of another version, or of a restored backup. */
function nonsense(cursor: Cursor): readonly Cursor[] {
  const garbled = Object.entries(cursor).map(([name, value]) => [name, garbage(value)] as const);
  return [{}, { nonsense: 'x' }, Object.fromEntries(garbled)];
}

/** The same cursor with one of its values garbled. */
const halfNonsense = (cursor: Cursor): readonly Cursor[] =>
  Object.entries(cursor).map(([name, value]) => ({ ...cursor, [name]: garbage(value) }));

function garbage(value: Cursor[string]): Cursor[string] {
  if (typeof value === 'number') return -7;
  return typeof value === 'boolean' ? !value : 'nonsense';
}

/** Null: it was refused, in a way that tells the engine to begin anew. */
async function readOrRefused(harness: Harness, stream: string, how: ReadHow): Promise<ReadAll | null> {
  const read = await harness.readAsFar(stream, how);
  if (read.failure === null) return read;
  if (read.failure instanceof ExternalError) return null;
  throw new KitFailure(`${stream}: the cursor ${contentOf(how.cursor)} makes it crash: ${wordsOf(read.failure)}.`);
}

export const cursorChecks: readonly KitCheck[] = [
  {
    name: 'older cursor',
    area: 'reading',
    promise: 'A cursor that goes back, as after a restored backup, has everything that came since.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const cursors = [await lastCursor(harness, stream)];
        const touched: string[] = [];
        for (let i = 0; i < 3; i++) {
          later(harness, 30);
          const id = await touch(harness, stream);
          if (id === null) return;
          touched.push(id);
          const { cursors: passed } = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor: cursors.at(-1) ?? null });
          cursors.push(passed.at(-1) ?? null);
        }
        for (const [i, cursor] of cursors.slice(0, -1).entries())
          for (const id of touched.slice(i)) await mustSee(harness, stream, { cursor, id, what: 'from an older cursor, record' });
      }),
  },
  {
    name: 'old cursor',
    area: 'reading',
    promise: 'A cursor that lay about for weeks goes on where it was, or is refused; it never gives nothing.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const { cursors, pages } = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: SMALL });
        const before = await harness.erp.ids(stream);
        later(harness, AGE_MINUTES);
        const id = await touch(harness, stream);
        const rest = await readOrRefused(harness, stream, { mode: 'FULL', cursor: cursors[0] ?? null, pageMaxCount: SMALL });
        const passed = (pages[0] ?? []).map((record) => record.externalId);
        if (rest) mustHave([...passed, ...rest.records.keys()], before, `${stream}, gone on after 45 days`);
        const next = await readOrRefused(harness, stream, { mode: 'INCREMENTAL', cursor: cursors.at(-1) ?? null });
        if (next && id !== null) mustHave(next.records.keys(), [id], `${stream}, changed since a cursor of 45 days ago`);
      }),
  },
  {
    name: 'cursor without sense',
    area: 'reading',
    promise: 'A cursor that makes no sense is refused, or everything comes; it never gives nothing, and never a crash.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const cursor = await lastCursor(harness, stream);
        if (cursor === null) return;
        later(harness, 30);
        const id = await touch(harness, stream);
        const ids = await harness.erp.ids(stream);
        for (const mode of ['INCREMENTAL', 'FULL'] as const)
          for (const wrong of nonsense(cursor)) {
            const read = await readOrRefused(harness, stream, { mode, cursor: wrong });
            if (read) mustBeTheSame(present(read.records), ids, `${stream}, read from ${contentOf(wrong)}`);
          }
        for (const wrong of halfNonsense(cursor)) {
          const read = await readOrRefused(harness, stream, { mode: 'INCREMENTAL', cursor: wrong });
          if (read && id !== null) mustHave(read.records.keys(), [id], `${stream}, read from ${contentOf(wrong)}`);
        }
      }),
  },
];

function mustHave(got: Iterable<string>, wanted: readonly string[], what: string): void {
  const ids = new Set(got);
  const missing = wanted.filter((id) => !ids.has(id));
  must(missing.length === 0, `${what}: ${missing.length} of ${wanted.length} records did not come, such as ${missing[0]}.`);
}
