/** The steps of a run as commands of Cashgraph itself, and what is told of it in between. */
import type { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { CommandDefinition } from '../../write/command.ts';
import type { Outcome } from '../../write/outcome.ts';
import type { ExportEngines } from './engines.ts';
import type { ExportRow } from './export.rules.ts';
import { beginExport, failExport, finishExport } from './run.commands.ts';

/** A run under way. */
export interface Begun
  extends Pick<ExportRow, 'tenantId' | 'id' | 'startedById' | 'query' | 'operationName' | 'list' | 'format'> {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly run: number;
  readonly begunAt: Date;
}

export interface Told {
  readonly position: bigint;
  readonly rowTotal: number | null;
  readonly rowCount: number;
  readonly lineCount: number;
  readonly byteCount: number;
}

export interface Steps {
  /** Null when it isn't its turn, or nothing is to be done any more. */
  begin(which: { readonly tenantId: string; readonly id: string; readonly isTakeOver: boolean }): Promise<Begun | null>;
  /** False once this run is not the one that counts. */
  tell(begun: Begun, told: Told): Promise<boolean>;
  /** False when this run is not the one that counts. */
  finish(begun: Begun, made: Readonly<Record<string, unknown>>): Promise<boolean>;
  fail(begun: Begun, error: DomainError): Promise<void>;
}

const BEGUN = sql`tenant_id as "tenantId", id, started_by_id as "startedById", query, variables, operation_name as "operationName",
  list, format, run_count as run, begun_at as "begunAt"`;

export function createSteps({ write, limits, systemPrincipal, systemRows }: ExportEngines): Steps {
  const run = async (
    definition: CommandDefinition,
    tenantId: string,
    input: unknown,
    answer?: Parameters<typeof write.run>[2]['answer'],
  ) => {
    const principal = await systemPrincipal(tenantId);
    const outcome: Outcome = await write.run(definition, input, {
      principal,
      requestId: 'job export',
      ...(answer ? { answer } : {}),
    });
    if (outcome.ok) return outcome;
    throw new Error(`${definition.name}: ${outcome.problems.map((problem) => problem.message).join(' ')}`);
  };
  return {
    async begin({ tenantId, id, isTakeOver }) {
      // read in the transaction that begins it, so that the run is ours and nobody else's
      const outcome = await run(
        beginExport,
        tenantId,
        { id, isTakeOver, runningMaxCount: limits.exportsPerTenantMaxCount },
        {
          selectionHash: '',
          read: async (session) => (await session.rows<Begun>(sql`select ${BEGUN} from export where id = ${id}`))[0] ?? null,
        },
      );
      if (!outcome.isNew) return null;
      const begun = outcome.answer as Begun;
      return { ...begun, begunAt: new Date(begun.begunAt) };
    },
    async tell({ tenantId, id, run: count }, { position, rowTotal, rowCount, lineCount, byteCount }) {
      const rows = await systemRows(sql`
        update export set position = ${position.toString()}, row_total = ${rowTotal}, row_count = ${rowCount}, line_count = ${lineCount},
          byte_count = ${byteCount}, progressed_at = clock_timestamp()
        where tenant_id = ${tenantId} and id = ${id} and lifecycle = 'RUNNING' and run_count = ${count} returning id`);
      return rows.length > 0;
    },
    async finish({ tenantId, id, run: count }, made) {
      return (await run(finishExport, tenantId, { id, run: count, ...made })).isNew;
    },
    async fail({ tenantId, id, run: count }, { code, message }) {
      await run(failExport, tenantId, { id, run: count, code, message: message.slice(0, 2_000) });
    },
  };
}
