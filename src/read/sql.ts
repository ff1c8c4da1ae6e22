/**
 * SQL as values: a tagged template whose holes are only identifiers, values or other fragments. It is the only way in which
 * anything reaches SQL, so no text of a user's ever becomes part of a statement.
 */

const PARTS = Symbol('parts');
type Part = string | { readonly value: unknown };

export interface Sql {
  readonly [PARTS]: readonly Part[];
}

/** A statement as the driver takes it: `$1`-style text and its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const isSql = (x: unknown): x is Sql => typeof x === 'object' && x !== null && PARTS in x;
const fragment = (parts: readonly Part[]): Sql => ({ [PARTS]: parts });

/** @example sql`select ${sql.id('t', 'name')} from customer t where t.id = ${id}` */
export function sql(texts: TemplateStringsArray, ...holes: readonly unknown[]): Sql {
  const parts: Part[] = [];
  texts.forEach((text, i) => {
    if (text) parts.push(text);
    if (i < holes.length) {
      const hole = holes[i];
      if (isSql(hole)) parts.push(...hole[PARTS]);
      else parts.push({ value: hole });
    }
  });
  return fragment(parts);
}

sql.empty = fragment([]);
/** Quoted identifiers joined by dots. Only for names that come from the catalogue. */
sql.id = (...names: readonly string[]): Sql => fragment([names.map((n) => `"${n.replaceAll('"', '""')}"`).join('.')]);
/** A literal of ours (never a user's): key names of a JSON object, constants of a plan. */
sql.literal = (text: string): Sql => fragment([`'${text.replaceAll("'", "''")}'`]);
/** A whole number of ours that stands in the text. */
sql.number = (n: number): Sql => {
  if (!Number.isSafeInteger(n)) throw new Error(`${n} is not a whole number`);
  return fragment([String(n)]);
};
sql.join = (fragments: readonly Sql[], separator = ', '): Sql =>
  fragment(fragments.flatMap((f, i) => (i === 0 ? f[PARTS] : [separator, ...f[PARTS]])));

const TYPE = /^[a-z_ ]+(\(\d+(,\s*\d+)?\))?(\[\])?$/;
/** Distinct ids as an array parameter; those that are absent are left out. */
sql.uuids = (ids: Iterable<string | null | undefined>): Sql =>
  sql.typed([...new Set([...ids].filter((id) => typeof id === 'string'))], 'uuid[]');

/** A value with its SQL type, for example `sql.typed(ids, 'uuid[]')`. */
sql.typed = (value: unknown, type: string): Sql => {
  if (!TYPE.test(type)) throw new Error(`${type} is not a type name`);
  return fragment([{ value }, `::${type}`]);
};

/** A statement as a text in SQL, for a function that looks at it. Postgres itself quotes the values; all of them must say their type. */
sql.text = (source: Sql): Sql => {
  const parts = source[PARTS];
  const values: Sql[] = [];
  const text = parts.map((part, i) => {
    if (typeof part === 'string') return part.replaceAll('%', '%%');
    const next = parts[i + 1];
    if (typeof next !== 'string' || !next.startsWith('::') || !TYPE.test(next.slice(2)))
      throw new Error('A value of a statement that becomes a text says no type.');
    values.push(fragment([part, next]));
    return '%L';
  });
  return sql`format(${sql.join([sql.literal(text.join('')), ...values])})`;
};

/** Text and values, numbered in order; a fragment that stands in several places has its parameters once. */
export function statement(source: Sql): Statement {
  const values: unknown[] = [];
  const numbers = new Map<Part, number>();
  let text = '';
  for (const part of source[PARTS]) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const number = numbers.get(part) ?? values.push(part.value);
    numbers.set(part, number);
    text += `$${number}`;
  }
  return { text, values };
}

/** The columns that a fragment names of one alias, each once. @example columnsNamed(sql`${sql.id('t', 'a')} > 1`, 't') // ['a'] */
export function columnsNamed(source: Sql, alias: string): string[] {
  const text = source[PARTS].map((part) => (typeof part === 'string' ? part : '?')).join('');
  const found = text.matchAll(new RegExp(`"${alias}"\\.(?:"([^"]+)"|([a-z_][a-z0-9_]*))`, 'g'));
  return [...new Set([...found].map(([, quoted, plain]) => quoted ?? plain ?? ''))];
}
