/** What an edit changes of a record: pure, for any record. */

type Edit<Fields> = { readonly [K in keyof Fields]?: Exclude<Fields[K], undefined> };

/**
 * Those of the fields that say another value than the record has; null when none does. Absent leaves a value, null clears it.
 * @example editOf({ name: 'A', email: 'a@x.de' }, { name: 'A', email: null }) // { email: null }
 */
export function editOf<Fields extends object>(
  record: { readonly [K in keyof Fields]-?: unknown },
  fields: Fields,
): Edit<Fields> | null {
  const isNew = ([name, value]: [string, unknown]) => value !== undefined && value !== record[name as keyof Fields];
  const changed = Object.entries(fields).filter(isNew);
  return changed.length === 0 ? null : (Object.fromEntries(changed) as Edit<Fields>);
}

/** The names of the changed fields, as the graph shows them, for an event. @example fieldsOf({ name: 'B', limitMinor: null }) // 'limit name' */
export const fieldsOf = (edit: object): string =>
  Object.keys(edit)
    .map((name) => name.replace(/Minor$/, ''))
    .sort()
    .join(' ');
