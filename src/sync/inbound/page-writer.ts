/**
 * Writes what became of a page beside the decisions on it: each part in the transaction of its decisions, everything else with the last
 * one. A transaction may be tried again or split, so nothing is believed to be written before its outcome came back.
 */
import type { Outcome } from '../../write/outcome.ts';
import type { Session } from '../../write/transaction.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { noteIssues, type Trouble } from './issues.ts';
import type { Judged } from './judge.ts';
import { keep, type Kept, linkedElsewhere } from './keep.ts';
import type { KindHere } from './kinds.ts';
import { nameLines } from './order-lines.ts';
import { countsOf, IN_THE_WAY, type Page, type Taken } from './taken.ts';
import type { Verdict } from './verdict.ts';

interface PageWriterOptions {
  readonly engines: SyncEngines;
  readonly connection: OpenConnection;
  readonly page: Page;
  readonly judged: Judged;
  /** The verdicts with an input, in the order of the set. */
  readonly observed: readonly Verdict[];
  /** What became of the rest of the page before. */
  readonly before: ReadonlyMap<string, Taken>;
  readonly recordKind: string;
  readonly kind: KindHere;
}

/** What is to be written of a record, once its outcome is known. */
interface Settled {
  readonly kept: Kept;
  readonly trouble: Trouble | null;
  readonly isChanged: boolean;
}

export class PageWriter {
  readonly #options: PageWriterOptions;
  /** Drawn before any record of this page is made: what is older was here before. */
  readonly #since: string;
  /** As they were given to the last transaction that wrote them. */
  readonly #seen = new Map<number, Outcome>();
  #hasRest = false;

  constructor(options: PageWriterOptions) {
    this.#options = options;
    this.#since = options.engines.newId();
  }

