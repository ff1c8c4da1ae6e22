/** JSON as QuickBooks writes it, and how the simulator reads from it. Bodies are shared between records, so nothing ever changes one in place. */

export type Value = string | number | boolean | null | readonly Value[] | Body;

export interface Body {
  readonly [name: string]: Value;
}

export interface Ref extends Body {
  readonly value: string;
}

export const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a property; numbers count as their text. Undefined when there is none. */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The records of a list; what is no record is left out. */
export function listOf(body: Body, name: string): readonly Body[] {
  const value = body[name];
  return Array.isArray(value) ? (value as readonly Value[]).filter(isBody) : [];
}

/** A property that is a record itself; an empty one when it is not there. */
export function partOf(body: Body, name: string): Body {
  const value = body[name];
  return isBody(value) ? value : EMPTY;
}

/** What a reference such as CustomerRef points to. */
export function refOf(body: Body, name: string): string | undefined {
  return textOf(partOf(body, name), 'value');
}

/** Without the names, and without what is undefined: JSON has no such thing. */
export function without(body: Body, ...names: readonly string[]): Body {
  const rest: Record<string, Value> = {};
  for (const [name, value] of Object.entries(body)) if (!names.includes(name)) rest[name] = value;
  return rest;
}

/** Only what is given: a property that is undefined is none. */
export function given(properties: Readonly<Record<string, Value | undefined>>): Body {
  const body: Record<string, Value> = {};
  for (const name of Object.keys(properties)) {
    const value = properties[name];
    if (value !== undefined) body[name] = value;
  }
  return body;
}

const EMPTY: Body = Object.freeze({});
