/**
 * The file of an import: looked over once before anything is written (is it UTF-8 text with rows?), then read row by row. Never the
 * whole file is in memory, and one row is a megabyte at most.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { csvHeader, csvRows, delimiterOf } from './csv.ts';
import { jsonKeys, jsonRows } from './jsonl.ts';
import type { RawRow } from './row.ts';
import { Unfit } from './unfit.ts';

export const FORMATS = ['CSV', 'JSONL'] as const;
export type Format = (typeof FORMATS)[number];

export interface FileWanted {
  readonly path: string;
  /** What it is called in sentences. */
  readonly name: string;
  readonly format: Format;
}

export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly columns: readonly string[];
  rows(): AsyncIterable<RawRow>;
}

/** By the end of its name. @throws Unfit for a JSON array @example formatOf('open.csv') // 'CSV' */
export function formatOf(name: string): Format {
  if (/\.json$/i.test(name))
    throw new Unfit(`${name}: a JSON file can't be read row by row. Write one object a line (jq -c '.[]' in.json > out.jsonl).`);
  return /\.jsonl$|\.ndjson$/i.test(name) ? 'JSONL' : 'CSV';
}

/** @throws Unfit with one sentence, before anything is read into the books */
export async function openSource(wanted: FileWanted): Promise<SourceFile> {
  const { path, name, format } = wanted;
  const { head, ...found } = await lookOver(wanted);
  if (format === 'JSONL') return { name, ...found, columns: await jsonKeys(wanted), rows: () => jsonRows(path) };
  const delimiter = delimiterOf(head);
  const columns = await csvHeader(wanted, delimiter);
  return { name, ...found, columns, rows: () => csvRows(path, delimiter, columns) };
}

interface Looked extends Pick<SourceFile, 'bytes' | 'lines' | 'sha256'> {
  readonly head: string;
}

/** Reads it through once: size, lines, and whether all of it is UTF-8. */
async function lookOver({ path, name }: FileWanted): Promise<Looked> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Unfit(
      error.code === 'ENOENT'
        ? `There is no file ${name}.`
        : `${name} can't be read: ${error.code === 'EACCES' ? 'this user may not' : error.message}.`,
    );
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Unfit(`${name} is not a file: name a CSV or JSONL file.`);
    if (info.size === 0) throw new Unfit(`${name} is empty.`);
    return await checkText(name, file, info.size);
  } finally {
    await file.close();
  }
}

const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

async function checkText(name: string, file: FileHandle, bytes: number): Promise<Looked> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const hash: Hash = createHash('sha256');
  const chunk = Buffer.alloc(65_536);
  let lines = 0;
  let head = '';
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    const part = chunk.subarray(0, bytesRead);
    if (at === 0 && UTF_16.some((mark) => part.indexOf(mark) === 0)) throw new Unfit(`${name} is UTF-16 text: save it as UTF-8.`);
    at += bytesRead;
    hash.update(part);
    try {
      const text = decoder.decode(part, { stream: at < bytes });
      if (head === '') head = text;
    } catch {
      throw new Unfit(`${name} is not UTF-8 text, from about line ${lines + 1} on: save it as UTF-8.`);
    }
    for (const byte of part) if (byte === 10) lines += 1;
  }
  return { bytes, lines, head, sha256: hash.digest('hex') };
}
