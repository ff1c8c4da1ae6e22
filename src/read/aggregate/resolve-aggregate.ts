/** Resolves what is asked of an aggregate against the catalogue: each name becomes a dimension or measure, and its permission is checked. Pure. */
import { and } from '../../kernel/predicate.ts';
import { type Condition, type Maybe, settled } from '../later.ts';
import { momentOf } from '../paging.ts';
import type { PlannedField } from '../plan.ts';
import { needPermission, needRecord, type Reader } from '../reader.ts';
import type { Moment, ReadRecord } from '../record.ts';
import { wherePredicate } from '../where.ts';
import type {
  AggregatePart,
  AggregateRead,
  ConvertedPart,
  FigureName,
  FigurePart,
  GroupPart,
  KeyPart,
  KeyTerm,
  MoneyPart,
} from './aggregate-tree.ts';
import { type Dimension, dimensionsOf } from './dimensions.ts';
import { groupPage } from './group-page.ts';
import { havingRead } from './having.ts';
import { type Measure, measuresOf, type MoneyMeasure } from './measures.ts';
import { spanOf, type TimeBucket } from './time-bucket.ts';
import { DomainError } from '../../kernel/errors.ts';

interface Place {
  readonly reader: Reader;
  readonly record: ReadRecord;
  readonly moment: Moment;
  readonly path: readonly string[];
}

const KEYS_MAX = 8;

/** `only` limits a nested aggregate to some of the related rows. */
export function resolveAggregate(around: Place, field: PlannedField, only: Condition): AggregateRead {
  const { reader, record, path } = around;
  needRecord(reader, record, path);
  const moment = momentOf(around, field.args);
  const place = { ...around, moment };
  const keys = groupKeys(place, (field.args.groupBy ?? []) as readonly GroupInput[]);
  const measure = (name: string, at: readonly string[]) => measureNamed(place, name, at);
  const ordered = (name: string, at: readonly string[]) => (name === 'rows' ? null : measure(name, at));
  return {
    record,
    moment,
    where: and(only, wherePredicate({ reader, record, path: [...path, 'where'] }, field.args.where)),
    keys,
    having: havingRead({ path: [...path, 'having'], measure }, field.args.having),
    ...groupPage({ record, moment, keys, path, measure: ordered }, field.args),
    fields: (field.of ?? []).map((part) => aggregatePart(place, keys, part, field.type ?? '')),
  };
}

interface GroupInput {
  readonly field: Maybe<string>;
  readonly bucket?: Maybe<TimeBucket> | null;
  readonly timeZone?: Maybe<string> | null;
}

function groupKeys(place: Place, inputs: readonly GroupInput[]): KeyTerm[] {
  if (inputs.length > KEYS_MAX) throw new DomainError('TOO_MANY_ITEMS', `groupBy takes at most ${KEYS_MAX} fields.`);
  const seen = new Set<string>();
  return inputs.map(({ field, bucket, timeZone }, i) => {
    const path = [...place.path, 'groupBy', String(i)];
    const dimension = dimensionNamed(place, settled(field), [...path, 'field']);
    if (seen.has(dimension.name))
      throw new DomainError('INVALID_INPUT', `${path.join('.')} names ${dimension.constant} a second time: leave it out.`, {
        details: { path },
      });
    seen.add(dimension.name);
    const asked = {
      bucket: settled((bucket ?? null) as Maybe<TimeBucket | null>),
      timeZone: settled((timeZone ?? null) as Maybe<string | null>),
    };
    return { dimension, span: spanOf(dimension, asked, path) };
  });
}