  /** In the transaction of these decisions. With all of them in it, the rest of the page is written too. */
  async part(session: Session, outcomes: ReadonlyMap<number, Outcome>): Promise<void> {
    const { observed } = this.#options;
    this.#hasRest = outcomes.size === observed.length;
    for (const [index, outcome] of outcomes) this.#seen.set(index, outcome);
    const settled = [...outcomes].flatMap(([index, outcome]) => this.#settled(index, outcome));
    await this.#write(session, this.#hasRest ? [...settled, ...this.#others()] : settled);
    if (this.#hasRest) await this.#options.page.checkpoint?.(session, this.#counts(settled));
  }

  /** All that no transaction of decisions has written. */
  async rest(session: Session, outcomes: readonly Outcome[]): Promise<void> {
    const all = outcomes.map((outcome, index) => ({ index, settled: this.#settled(index, outcome) }));
    const left = all.filter(({ index }) => !this.#isWritten(index, outcomes)).map(({ settled }) => settled);
    await this.#write(session, [...left, ...this.#others()]);
    await this.#options.page.checkpoint?.(session, this.#counts(all.map(({ settled }) => settled)));
  }

  /** Was everything written in one transaction, the rest of the page included? */
  isWhole(outcomes: readonly Outcome[]): boolean {
    return this.#hasRest && outcomes.length > 0 && outcomes.every((_, index) => this.#isWritten(index, outcomes));
  }

  taken(outcomes: readonly Outcome[], { isAll = this.isWhole(outcomes) } = {}): ReadonlyMap<string, Taken> {
    const written = outcomes.flatMap((outcome, index) =>
      isAll || this.#isWritten(index, outcomes) ? [this.#settled(index, outcome)] : [],
    );
    return takenOf(isAll ? [...written, ...this.#others()] : written);
  }

  /** The very outcome that its transaction was given came back, so that transaction was committed. */
  #isWritten(index: number, outcomes: readonly Outcome[]): boolean {
    return outcomes[index] !== undefined && this.#seen.get(index) === outcomes[index];
  }

  #others(): readonly Settled[] {
    const { judged } = this.#options;
    return judged.verdicts.flatMap(({ input, kept, trouble }) => (input === null ? [{ kept, trouble, isChanged: true }] : []));
  }

  #counts(settled: readonly Settled[]) {
    return countsOf(new Map([...this.#options.before, ...takenOf([...settled, ...this.#others()])]).values());
  }

  #settled(index: number, outcome: Outcome): Settled {
    const { observed, kind } = this.#options;
    const verdict = observed[index];
    if (!verdict) throw new Error(`There is no record ${index} in this page`);
    const { kept } = verdict;
    if (outcome.ok) {
      const accountId = kind.record === 'CustomerAccount' ? outcome.recordId : kept.accountId;
      return { kept: { ...kept, recordId: outcome.recordId, accountId }, trouble: null, isChanged: outcome.isNew };
    }
    const [problem] = outcome.problems;
    const { externalId, recordId } = kept;
    const message = problem?.message ?? 'It was refused.';
    const field = problem && problem.path.length > 0 ? problem.path.join('.') : null;
    const code = problem ? { code: problem.code } : {};
    const trouble: Trouble = { externalId, recordId, reason: 'REFUSED', field, message, ...code };
    // what others are in the way of is tried again by itself, with each run
    const isAgain = problem !== undefined && IN_THE_WAY.has(problem.code);
    const state = isAgain ? { state: 'WAITING' as const, waitsFor: [] } : { state: 'REFUSED' as const };
    return { kept: { ...kept, ...state }, trouble, isChanged: true };
  }

  async #write(session: Session, settled: readonly Settled[]): Promise<void> {
    const { engines, connection, page, judged, recordKind } = this.#options;
    await page.guard?.(session);
    const rows = await this.#withMaker(session, settled);
    const { stream, requestId } = page;
    await keep(session, { connection, stream, recordKind, newId: engines.newId, now: engines.clock.now(), rows });
    const orders = rows.flatMap(({ recordId, orderLines }) =>
      recordId === null || orderLines.length === 0 ? [] : [[recordId, orderLines] as const],
    );
    await nameLines(session, connection.tenantId, new Map(orders));
    await noteIssues(session, {
      engines,
      connection,
      streamId: judged.setting.streamId,
      recordKind,
      requestId,
      troubles: settled.flatMap(({ trouble }) => trouble ?? []),
      healed: settled.flatMap(({ kept, trouble }) => (trouble === null && mayHaveIssue(kept) ? [kept.externalId] : [])),
    });
    await page.alongside?.(session);
  }

  /** A record that was here before, or that another record of an ERP is too, was not made by this one. */
  async #withMaker(session: Session, settled: readonly Settled[]): Promise<readonly Kept[]> {
    const { connection, page, kind } = this.#options;
    const isFirst = ({ kept: { before, recordId, isMadeThere } }: Settled) =>
      kind.isShared && isMadeThere && recordId !== null && !before?.recordId;
    const found = settled.filter(isFirst).map(({ kept }) => kept);
    const elsewhere = await linkedElsewhere(
      session,
      { connection, stream: page.stream },
      {
        recordIds: found.flatMap(({ recordId }) => recordId ?? []),
        externalIds: found.map(({ externalId }) => externalId),
      },
    );
    const once = new Set<string>();
    return settled.map((one) => {
      const { kept } = one;
      const { recordId } = kept;
      if (!isFirst(one) || recordId === null) return kept;
      const isMadeThere = recordId > this.#since && !elsewhere.has(recordId) && !once.has(recordId);
      once.add(recordId);
      return { ...kept, isMadeThere };
    });
  }
}

/** Only a record that did not fit, or waited, or was in conflict can have an open issue. */
const mayHaveIssue = ({ before, state }: Kept): boolean => before !== null && before.state !== 'SYNCED' && state !== 'WAITING';

const takenOf = (settled: readonly Settled[]): ReadonlyMap<string, Taken> =>
  new Map(
    settled.map(({ kept, trouble, isChanged }) => [
      kept.externalId,
      // a record that is taken back counts as such, whatever the books make of it
      {
        state: kept.state,
        recordId: kept.recordId,
        isChanged: isChanged || kept.state === 'GONE',
        problem: trouble?.message ?? null,
      },
    ]),
  );
