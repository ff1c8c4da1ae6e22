/** `$metadata`: a service as EDMX with SAP's annotations, for clients that read before they ask; and the service document. */
import type { EntitySet, FunctionImport, Navigation, Property, Service } from '../model.ts';
import { escaped } from './xml.ts';
import type { Schema } from './schema.ts';

const EDMX = [
  '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"',
  ' xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" xmlns:sap="http://www.sap.com/Protocols/SAPData">',
].join('');

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Attributes that have no value are left out. */
function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = `<${name}${given.map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** SAP's annotations are there only where they forbid. */
const forbidden = (flags: Readonly<Record<string, boolean | undefined>>): Attributes =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [`sap:${name}`, flag === false ? false : undefined]));

export function metadataOf(schema: Schema, root: string): string {
  const { service } = schema;
  const { namespace } = service;
  const container = element(
    'EntityContainer',
    {
      Name: `${namespace}_Entities`,
      'm:IsDefaultEntityContainer': true,
      'sap:message-scope-supported': true,
      'sap:supported-formats': 'atom json',
    },
    [
      ...service.sets.map((set) => setOf(set, service)),
      ...associationsOf(service).map((association) => associationSetOf(association, service)),
      ...service.functions.map((each) => functionOf(each, schema)),
    ],
  );
  const attributes = {
    Namespace: namespace,
    'xml:lang': 'en',
    'sap:schema-version': String(versionOf(service)),
    xmlns: 'http://schemas.microsoft.com/ado/2008/09/edm',
  };
  const content = element('Schema', attributes, [
    ...service.sets.map((set) => typeOf(set, schema)),
    ...complexTypesOf(service),
    ...associationsOf(service).map((association) => associationOf(association, service)),
    container,
    element('atom:link', { rel: 'self', href: `${root}/$metadata`, 'xmlns:atom': 'http://www.w3.org/2005/Atom' }),
  ]);
  const services = element('edmx:DataServices', { 'm:DataServiceVersion': '2.0' }, [content]);
  return `<?xml version="1.0" encoding="utf-8"?>${EDMX}${services}</edmx:Edmx>`;
}

/** The set's names, in JSON or as an Atom service. */
export function serviceDocument({ service }: Schema, root: string, isJson: boolean): string {
  const names = service.sets.map(({ name }) => name);
  if (isJson) return JSON.stringify({ d: { EntitySets: names } });
  const collections = names.map((name) => element('app:collection', { href: name }, [element('atom:title', {}, [name])]));
  const namespaces = { 'xmlns:app': 'http://www.w3.org/2007/app', 'xmlns:atom': 'http://www.w3.org/2005/Atom' };
  const workspace = element('app:workspace', {}, [element('atom:title', {}, ['Data']), ...collections]);
  return `<?xml version="1.0" encoding="utf-8"?>${element('app:service', { 'xml:base': `${root}/`, ...namespaces }, [workspace])}`;
}

export const versionOf = ({ path }: Service): number => Number(/;v=(\d+)$/.exec(path)?.[1] ?? 1);

function typeOf(set: EntitySet, schema: Schema): string {
  return element('EntityType', { Name: set.type, 'sap:content-version': versionOf(schema.service) }, [
    element(
      'Key',
      {},
      set.keys.map((Name) => element('PropertyRef', { Name })),
    ),
    ...set.properties.map((property) => propertyOf(property, set)),
    ...set.navigations.map((navigation) => navigationOf(navigation, set, schema)),
  ]);
}

function propertyOf(property: Property, set: EntitySet | null): string {
  const { name, type, maxLength, precision, scale, displayFormat, unit, label } = property;
  const units = set === null ? undefined : semanticsOf(property, set);
  return element('Property', {
    Name: name,
    Type: type,
    Nullable: set === null || set.keys.includes(name) ? false : undefined,
    MaxLength: maxLength,
    Precision: precision ?? { 'Edm.DateTime': 0, 'Edm.DateTimeOffset': 7, 'Edm.Time': 0 }[type as string],
    Scale: scale,
    ConcurrencyMode: set?.etag === name ? 'Fixed' : undefined,
    'sap:unit': unit,
    'sap:display-format': displayFormat,
    'sap:label': label,
    'sap:semantics': units,
    ...forbidden({
      creatable: property.creatable,
      updatable: property.updatable,
      sortable: property.sortable,
      filterable: property.filterable,
    }),
  });
}

/** What amounts and quantities name as their unit: a currency has five letters at most, a unit three. */
function semanticsOf({ name, maxLength }: Property, { properties }: EntitySet): string | undefined {
  if (!properties.some(({ unit }) => unit === name)) return undefined;
  return maxLength === 5 ? 'currency-code' : 'unit-of-measure';
}

function navigationOf({ name }: Navigation, set: EntitySet, { service }: Schema): string {
  return element('NavigationProperty', {
    Name: name,
    Relationship: `${service.namespace}.${associationName(set, name)}`,
    FromRole: 'From',
    ToRole: 'To',
  });
}

interface Association {
  readonly set: EntitySet;
  readonly navigation: Navigation;
}

const associationsOf = ({ sets }: Service): Association[] =>
  sets.flatMap((set) => set.navigations.map((navigation) => ({ set, navigation })));

const associationName = (set: EntitySet, navigation: string): string => `assoc_${set.name}_${navigation}`;

function associationOf({ set, navigation }: Association, { namespace, sets }: Service): string {
  const target = sets.find(({ name }) => name === navigation.set);
  return element('Association', { Name: associationName(set, navigation.name), 'sap:content-version': 1 }, [
    element('End', { Type: `${namespace}.${set.type}`, Multiplicity: navigation.isMany ? '1' : '*', Role: 'From' }),
    element('End', { Type: `${namespace}.${target?.type}`, Multiplicity: navigation.isMany ? '*' : '0..1', Role: 'To' }),
  ]);
}

function associationSetOf({ set, navigation }: Association, { namespace }: Service): string {
  const name = associationName(set, navigation.name);
  return element('AssociationSet', { Name: name, Association: `${namespace}.${name}`, 'sap:content-version': 1 }, [
    element('End', { EntitySet: set.name, Role: 'From' }),
    element('End', { EntitySet: navigation.set, Role: 'To' }),
  ]);
}

function setOf(set: EntitySet, service: Service): string {
  const { name, type, creatable, updatable, deletable, addressable, pageable } = set;
  return element('EntitySet', {
    Name: name,
    EntityType: `${service.namespace}.${type}`,
    ...forbidden({ creatable, updatable, deletable, pageable, addressable }),
    'sap:content-version': versionOf(service),
  });
}

function complexTypesOf({ functions }: Service): string[] {
  const types = new Map(
    functions.flatMap(({ returns }) => (returns !== null && 'complex' in returns ? [[returns.complex, returns.properties]] : [])),
  );
  return Array.from(types, ([Name, properties]) =>
    element(
      'ComplexType',
      { Name },
      properties.map((property) => propertyOf(property, null)),
    ),
  );
}

function functionOf({ name, method, set, parameters, returns }: FunctionImport, schema: Schema): string {
  const { namespace } = schema.service;
  const bound = set === null ? undefined : schema.set(set);
  const given = returns !== null && 'set' in returns ? returns.set : undefined;
  const type = returns === null ? undefined : 'complex' in returns ? returns.complex : schema.set(returns.set)?.type;
  return element(
    'FunctionImport',
    {
      Name: name,
      ReturnType:
        type === undefined ? undefined : returns?.isMany === true ? `Collection(${namespace}.${type})` : `${namespace}.${type}`,
      EntitySet: given,
      'm:HttpMethod': method,
      'sap:action-for': bound === undefined ? undefined : `${namespace}.${bound.type}`,
    },
    parameters.map((parameter) => element('Parameter', { Name: parameter.name, Type: parameter.type, Mode: 'In' })),
  );
}
