/**
 * Reads what a service says of itself (`$metadata`, EDMX of OData V2): which sets, fields, ways between sets and functions there are. Only
 * the tags that are needed are looked at, so it is a tokenizer of some lines and no XML library.
 */

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly maxLength: number | null;
  readonly isFilterable: boolean;
  readonly isCreatable: boolean;
  readonly isUpdatable: boolean;
}

export interface EntitySet {
  readonly name: string;
  readonly keys: readonly string[];
  readonly fields: ReadonlyMap<string, Field>;
  /** Name of the way → the set that it leads to; null: to none that has a name. */
  readonly ways: ReadonlyMap<string, EntitySet | null>;
}

export interface Metadata {
  readonly sets: ReadonlyMap<string, EntitySet>;
  readonly functions: ReadonlySet<string>;
}

type Attributes = ReadonlyMap<string, string>;

interface TypeRead {
  readonly keys: string[];
  readonly fields: Map<string, Field>;
  /** Way → relationship and role. */
  readonly ways: Map<string, string>;
}

interface Reading {
  readonly types: Map<string, TypeRead>;
  /** Relationship and role → type. */
  readonly ends: Map<string, string>;
  readonly sets: Map<string, string>;
  readonly functions: Set<string>;
  type: TypeRead | null;
  association: string;
}

const TAG = /<!--[\s\S]*?-->|<(\/?)(?:[\w-]+:)?([A-Za-z]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Null: it is no EDMX. @example parseMetadata(text)?.sets.get('A_SalesOrder')?.fields.has('SalesOrder') */
export function parseMetadata(text: string): Metadata | null {
  const reading: Reading = {
    types: new Map(),
    ends: new Map(),
    sets: new Map(),
    functions: new Set(),
    type: null,
    association: '',
  };
  for (const [, close, name = '', attributes = ''] of text.matchAll(TAG)) {
    if (close === '/') {
      if (name === 'EntityType') reading.type = null;
      continue;
    }
    TAGS[name]?.(reading, attributesOf(attributes));
  }
  return reading.sets.size === 0 ? null : linked(reading);
}

const attributesOf = (text: string): Attributes =>
  new Map([...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, unescaped(double ?? single ?? '')]));

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '');

/** Without its namespace. */
const local = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const of = (attributes: Attributes, name: string): string => attributes.get(name) ?? '';
const isNot = (attributes: Attributes, name: string): boolean => attributes.get(`sap:${name}`) === 'false';

const TAGS: Readonly<Record<string, (reading: Reading, attributes: Attributes) => void>> = {
  EntityType(reading, attributes) {
    reading.type = { keys: [], fields: new Map(), ways: new Map() };
    reading.types.set(of(attributes, 'Name'), reading.type);
  },
  // complex types have properties, too
  ComplexType(reading) {
    reading.type = null;
  },
  PropertyRef(reading, attributes) {
    reading.type?.keys.push(of(attributes, 'Name'));
  },
  Property(reading, attributes) {
    const maxLength = attributes.get('MaxLength');
    const name = of(attributes, 'Name');
    reading.type?.fields.set(name, {
      name,
      type: local(of(attributes, 'Type')),
      maxLength: maxLength === undefined || !/^\d+$/.test(maxLength) ? null : Number(maxLength),
      isFilterable: !isNot(attributes, 'filterable'),
      isCreatable: !isNot(attributes, 'creatable'),
      isUpdatable: !isNot(attributes, 'updatable'),
    });
  },
  NavigationProperty(reading, attributes) {
    reading.type?.ways.set(of(attributes, 'Name'), `${local(of(attributes, 'Relationship'))} ${of(attributes, 'ToRole')}`);
  },
  Association(reading, attributes) {
    reading.association = of(attributes, 'Name');
  },
  AssociationSet(reading) {
    reading.association = '';
  },
  End(reading, attributes) {
    if (reading.association !== '')
      reading.ends.set(`${reading.association} ${of(attributes, 'Role')}`, local(of(attributes, 'Type')));
  },
  EntitySet(reading, attributes) {
    reading.sets.set(of(attributes, 'Name'), local(of(attributes, 'EntityType')));
  },
  FunctionImport(reading, attributes) {
    reading.functions.add(of(attributes, 'Name'));
  },
};

interface MutableSet extends EntitySet {
  readonly ways: Map<string, EntitySet | null>;
}

function linked({ types, ends, sets, functions }: Reading): Metadata {
  const made = new Map<string, MutableSet>();
  const ofType = new Map<string, MutableSet>();
  for (const [name, typeName] of sets) {
    const { keys = [], fields = new Map<string, Field>() } = types.get(typeName) ?? {};
    const set = { name, keys, fields, ways: new Map<string, EntitySet | null>() };
    made.set(name, set);
    if (!ofType.has(typeName)) ofType.set(typeName, set);
  }
  for (const [name, typeName] of sets)
    for (const [way, end] of types.get(typeName)?.ways ?? [])
      made.get(name)?.ways.set(way, ofType.get(ends.get(end) ?? '') ?? null);
  return { sets: made, functions };
}
