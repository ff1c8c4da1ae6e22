/** The rows of a file: lines of CSV with a header, or one JSON object on each line. An empty cell is none. */
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { ExternalError, type JsonObject, parseJson } from '../../src/connect/index.ts';
import type { OpenFile } from './folder.ts';

const LINE_MAX_BYTES = 1_000_000;

const refused = (words: string) => new ExternalError(words, { kind: 'REJECTED', words });

export interface Columns {
  readonly delimiter: string;
  /** The one that a file without is none of its kind, such as a page of a proxy. */
  readonly id: string;
}

/** @throws ExternalError naming the file and line that can't be read */
export async function* rowsOf(file: OpenFile, columns: Columns): AsyncGenerator<JsonObject> {
  const source = file.handle.createReadStream({ start: 0, autoClose: false });
  if (file.format === 'csv') {
    const parser = parse(csvOptions(file, columns));
    source.on('error', (error) => parser.destroy(error));
    yield* csvRows(file, source.pipe(parser));
  } else yield* jsonRows(file, createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY }));
}

const csvOptions = ({ name }: OpenFile, { delimiter, id }: Columns) => ({
  columns(names: string[]) {
    if (!names.includes(id)) throw refused(`${name} has no column ${id}, so it has no rows that could be told apart.`);
    return names;
  },
  bom: true,
  trim: true,
  skip_empty_lines: true,
  delimiter,
  max_record_size: LINE_MAX_BYTES,
});

async function* csvRows({ name }: OpenFile, records: AsyncIterable<unknown>): AsyncGenerator<JsonObject> {
  try {
    for await (const record of records) {
      const cells = Object.entries(record as Record<string, string>).filter(([, cell]) => cell !== '');
      if (cells.length > 0) yield Object.fromEntries(cells);
    }
  } catch (error) {
    throw error instanceof ExternalError ? error : refused(`${name} is no CSV file: ${(error as Error).message}`);
  }
}

async function* jsonRows({ name }: OpenFile, lines: AsyncIterable<string>): AsyncGenerator<JsonObject> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') continue;
    const row = text.length > LINE_MAX_BYTES ? undefined : jsonIn(text);
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw refused(`${name}, line ${number}, is no JSON object.`);
    yield row as JsonObject;
  }
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
