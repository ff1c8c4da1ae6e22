/** The steps of an import as commands of Cashgraph itself, and what is written of it page by page. Each names the run that it is of. */
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { sql } from '../../read/sql.ts';
import type { CommandDefinition } from '../../write/command.ts';
import { type Session, unnest } from '../../write/transaction.ts';
import type { Refusal } from '../import-file/convert.ts';
import type { ImportEngines } from './engines.ts';
import type { ImportRow, UploadRow } from './import.rules.ts';
import { beginImport, failImport, finishImport } from './run.commands.ts';

type OfImport = 'tenantId' | 'id' | 'startedById' | 'uploadId' | 'legalEntityId' | 'kind' | 'isDryRun' | 'mapping' | 'issuedDays';

/** A run under way. */
export interface Begun extends Pick<ImportRow, OfImport | 'lineCount' | 'runCount'> {
  /** Beyond `lineCount`, in the books already. */
  readonly doneLines: readonly number[];
  readonly upload: Pick<UploadRow, 'fileName' | 'format' | 'columns' | 'sha256'>;
  readonly entity: { readonly code: string; readonly currency: string };
}

export interface PageDone {
  /** The last line of the page. */
  readonly line: number;
  readonly rows: number;
  /** Of a dry run; else they were counted as they were done. */
  readonly isNew: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly customersChanged: number;
  readonly refusals: readonly Refusal[];
}

export interface Steps {
  /** Null when nothing is to be done any more. */
  begin(which: { readonly tenantId: string; readonly id: string }): Promise<Begun | null>;
  /** In the transaction that does the lines. @throws LEASE_LOST when this run is not the one that counts */
  noteLines(session: Session, begun: Begun, done: { readonly lines: readonly number[]; readonly isNew: number }): Promise<void>;
  /** @throws LEASE_LOST */
  endPage(begun: Begun, page: PageDone): Promise<void>;
  finish(begun: Begun): Promise<void>;
  fail(begun: Begun, error: DomainError): Promise<void>;
}

const BEGUN = sql`i.tenant_id as "tenantId", i.id, i.started_by_id as "startedById", i.upload_id as "uploadId",
  i.legal_entity_id as "legalEntityId", i.kind, i.is_dry_run as "isDryRun", i.mapping, i.issued_days as "issuedDays",
  i.line_count as "lineCount", i.run_count as "runCount", i.done_lines as "doneLines",
  json_build_object('fileName', u.file_name, 'format', u.format, 'columns', u.columns, 'sha256', u.sha256) as upload,
  json_build_object('code', le.code, 'currency', le.functional_currency) as entity
  from import i join upload u on u.tenant_id = i.tenant_id and u.id = i.upload_id
    join legal_entity le on le.tenant_id = i.tenant_id and le.id = i.legal_entity_id`;

const gone = () => new DomainError('LEASE_LOST', 'The import was stopped, or another process works on it.');

export function createSteps({ write, systemPrincipal, systemRows, inTenant, newId, clock }: ImportEngines): Steps {
  const run = async (definition: CommandDefinition, tenantId: string, input: unknown): Promise<void> => {
    const principal = await systemPrincipal(tenantId);
    const outcome = await write.run(definition, input, { principal, requestId: 'job import' });
    if (!outcome.ok) throw new Error(`${definition.name}: ${outcome.problems.map((problem) => problem.message).join(' ')}`);
  };
  return {
    async begin({ tenantId, id }) {
      const principal = await systemPrincipal(tenantId);
      const answer = {
        selectionHash: '',
        read: async (session: Session) =>
          (await session.rows<Begun>(sql`select ${BEGUN} where i.tenant_id = ${tenantId} and i.id = ${id}`))[0] ?? null,
      };
      const input = { id: publicId('imp', id) };
      const outcome = await write.run(beginImport, input, { principal, requestId: 'job import', answer });
      // it ended before its turn came
      return outcome.ok ? (outcome.answer as Begun) : null;
    },
    async noteLines(session, begun, { lines, isNew }) {
      const noted = await session.change(sql`
        update import set done_lines = done_lines || ${JSON.stringify(lines)}::jsonb, new_count = new_count + ${isNew},
          unchanged_count = unchanged_count + ${lines.length - isNew} where ${ofRun(begun)}`);
      if (noted === 0) throw gone();
    },
    endPage: (begun, page) =>
      inTenant(begun.tenantId, async (session) => {
        const told = await session.change(sql`
          update import set done_lines = '[]', line_count = ${page.line}, row_count = row_count + ${page.rows},
            new_count = new_count + ${page.isNew}, unchanged_count = unchanged_count + ${page.unchanged},
            refused_count = refused_count + ${page.refused}, customers_changed_count = customers_changed_count + ${page.customersChanged}
          where ${ofRun(begun)}`);
        if (told === 0) throw gone();
        await insertRefusals(session, { begun, refusals: page.refusals, newId, now: clock.now() });
      }),
    async finish(begun) {
      await run(finishImport, begun.tenantId, { id: publicId('imp', begun.id), runCount: begun.runCount });
    },
    async fail(begun, { code, message }) {
      const [still] = await systemRows(sql`select id from import where ${ofRun(begun)}`);
      if (!still) return;
      const input = {
        id: publicId('imp', begun.id),
        runCount: begun.runCount,
        errorCode: code,
        errorMessage: message.slice(0, 2_000),
      };
      await run(failImport, begun.tenantId, input);
    },
  };
}

const ofRun = ({ tenantId, id, runCount }: Begun) =>
  sql`tenant_id = ${tenantId} and id = ${id} and lifecycle = 'RUNNING' and run_count = ${runCount}`;

const REFUSAL = [
  { column: 'id', property: 'id', type: 'uuid' },
  { column: 'line', property: 'line', type: 'int' },
  { column: 'place', property: 'place', type: 'int' },
  { column: 'field', property: 'field', type: 'text' },
  { column: 'code', property: 'code', type: 'text' },
  { column: 'message', property: 'reason', type: 'text' },
  { column: 'text', property: 'text', type: 'text' },
] as const;

interface Refusing {
  readonly begun: Begun;
  readonly refusals: readonly Refusal[];
  readonly newId: () => string;
  readonly now: Date;
}

async function insertRefusals(session: Session, { begun, refusals, newId, now }: Refusing): Promise<void> {
  if (refusals.length === 0) return;
  const places = new Map<number, number>();
  const rows = refusals.map((refusal) => {
    const place = places.get(refusal.line) ?? 0;
    places.set(refusal.line, place + 1);
    return { ...refusal, id: newId(), place, reason: `${refusal.reason.slice(0, 2_000)}.` };
  });
  const columns = sql.join(REFUSAL.map(({ column }) => sql.id(column)));
  const values = sql.join(REFUSAL.map(({ column }) => sql.id('v', column)));
  await session.change(sql`
    insert into import_refusal (tenant_id, import_id, started_by_id, created_at, ${columns})
    select ${begun.tenantId}::uuid, ${begun.id}::uuid, ${begun.startedById}::uuid, ${now.toISOString()}::timestamptz, ${values}
    from ${unnest(REFUSAL, rows)} on conflict on constraint import_refusal_once do nothing`);
}
