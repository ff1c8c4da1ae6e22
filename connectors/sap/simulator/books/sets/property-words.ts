/** Reads the words in which the properties of entity sets are written down, and makes sets of them. It knows no set by itself. */
import type { EdmType, EntitySet, Navigation, Property } from '../../model.ts';

/**
 * One word a property, `Name:type@Unit` and flags behind it:
 * - `10` a text of at most 10 upper-case characters, `10t` a text as it is typed, `6n` digits without leading zeros, `10a` digits that are
 *   padded where they are stored, `10A` the same as it is typed; `b` Boolean, `d` a date, `D` a date that the wire declares with 7 decimals, `o7` an instant, `T` a time,
 *   `g` a GUID, `i` a whole number, `16,3` a decimal
 * - `-` is never written, `^` only when a row is made, `>` only later, `!` neither filtered nor sorted by
 */
const WORD = /^(\w+):(\d+,\d+|o\d|\d*[antA]?|[bdDTgi])(?:@(\w+))?([-^>]?)(!?)$/;

const TYPES: Readonly<Record<string, EdmType>> = {
  b: 'Edm.Boolean',
  d: 'Edm.DateTime',
  D: 'Edm.DateTime',
  o: 'Edm.DateTimeOffset',
  T: 'Edm.Time',
  g: 'Edm.Guid',
  i: 'Edm.Int32',
};
const DISPLAY = { '': 'UpperCase', a: 'UpperCase', A: null, n: 'NonNegative', t: null } as const;
const PRECISION: Readonly<Record<string, number>> = { d: 0, D: 7, T: 0 };
const NOT_WRITTEN: Readonly<Record<string, Pick<Property, 'creatable' | 'updatable'>>> = {
  '-': { creatable: false, updatable: false },
  '^': { updatable: false },
  '>': { creatable: false },
};

export const propertiesOf = (words: string): readonly Property[] => words.trim().split(/\s+/).map(propertyOf);

function propertyOf(word: string): Property {
  const [, name = '', type = '', unit, writing = '', closed] = WORD.exec(word) ?? [];
  if (name === '') throw new Error(`"${word}" describes no property.`);
  return {
    name,
    ...typeOf(type),
    label: labelOf(name),
    ...(unit === undefined ? {} : { unit }),
    ...(/[aA]$/.test(type) ? { isAlpha: true } : {}),
    ...NOT_WRITTEN[writing],
    ...(closed === '!' ? { filterable: false, sortable: false } : {}),
  };
}

function typeOf(type: string): Pick<Property, 'type' | 'maxLength' | 'precision' | 'scale' | 'displayFormat'> {
  const [precision, scale] = type.split(',');
  if (scale !== undefined) return { type: 'Edm.Decimal', precision: Number(precision), scale: Number(scale) };
  const known = TYPES[type[0] ?? ''];
  if (known !== undefined) {
    const places = type[0] === 'o' ? Number(type.slice(1)) : PRECISION[type];
    const display = type === 'd' ? { displayFormat: 'Date' as const } : {};
    return { type: known, ...(places === undefined ? {} : { precision: places }), ...display };
  }
  const length = Number.parseInt(type, 10);
  const displayFormat = DISPLAY[type.replace(/\d+/, '') as keyof typeof DISPLAY];
  return {
    type: 'Edm.String',
    ...(Number.isNaN(length) ? {} : { maxLength: length }),
    ...(displayFormat === null ? {} : { displayFormat }),
  };
}

/** `TotalNetAmount` is labelled "Total Net Amount". */
const labelOf = (name: string): string => name.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ');

const many = (name: string, set: string, on: Navigation['on']): Navigation => ({ name, set, isMany: true, on });

/** A navigation along properties that both sets name alike. */
export const toMany = (name: string, set: string, ...properties: readonly string[]): Navigation =>
  many(
    name,
    set,
    properties.map((property) => [property, property] as const),
  );
export const toManyOn = (name: string, set: string, ...on: Navigation['on']): Navigation => many(name, set, on);
export const toOne = (name: string, set: string, ...on: readonly (string | readonly [string, string])[]): Navigation => ({
  name,
  set,
  isMany: false,
  on: on.map((pair) => (typeof pair === 'string' ? ([pair, pair] as const) : pair)),
});

export interface SetText {
  readonly keys: string;
  readonly words: string;
  readonly navigations?: readonly Navigation[];
  readonly traits?: Pick<EntitySet, 'creatable' | 'updatable' | 'deletable' | 'addressable' | 'pageable' | 'etag' | 'guardedBy'>;
}

export function setOf(name: string, { keys, words, navigations = [], traits = {} }: SetText): EntitySet {
  return {
    name,
    type: `${name}Type`,
    keys: keys.split(' '),
    properties: propertiesOf(words),
    navigations,
    ...traits,
  };
}

export const READ_ONLY = { creatable: false, updatable: false, deletable: false } as const;
