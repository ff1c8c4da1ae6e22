/**
 * `GET /documents/<kind>/<id>.pdf`: a document as a file, for whoever may read its record: the same credentials and the same
 * scope as in the graph, so another's id is one that doesn't exist. The file's name is ours, never a client's.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../kernel/errors.ts';
import { parsePublicId } from '../kernel/ids.ts';
import { drawPdf } from '../print/pdf.ts';
import { type DownloadKind, DOWNLOADS } from '../write/download.ts';
import { sendJson } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import { setCorsHeaders } from './headers.ts';
import type { ListenOptions } from './options.ts';
import { createTurns } from './turns.ts';

/** What metrics call it: ids have no place there. */
export const DOWNLOAD_ROUTE = '/documents';

export const isDownloadPath = (path: string): boolean => path.startsWith(DOWNLOADS);

export interface DownloadParts extends Pick<ListenOptions, 'config' | 'context'> {
  readonly authenticator: Authenticator;
  readonly downloads: readonly DownloadKind[];
}

export type DownloadHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createDownloadHttp({ authenticator, config, context, downloads }: DownloadParts): DownloadHttp {
  const inTurn = createTurns({ atOnce: config.limits.drawingsMaxCount, waiting: config.limits.drawingsWaitingMaxCount });
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, config);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(request, response);
    const principal = await authenticator.authenticate(request.headers.authorization);
    const [path = ''] = (request.url ?? '').slice(DOWNLOADS.length).split('?', 1);
    const { kind, id } = addressed(path, downloads);
    const found = await kind.load(context(principal, { requestId, idempotencyKey: null }), id);
    if (!found) throw nothingThere();
    const { name, content } = found;
    const file = content instanceof Uint8Array ? content : await inTurn(() => drawPdf(content));
    response.setHeader('content-type', 'application/pdf');
    response.setHeader('content-disposition', `attachment; filename="${fileName(name)}"`);
    response.setHeader('content-length', file.byteLength);
    response.end(request.method === 'HEAD' ? undefined : file);
  };
}

const nothingThere = () => new DomainError('NOT_FOUND', 'There is no such document, or you may not see it.');

/** @throws NOT_FOUND for an address that can't be one */
function addressed(path: string, downloads: readonly DownloadKind[]): { kind: DownloadKind; id: string } {
  const [, folder, publicId] = /^([a-z-]{1,40})\/([a-z]{1,10}_[0-9a-f-]{36})\.pdf$/.exec(path) ?? [];
  const kind = downloads.find((one) => one.folder === folder);
  if (!kind || publicId === undefined) throw nothingThere();
  const { prefix, uuid } = parsePublicId(publicId);
  if (prefix !== kind.prefix) throw nothingThere();
  return { kind, id: uuid };
}

/** Numbers that were read in may hold anything; a header and a disk may not. */
const fileName = (name: string): string => `${name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'document'}.pdf`;

function refuseMethod(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'OPTIONS') {
    response.statusCode = 204;
    response.end();
    return;
  }
  response.setHeader('allow', 'GET, HEAD');
  sendJson(response, 405, { errors: [{ message: 'Documents are read with GET.', extensions: { code: 'BAD_REQUEST' } }] });
}
