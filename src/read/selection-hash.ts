/** Tells whether two operations ask for the same of a field's result, whatever the field's own arguments are. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/json.ts';
import type { PlannedField } from './plan.ts';

/** Names, aliases, types, and the arguments below the field with their variables; not its own arguments. */
export function selectionHash({ of, byType }: PlannedField): string {
  return createHash('sha256').update(canonicalJson({ of, byType })).digest('hex');
}
