/** Pages that are written to see what would come of them, and undone: each against the books as they are, and what the file said before. */
import type { Candidate } from '../import-file/convert.ts';
import type { PageRequest, PageResult, PageWriter } from '../import-file/page-writer.ts';
import { RolledBack } from '../../write/outcome.ts';
import { behindSavepoints } from '../../write/savepoints.ts';
import type { ImportEngines } from './engines.ts';

/** Thrown to undo a page. */
class Undone extends RolledBack {
  constructor(readonly result: PageResult) {
    super();
  }
}

export class DryPages {
  /** What earlier pages would have left in the books. */
  readonly #seen = new Set<string>();

  constructor(
    private readonly engines: Pick<ImportEngines, 'write' | 'inTenant'>,
    private readonly writer: PageWriter,
  ) {}

  /** Rows that an earlier run has gone through. */
  passOver(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) this.#seen.add(keyOf(candidate));
  }

  async write(candidates: readonly Candidate[], request: PageRequest): Promise<PageResult> {
    const fresh = candidates.filter((candidate) => !this.#seen.has(keyOf(candidate)));
    const result = await this.undone(fresh, request);
    const refused = new Set(result.refusals.map(({ line }) => line));
    for (const candidate of fresh) if (!refused.has(candidate.raw.line)) this.#seen.add(keyOf(candidate));
    return { ...result, unchanged: result.unchanged + candidates.length - fresh.length };
  }

  private async undone(candidates: readonly Candidate[], request: PageRequest): Promise<PageResult> {
    const { write, inTenant } = this.engines;
    try {
      return await write.retried(() =>
        inTenant(request.principal.tenantId, async (session): Promise<never> => {
          throw new Undone(await this.writer.write(candidates, { ...request, parts: behindSavepoints(session) }));
        }),
      );
    } catch (error) {
      if (error instanceof Undone) return error.result;
      throw error;
    }
  }
}

/** By which a row is known once it is in the books. */
const keyOf = ({ customer, document }: Candidate): string =>
  document?.['externalId'] ?? `${customer.number}\n${customer.name ?? ''}`;
