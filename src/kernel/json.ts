/**
 * One text for one value, whatever the order of its keys: the input of hashes (idempotency keys, the audit chain).
 * The form is stored for ever by its hash, so it must never change.
 */

/**
 * JSON with sorted keys and no spaces. A bigint becomes a string of digits, a Date its ISO text in UTC; keys with
 * `undefined` are left out; `undefined` in a list is null. Keys sort by UTF-16 code units, as in RFC 8785.
 * @throws TypeError for what has no single text: NaN, infinity, an invalid Date, functions, symbols, class instances, cycles
 * @example canonicalJson({ b: 1n, a: [true] }) // '{"a":[true],"b":"1"}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, above: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical text.`);
      return JSON.stringify(value);
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : writeObject(value, above);
    default:
      throw new TypeError(`A ${typeof value} has no canonical text.`);
  }
}

function writeObject(value: object, above: readonly object[]): string {
  if (above.includes(value)) throw new TypeError('A value that contains itself has no canonical text.');
  const here = [...above, value];
  if (value instanceof Date) return `"${value.toISOString()}"`;
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, here)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${value.constructor.name} has no canonical text: pass plain values.`);
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write(record[key], here)}`).join(',')}}`;
}
