/** What a check of the kit is, and how one says what is wrong. */
import type { Harness } from './harness.ts';

export interface KitCheck {
  /** What the connector's `skips` name it by. */
  readonly name: string;
  /** The promise, as a sentence. */
  readonly promise: string;
  readonly area: 'reading' | 'faults' | 'writing' | 'webhooks' | 'secrets';
  /** Why it is not for this connector; null: it is. */
  without?(harness: Harness): string | null | Promise<string | null>;
  /** @throws KitFailure saying what is wrong */
  run(harness: Harness): Promise<void>;
}

/** A promise that is not held: one sentence for the author. */
export class KitFailure extends Error {
  override readonly name = 'KitFailure';
}

export function must(isSo: boolean, sentence: string): void {
  if (!isSo) throw new KitFailure(sentence);
}

/** An error in words, whatever was thrown. */
export const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);

const SHOWN = 5;
const listed = (ids: readonly string[]) => `${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ', …' : ''}`;

/** Both have the same ids. */
export function mustBeTheSame(got: Iterable<string>, wanted: Iterable<string>, what: string): void {
  const gotIds = new Set(got);
  const wantedIds = new Set(wanted);
  const missing = [...wantedIds].filter((id) => !gotIds.has(id));
  const extra = [...gotIds].filter((id) => !wantedIds.has(id));
  must(missing.length === 0, `${what}: ${missing.length} records are missing (${listed(missing)}).`);
  must(extra.length === 0, `${what}: ${extra.length} records are there that should not be (${listed(extra)}).`);
}

/** A text that is equal for equal content, whatever the order of fields. */
export const contentOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
