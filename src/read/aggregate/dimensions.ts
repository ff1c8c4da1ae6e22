/**
 * What the rows of a record can be grouped by: its own plain fields, and those of the records that it belongs to, one level away.
 * Schema and resolver read this one list, so that whatever GraphQL accepts can be grouped by. It knows no SQL.
 */
import type { Permission } from '../../access/policy.ts';
import { snake, upperFirst } from '../../kernel/text.ts';
import type { OneRelation, ReadRecord, ScalarName } from '../record.ts';
import { type ScalarShown, shownFields } from '../shown.ts';

export interface Dimension {
  /** In the key of a group: `status`, `customerSegment`. */
  readonly name: string;
  /** In arguments: `STATUS`, `CUSTOMER_SEGMENT`. */
  readonly constant: string;
  readonly description: string;
  readonly field: ScalarShown;
  /** The relation that leads to the field's record; null for a field of the record itself. */
  readonly via: { readonly name: string; readonly relation: OneRelation; readonly permission: Permission | null } | null;
  /** Days and instants are grouped by spans of time; each is named by its first day. */
  readonly time: 'DATE' | 'DATE_TIME' | null;
}

type RecordNamed = (name: string) => ReadRecord;

const PLAIN: ReadonlySet<ScalarName> = new Set(['ID', 'String', 'Currency', 'Email', 'Url', 'Boolean', 'Int']);
const CLASSING: ReadonlySet<ScalarName> = new Set(['String', 'Boolean']);
const TIMES: Readonly<Partial<Record<ScalarName, 'DATE' | 'DATE_TIME'>>> = { Date: 'DATE', DateTime: 'DATE_TIME' };

const known = new WeakMap<ReadRecord, readonly Dimension[]>();

/** @throws Error where two fields would have one name */
export function dimensionsOf(record: ReadRecord, recordNamed: RecordNamed): readonly Dimension[] {
  const found = known.get(record);
  if (found) return found;
  const own = ownDimensions(record);
  const names = new Set(own.map(({ name }) => name));
  // what is said by a field of the record itself isn't said again
  const made = [...own, ...relatedTo(record, recordNamed).filter(({ name }) => !names.has(name))];
  if (new Set(made.map(({ name }) => name)).size !== made.length)
    throw new Error(`${record.name} can be grouped by two fields of one name.`);
  known.set(record, made);
  return made;
}

/** Those of the record itself. */
export const ownDimensions = (record: ReadRecord): Dimension[] => groupable(record).map((field) => dimension(field, null));

/** Whatever can be filtered by can be grouped by, but for amounts, search texts and the record's own id, which is never shared. */
const groupable = (record: ReadRecord): ScalarShown[] =>
  shownFields(record).filter(
    (field): field is ScalarShown =>
      field.kind === 'scalar' &&
      field.column.meta?.filter === true &&
      !field.column.isSearchText &&
      field.column.property !== 'id' &&
      (PLAIN.has(field.scalar) || TIMES[field.scalar] !== undefined),
  );

/**
 * Of another record: its id, and what it is called and classed by. Its days, counts and currencies are its own and say nothing of
 * ours; records that it leads to in turn are two levels away, but for those of its own kind: a customer's parent.
 */
function relatedTo(record: ReadRecord, recordNamed: RecordNamed): Dimension[] {
  return shownFields(record).flatMap((shown) => {
    if (shown.kind !== 'one') return [];
    const other = recordNamed(shown.relation.record);
    const id = shownFields(other).filter((field): field is ScalarShown => field.kind === 'scalar' && field.name === 'id');
    const plain = groupable(other).filter(({ scalar, ref }) => (ref === null ? CLASSING.has(scalar) : ref === other.name));
    const { name, relation, permission } = shown;
    return [...id, ...plain].map((field) => dimension(field, { name, relation, permission }));
  });
}

function dimension(field: ScalarShown, via: Dimension['via']): Dimension {
  const name = via ? `${via.name}${upperFirst(field.name)}` : field.name;
  return {
    name,
    constant: snake(name).toUpperCase(),
    description: via ? `Of ${via.name}: ${field.description}` : field.description,
    field,
    via,
    time: TIMES[field.scalar] ?? null,
  };
}
