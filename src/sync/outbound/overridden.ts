/** What a push set that somebody had changed in the ERP since it was read last: for the log, so that no change goes unseen. Pure. */
import type { Canonical, Json } from '../../canonical/canonical.ts';

export interface Overridden {
  readonly field: string;
  readonly theirs: Json;
  readonly ours: Json;
}

export interface Overriding {
  /** As it was known, and as it was found; null: it has not the form of a document. */
  readonly theirs: { readonly before: Canonical | null; readonly now: Canonical | null };
  readonly ours: Canonical;
  /** What the connector tells of itself. */
  readonly told: readonly Overridden[];
}

/** What follows from other records there, and is never written by us. */
const THEIRS_ALONE: ReadonlySet<string> = new Set(['open', 'unapplied', 'balance']);

const fieldsOf = (document: Canonical | null): Readonly<Record<string, Json | undefined>> => ({ ...document }) as never;
const isSame = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

export function overriddenIn({ theirs, ours, told }: Overriding): readonly Overridden[] {
  if (!theirs.before || !theirs.now) return told;
  const [before, now, set] = [fieldsOf(theirs.before), fieldsOf(theirs.now), fieldsOf(ours)];
  const isTold = new Set(told.map(({ field }) => field));
  const seen = Object.keys(set)
    .filter((field) => !THEIRS_ALONE.has(field) && !isTold.has(field))
    .filter((field) => !isSame(before[field], now[field]) && !isSame(now[field], set[field]))
    .map((field) => ({ field, theirs: now[field] ?? null, ours: set[field] ?? null }));
  return [...told, ...seen];
}

const VALUE_MAX_CHARS = 200;
const TEXT_MAX_CHARS = 2_000;
const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, VALUE_MAX_CHARS);

/** As an event says it. @example overriddenText([{ field: 'memo', theirs: 'a', ours: 'b' }]) // 'memo: a → b' */
export function overriddenText(fields: readonly Overridden[]): string | null {
  if (fields.length === 0) return null;
  const texts = fields.map(({ field, theirs, ours }) => `${field}: ${valueText(theirs)} → ${valueText(ours)}`);
  return texts.join('; ').slice(0, TEXT_MAX_CHARS);
}
