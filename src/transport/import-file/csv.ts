/** CSV, a row at a time. A row that is none is told with its line, and reading goes on where it can. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import { lineText, type RawRow, ROW_MAX_BYTES } from './row.ts';
import { Unfit } from './unfit.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The mark that stands most often in the first line. */
export function delimiterOf(head: string): string {
  const line = (head.split(/\r?\n/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((mark) => line.split(mark).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
  /** As it stands in the file. */
  readonly raw: string;
}

interface CsvFault extends Pick<RawRow, 'line' | 'text'> {
  readonly fault: string;
}

/** Rows that are not CSV go to `faults` before the next good one comes. After one that never ends nothing comes any more. */
async function* csvRecords(path: string, delimiter: string, faults: CsvFault[] = []): AsyncIterable<CsvRecord> {
  let isEndless = false;
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_MAX_BYTES,
    skip_records_with_error: true,
    on_skip: (error, raw) => {
      const { code = '', lines = 0 } = (error ?? {}) as { code?: string; lines?: number };
      if (!isEndless)
        faults.push({ line: lines, text: lineText(raw ?? ''), fault: CSV_FAULTS[code] ?? 'the row is not well-formed CSV' });
      isEndless ||= code === 'CSV_MAX_RECORD_SIZE';
      if (isEndless) parser.destroy(); // else the rest of the file would gather in memory
      return undefined;
    },
  });
  pipeline(createReadStream(path), parser, () => {}); // an error ends the iteration below
  try {
    yield* parser as AsyncIterable<CsvRecord>;
  } catch (error) {
    if (!isEndless) throw error;
  }
}

const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed: what follows it was not read',
  CSV_INVALID_CLOSING_QUOTE: 'something stands after a closing quote ("): write "" for a quote inside of a value',
  INVALID_OPENING_QUOTE: 'a quote (") stands in the middle of a value: quote the whole value, and write "" for a quote in it',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something stands after a closing quote ("): write "" for a quote inside of a value',
  CSV_MAX_RECORD_SIZE: 'the row is longer than a megabyte, is a quote (") never closed? What follows was not read',
};

/** @throws Unfit for two columns of one name */
export async function csvHeader({ path, name }: { path: string; name: string }, delimiter: string): Promise<readonly string[]> {
  for await (const { record } of csvRecords(path, delimiter)) {
    const columns = record.map((column) => column.trim());
    const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i);
    if (twice !== undefined) throw new Unfit(`${name} has two columns called ${twice}: rename one.`);
    return columns;
  }
  throw new Unfit(`${name} has no header line that can be read.`);
}

export async function* csvRows(path: string, delimiter: string, columns: readonly string[]): AsyncIterable<RawRow> {
  const faults: CsvFault[] = [];
  const faulty = () => faults.splice(0).map((fault): RawRow => ({ ...fault, values: {} }));
  let isHeader = true;
  for await (const { record, info, raw } of csvRecords(path, delimiter, faults)) {
    yield* faulty();
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const values = Object.fromEntries(columns.map((name, i) => [name, record[i] ?? '']));
    const row = { line: info.lines, values, text: lineText(raw) };
    if (record.length === columns.length) yield row;
    else yield { ...row, fault: `the row has ${record.length} values, and the header has ${columns.length}` };
  }
  yield* faulty();
}
