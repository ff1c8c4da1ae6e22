/**
 * `PUT /uploads/<id>?…` takes a file that is to be imported, `HEAD` says how much of it is here, and `GET /imports/<id>/refused.csv?…`
 * (or `.jsonl`) gives what could not be read in. The addresses are signed; without a signature a token of whoever started it is needed.
 * Anything wrong with an address looks the same as one where nothing is.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { DomainError } from '../kernel/errors.ts';
import { parsePublicId } from '../kernel/ids.ts';
import { sendJson } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import { setCorsHeaders } from './headers.ts';
import type { ImportFiles } from './import/files.ts';
import { IMPORTS, UPLOADS } from './import/paths.ts';
import type { AwaitedUpload, Extent, UploadDesk } from './import/receive.ts';
import type { ReportDesk, ReportFormat } from './import/report.ts';
import type { ListenOptions } from './options.ts';
import { isSigned, requireSigned } from './signed-url.ts';

export interface UploadParts extends Pick<ListenOptions, 'config' | 'importFiles'> {
  readonly authenticator: Authenticator;
}

export type UploadHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** What metrics call them: ids have no place there. */
const ROUTES: Readonly<Record<string, string>> = { [UPLOADS]: '/uploads', [IMPORTS]: '/imports' };

export const uploadRoute = (path: string): string | undefined =>
  Object.entries(ROUTES).find(([folder]) => path.startsWith(folder))?.[1];

const ADDRESS = /^\/(uploads|imports)\/((?:upl|imp)_[0-9a-f-]{36})(?:\/refused\.(csv|jsonl))?$/;
const TYPES: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
};

interface Wanted {
  readonly path: string;
  readonly search: URLSearchParams;
  readonly id: string;
  readonly report: ReportFormat | null;
}

export function createUploadHttp(parts: UploadParts): UploadHttp {
  const { config, importFiles } = parts;
  return async (request, response) => {
    setCorsHeaders(request, response, config);
    const wanted = wantedOf(request);
    const methods = wanted.report === null ? ['PUT', 'HEAD'] : ['GET', 'HEAD'];
    if (!methods.includes(request.method ?? '')) return refuseMethod(request, response, methods);
    if (!importFiles) throw nothingThere();
    if (wanted.report !== null)
      return sendReport(response, await allowed(importFiles.reports, { ...parts, importFiles, request, wanted }), {
        ...wanted,
        report: wanted.report,
        request,
        importFiles,
      });
    const upload = await allowed(importFiles.uploads, { ...parts, importFiles, request, wanted });
    if (request.method === 'HEAD') return tellOffset(response, upload, importFiles.uploads);
    const received = await importFiles.uploads.receive(upload, extentOf(request, upload), bodyOf(request));
    response.setHeader('upload-offset', received.receivedBytes);
    sendJson(response, received.sha256 === null ? 202 : 200, received);
  };
}

const nothingThere = () =>
  new DomainError('NOT_FOUND', 'There is nothing at this address, or its time is over: ask for a new one.');

/** @throws NOT_FOUND for an address that can't be one */
function wantedOf({ url = '' }: IncomingMessage): Wanted {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const [, folder, publicId = '', report] = ADDRESS.exec(path) ?? [];
  if ((folder === 'uploads') !== (report === undefined)) throw nothingThere();
  const { prefix, uuid } = parsePublicId(publicId);
  if (prefix !== (folder === 'uploads' ? 'upl' : 'imp')) throw nothingThere();
  const search = new URLSearchParams(at < 0 ? '' : url.slice(at));
  return { path, search, id: uuid, report: (report as ReportFormat | undefined) ?? null };
}

interface Asked extends Omit<UploadParts, 'importFiles'> {
  readonly importFiles: ImportFiles;
  readonly request: IncomingMessage;
  readonly wanted: Wanted;
}

interface Owned {
  readonly tenantId: string;
  readonly startedById: string;
}

/** @throws NOT_FOUND, UNAUTHENTICATED */
async function allowed<T extends Owned>(
  desk: { find(id: string): Promise<T | null> },
  { importFiles: { vault, clock }, authenticator, request, wanted: { id, path, search } }: Asked,
): Promise<T> {
  const principal = isSigned(search) ? null : await authenticator.authenticate(request.headers.authorization);
  const found = await desk.find(id);
  if (!found) throw nothingThere();
  if (!principal) requireSigned(vault, { path, tenantId: found.tenantId, search, now: clock.now() });
  else if (principal.tenantId !== found.tenantId || principal.actorId !== found.startedById) throw nothingThere();
  return found;
}

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

/** The part that a request sends; without a `content-range` all of it. @throws BAD_REQUEST */
function extentOf({ headers }: IncomingMessage, { sizeBytes }: AwaitedUpload): Extent {
  const range = headers['content-range'];
  const length = headers['content-length'];
  const [, from = '0', last = String(sizeBytes - 1), total = String(sizeBytes)] =
    range === undefined ? [] : (RANGE.exec(range) ?? ['', '1', '0', '0']);
  const extent = { from: Number(from), to: Number(last) + 1 };
  if (Number(total) !== sizeBytes || extent.to <= extent.from)
    throw new DomainError(
      'BAD_REQUEST',
      `content-range must be of the form "bytes 0-99/${sizeBytes}": the file was announced with ${sizeBytes} bytes.`,
    );
  if (length !== undefined && Number(length) !== extent.to - extent.from)
    throw new DomainError(
      'BAD_REQUEST',
      `The body has ${length} bytes, and ${extent.to - extent.from} were announced. Send exactly those, or parts with content-range.`,
    );
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'The file must not be packed. Send it without a content-encoding.');
  return extent;
}

async function* bodyOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of request) yield chunk as Uint8Array;
  } catch (cause) {
    throw new DomainError('BAD_REQUEST', 'The request ended before its body was complete: HEAD says where to go on.', { cause });
  }
}

async function tellOffset(response: ServerResponse, upload: AwaitedUpload, desk: UploadDesk): Promise<void> {
  response.setHeader('upload-offset', await desk.receivedBytes(upload));
  response.setHeader('upload-length', upload.sizeBytes);
  response.setHeader('cache-control', 'no-store');
  response.end();
}

interface Sending extends Wanted {
  readonly report: ReportFormat;
  readonly request: IncomingMessage;
  readonly importFiles: ImportFiles;
}

async function sendReport(
  response: ServerResponse,
  of: Awaited<ReturnType<ReportDesk['find']>>,
  { report, request, importFiles }: Sending,
): Promise<void> {
  if (!of) throw nothingThere();
  response.setHeader('content-type', TYPES[report]);
  response.setHeader('content-disposition', `attachment; filename="refused.${report}"`);
  response.setHeader('cache-control', 'no-store');
  if (request.method === 'HEAD') return void response.end();
  for await (const line of importFiles.reports.lines(of, report)) {
    if (response.destroyed) return;
    if (!response.write(line)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  if (request.method === 'OPTIONS') {
    response.statusCode = 204;
    response.end();
    return;
  }
  response.setHeader('allow', methods.join(', '));
  const message = `Here ${methods.join(' and ')} can be done.`;
  sendJson(response, 405, { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
}
