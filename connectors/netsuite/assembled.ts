/** What every mapping adds to its document: our record, when it was made there, and what no field holds. */
import type { AssembleContext, JsonObject, Mapping } from '../../src/connect/index.ts';
import { given, restOf, textAt } from './fields.ts';
import type { Settings } from './settings.ts';
import { utcIn } from './zone.ts';

interface Assembling<D> {
  readonly document: D;
  readonly tables: readonly Pick<Mapping<never, never>, 'fields'>[];
  /** Columns that are mapped without a table. */
  readonly mapped?: readonly string[];
  readonly ours?: string | undefined;
  /** The column of when it was made. */
  readonly created?: string;
}

const ENVELOPE = [
  'id',
  'lastmodifieddate',
  'externalid',
  'entity',
  'subsidiary',
  'currency',
  'exchangerate',
  'lines',
  'links',
  'type',
  'status',
];

export function assembled<D>(
  raw: JsonObject,
  { config }: AssembleContext<Settings>,
  { document, tables, mapped = [], ours, created = 'createddate' }: Assembling<D>,
) {
  const read = tables.flatMap(({ fields }) => fields.flatMap((field) => field.read ?? []));
  const extensions = restOf(raw, [...ENVELOPE, created, ...read, ...mapped]);
  const { timeZone } = config;
  const made = textAt(raw, created);
  const createdAt = timeZone === undefined || made === undefined ? null : utcIn(timeZone, made);
  return {
    document,
    ...given({
      ours,
      createdAt: createdAt ?? undefined,
      extensions: Object.keys(extensions).length === 0 ? undefined : extensions,
    }),
  };
}

/** Of our ids: `inv_…`. External ids of other systems are theirs. */
const OURS = /^[a-z][a-z0-9]{0,15}_[\w-]{1,60}$/;

export function oursIn(raw: JsonObject): string | undefined {
  const id = textAt(raw, 'externalid');
  return id !== undefined && OURS.test(id) ? id : undefined;
}
