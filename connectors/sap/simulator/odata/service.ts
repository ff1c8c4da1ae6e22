/** One OData service at work: takes one request, reads or writes, answers in JSON or Atom. It knows no sign-in, no tokens, no batches. */
import type { EntitySet, Row } from '../model.ts';
import { callFunction } from './functions.ts';
import { metadataOf, serviceDocument, versionOf } from './metadata.ts';
import { checkedOptions, readOptions } from './options.ts';
import type { Reader } from './reader.ts';
import { wrongMethod } from './refusals.ts';
import { Atom, elementOf, NAMESPACES } from './atom.ts';
import { Renderer } from './render.ts';
import { type Answer, header, type ODataRequest, wantsJson } from './request.ts';
import { type Origin, type Resource, resourceAt } from './resource.ts';
import type { Rows } from './rows.ts';
import { pathsOf, type Shape, shapeOf } from './shape.ts';
import { toText, toWire } from './wire.ts';
import { Writer } from './writer.ts';

const JSON_TYPE = 'application/json;charset=utf-8';
const ATOM_TYPE = 'application/atom+xml;charset=utf-8';
export interface ServiceParts {
  readonly rows: Rows;
  readonly reader: Reader;
  /** The service's address as the client called it. */
  readonly root: string;
  readonly now: Date;
}

