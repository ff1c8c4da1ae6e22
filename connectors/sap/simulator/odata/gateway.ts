/** All services under one address: finds the one that is asked, answers by it, and words refusals in SAP's envelope. */
import type { SeededRandomness } from '../../../../src/connect/index.ts';
import { type Books, SapRefusal, type Service } from '../model.ts';
import { answerBatch, methodOf } from './batch.ts';
import { errorJson, errorXml, sapMessage } from './envelope.ts';
import { versionOf } from './metadata.ts';
import { type Paging, Reader } from './reader.ts';
import { noAuthorization, noService, wrongMethod } from './refusals.ts';
import { type Answer, type ODataRequest, wantsJson } from './request.ts';
import { Rows } from './rows.ts';
import { Schema } from './schema.ts';
import { ServiceCall } from './service.ts';

export interface GatewayParts {
  readonly books: Books;
  readonly random: SeededRandomness;
  readonly now: () => Date;
  readonly paging: Paging | null;
}

/** Where a service was called: `http://host`, `/sap/opu/odata/sap`, `API_SALES_ORDER_SRV`. */
export interface Called {
  readonly origin: string;
  readonly prefix: string;
  /** As it stands in the address, decoded. */
  readonly service: string;
}

interface Known {
  readonly service: Service;
  readonly rows: Rows;
}

const DUMP = 'An exception was raised';

export class Gateway {
  readonly reader: Reader;
  /** Names of services, without version, that are not switched on, and that the user may not use. */
  inactive: ReadonlySet<string> = new Set();
  denied: ReadonlySet<string> = new Set();
  readonly #parts: GatewayParts;
  readonly #known: readonly Known[];

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.reader = new Reader(parts.books, parts.paging);
    this.#known = parts.books.services.map((service) => ({ service, rows: new Rows(new Schema(service), parts.books) }));
  }

  answer(called: Called, request: ODataRequest): Answer {
    const asked = { ...request, method: methodOf(request) };
    try {
      const { rows } = this.#service(called.service);
      const path = `${called.prefix}/${called.service}`;
      const root = `${called.origin}${path}`;
      const service = new ServiceCall({ rows, reader: this.reader, root, now: this.#parts.now() });
      const attempt = (one: ODataRequest): Answer => this.#attempted(service, one);
      if (!/^(\$|%24)batch\/?$/.test(asked.path)) return attempt(asked);
      if (asked.method !== 'POST') throw wrongMethod(asked.method);
      return answerBatch(asked, {
        path,
        root,
        attempt,
        answer: (one) => {
          try {
            return attempt(one);
          } catch (error) {
            return this.refused(error, called, one);
          }
        },
        refuse: (error, one) => this.refused(error, called, one),
        atomically: (work) => this.#parts.books.atomically(work),
        boundary: () => this.#hex(16),
      });
    } catch (error) {
      return this.refused(error, called, asked);
    }
  }

  /** In SAP's envelope; what isn't a refusal is a dump. */
  refused(error: unknown, { service }: Pick<Called, 'service'>, request: Pick<ODataRequest, 'query' | 'headers'>): Answer {
    this.#parts.books.takeMessages();
    const refusal =
      error instanceof SapRefusal
        ? error
        : new SapRefusal(500, 'SY/530', `${DUMP}: ${error instanceof Error ? error.message : String(error)}`);
    const { name, version } = nameOf(service);
    const origin = { service: name, version, transactionId: this.#hex(16), at: this.#parts.now() };
    const isJson = wantsJson(request);
    return {
      status: refusal.status,
      content: isJson ? errorJson(refusal, origin) : errorXml(refusal, origin),
      type: isJson ? 'application/json;charset=utf-8' : 'application/xml;charset=utf-8',
      headers: { dataserviceversion: '1.0' },
    };
  }

  #attempted(service: ServiceCall, request: ODataRequest): Answer {
    const isHead = request.method === 'HEAD';
    const answer = service.answer(isHead ? { ...request, method: 'GET' } : request);
    const message = sapMessage(this.#parts.books.takeMessages());
    const headers = message === null ? answer.headers : { ...answer.headers, 'sap-message': message };
    return { ...answer, content: isHead ? '' : answer.content, ...(headers === undefined ? {} : { headers }) };
  }

  #service(called: string): Known {
    const { name, version } = nameOf(called);
    const known = this.#known.find(({ service }) => nameOf(service.path).name === name && versionOf(service) === Number(version));
    if (known === undefined || this.inactive.has(name)) throw noService(name, version);
    if (this.denied.has(name)) throw noAuthorization(name);
    return known;
  }

  #hex(bytes: number): string {
    return Buffer.from(this.#parts.random.bytes(bytes)).toString('hex').toUpperCase();
  }
}

/** `API_X;v=2` is version 0002 of API_X; without one it is the first. */
function nameOf(called: string): { name: string; version: string } {
  const [name = '', version = '1'] = called.split(/;v=/i);
  return { name: name.toUpperCase(), version: version.padStart(4, '0') };
}
