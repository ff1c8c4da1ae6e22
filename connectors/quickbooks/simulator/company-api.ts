/** What stands below `/v3/company/{realmId}`: reads, queries, changes, writes and batches, each request done as a whole or refused. */
import { createHash } from 'node:crypto';
import { type Body, isBody, textOf } from './body.ts';
import type { Books, Row } from './books.ts';
import { capturedChanges } from './change-capture.ts';
import { type Entity, entityNamed, type EntityName, isEmptyEntity } from './entities.ts';
import {
  againstRules,
  ApiFault,
  malformed,
  missing,
  noResource,
  notFound,
  requestIdConflict,
  tooLong,
  unsupported,
} from './fault.ts';
import { stampMs } from './pacific.ts';
import { pdfOf } from './pdf.ts';
import { answerQuery } from './query-run.ts';
import type { Manner } from './transaction.ts';
import { viewOf } from './view.ts';
import type { Writer } from './writer.ts';

export interface ApiRequest {
  readonly method: string;
  /** The path below the company. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly content: string | Buffer;
  readonly type: string;
}

/** The answer to a write that named itself, so that it is done once only. */
export interface Kept {
  readonly id: string;
  readonly fingerprint: string;
  readonly answer: ApiAnswer;
}

type Done = Body | Buffer;

const BATCH_MAX = 30;
const REQUEST_ID_MAX_CHARS = 50;
const BATCH_REQUEST_ID_MAX_CHARS = 36;
/** How many answers are kept for requests that come again; nobody says how long Intuit keeps them. */
const KEPT_MAX = 10_000;
const HAS_PDF: ReadonlySet<EntityName> = new Set([
  'Invoice',
  'Estimate',
  'CreditMemo',
  'SalesReceipt',
  'RefundReceipt',
  'Payment',
]);

export class CompanyApi {
  readonly #books: Books;
  readonly #writer: Writer;
  readonly #now: () => Date;
  readonly #kept = new Map<string, Kept>();

  constructor(books: Books, writer: Writer, now: () => Date) {
    this.#books = books;
    this.#writer = writer;
    this.#now = now;
  }

