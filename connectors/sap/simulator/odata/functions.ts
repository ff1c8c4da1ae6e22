/** Function imports: parameters from the query, the etag of the row that they are bound to, and their answers. */
import type { EntitySet, FunctionImport, Property, Row, Value } from '../model.ts';
import { literalAt, valueOf } from './literal.ts';
import { badParameter, noRow, wrongMethod } from './refusals.ts';
import { type Atom, elementOf, NAMESPACES } from './atom.ts';
import type { Renderer } from './render.ts';
import type { ODataRequest } from './request.ts';
import type { Rows } from './rows.ts';
import { shapeOf } from './shape.ts';
import { toWire } from './wire.ts';
import { checkIfMatch } from './writer.ts';

interface Call {
  readonly rows: Rows;
  readonly renderer: Renderer;
  readonly atom: Atom;
  readonly request: ODataRequest;
}

/** What stands below `d`, and the same in XML; null where it gives nothing. @throws SapRefusal */
export function callFunction(
  called: FunctionImport,
  { rows, renderer, atom, request }: Call,
): { json: string; xml: string } | null {
  if (request.method !== called.method) throw wrongMethod(request.method);
  const { service } = rows.schema;
  const set = called.set === null ? undefined : rows.schema.set(called.set);
  const parameters = parametersOf(called, set, rows, new URLSearchParams(request.query));
  if (set !== undefined) checkBound(set, parameters, { rows, renderer, atom, request });
  const given = rows.books.call(service.path, called.name, parameters);
  const { returns, name } = called;
  if (returns === null || given === null) return null;
  const shown = [given].flat().map((row) => {
    if ('complex' in returns) return complexOf(row, `${service.namespace}.${returns.complex}`, returns.properties);
    const target = rows.schema.set(returns.set);
    if (target === undefined) throw new Error(`${name} gives rows of ${returns.set}, which is not there.`);
    const shape = shapeOf(rows.schema, target, { selected: null, expanded: [] });
    return { json: renderer.entity(row, shape), xml: atom.entry(row, shape) };
  });
  const [one = { json: 'null', xml: '' }] = shown;
  const xml = returns.isMany ? shown.map((each) => `<d:element>${each.xml}</d:element>`).join('') : one.xml;
  const json = returns.isMany ? `{"results":[${shown.map((each) => each.json).join()}]}` : one.json;
  const isNamed = 'complex' in returns && !returns.isMany;
  return { json: isNamed ? `{${JSON.stringify(name)}:${json}}` : json, xml: `<d:${name} ${NAMESPACES}>${xml}</d:${name}>` };
}

/** Parameters that are key of the row are converted as its key is. @throws SapRefusal */
function parametersOf(called: FunctionImport, set: EntitySet | undefined, rows: Rows, query: URLSearchParams): Row {
  return Object.fromEntries(
    called.parameters.map(({ name, type }): [string, Value] => {
      const property = (set === undefined ? undefined : rows.schema.property(set, name)) ?? { name, type };
      const source = query.get(name);
      const found = source === null ? null : literalAt(source, 0);
      const value = found === null || found.end !== source?.length ? undefined : valueOf(found.literal, property);
      if (value === undefined) throw badParameter(name);
      return [name, value];
    }),
  );
}

/** A POST on a row wants the row's etag as any other write does. */
function checkBound(set: EntitySet, parameters: Row, { rows, renderer, request }: Call): void {
  if (!set.keys.every((name) => name in parameters)) return;
  const row = rows.books.get(set.name, Object.fromEntries(set.keys.map((name) => [name, parameters[name] ?? null])));
  if (row === null) throw noRow(set.type);
  if (request.method === 'POST') checkIfMatch(request, renderer.guard(set, row));
}

function complexOf(row: Row, type: string, properties: readonly Property[]): { json: string; xml: string } {
  const values = properties.map((property): [string, Value] => [property.name, toWire(row[property.name] ?? null, property)]);
  return {
    json: JSON.stringify({ __metadata: { type }, ...Object.fromEntries(values) }),
    xml: properties.map((property) => elementOf(property, row)).join(''),
  };
}
