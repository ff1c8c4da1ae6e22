/**
 * The file of an import: looked over once before anything is written (is it UTF-8 text with rows?), then read row by row. Never the
 * whole file is in memory, and one row is a megabyte at most.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { pipeline } from 'node:stream';
import { Failure } from '../failure.ts';
import { splitLines, TooLong } from './lines.ts';

/** One row: the values by column, or why there are none. `line` counts from 1, with the header. */
export interface RawRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** The whole row is unfit. */
  readonly fault?: string;
}

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly columns: readonly string[];
  rows(): AsyncIterable<RawRow>;
}

const FIRST_OBJECTS = 100;
const ROW_MAX_BYTES = 1_000_000;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** @throws Failure with one sentence, before anything is read into the books */
export async function openSource(path: string): Promise<SourceFile> {
  const { bytes, lines, head } = await lookOver(path);
  if (/\.jsonl?$|\.ndjson$/i.test(path)) {
    if (/\.json$/i.test(path)) throw new Failure(`${path}: a JSON file can't be read row by row. Write one object a line (jq -c '.[]' in.json > out.jsonl).`);
    return { path, bytes, lines, columns: await keysOf(path), rows: () => jsonRows(path) };
  }
  const delimiter = delimiterOf(head);
  const columns = await header(path, delimiter);
  return { path, bytes, lines, columns, rows: () => csvRows(path, delimiter, columns) };
}

/** Reads it through once: size, lines, and whether all of it is UTF-8. */
async function lookOver(path: string): Promise<{ bytes: number; lines: number; head: string }> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} can't be read: ${error.code === 'EACCES' ? 'this user may not' : error.message}.`);
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Failure(`${path} is not a file: name a CSV or JSONL file.`);
    if (info.size === 0) throw new Failure(`${path} is empty.`);
    return await checkText(path, file, info.size);
  } finally {
    await file.close();
  }
}

async function checkText(path: string, file: FileHandle, bytes: number): Promise<{ bytes: number; lines: number; head: string }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const chunk = Buffer.alloc(65_536);
  let lines = 0;
  let head = '';
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    const part = chunk.subarray(0, bytesRead);
    if (at === 0 && (part.indexOf(Buffer.from([0xff, 0xfe])) === 0 || part.indexOf(Buffer.from([0xfe, 0xff])) === 0)) {
      throw new Failure(`${path} is UTF-16 text: save it as UTF-8.`);
    }
    at += bytesRead;
    try {
      const text = decoder.decode(part, { stream: at < bytes });
      if (head === '') head = text;
    } catch {
      throw new Failure(`${path} is not UTF-8 text, from about line ${lines + 1} on: save it as UTF-8.`);
    }
    for (const byte of part) if (byte === 10) lines += 1;
  }
  return { bytes, lines, head };
}

function delimiterOf(head: string): string {
  const line = (head.split(/\r?\n/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((mark) => line.split(mark).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function csvRecords(path: string, delimiter: string, onSkip: (line: number, reason: string) => void): AsyncIterable<CsvRecord> & { destroy(): void } {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_MAX_BYTES,
    skip_records_with_error: true,
    on_skip: (error) => {
      const { code, lines } = (error ?? {}) as { code?: string; lines?: number };
      onSkip(lines ?? 0, CSV_FAULTS[code ?? ''] ?? 'the row is not well-formed CSV');
      return undefined;
    },
  });
  pipeline(createReadStream(path), parser, () => {}); // an error ends the iteration below
  return parser as AsyncIterable<CsvRecord> & { destroy(): void };
}

const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands after a closing quote ("): write "" for a quote inside of a value',
  INVALID_OPENING_QUOTE: 'a quote (") stands in the middle of a value: quote the whole value, and write "" for a quote in it',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something stands after a closing quote ("): write "" for a quote inside of a value',
  CSV_MAX_RECORD_SIZE: 'the row is longer than a megabyte: is a quote (") never closed?',
};

async function header(path: string, delimiter: string): Promise<readonly string[]> {
  const records = csvRecords(path, delimiter, () => {});
  for await (const { record } of records) {
    const columns = record.map((name) => name.trim());
    const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
    if (twice !== undefined) throw new Failure(`${path} has two columns called ${twice}: rename one.`);
    return columns;
  }
  throw new Failure(`${path} has no header line that can be read.`);
}

async function* csvRows(path: string, delimiter: string, columns: readonly string[]): AsyncIterable<RawRow> {
  const skipped: RawRow[] = [];
  let isHeader = true;
  for await (const { record, info } of csvRecords(path, delimiter, (line, fault) => skipped.push({ line, values: {}, fault }))) {
    yield* skipped.splice(0);
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const values = Object.fromEntries(columns.map((name, i) => [name, record[i] ?? '']));
    if (record.length === columns.length) yield { line: info.lines, values };
    else yield { line: info.lines, values, fault: `the row has ${record.length} values, and the header has ${columns.length}` };
  }
  yield* skipped;
}

async function* jsonRows(path: string): AsyncIterable<RawRow> {
  let line = 0;
  try {
    for await (const text of splitLines(createReadStream(path), ROW_MAX_BYTES)) {
      line += 1;
      if (text.trim() !== '') yield { line, ...jsonValues(line === 1 ? text.replace(/^\uFEFF/, '') : text) };
    }
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    yield { line: line + 1, values: {}, fault: 'the line is longer than a megabyte; what follows was not read' };
  }
}

function jsonValues(text: string): Pick<RawRow, 'values' | 'fault'> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { values: {}, fault: 'the line is not JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { values: {}, fault: 'the line is not a JSON object' };
  const nested = Object.entries(parsed).find(([, value]) => typeof value === 'object' && value !== null);
  const values = Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, value === null || nested?.[1] === value ? '' : numberless(value)]));
  return nested === undefined ? { values } : { values, fault: `${nested[0]} is not a plain value` };
}

/** A JSON number beyond 15 digits has lost some already; as text it would pass for exact. */
const numberless = (value: unknown): string =>
  typeof value === 'number' && String(value).replace(/\D/g, '').length > 15 ? `${value} (a JSON number: send it as text)` : String(value);

/** The names in the first objects: later ones may lack some. */
async function keysOf(path: string): Promise<readonly string[]> {
  const names = new Set<string>();
  let count = 0;
  for await (const row of jsonRows(path)) {
    if (row.fault !== undefined && count === 0) throw new Failure(`${path}, line ${row.line}: ${row.fault}.`);
    for (const name of Object.keys(row.values)) names.add(name);
    count += 1;
    if (count === FIRST_OBJECTS) break;
  }
  if (count === 0) throw new Failure(`${path} has no rows.`);
  return [...names];
}
