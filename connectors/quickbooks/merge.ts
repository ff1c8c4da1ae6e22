/**
 * What an update sends: the fields that we set and that are other there. A field that we have not changed since we read it last stays as
 * somebody there has it now; one that both changed becomes ours, and what it was is told. Nothing is ever cleared.
 */
import { decimalOf, type Json, type JsonObject, type PushResult, compare } from '../../src/connect/index.ts';
import { isObject, textAt } from './fields.ts';
import { ADDRESS_FIELDS, countryCode } from './place.ts';

/** A field that the platform sets. */
export interface Setting {
  readonly field: string;
  readonly mine: Json | undefined;
  /** Does it say the same there? Equal as far as `mine` goes, unless told. */
  readonly isSame?: (theirs: Json | undefined) => boolean;
  /** Sent in its stead, to keep what is not ours inside of it. */
  readonly toSend?: (theirs: Json | undefined) => Json;
  /** Sent along whenever it is. */
  readonly along?: JsonObject;
  /** `mine` has what is there in it already: it is sent whenever it is other than that. */
  readonly isMerged?: boolean;
  /** What somebody there has set otherwise, and `mine` goes over. */
  readonly overridden?: Json;
}

type Overridden = NonNullable<PushResult['overridden']>[number];

export interface Decision {
  /** Empty: there is nothing to do. */
  readonly changes: JsonObject;
  readonly overridden: readonly Overridden[];
}

/** `known`: as we read it last; null: we never did, and what differs becomes ours. */
export function decide(settings: readonly Setting[], fresh: JsonObject, known: JsonObject | null): Decision {
  const changes: Record<string, Json> = {};
  const overridden: Overridden[] = [];
  for (const setting of settings) {
    const { field, mine, toSend, along, isMerged = false } = setting;
    const theirs = fresh[field];
    const isSame = setting.isSame ?? ((there: Json | undefined) => isPartOf(mine, there));
    if (mine === undefined || isSame(theirs) || (known !== null && !isMerged && isSame(known[field]))) continue;
    Object.assign(changes, along, { [field]: toSend ? toSend(theirs) : mine });
    const gone = isMerged ? setting.overridden : changedBy(theirs, known?.[field], known !== null);
    if (gone !== undefined) overridden.push({ field, theirs: gone, ours: mine });
  }
  return { changes, overridden };
}

const changedBy = (theirs: Json | undefined, before: Json | undefined, isKnown: boolean): Json | undefined =>
  isKnown && theirs !== undefined && !isPartOf(theirs, before) ? theirs : undefined;

/** Everything that `mine` says is said there too, numbers by their value. */
export function isPartOf(mine: Json | undefined, theirs: Json | undefined): boolean {
  if (mine === theirs) return true;
  if (typeof mine === 'number' || typeof theirs === 'number') return isSameNumber(mine, theirs);
  if (Array.isArray(mine)) {
    const list = mine as readonly Json[];
    return (
      Array.isArray(theirs) &&
      theirs.length === list.length &&
      list.every((one, i) => isPartOf(one, (theirs as readonly Json[])[i]))
    );
  }
  if (!isObject(mine) || !isObject(theirs)) return false;
  return Object.entries(mine).every(([name, value]) => isPartOf(value, theirs[name]));
}

function isSameNumber(a: Json | undefined, b: Json | undefined): boolean {
  try {
    return compare(decimalOf(a, ''), decimalOf(b, '')) === 0;
  } catch {
    return false;
  }
}

/** An address is the same when all of its lines are, and its country by whatever name. */
export function isSameAddress(mine: Json | undefined, theirs: Json | undefined): boolean {
  if (!isObject(mine) || !isObject(theirs)) return mine === theirs;
  return ADDRESS_FIELDS.every((name) => {
    const [a, b] = [textAt(mine, name)?.trim(), textAt(theirs, name)?.trim()];
    return a === b || (name === 'Country' && countryCode(a) === countryCode(b));
  });
}