/** For one request, or the requests of one batch. */
export class ServiceCall {
  readonly #parts: ServiceParts;
  readonly #renderer: Renderer;
  readonly #writer: Writer;
  readonly #atom: Atom;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#renderer = new Renderer(parts.rows, parts.root);
    this.#atom = new Atom({ ...parts, renderer: this.#renderer });
    this.#writer = new Writer(parts.rows);
  }

  /** @throws SapRefusal */
  answer(request: ODataRequest): Answer {
    const { rows, root } = this.#parts;
    const path = request.path.replace(/^%24/, '$').replace(/\/$/, '');
    if (path === '' || path === '$metadata') {
      if (request.method !== 'GET') throw wrongMethod(request.method);
      return path === ''
        ? this.#serviceDocument(request)
        : {
            status: 200,
            content: metadataOf(rows.schema, root),
            type: 'application/xml;charset=utf-8',
            headers: this.#versions(),
          };
    }
    const options = checkedOptions(request.query);
    const resource = resourceAt(request.path, rows);
    if (resource.kind === 'FUNCTION') return this.#called(resource.function, request);
    switch (request.method) {
      case 'GET':
        return this.#read(resource, options, request);
      case 'POST':
        if (resource.kind !== 'SET') throw wrongMethod('POST');
        return this.#create(resource.set, resource.origin, request);
      case 'PATCH':
      case 'MERGE':
      case 'PUT':
      case 'DELETE':
        if (resource.kind !== 'ROW') throw wrongMethod(request.method);
        return this.#change(resource.set, resource.row, request);
      default:
        throw wrongMethod(request.method);
    }
  }

  #serviceDocument(request: ODataRequest): Answer {
    const { rows, root } = this.#parts;
    const isJson = wantsJson(request);
    const type = isJson ? JSON_TYPE : 'application/atomsvc+xml;charset=utf-8';
    return { status: 200, content: serviceDocument(rows.schema, root, isJson), type, headers: this.#versions() };
  }

  #read(resource: Exclude<Resource, { kind: 'FUNCTION' }>, options: URLSearchParams, request: ODataRequest): Answer {
    const { rows, reader } = this.#parts;
    switch (resource.kind) {
      case 'SET':
        return this.#feed(resource.set, resource.origin, options, request);
      case 'COUNT': {
        const read = readOptions(options, resource.set, rows);
        const count = reader.count(resource.set, read, this.#among(resource.origin));
        return { status: 200, content: String(count), type: 'text/plain;charset=utf-8', headers: dataVersion };
      }
      case 'ROW':
        return this.#entity(resource, this.#shape(resource.set, options), request);
      default: {
        const { property, value, isRaw } = resource;
        const text = toText(value, property);
        if (isRaw) return { status: 200, content: text, type: 'text/plain;charset=utf-8', headers: dataVersion };
        if (wantsJson(request)) return said(JSON.stringify({ [property.name]: toWire(value, property) }));
        const element = elementOf(property, { [property.name]: value }).replace(/(?=[ >])/, ` ${NAMESPACES}`);
        const content = `<?xml version="1.0" encoding="utf-8"?>${element}`;
        return { status: 200, content, type: 'application/xml;charset=utf-8', headers: dataVersion };
      }
    }
  }

  #feed(set: EntitySet, origin: Origin | null, options: URLSearchParams, request: ODataRequest): Answer {
    const { rows, reader, root } = this.#parts;
    const read = readOptions(options, set, rows);
    const shape = this.#shape(set, options);
    const page = reader.page(set, read, this.#among(origin));
    const next = page.skipToken === null ? null : `${root}/${request.path}?${nextQuery(options, page.skipToken, page.topLeft)}`;
    if (!wantsJson(request)) {
      const entries = page.rows.map((row) => this.#atom.entry(row, shape));
      const feed = this.#atom.feed({ title: set.name, path: request.path, entries, count: page.count, next });
      return { status: 200, content: this.#atom.document(feed), type: `${ATOM_TYPE};type=feed`, headers: dataVersion };
    }
    const count = page.count === null ? '' : `"__count":"${page.count}",`;
    const results = page.rows.map((row) => this.#renderer.entity(row, shape)).join();
    return said(`{${count}"results":[${results}]${next === null ? '' : `,"__next":${JSON.stringify(next)}`}}`);
  }

  #entity({ set, row }: { set: EntitySet; row: Row }, shape: Shape, request: ODataRequest): Answer {
    const etag = this.#renderer.etag(set, row);
    const headers = { ...dataVersion, ...(etag === null ? {} : { etag }) };
    if (etag !== null && header(request.headers, 'if-none-match') === etag)
      return { status: 304, content: '', type: JSON_TYPE, headers };
    if (wantsJson(request)) return said(this.#renderer.entity(row, shape), { headers });
    const content = this.#atom.document(this.#atom.entry(row, shape));
    return { status: 200, content, type: `${ATOM_TYPE};type=entry`, headers };
  }

  #create(set: EntitySet, origin: Origin | null, request: ODataRequest): Answer {
    const { row, expanded } = this.#writer.create(set, origin, request);
    const shape = shapeOf(this.#parts.rows.schema, set, { selected: null, expanded: expanded.map((name) => [name]) });
    const answer = this.#entity({ set, row }, shape, request);
    return { ...answer, status: 201, headers: { ...answer.headers, location: this.#renderer.uri(set, row) } };
  }

  #change(set: EntitySet, row: Row, request: ODataRequest): Answer {
    const guard = this.#renderer.guard(set, row);
    if (request.method === 'DELETE') this.#writer.remove(set, row, { guard, request });
    else this.#writer.update({ set, row, guard, isWhole: request.method === 'PUT' }, request);
    return { status: 204, content: '', type: JSON_TYPE, headers: dataVersion };
  }

  #called(called: Parameters<typeof callFunction>[0], request: ODataRequest): Answer {
    const given = callFunction(called, { rows: this.#parts.rows, renderer: this.#renderer, atom: this.#atom, request });
    if (given === null) return { status: 204, content: '', type: JSON_TYPE, headers: dataVersion };
    if (wantsJson(request)) return said(given.json);
    const content = `<?xml version="1.0" encoding="utf-8"?>${given.xml}`;
    return { status: 200, content, type: 'application/xml;charset=utf-8', headers: dataVersion };
  }

  #shape(set: EntitySet, options: URLSearchParams): Shape {
    const selected = pathsOf(options.get('$select'));
    return shapeOf(this.#parts.rows.schema, set, { selected, expanded: pathsOf(options.get('$expand')) ?? [] });
  }

  #among(origin: Origin | null): Iterable<Row> | null {
    return origin === null ? null : this.#parts.rows.follow(origin.set, origin.row, origin.navigation);
  }

  #versions(): Readonly<Record<string, string>> {
    return { ...dataVersion, 'sap-metadata-version': String(versionOf(this.#parts.rows.schema.service)) };
  }
}

const dataVersion = { dataserviceversion: '2.0' } as const;

/** @param d JSON, as text */
function said(d: string, { headers = dataVersion }: { headers?: Readonly<Record<string, string>> } = {}): Answer {
  return { status: 200, content: `{"d":${d}}`, type: JSON_TYPE, headers };
}

/** As it was asked, from there on. */
function nextQuery(options: URLSearchParams, skipToken: string, topLeft: number | null): string {
  const next = new URLSearchParams(options);
  next.delete('$skip');
  next.set('$skiptoken', skipToken);
  if (topLeft !== null) next.set('$top', String(topLeft));
  const parts = Array.from(next, ([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.join('&');
}