/** Whoever names a field of another record needs what reading that record needs. */
function dimensionNamed({ reader, record }: Place, name: string, path: readonly string[]): Dimension {
  const { catalogue } = reader;
  const dimension = dimensionsOf(record, (one) => catalogue.record(one)).find((one) => one.name === name);
  if (!dimension) throw new Error(`${record.name} can't be grouped by ${name}.`);
  const { via, field } = dimension;
  if (via) {
    needPermission(reader, via.permission, path);
    needRecord(reader, catalogue.record(via.relation.record), path);
    const between = via.relation.through === undefined ? undefined : record.definition.relations?.[via.relation.through];
    if (between) needRecord(reader, catalogue.record(between.record), path);
  }
  needPermission(reader, field.permission, path);
  return dimension;
}

function measureNamed({ reader, record }: Place, name: string, path: readonly string[]): Measure {
  const measure = measuresOf(record).find((one) => one.name === name);
  if (!measure) throw new Error(`${record.name} has no measure ${name}.`);
  needPermission(reader, measure.field.permission, path);
  return measure;
}

function aggregatePart(place: Place, keys: readonly KeyTerm[], part: PlannedField, typename: string): AggregatePart {
  const { key, name, of, type = '' } = part;
  const here = { ...place, path: [...place.path, key] };
  switch (name) {
    case '__typename':
      return { kind: 'typename', key, value: typename };
    case 'groups':
      return { kind: 'groups', key, fields: (of ?? []).map((one) => groupPart(here, keys, one, type)) };
    case 'nextCursor':
    case 'groupCount':
      return { kind: name, key };
    default:
      throw new Error(`An aggregate has no field ${name}.`);
  }
}

function groupPart(place: Place, keys: readonly KeyTerm[], part: PlannedField, typename: string): GroupPart {
  const { key, name, args, of, type = '' } = part;
  const path = [...place.path, key];
  switch (name) {
    case '__typename':
      return { kind: 'typename', key, value: typename };
    case 'count':
      return { kind: 'count', key };
    case 'countDistinct':
      return {
        kind: 'countDistinct',
        key,
        dimension: dimensionNamed(place, settled(args.field as Maybe<string>), [...path, 'field']),
      };
    case 'key':
      return { kind: 'key', key, fields: (of ?? []).map((one) => keyPart({ ...place, path }, keys, one, type)) };
    default: {
      const measure = measureNamed(place, name, path);
      if (measure.kind === 'money') return moneyPart(measure, part);
      return { kind: measure.kind, key, measure, fields: figures(of, type) } as GroupPart;
    }
  }
}

function keyPart(place: Place, keys: readonly KeyTerm[], { key, name }: PlannedField, typename: string): KeyPart {
  if (name === '__typename') return { kind: 'typename', key, value: typename };
  const dimension = dimensionNamed(place, name, [...place.path, key]);
  const keyAt = keys.findIndex((one) => one.dimension === dimension);
  return { kind: 'dimension', key, dimension, keyAt: keyAt < 0 ? null : keyAt };
}

function moneyPart(measure: MoneyMeasure, { key, of, type = '' }: PlannedField): MoneyPart {
  const fields = (of ?? []).map((part): MoneyPart['fields'][number] => {
    const inner = part.type ?? '';
    if (part.name === '__typename') return { kind: 'typename', key: part.key, value: type };
    if (part.name === 'byCurrency') return { kind: 'byCurrency', key: part.key, fields: figures(part.of, inner) };
    return { kind: 'inGroupCurrency', key: part.key, fields: (part.of ?? []).map((one) => convertedPart(one, inner)) };
  });
  return { kind: 'money', key, measure, fields };
}

function convertedPart(part: PlannedField, typename: string): ConvertedPart {
  if (part.name === 'unconverted') return { kind: 'unconverted', key: part.key, fields: figures(part.of, part.type ?? '') };
  return figure(part, typename);
}

const figures = (parts: readonly PlannedField[] | null, typename: string): FigurePart[] =>
  (parts ?? []).map((part) => figure(part, typename));

const figure = ({ key, name }: PlannedField, typename: string): FigurePart =>
  name === '__typename' ? { kind: 'typename', key, value: typename } : { kind: 'figure', key, name: name as FigureName };
