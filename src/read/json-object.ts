/** A JSON object in SQL, of any number of keys. */
import { type Sql, sql } from './sql.ts';

export type Pair = readonly [key: string, value: Sql];

/** A function takes 100 arguments at most. */
const PAIRS_MAX = 50;
const NAME = /^[$_A-Za-z]\w*$/;

export function jsonObject(pairs: readonly Pair[]): Sql {
  const parts = pairs.map(([key, value]) => {
    if (!NAME.test(key)) throw new Error(`${key} is no name of GraphQL's.`);
    return sql`${sql.literal(key)}, ${value}`;
  });
  if (parts.length <= PAIRS_MAX) return sql`json_build_object(${sql.join(parts)})`;
  const chunks = Array.from({ length: Math.ceil(parts.length / PAIRS_MAX) }, (_, i) => {
    const some = parts.slice(i * PAIRS_MAX, (i + 1) * PAIRS_MAX);
    return sql`substr(left(json_build_object(${sql.join(some)})::text, -1), 2)`;
  });
  // jsonb could be joined as it is, and would lose the order of the keys
  return sql`('{' || ${sql.join(chunks, " || ',' || ")} || '}')::json`;
}
