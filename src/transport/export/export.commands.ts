/** What people do with exports: start, cancel, and do again. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, int, jsonObject, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { exportOf, loadExports, lockExports } from './export.facts.ts';
import { exportMachine } from './export.machine.ts';
import { exportEvent, type ExportRow, stepped, UNBEGUN } from './export.rules.ts';
import { listNamed } from './query.ts';

/** More than these wait or run for one person: what it asks for faster than it can be done is never done. */
const UNDER_WAY_MAX_COUNT = 20;
const QUERY_MAX_CHARS = 20_000;

/** @throws TOO_MANY_EXPORTS */
async function requireRoom(tx: Tx, actorId: string): Promise<void> {
  await lockExports(tx);
  const [found] = await tx.rows<{ count: number }>(
    sql`select count(*)::int as count from export where started_by_id = ${actorId} and lifecycle in ('QUEUED', 'RUNNING')`,
  );
  if (found && found.count >= UNDER_WAY_MAX_COUNT)
    throw new DomainError(
      'TOO_MANY_EXPORTS',
      `${found.count} exports of yours wait or run: at most ${UNDER_WAY_MAX_COUNT} may. Wait for one to end, or cancel one.`,
    );
}

export const startExport = command({
  name: 'startExport',
  description:
    'Reads a list to its end in the background, from one snapshot, into a file. It runs with the rights of whoever starts it as they are while it runs; several run at once, and further ones wait.',
  permission: 'exports:start',
  record: 'Export',
  input: object('StartExportInput', {
    query: text({ max: QUERY_MAX_CHARS, multiline: true }).describe(
      'A query of one list, with nodes or edges and without first, after, last, before, totalCount and pageInfo, for example `{ invoices(where: {status: {eq: OPEN}}) { nodes { id number total { amount currency } } } }`. Nested lists are read to their end as well, unless they say first or last; CSV and Parquet take none.',
    ),
    variables: optional(jsonObject).describe('The variables of the document.'),
    operationName: optional(text({ max: 255 })).describe('Which operation of the document, if it has several.'),
    format: choice('ExportFormat', ['JSONL', 'CSV', 'PARQUET']).describe('The form of the file.'),
  }),
  facts: (tx, _inputs, { principal }) => requireRoom(tx, principal.actorId),
  decide(_, { query, variables, operationName, format }, { principal, tenant, newId, wallNow }): Change {
    const row: ExportRow = {
      ...UNBEGUN,
      id: newId(),
      tenantId: tenant.id,
      startedById: principal.actorId,
      query,
      variables: variables ?? {},
      operationName: operationName ?? null,
      list: listNamed(query, operationName ?? null),
      format,
      lifecycle: exportMachine.initial,
      queuedAt: wallNow,
      runCount: 0,
      version: 1,
      createdAt: wallNow,
    };
    return {
      recordId: row.id,
      rows: [{ op: 'insert', entity: 'Export', values: row }],
      events: [exportEvent('export.queued', row, null)],
    };
  },
});

const ref = {
  id: idOf('exp').describe('The export.'),
  expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
};
const ids = (inputs: readonly { readonly id: string }[]) => inputs.map((input) => input.id);

export const cancelExport = command({
  name: 'cancelExport',
  description: 'Stops an export that waits or runs. Nothing of it is kept.',
  permission: 'exports:start',
  record: 'Export',
  input: object('CancelExportInput', ref),
  lockKey: (input) => input.id,
  facts: (tx, inputs) => loadExports(tx, ids(inputs)),
  decide(exports, { id, expectedVersion }, { wallNow }): Change {
    const row = exportOf(exports, id);
    requireVersion(row.version, expectedVersion);
    return stepped(row, transition(exportMachine, { state: row.lifecycle, action: 'CANCEL' }), { endedAt: wallNow });
  },
});

export const restartExport = command({
  name: 'restartExport',
  description:
    'Does an export that failed, was cancelled or has expired once more: from its first row, of a new snapshot, since the old one ended with its transaction. A download that broke off goes on by itself, with Range.',
  permission: 'exports:start',
  record: 'Export',
  input: object('RestartExportInput', ref),
  lockKey: (input) => input.id,
  async facts(tx, inputs, { principal }) {
    await requireRoom(tx, principal.actorId);
    return loadExports(tx, ids(inputs));
  },
  decide(exports, { id, expectedVersion }, { wallNow }): Change {
    const row = exportOf(exports, id);
    requireVersion(row.version, expectedVersion);
    const step = transition(exportMachine, { state: row.lifecycle, action: 'RESTART' });
    return stepped(row, step, { ...UNBEGUN, queuedAt: wallNow });
  },
});
