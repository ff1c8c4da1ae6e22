/** Which list of an object is taken as rows of its own; every other one comes as JSON in a column. */
import type { ConnectionRead, FieldRead, ObjectRead } from '../tree.ts';

/** As many as there usually are of what belongs to one record. */
const LIST_ROWS = 10;

/** What can be a level. */
export type Chosen = Extract<FieldRead, { kind: 'list' | 'connection' }>;

/** The one that is likely largest; null where there is none. It may stand in a record that is joined to this one. */
export function chosenList(objects: readonly ObjectRead[]): Chosen | null {
  const lists = objects.flatMap(listsOf);
  const sizes = lists.map(sizeOfField);
  return lists[sizes.indexOf(Math.max(...sizes))] ?? null;
}

function listsOf({ fields }: ObjectRead): Chosen[] {
  return fields.flatMap((field): Chosen[] => {
    if (field.kind === 'one') return listsOf(field.of);
    if (field.kind === 'list') return [field];
    return field.kind === 'connection' && objectsOf(field.connection).length > 0 ? [field] : [];
  });
}

/** What a connection shows of each row. */
export const objectsOf = ({ fields }: ConnectionRead): ObjectRead[] =>
  fields.flatMap((part) => {
    if (part.kind === 'nodes') return [part.of];
    return part.kind === 'edges' ? part.fields.flatMap((field) => (field.kind === 'node' ? [field.of] : [])) : [];
  });

function sizeOfField(field: FieldRead): number {
  switch (field.kind) {
    case 'one':
    case 'first':
      return sizeOf(field.of);
    case 'list':
      return LIST_ROWS * sizeOf(field.of);
    case 'connection':
      return objectsOf(field.connection).reduce((sum, object) => sum + field.connection.page.size * sizeOf(object), 1);
    default:
      return 1;
  }
}

const sizeOf = ({ fields }: ObjectRead): number => fields.reduce((sum, field) => sum + sizeOfField(field), 1);
