/**
 * `GET /exports/<id>/<file>`: the file of an export, for whoever has its signed address, or for its starter with a token. It takes
 * Range, so that a download that broke off goes on. Whatever is wrong with an address, it is one at which there is nothing.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Principal, requirePermission } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { isSigned, requireSigned } from '../signed-url.ts';
import { byteRange, type Range } from './byte-range.ts';
import type { ExportEngines } from './engines.ts';
import { pathOf } from './folder.ts';
import type { Format } from './form.ts';

/** Sends a file. @throws DomainError NOT_FOUND, UNAUTHENTICATED */
export type SendExport = (
  request: IncomingMessage,
  response: ServerResponse,
  asker: { authenticate(authorization: unknown): Promise<Principal> },
) => Promise<void>;

const TYPES: Readonly<Record<Format, string>> = {
  JSONL: 'application/x-ndjson; charset=utf-8',
  CSV: 'text/csv; charset=utf-8',
  PARQUET: 'application/vnd.apache.parquet',
};
const PATH = /^\/exports\/exp_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([\w.-]{1,100})$/;
const READ_BYTES = 262_144;

interface Found {
  readonly tenantId: string;
  readonly startedById: string;
  readonly id: string;
  readonly run: number;
  readonly format: Format;
  readonly fileName: string;
  readonly sha256: string;
}

const notThere = () => new DomainError('NOT_FOUND', 'There is nothing at this address, or its time is over: ask for a new one.');

export function createSendExport(engines: ExportEngines): SendExport {
  return async (request, response, asker) => {
    const { pathname: path, searchParams: search } = new URL(request.url ?? '', 'http://localhost');
    const found = await fileAt(engines, path);
    if (isSigned(search)) {
      // computed for an address that leads nowhere as well: how long it takes says nothing
      requireSigned(engines.vault, { path, tenantId: found?.tenantId ?? '', search, now: engines.clock.now() });
    } else {
      const principal = await asker.authenticate(request.headers.authorization);
      requirePermission(principal, 'exports:read');
      if (principal.tenantId !== found?.tenantId || principal.actorId !== found.startedById) throw notThere();
    }
    if (!found) throw notThere();
    await sendFile({ request, response, found, path: pathOf(engines.folder, found) });
  };
}

/** Null also for what has expired, and for what somebody started who may not sign in any more. */
async function fileAt({ systemRows, clock }: ExportEngines, path: string): Promise<Found | null> {
  const [, id, fileName] = PATH.exec(path) ?? [];
  if (id === undefined) return null;
  const [found] = await systemRows<Found>(sql`
    select e.tenant_id as "tenantId", e.started_by_id as "startedById", e.id, e.run_count as run, e.format, e.file_name as "fileName", e.sha256
    from export e join actor a on a.tenant_id = e.tenant_id and a.id = e.started_by_id and a.revoked_at is null
    where e.id = ${sql.typed(id, 'uuid')} and e.file_name = ${fileName} and e.lifecycle = 'DONE' and e.expires_at > ${clock.now().toISOString()}`);
  return found ?? null;
}

interface Sending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly found: Found;
  /** On the disk. */
  readonly path: string;
}

async function sendFile({ request, response, found, path }: Sending): Promise<void> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new DomainError(
      'UNAVAILABLE',
      'The file is not on this server: EXPORTS_DIR has to be a folder that all of them share.',
      { cause },
    );
  });
  const etag = `"${found.sha256}"`;
  response.setHeader('content-type', TYPES[found.format]);
  response.setHeader('content-disposition', `attachment; filename="${found.fileName}"`);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('vary', 'Accept-Encoding, Origin');
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === etag ? byteRange(request.headers.range, size) : null;
  if (range === 'OUTSIDE') {
    response.setHeader('content-range', `bytes */${size}`);
    response.statusCode = 416;
    response.end();
    return;
  }
  if (range === null && found.format !== 'PARQUET' && takesGzip(request))
    return sendGzip(request, response, { path, etag: `${etag.slice(0, -1)}-gzip"` });
  response.setHeader('etag', etag);
  await sendPart(request, response, { path, size, range });
}

const takesGzip = ({ headers }: IncomingMessage): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)/i.test(headers['accept-encoding'] ?? '');

async function sendGzip(
  request: IncomingMessage,
  response: ServerResponse,
  { path, etag }: { path: string; etag: string },
): Promise<void> {
  response.setHeader('etag', etag);
  response.setHeader('content-encoding', 'gzip');
  response.statusCode = 200;
  if (request.method === 'HEAD') return void response.end();
  await untilClosed(pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), createGzip({ level: 1 }), response));
}

interface Part {
  readonly path: string;
  readonly size: number;
  readonly range: Range | null;
}

async function sendPart(request: IncomingMessage, response: ServerResponse, { path, size, range }: Part): Promise<void> {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.statusCode = range ? 206 : 200;
  if (range) response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
  response.setHeader('content-length', end - start + 1);
  if (request.method === 'HEAD' || size === 0) return void response.end();
  await untilClosed(pipeline(createReadStream(path, { start, end, highWaterMark: READ_BYTES }), response));
}

/** Whoever goes away in the middle is no fault; nothing can be said to them any more either. */
async function untilClosed(sending: Promise<void>): Promise<void> {
  await sending.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
  });
}
