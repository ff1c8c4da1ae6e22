/** JSONL: one object a line, its values by name. */
import { createReadStream } from 'node:fs';
import { splitLines, TooLong } from './lines.ts';
import { lineText, type RawRow, ROW_MAX_BYTES } from './row.ts';
import { Unfit } from './unfit.ts';

const FIRST_OBJECTS = 100;

export async function* jsonRows(path: string): AsyncIterable<RawRow> {
  let line = 0;
  try {
    for await (const text of splitLines(createReadStream(path), ROW_MAX_BYTES)) {
      line += 1;
      if (text.trim() !== '')
        yield { line, text: lineText(text), ...jsonValues(line === 1 ? text.replace(/^\uFEFF/, '') : text) };
    }
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    yield { line: line + 1, values: {}, text: '', fault: 'the line is longer than a megabyte; what follows was not read' };
  }
}

function jsonValues(text: string): Pick<RawRow, 'values' | 'fault'> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { values: {}, fault: 'the line is not JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { values: {}, fault: 'the line is not a JSON object' };
  const nested = Object.entries(parsed).find(([, value]) => typeof value === 'object' && value !== null);
  const values = Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [name, value === null || nested?.[1] === value ? '' : numberless(value)]),
  );
  return nested === undefined ? { values } : { values, fault: `${nested[0]} is not a plain value` };
}

/** A JSON number beyond 15 digits has lost some already; as text it would pass for exact. */
const numberless = (value: unknown): string =>
  typeof value === 'number' && String(value).replace(/\D/g, '').length > 15
    ? `${value} (a JSON number: send it as text)`
    : String(value);

/** The names in the first objects: later ones may lack some. */
export async function jsonKeys({ path, name }: { path: string; name: string }): Promise<readonly string[]> {
  const names = new Set<string>();
  let count = 0;
  for await (const row of jsonRows(path)) {
    if (row.fault !== undefined && count === 0) throw new Unfit(`${name}, line ${row.line}: ${row.fault}.`);
    for (const key of Object.keys(row.values)) names.add(key);
    count += 1;
    if (count === FIRST_OBJECTS) break;
  }
  if (count === 0) throw new Unfit(`${name} has no rows.`);
  return [...names];
}
