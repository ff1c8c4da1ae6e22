/**
 * Takes a page while the one before it is still being written: it is judged and decided on meanwhile, and written as soon as that one is in
 * the books. Only records that are new and stand by themselves are taken so, all of a page at the first try: of anything else nothing is
 * written, and the page waits for its turn.
 */
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { judge, type Judged, recordKindOf } from './judge.ts';
import { KINDS, streamOf } from './kinds.ts';
import { arrivedOf, lastOfEach } from './page.ts';
import { PageWriter } from './page-writer.ts';
import { countsOf, type Page, type PageResult } from './taken.ts';

export interface Before {
  /** Its records there. */
  readonly ids: ReadonlySet<string>;
  /** Is it in the books? Asked in the transaction of the page behind it, once that is decided on. */
  isWritten(session: Session): Promise<boolean>;
  /** What came of it is counted, and the read goes on. */
  goesOn(): Promise<boolean>;
}

/** Null: nothing was written. */
export async function takeEarly(
  engines: SyncEngines,
  connection: OpenConnection,
  { page, before }: { readonly page: Page; readonly before: Before },
): Promise<PageResult | null> {
  const { tenantId, id: connectionId, code } = connection;
  const { readAt = null, requestId } = page;
  const stream = streamOf(connection.connector, page.stream);
  const kind = KINDS[stream.kind];
  const toJudge = { stream, records: lastOfEach(page.records), again: new Set<never>(), isReplay: false, readAt, link: null };
  const judged = await engines.inTenant(tenantId, (session) => judge(session, connection, toJudge));
  if (!isApart(judged, before)) return null;
  const observed = judged.verdicts;
  const options = { engines, connection, page, judged, observed, before: new Map(), recordKind: recordKindOf(stream), kind };
  const writer = new PageWriter(options);
  try {
    const outcomes = await engines.write.runSet(
      engines.command(kind.command),
      observed.map(({ input }) => input),
      {
        principal: await engines.systemPrincipal(tenantId),
        requestId,
        observing: { connectionId, code },
        parts: engines.write.atOnce(tenantId),
        async decided(session) {
          await page.decided?.(session);
          if (!(await before.isWritten(session))) throw notInTurn();
        },
        async alongside(session, part) {
          const isWhole = part.size === observed.length && [...part.values()].every(({ ok }) => ok);
          // asked once more, since a set of which nothing changes isn't decided on
          if (!isWhole || !(await before.isWritten(session)) || !(await before.goesOn())) throw notInTurn();
          await writer.part(session, part);
        },
      },
    );
    if (!writer.isWhole(outcomes)) return null;
    const records = writer.taken(outcomes);
    return { counts: countsOf(records.values()), records, arrived: arrivedOf(stream, judged, records) };
  } catch (error) {
    if (isDomainError(error) && error.code === 'CONFLICT_RETRY') return null;
    throw error;
  }
}

const notInTurn = () => new DomainError('CONFLICT_RETRY', 'What this page builds on is not in the books yet.');

/** Each is new, is observed, names nothing that is missing, and is no other record of what may be in the page before. */
const isApart = ({ verdicts, unchanged, faults }: Judged, { ids }: Before): boolean =>
  verdicts.length > 0 &&
  unchanged.length === 0 &&
  faults.length === 0 &&
  verdicts.every(
    ({ input, kept: { before, recordId, party, externalId } }) =>
      input !== null && before === null && recordId === null && party === null && !ids.has(externalId),
  );
