/** The forms of a file: rows as the database gives them become what is written. Each works row by row, so memory stays flat. */
import type { WholeList } from '../../read/every-row.ts';
import type { Lines } from '../../read/snapshot.ts';
import { linesIn } from '../../read/wire/line-rows.ts';
import { type Column, columnsOf, type Row } from './columns.ts';
import { csvHeader, csvRow } from './csv.ts';
import type { ExportRow } from './export.rules.ts';
import { isPlain, linesOf, type ReadChildren } from './lines.ts';
import { openEncoder } from './parquet-encoder.ts';

export type Bytes = string | Uint8Array;

export interface Form {
  /** Lines so far; rows of nested lists count too. */
  readonly lineCount: number;
  begin(): Bytes;
  /** Rows of the list, each a line of JSON. What comes of them may be the same bytes. */
  rows(lines: Lines): AsyncIterable<Bytes>;
  /** What stands at the end of the file. */
  end(): AsyncIterable<Bytes>;
  /** In any case, at last. */
  close(): Promise<void>;
}

export type Format = ExportRow['format'];

/** Lines that are written at once. */
const LINES = 500;

/** @throws DomainError INVALID_INPUT where the format has no place for a part of the list */
export function formOf(format: Format, list: WholeList, read: ReadChildren): Form {
  if (format === 'JSONL') return isPlain(list) ? plainLines() : nestedLines(list, read);
  const columns = columnsOf(list.object);
  if (format === 'PARQUET') return parquet(columns);
  return counted({
    begin: () => csvHeader(columns),
    async *rows(lines) {
      yield linesIn(lines)
        .map((line) => csvRow(columns, JSON.parse(line) as Row))
        .join('');
    },
  });
}

/** One line for each row. */
function counted(form: Partial<Form> & Pick<Form, 'rows'>): Form {
  let lineCount = 0;
  return {
    begin: () => '',
    async *end() {},
    close: async () => {},
    ...form,
    get lineCount() {
      return lineCount;
    },
    async *rows(lines) {
      lineCount += lines.count;
      yield* form.rows(lines);
    },
  };
}

function parquet(columns: readonly Column[]): Form {
  const encoder = openEncoder(columns);
  return counted({
    async *rows(lines) {
      yield* await encoder.add(lines);
    },
    async *end() {
      yield* await encoder.end();
    },
    close: () => encoder.close(),
  });
}

const plainLines = (): Form =>
  counted({
    async *rows({ bytes }) {
      yield bytes;
    },
  });

function nestedLines(list: WholeList, read: ReadChildren): Form {
  let lineCount = 0;
  return {
    get lineCount() {
      return lineCount;
    },
    begin: () => '',
    async *rows(rows) {
      let lines: string[] = [];
      for (const row of linesIn(rows)) {
        for await (const line of linesOf(list, JSON.parse(row) as Row, read)) {
          lineCount += 1;
          if (lines.push(`${line}\n`) < LINES) continue;
          yield lines.join('');
          lines = [];
        }
      }
      if (lines.length > 0) yield lines.join('');
    },
    async *end() {},
    close: async () => {},
  };
}
