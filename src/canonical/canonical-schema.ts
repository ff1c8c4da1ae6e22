/** The canonical documents as JSON Schema, for `schema/canonical.json`: what authors of connectors and readers of raw exports go by. */
import { z } from 'zod';
import { CANONICAL } from './canonical.ts';

export function canonicalJson(): string {
  const kinds = Object.entries(CANONICAL).map(([kind, schema]) => [kind, z.toJSONSchema(schema)]);
  return `${JSON.stringify(Object.fromEntries(kinds), null, 2)}\n`;
}
