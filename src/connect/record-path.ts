/**
 * Where a value stands in an ERP's record, as text: `BillAddr.City`, `Line.0.Amount`, `CustomField[Name=Crew].StringValue` for the
 * entry of a list that has that value. Reading what isn't there gives undefined; a path is checked when a mapping is made.
 */
import type { Json, JsonObject } from '../canonical/canonical.ts';

interface Step {
  readonly name: string;
  /** The entry of a list to take. */
  readonly where: { readonly field: string; readonly value: string } | null;
}

export type RecordPath = readonly Step[];

const PATH = /^[^.[\]]+(\[[^.[\]=]+=[^[\]]*\])?(\.[^.[\]]+(\[[^.[\]=]+=[^[\]]*\])?)*$/;
const STEP = /([^.[\]]+)(?:\[([^.[\]=]+)=([^[\]]*)\])?/g;

/** @throws Error for a text that is no path */
export function recordPath(text: string): RecordPath {
  if (!PATH.test(text)) throw new Error(`"${text}" is no path such as BillAddr.City or CustomField[Name=Crew].StringValue.`);
  return [...text.matchAll(STEP)].map(([, name = '', field, value]) => ({
    name,
    where: field === undefined || value === undefined ? null : { field, value },
  }));
}

export function valueAt(record: unknown, path: RecordPath): unknown {
  return path.reduce<unknown>((at, { name, where }) => {
    const inside = fieldOf(at, name);
    if (where === null) return inside;
    return Array.isArray(inside) ? inside.find((one) => fieldOf(one, where.field) === where.value) : undefined;
  }, record);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** The record with that value in its place, and the objects that lead to it. */
export function withValue(record: JsonObject, [step, ...rest]: RecordPath, value: Json): JsonObject {
  if (step === undefined) return record;
  if (rest.length === 0) return { ...record, [step.name]: value };
  const inside = record[step.name];
  const below = typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? (inside as JsonObject) : {};
  return { ...record, [step.name]: withValue(below, rest, value) };
}

/** Can it be written? Lists are written whole, by a codec. */
export const isWritable = (path: RecordPath): boolean => path.every(({ where, name }) => where === null && !/^\d+$/.test(name));
