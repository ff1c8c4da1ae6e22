/**
 * Takes one page of records. What is as it is here is dropped before anything else; the rest is assembled, its references are resolved,
 * and the command of its kind observes it, all of the page together. What was kept of the ERP, what did not fit and the caller's
 * checkpoint are written in the transaction of the decisions, so that a crash repeats at most one page, and a repeated page changes
 * nothing.
 */
import type { SourceRecord, Stream } from '../../connect/connector.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import type { Outcome } from '../../write/outcome.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { judge, type Judged, recordKindOf } from './judge.ts';
import { KINDS, streamOf } from './kinds.ts';
import { PageWriter } from './page-writer.ts';
import { referenceKey } from './references.ts';
import { countsOf, IN_THE_WAY, type Page, type PageResult, type RecordState, type Taken } from './taken.ts';

const ATTEMPTS = 4;
const NONE: ReadonlySet<RecordState> = new Set();

/** Takes one page, and tells what can go on by it. */
export async function takePage(engines: SyncEngines, connection: OpenConnection, page: Page): Promise<PageResult> {
  const records = new Map<string, Taken>();
  const arrived: string[] = [];
  const stream = streamOf(connection.connector, page.stream);
  let left = lastOfEach(page.records);
  for (let attempt = 1; ; attempt++) {
    const { again = NONE, isReplay = false, readAt = null, link = null } = page;
    const judged = await engines.inTenant(connection.tenantId, (session) =>
      judge(session, connection, { stream, records: left, again, isReplay, readAt, link }),
    );
    for (const fault of judged.faults) engines.onError(fault);
    for (const id of judged.unchanged) records.set(id, unchangedOf(judged, id));
    const isLast = attempt === ATTEMPTS;
    const done = await written(engines, connection, { page, judged, before: records, isLast });
    for (const [id, taken] of done.taken) records.set(id, taken);
    arrived.push(...arrivedOf(stream, judged, done.taken));
    if (done.isWhole) return { counts: countsOf(records.values()), records, arrived };
    if (isLast) throw new DomainError('CONFLICT_RETRY', `Others kept changing what ${connection.name} shows. It is tried again.`);
    left = left.filter(({ externalId }) => !records.has(externalId));
  }
}

/** Keys of records that were not here before. */
export const arrivedOf = ({ kind }: Stream, { known }: Judged, taken: ReadonlyMap<string, Taken>): readonly string[] =>
  [...taken].flatMap(([id, { recordId }]) => (recordId !== null && !known.get(id)?.recordId ? [referenceKey(kind, id)] : []));

/** Of a record that is given twice the last one counts. */
export const lastOfEach = (records: readonly SourceRecord[]): readonly SourceRecord[] => [
  ...new Map(records.map((record) => [record.externalId, record])).values(),
];

function unchangedOf({ known }: Judged, id: string): Taken {
  const before = known.get(id);
  return { state: before?.state ?? 'GONE', recordId: before?.recordId ?? null, isChanged: false, problem: null };
}

interface Writing {
  readonly page: Page;
  readonly judged: Judged;
  /** What became of the others of the page. */
  readonly before: ReadonlyMap<string, Taken>;
  readonly isLast: boolean;
}

/** Writes what can be written now; what others got in the way of is left to be judged anew. */
async function written(
  engines: SyncEngines,
  connection: OpenConnection,
  { page, judged, before, isLast }: Writing,
): Promise<{ readonly taken: ReadonlyMap<string, Taken>; readonly isWhole: boolean }> {
  const stream = streamOf(connection.connector, page.stream);
  const kind = KINDS[stream.kind];
  const observed = judged.verdicts.filter(({ input }) => input !== null);
  const writer = new PageWriter({ engines, connection, page, judged, observed, before, recordKind: recordKindOf(stream), kind });
  const outcomes: readonly Outcome[] =
    observed.length === 0
      ? []
      : await engines.write.runSet(
          engines.command(kind.command),
          observed.map(({ input }) => input),
          {
            principal: await engines.systemPrincipal(connection.tenantId),
            requestId: page.requestId,
            observing: { connectionId: connection.id, code: connection.code },
            ...(page.decided ? { decided: page.decided } : {}),
            alongside: (session, part) => writer.part(session, part),
          },
        );
  for (const outcome of outcomes) if (!outcome.ok && outcome.fault !== undefined) engines.onError(outcome.fault);
  if (writer.isWhole(outcomes)) return { taken: writer.taken(outcomes), isWhole: true };
  if (!isLast && outcomes.some(isInTheWay)) return { taken: writer.taken(outcomes), isWhole: false };
  if (judged.verdicts.length > 0 || page.alongside || page.checkpoint)
    try {
      await engines.inTenant(connection.tenantId, (session) => writer.rest(session, outcomes));
    } catch (raw) {
      const error = translateDatabaseError(raw);
      if (isDomainError(error) && IN_THE_WAY.has(error.code)) return { taken: writer.taken(outcomes), isWhole: false };
      throw error;
    }
  return { taken: writer.taken(outcomes, { isAll: true }), isWhole: true };
}

const isInTheWay = (outcome: Outcome): boolean => !outcome.ok && outcome.problems.some(({ code }) => IN_THE_WAY.has(code));