  /** Answers that may be asked for again. */
  kept(): readonly Kept[] {
    return [...this.#kept.values()];
  }

  load(kept: readonly Kept[]): void {
    for (const one of kept) this.#kept.set(one.id, one);
  }

  answer(request: ApiRequest): ApiAnswer {
    const id = request.query.get('requestid') ?? request.query.get('requestId');
    try {
      if (id === null || request.method !== 'POST') return this.#said(this.#done(request));
      const max = request.path.startsWith('batch') ? BATCH_REQUEST_ID_MAX_CHARS : REQUEST_ID_MAX_CHARS;
      if (id.length > max) throw tooLong('requestid', max, id.length);
      return this.#once(id, request);
    } catch (error) {
      if (error instanceof ApiFault) return this.refused(error);
      throw error;
    }
  }

  refused({ status, body }: ApiFault): ApiAnswer {
    return json(status, { Fault: body, time: this.#time });
  }

  /** A request that comes again gets the answer that it got: nothing is done twice. */
  #once(id: string, request: ApiRequest): ApiAnswer {
    const fingerprint = createHash('sha256').update(`${request.path}\n${request.body}`).digest('base64');
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.fingerprint !== fingerprint) throw requestIdConflict();
    if (kept !== undefined) return kept.answer;
    const answer = this.#said(this.#done(request));
    this.#kept.set(id, { id, fingerprint, answer });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT_MAX && oldest.done !== true) this.#kept.delete(oldest.value);
    return answer;
  }

  #said(done: Done): ApiAnswer {
    if (Buffer.isBuffer(done)) return { status: 200, content: done, type: 'application/pdf' };
    return json(200, { ...done, time: this.#time });
  }

  #done(request: ApiRequest): Done {
    const { method, path, query, body } = request;
    const [name = '', id, action, ...more] = path.split('/').filter((part) => part !== '');
    const isPost = method === 'POST';
    if (more.length > 0 || (!isPost && method !== 'GET')) throw noResource(path);
    if (name === 'query') return { QueryResponse: answerQuery(this.#books, statementOf(query, body)) };
    if (name === 'cdc' && !isPost) return { CDCResponse: [capturedChanges(this.#books, query)] };
    if (name === 'batch' && isPost) return { BatchItemResponse: this.#batch(parsed(body)) };
    const entity = name === name.toLowerCase() ? entityNamed(name) : undefined;
    if (entity === undefined) {
      if (!isEmptyEntity(name)) throw noResource(path);
      throw isPost ? unsupported('create') : notFound();
    }
    if (id !== undefined) return this.#ofOne(entity, { id, action, isPost, query });
    if (!isPost) {
      if (entity.family !== 'SINGLE') throw noResource(path);
      return this.#shown(this.#found(entity, '1'));
    }
    return this.#write(entity, parsed(body), optionsOf(query));
  }

  #ofOne(
    entity: Entity,
    { id, action, isPost, query }: { id: string; action: string | undefined; isPost: boolean; query: URLSearchParams },
  ): Done {
    if (isPost) {
      if (action !== 'send') throw noResource(`${entity.path}/${id}`);
      return this.#shown(this.#writer.send(entity.name, id, query.get('sendTo') ?? undefined));
    }
    // the company goes by its realm's number in the path
    const row = this.#found(entity, entity.family === 'SINGLE' ? '1' : id);
    if (action === undefined) return this.#shown(row);
    if (action !== 'pdf' || !HAS_PDF.has(entity.name)) throw noResource(`${entity.path}/${id}/${action}`);
    return pdfOf(entity.name, viewOf(this.#books, row));
  }

  #write(entity: Entity, body: Body, { operation, isVoid, manner }: WriteOptions): Body {
    const { name } = entity;
    const wanted = operation ?? (textOf(body, 'Id') === undefined && entity.family !== 'SINGLE' ? 'create' : 'update');
    if (wanted === 'void' && name === 'JournalEntry') return { BatchItemResponse: [] }; // as recorded: it says yes and does nothing
    if (wanted === 'void' || (wanted === 'update' && isVoid)) return this.#shown(this.#writer.void(name, body, manner));
    if (wanted === 'create') return this.#shown(this.#writer.create(name, body, manner));
    if (wanted === 'update') return this.#shown(this.#writer.update(name, body, manner));
    if (wanted !== 'delete') throw unsupported(wanted);
    const gone = this.#writer.remove(name, body, manner);
    return { [name]: { status: 'Deleted', domain: 'QBO', Id: gone.id } };
  }

  /** One after the other, each by itself. What is asked is answered as things stood before: an item never sees what an earlier one made. */
  #batch(body: Body): readonly Body[] {
    const items = Array.isArray(body.BatchItemRequest) ? body.BatchItemRequest : null;
    if (items === null) throw missing('BatchItemRequest');
    if (items.length > BATCH_MAX) throw againstRules(`A batch has at most ${BATCH_MAX} items, and this one has ${items.length}.`);
    const asked = items.map((item) => (isBody(item) ? item : {}));
    const answers = asked.map((item) => (textOf(item, 'Query') === undefined ? null : this.#item(item)));
    return asked.map((item, index) => answers[index] ?? this.#item(item));
  }

  #item(item: Body): Body {
    const bId = textOf(item, 'bId') ?? '';
    try {
      const statement = textOf(item, 'Query');
      if (statement !== undefined) return { bId, QueryResponse: answerQuery(this.#books, statement) };
      const [name, body] = Object.entries(item).find(([key, value]) => entityNamed(key) !== undefined && isBody(value)) ?? [];
      const entity = name === undefined ? undefined : entityNamed(name);
      if (entity === undefined || !isBody(body)) throw missing('BatchItemRequest');
      const options = new URLSearchParams({
        operation: textOf(item, 'operation') ?? '',
        include: textOf(item, 'optionsData') ?? '',
      });
      return { bId, ...this.#write(entity, body, optionsOf(options)) };
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      return { bId, Fault: error.body };
    }
  }

  #found(entity: Entity, id: string): Row {
    const row = this.#books.row(entity.name, id);
    if (row === undefined) throw notFound();
    return row;
  }

  #shown(row: Row): Body {
    return { [row.entity]: viewOf(this.#books, row) };
  }

  get #time(): string {
    return stampMs(this.#now());
  }
}

interface WriteOptions {
  readonly operation: string | undefined;
  readonly isVoid: boolean;
  readonly manner: Manner;
}

function optionsOf(query: URLSearchParams): WriteOptions {
  const include = (query.get('include') ?? '').toLowerCase().split(',');
  const operation = query.get('operation')?.toLowerCase();
  return {
    operation: operation === '' ? undefined : operation,
    isVoid: include.includes('void'),
    manner: { isPerson: false, allowsDuplicateNumber: include.includes('allowduplicatedocnum') },
  };
}

/** In the address, or as the whole body. */
function statementOf(query: URLSearchParams, body: string): string {
  const statement = query.get('query') ?? body;
  if (statement.trim() === '') throw missing('query');
  return statement;
}

function parsed(body: string): Body {
  try {
    const value: unknown = JSON.parse(body);
    if (isBody(value)) return value;
  } catch {
    // answered below like everything else that is no object
  }
  throw malformed('Property Name:Can not deserialize the request: it is no JSON object');
}

function json(status: number, body: Body): ApiAnswer {
  return { status, content: JSON.stringify(body), type: 'application/json;charset=UTF-8' };
}
