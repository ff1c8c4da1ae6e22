/** `/exports/…` on the server: what is asked for comes as a file, or not at all. */
import { DomainError } from '../../kernel/errors.ts';
import { sendJson } from '../answer.ts';
import type { Authenticator } from '../authenticate.ts';
import type { DownloadHttp } from '../downloads.ts';
import { setCorsHeaders } from '../headers.ts';
import type { ListenOptions } from '../options.ts';
import { EXPORTS } from './export.rules.ts';

/** What metrics call it: ids have no place there. */
export const EXPORT_ROUTE = '/exports';

export const isExportPath = (path: string): boolean => path.startsWith(EXPORTS);

export interface ExportHttpParts extends Pick<ListenOptions, 'config' | 'sendExport'> {
  readonly authenticator: Authenticator;
}

export const createExportHttp =
  ({ config, sendExport, authenticator }: ExportHttpParts): DownloadHttp =>
  async (request, response) => {
    setCorsHeaders(request, response, config);
    if (request.method === 'OPTIONS') {
      response.statusCode = 204;
      response.end();
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendJson(response, 405, { errors: [{ message: 'Files are read with GET.', extensions: { code: 'BAD_REQUEST' } }] });
    } else if (sendExport) await sendExport(request, response, authenticator);
    else throw new DomainError('NOT_FOUND', 'There are no exports here.');
  };
