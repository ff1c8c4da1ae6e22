/**
 * Works on one import, as a job that any process may have, page by page, as whoever started it, with the rights that they have while it
 * runs. That a line is done is written in the transaction that does it; what was refused and how far it is, at the end of its page. So a
 * process that dies leaves nothing half: the queue gives the job to another one, which goes on after the last whole page and passes over
 * the lines of the next that are done. A process that comes back late writes nothing more, since its run is not the one that counts.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Principal } from '../../access/principal.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { enqueue, type JobTask } from '../../outbox/jobs.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import type { Candidate, Converted } from '../import-file/convert.ts';
import { openSource, type SourceFile } from '../import-file/file.ts';
import { candidatesOf, pagesOf, refusalsOf, refusedLines } from '../import-file/pages.ts';
import { type PageResult, PageWriter } from '../import-file/page-writer.ts';
import { Unfit } from '../import-file/unfit.ts';
import { DryPages } from './dry-pages.ts';
import type { ImportEngines } from './engines.ts';
import { fittedMapping, KIND_OF, requireRights } from './import.rules.ts';
import { IMPORT_TASK } from './queue.ts';
import { type Begun, createSteps, type Steps } from './steps.ts';
import { requireWhole, wholePath } from './upload-folder.ts';

/** A run whose process ends each time would never end. */
const RUNS_MAX_COUNT = 20;

/** Not ours to go on with, or to be gone on with elsewhere. */
const ENDS_QUIETLY: ReadonlySet<string> = new Set(['LEASE_LOST']);

export function importTask(engines: ImportEngines): JobTask {
  const steps = createSteps(engines);
  return async (payload) => {
    const { tenantId, id } = payload as { tenantId: string; id: string };
    const begun = await steps.begin({ tenantId, id });
    if (!begun) return;
    try {
      if (begun.runCount > RUNS_MAX_COUNT)
        throw new DomainError(
          'INTERNAL',
          `It was begun ${RUNS_MAX_COUNT} times, and each time its process ended: ask the operator why.`,
        );
      const isWhole = await new Run(engines, steps, begun).work();
      if (isWhole) await steps.finish(begun);
      else await enqueue(engines.pool, { task: IMPORT_TASK, payload, key: `import ${id}` });
    } catch (raw) {
      const error = translateDatabaseError(raw);
      if (isDomainError(error) && ENDS_QUIETLY.has(error.code)) return;
      // a lost connection: the queue tries again
      if (isDomainError(error) && (error.code === 'UNAVAILABLE' || error.code === 'CONFLICT_RETRY')) throw error;
      if (!isDomainError(error)) engines.onError(error);
      await steps.fail(begun, isDomainError(error) ? error : UNEXPECTED);
    }
  };
}

const UNEXPECTED = new DomainError('INTERNAL', 'Something unexpected went wrong on our side: the operator finds it in the log.');

class Run {
  readonly #writer: PageWriter;
  readonly #dry: DryPages | null;

  constructor(
    private readonly engines: ImportEngines,
    private readonly steps: Steps,
    private readonly begun: Begun,
  ) {
    const { kind, legalEntityId, isDryRun } = begun;
    this.#writer = new PageWriter({ engines, legalEntity: { id: legalEntityId }, kind: KIND_OF[kind] });
    this.#dry = isDryRun ? new DryPages(engines, this.#writer) : null;
  }

  /** False when the process goes down before the end. */
  async work(): Promise<boolean> {
    const { begun } = this;
    const source = await this.source();
    const mapping = fittedMapping(begun);
    const { kind, entity: legalEntity, issuedDays } = begun;
    const { chunkMaxCount: pageMaxCount } = this.engines.limits;
    for await (const page of pagesOf(source, { kind: KIND_OF[kind], mapping, legalEntity, issuedDays, pageMaxCount })) {
      if (lastLine(page) <= begun.lineCount) {
        this.#dry?.passOver(candidatesOf(page));
        continue;
      }
      if (this.engines.isStopping()) return false;
      await this.page(page);
      // requests that wait come first
      await turn();
    }
    return true;
  }

  private async page(page: readonly Converted[]): Promise<void> {
    const { begun, steps } = this;
    const principal = await this.principal();
    const isDone = new Set(begun.doneLines);
    const candidates = candidatesOf(page).filter(({ raw }) => !isDone.has(raw.line));
    const written = await this.write(candidates, principal);
    const refusals = refusalsOf(page, written.refusals);
    await steps.endPage(begun, {
      line: lastLine(page),
      rows: page.length,
      isNew: begun.isDryRun ? written.isNew : 0,
      unchanged: begun.isDryRun ? written.unchanged : 0,
      refused: refusedLines(refusals),
      customersChanged: written.customersChanged,
      refusals,
    });
  }

  private write(candidates: readonly Candidate[], principal: Principal): Promise<PageResult> {
    const { begun, steps } = this;
    const request = { principal, requestId: `import ${begun.id}` };
    if (this.#dry) return this.#dry.write(candidates, request);
    return this.#writer.write(candidates, {
      ...request,
      alongside: (session, done) => steps.noteLines(session, begun, done),
    });
  }

  /** @throws DomainError NOT_CONFIGURED, INVALID_INPUT */
  private async source(): Promise<SourceFile> {
    const { uploadId, upload } = this.begun;
    await requireWhole(this.engines.folder, uploadId);
    try {
      const source = await openSource({
        path: wholePath(this.engines.folder, uploadId),
        name: upload.fileName,
        format: upload.format,
      });
      if (source.sha256 === upload.sha256) return source;
      throw new Unfit('The file is not the one that was sent: send it anew.');
    } catch (error) {
      throw error instanceof Unfit ? new DomainError('INVALID_INPUT', error.message, { cause: error }) : error;
    }
  }

  /** As whoever started it stands now. @throws DomainError FORBIDDEN */
  private async principal(): Promise<Principal> {
    const { tenantId, startedById: actorId, kind, legalEntityId } = this.begun;
    const principal = await this.engines.principalOf({ tenantId, actorId });
    if (!principal) throw new DomainError('FORBIDDEN', 'Whoever started it may not sign in any more.');
    requireRights(principal, kind, legalEntityId);
    return principal;
  }
}

const lastLine = (page: readonly Converted[]): number => page.at(-1)?.line ?? 0;
