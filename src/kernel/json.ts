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

function write(value: unknown, above: object[]): string {
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

function writeObject(value: object, above: object[]): string {
  if (above.includes(value)) throw new TypeError('A value that contains itself has no canonical text.');
  if (value instanceof Date) return `"${value.toISOString()}"`;
  above.push(value);
  const text = Array.isArray(value) ? writeList(value, above) : writeRecord(value, above);
  above.pop();
  return text;
}

function writeList(list: readonly unknown[], above: object[]): string {
  let text = '';
  for (const item of list) text += text === '' ? write(item, above) : `,${write(item, above)}`;
  return `[${text}]`;
}

function writeRecord(value: object, above: object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${value.constructor.name} has no canonical text: pass plain values.`);
  }
  const record = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${write(member, above)}`;
  }
  return `{${text}}`;
}
