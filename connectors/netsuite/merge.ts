/**
 * What an update sends: the fields that we set and that are other there. A field that we have not changed since we read it last stays as
 * somebody there has it now; one that both changed becomes ours, and what it was is told. Nothing is ever cleared.
 */
import type { Json, JsonObject, PushResult } from '../../src/connect/index.ts';
import { isObject } from './fields.ts';

/** A field that the platform sets. */
export interface Setting {
  /** In the record service. */
  readonly field: string;
  readonly mine: Json | undefined;
  /** What a record that was read has in its place. */
  readonly theirs: (raw: JsonObject) => string | undefined;
  /** Equal texts unless told. */
  readonly isSame?: (mine: string, theirs: string | undefined) => boolean;
}

export type Overridden = NonNullable<PushResult['overridden']>[number];

export interface Decision {
  /** Empty: there is nothing to do. */
  readonly changes: JsonObject;
  readonly overridden: readonly Overridden[];
}

/** Of a reference its id. */
function textOf(value: Json): string {
  const plain = isObject(value) ? value['id'] : value;
  return typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean' ? String(plain) : '';
}
const equal = (mine: string, theirs: string | undefined): boolean => mine === (theirs ?? '');

/** `known`: as we read it last; null: we never did, and what differs becomes ours. */
export function decide(settings: readonly Setting[], fresh: JsonObject, known: JsonObject | null): Decision {
  const changes: Record<string, Json> = {};
  const overridden: Overridden[] = [];
  for (const { field, mine, theirs, isSame = equal } of settings) {
    if (mine === undefined) continue;
    const [text, there, before] = [textOf(mine), theirs(fresh), known === null ? undefined : theirs(known)];
    if (isSame(text, there) || (known !== null && isSame(text, before))) continue;
    changes[field] = mine;
    if (known !== null && there !== undefined && there !== before) overridden.push({ field, theirs: there, ours: mine });
  }
  return { changes, overridden };
}
