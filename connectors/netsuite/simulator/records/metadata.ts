/** The metadata catalog: which record types there are and which fields each has, as JSON schema or OpenAPI. */
import type { Said } from '../../../../src/connect/simulating/index.ts';
import { type Call, headerOf } from '../call.ts';
import { notAllowed } from '../problem.ts';
import type { Field, Kind, SublistType } from './fields.ts';
import { RECORDS, type RecordType } from './records.ts';
import { noType } from '../problem.ts';

const SCHEMA = 'application/schema+json';
const SWAGGER = 'application/swagger+json';

export function metadata(call: Call): Said {
  if (call.method !== 'GET') throw notAllowed(call.method);
  const [, , , one] = call.path;
  const accept = headerOf(call, 'accept');
  if (one !== undefined && one !== '') {
    const type = RECORDS.get(one.toLowerCase());
    if (type === undefined) throw noType(one, call.url.pathname);
    return said(SCHEMA, schemaOf(type));
  }
  const select = call.url.searchParams.get('select');
  const names = select === null ? [...RECORDS.keys()] : select.split(',').map((name) => name.trim().toLowerCase());
  const types = names.map((name) => {
    const type = RECORDS.get(name);
    if (type === undefined) throw noType(name, call.url.pathname);
    return type;
  });
  if (accept.includes(SWAGGER)) return said(SWAGGER, openApi(types, call.root));
  const href = (name: string) => `${call.root}/record/v1/metadata-catalog/${name.toLowerCase()}`;
  return said('application/json', {
    links: [{ rel: 'self', href: call.url.href, mediaType: 'application/json' }],
    items: types.map(({ name }) => ({
      name,
      links: [
        { rel: 'canonical', href: href(name), mediaType: SCHEMA },
        { rel: 'describes', href: `${call.root}/record/v1/${name}` },
      ],
    })),
  });
}

const said = (type: string, content: object): Said => ({
  status: 200,
  content: JSON.stringify(content),
  type: `${type}; charset=UTF-8`,
});

const FORMS: Readonly<Record<Kind, object>> = {
  TEXT: { type: 'string' },
  NUMBER: { type: 'number', format: 'double' },
  RATE: { type: 'number', format: 'double' },
  INTEGER: { type: 'integer', format: 'int64' },
  BOOLEAN: { type: 'boolean' },
  DATE: { type: 'string', format: 'date' },
  DATE_TIME: { type: 'string', format: 'date-time' },
  REFERENCE: {
    type: 'object',
    properties: { id: { type: 'string' }, refName: { type: 'string' }, externalId: { type: 'string' } },
  },
  CHOICE: { type: 'object', properties: { id: { type: 'string' }, refName: { type: 'string' } } },
};

function propertyOf({ name, kind, choices, isReadOnly, isCustom, to }: Field, isBodyField: boolean): object {
  const enumeration = choices === undefined ? {} : { 'x-ns-enum': Object.keys(choices) };
  return {
    title: name,
    ...FORMS[kind],
    ...enumeration,
    ...(to === undefined ? {} : { 'x-ns-record-type': to.toLowerCase() }),
    ...(isReadOnly === true ? { readOnly: true } : {}),
    ...(isCustom === true ? { 'x-ns-custom-field': true } : {}),
    ...(isBodyField ? { 'x-ns-filterable': true } : {}),
  };
}

const properties = (fields: readonly Field[], isBody: boolean): object =>
  Object.fromEntries(fields.map((field) => [field.name, propertyOf(field, isBody)]));

const sublistOf = ({ fields }: SublistType): object => ({
  type: 'object',
  properties: { items: { type: 'array', items: { type: 'object', properties: properties(fields, false) } } },
});

const schemaOf = ({ fields, sublists }: RecordType): object => ({
  type: 'object',
  properties: { ...properties(fields, true), ...Object.fromEntries(sublists.map((list) => [list.name, sublistOf(list)])) },
});

function openApi(types: readonly RecordType[], root: string): object {
  const operation = (summary: string) => ({
    summary,
    responses: { default: { description: 'See the errors of REST web services.' } },
  });
  const paths = Object.fromEntries(
    types.flatMap(({ name }) => [
      [`/record/v1/${name}`, { get: operation(`List ${name}`), post: operation(`Insert ${name}`) }],
      [
        `/record/v1/${name}/{id}`,
        {
          get: operation(`Get ${name}`),
          patch: operation(`Update ${name}`),
          put: operation(`Insert or update ${name}`),
          delete: operation(`Remove ${name}`),
        },
      ],
    ]),
  );
  return {
    openapi: '3.0.1',
    info: { title: 'NetSuite REST Record API', version: '1.0' },
    servers: [{ url: root }],
    paths,
    components: { schemas: Object.fromEntries(types.map((type) => [type.name, schemaOf(type)])) },
  };
}
