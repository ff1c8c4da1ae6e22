/** The record service: paths, methods and headers, and what each of them answers. */
import type { Said } from '../../../../src/connect/simulating/index.ts';
import { bodyOf, type Call, headerOf, nothing, shown } from '../call.ts';
import { type DateFormat } from '../contract.ts';
import { invalidParameter, invalidRequest, noPath, noRecord, notAllowed } from '../problem.ts';
import { list } from './list.ts';
import { metadata } from './metadata.ts';
import type { ParseOptions, Strictness } from './parse.ts';
import { same } from './parse.ts';
import type { Records, RecordType } from './records.ts';
import { pathOf, type Shown, Viewer, type Viewing } from './view.ts';

const STRICTNESS: readonly Strictness[] = ['Ignore', 'Warning', 'Error'];

export class RecordApi {
  readonly #records: Records;
  readonly #dateFormat: DateFormat;

  constructor(records: Records, dateFormat: DateFormat) {
    this.#records = records;
    this.#dateFormat = dateFormat;
  }

  /** @throws Problem */
  answer(call: Call): Said {
    const [, , typeName = '', id, sub, ...more] = call.path;
    if (typeName === 'metadata-catalog') return metadata(call);
    const type = this.#records.type(typeName, call.url.pathname);
    if (id === undefined || id === '') return this.#onType(call, type);
    if (sub === undefined || sub === '') return this.#onRecord(call, type, id);
    if (sub.toLowerCase() === '!transform') return this.#transform(call, this.#records.find(type, id), more[0] ?? '');
    return this.#sublist(call, this.#records.find(type, id), [sub, ...more]);
  }

  #onType(call: Call, type: RecordType): Said {
    if (call.method === 'GET') return shown('collection', list(this.#records, type, { call, dateFormat: this.#dateFormat }));
    if (call.method !== 'POST') throw notAllowed(call.method);
    const options = optionsOf(call);
    return this.#changed(call, { type, id: this.#records.create(type, bodyOf(call), options), options });
  }

  #onRecord(call: Call, type: RecordType, id: string): Said {
    const options = optionsOf(call);
    switch (call.method) {
      case 'GET':
        return shown('singular', new Viewer(this.#records.books, viewingOf(call)).record(this.#records.find(type, id)));
      case 'PATCH': {
        const found = this.#records.find(type, id);
        this.#records.update(found, bodyOf(call), options);
        return this.#changed(call, { type, id: found.row.id, options });
      }
      case 'PUT': {
        if (!id.startsWith('eid:')) throw invalidRequest('PUT is by external id: /{type}/eid:{externalId}.');
        return this.#changed(call, { type, id: this.#records.upsert(type, id.slice(4), bodyOf(call), options).id, options });
      }
      case 'DELETE':
        this.#records.remove(this.#records.find(type, id));
        return nothing();
      default:
        throw notAllowed(call.method);
    }
  }

  #transform(call: Call, source: Shown, into: string): Said {
    if (call.method !== 'POST') throw notAllowed(call.method);
    const type = this.#records.type(into, call.url.pathname);
    const options = optionsOf(call);
    return this.#changed(call, { type, id: this.#records.transform(source, type, bodyOf(call), options), options });
  }

  #sublist(call: Call, found: Shown, [name = '', key]: readonly string[]): Said {
    if (call.method !== 'GET') throw notAllowed(call.method);
    const sublist = found.type.sublists.find((one) => same(one.name, name));
    if (sublist === undefined) throw noPath(call.url.pathname);
    const viewer = new Viewer(this.#records.books, { ...viewingOf(call), isExpanded: true });
    if (key === undefined) return shown('collection', viewer.sublist(found, sublist));
    const self = `/${sublist.name}/${key}`;
    const line = viewer.lines(found, sublist).find(({ links }) => JSON.stringify(links).includes(`${self}"`));
    if (line === undefined) throw noRecord();
    return shown('singular', line);
  }

  #changed({ root }: Call, { type, id, options }: { type: RecordType; id: number; options: ParseOptions }): Said {
    const warnings = options.warnings.map((text) => `299 - "${text.replaceAll('"', "'")}"`);
    return nothing({ location: `${root}/${pathOf(type.name, id)}`, ...(warnings.length === 0 ? {} : { warning: warnings }) });
  }
}

function optionsOf(call: Call): ParseOptions {
  const strictness = (header: string, unless: Strictness): Strictness => {
    const value = headerOf(call, header);
    if (value === '') return unless;
    const known = STRICTNESS.find((one) => same(one, value));
    if (known === undefined) throw invalidRequest(`Invalid value '${value}': it is one of ${STRICTNESS.join(', ')}.`, { header });
    return known;
  };
  const replace = (call.url.searchParams.get('replace') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return {
    names: strictness('x-netsuite-propertynamevalidation', 'Warning'),
    values: strictness('x-netsuite-propertyvaluevalidation', 'Error'),
    replace: new Set(replace.filter((name) => name !== '')),
    warnings: [],
  };
}

function viewingOf({ url, root }: Call): Viewing {
  const { searchParams: query } = url;
  const isExpanded = query.get('expandSubResources') === 'true';
  const fields = query.get('fields');
  if (isExpanded && fields !== null)
    throw invalidParameter("The query parameter 'fields' can not be used together with 'expandSubResources'.", 'fields');
  return {
    root,
    isExpanded,
    isEnumSimple: query.get('simpleEnumFormat') === 'true',
    ...(fields === null ? {} : { fields: new Set(fields.split(',').map((name) => name.trim().toLowerCase())) }),
  };
}
