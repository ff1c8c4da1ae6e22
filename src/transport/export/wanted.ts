/** What an export is to read: its document, held against the schema and the rights of whoever started it. */
import type { Principal } from '../../access/principal.ts';
import { askerOf } from '../../read/asker.ts';
import { type WholeList, wholeList } from '../../read/every-row.ts';
import type { Reader } from '../../read/reader.ts';
import type { ExportEngines } from './engines.ts';
import { type AskedExport, plannedList } from './query.ts';

export const readerOf = ({ catalogue, clock }: Pick<ExportEngines, 'catalogue' | 'clock'>, principal: Principal): Reader => ({
  catalogue,
  asker: askerOf(principal),
  now: new Date(clock.now().getTime() + (principal.clockOffsetMs ?? 0)),
  refused: new Map(),
});

/** @throws DomainError INVALID_INPUT, FORBIDDEN, and whatever a list with these arguments is refused for */
export const wantedList = (
  engines: Pick<ExportEngines, 'catalogue' | 'clock' | 'schema' | 'documents'>,
  principal: Principal,
  asked: AskedExport,
): WholeList => wholeList(readerOf(engines, principal), plannedList(engines.schema, engines.documents, asked));
