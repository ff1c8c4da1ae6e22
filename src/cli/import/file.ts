/**
 * The file of an import: looked over once before anything is written (is it UTF-8 text with rows?), then read row by row. Never the
 * whole file is in memory, and one row is a megabyte at most.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import { csvHeader, csvRows, delimiterOf } from './csv.ts';
import { jsonKeys, jsonRows } from './jsonl.ts';
import type { RawRow } from './row.ts';

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly columns: readonly string[];
  rows(): AsyncIterable<RawRow>;
}

/** @throws Failure with one sentence, before anything is read into the books */
export async function openSource(path: string): Promise<SourceFile> {
  const { bytes, lines, head } = await lookOver(path);
  if (/\.jsonl?$|\.ndjson$/i.test(path)) {
    if (/\.json$/i.test(path))
      throw new Failure(
        `${path}: a JSON file can't be read row by row. Write one object a line (jq -c '.[]' in.json > out.jsonl).`,
      );
    return { path, bytes, lines, columns: await jsonKeys(path), rows: () => jsonRows(path) };
  }
  const delimiter = delimiterOf(head);
  const columns = await csvHeader(path, delimiter);
  return { path, bytes, lines, columns, rows: () => csvRows(path, delimiter, columns) };
}

/** Reads it through once: size, lines, and whether all of it is UTF-8. */
async function lookOver(path: string): Promise<{ bytes: number; lines: number; head: string }> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      error.code === 'ENOENT'
        ? `There is no file ${path}.`
        : `${path} can't be read: ${error.code === 'EACCES' ? 'this user may not' : error.message}.`,
    );
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
