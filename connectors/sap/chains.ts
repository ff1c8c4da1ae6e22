/** What lines refer to, and what that refers to in its turn: a payment in part names its invoice, and a rest may be left of a rest. */
import type { JsonObject } from '../../src/connect/index.ts';
import { parted } from './keyset.ts';
import { linesOfDocuments, referenceOf } from './lines.ts';
import type { Context } from './system.ts';

export const CHAIN_MAX_COUNT = 5;

const referencesIn = (lines: readonly JsonObject[]): readonly string[] => [
  ...new Set(lines.flatMap((line) => referenceOf(line) ?? [])),
];

/** The lines of the documents that these lead to. */
export async function targetsOf(context: Context, lines: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  const seen = new Set<string>();
  for (let from = lines, depth = 0; depth < CHAIN_MAX_COUNT; depth++) {
    const keys = referencesIn(from).filter((key) => !seen.has(key));
    if (keys.length === 0) break;
    for (const key of keys) seen.add(key);
    from = await linesOfDocuments(context, keys.map(parted));
    all.push(...from);
  }
  return all;
}

/** Of those that are known, the ones that these lead to. */
export function chained(lines: readonly JsonObject[], known: ReadonlyMap<string, readonly JsonObject[]>): readonly JsonObject[] {
  const found = new Map<string, readonly JsonObject[]>();
  for (let from = lines, depth = 0; depth < CHAIN_MAX_COUNT; depth++) {
    const keys = referencesIn(from).filter((key) => !found.has(key) && known.has(key));
    if (keys.length === 0) break;
    for (const key of keys) found.set(key, known.get(key) ?? []);
    from = keys.flatMap((key) => known.get(key) ?? []);
  }
  return [...found.values()].flat();
}

/** The keys of documents, and of those that their lines lead to. */
export async function rootsOf(context: Context, keys: readonly string[]): Promise<readonly string[]> {
  const lines = await linesOfDocuments(context, keys.map(parted));
  return [...new Set([...keys, ...referencesIn(lines), ...referencesIn(await targetsOf(context, lines))])];
}
