/**
 * `POST /webhooks/logistics/<tenant>/<provider>` and `POST /webhooks/erp/<tenant>/<connection>`: hands on what another system reports, as
 * the bytes that it signed. Everything about who may report what is decided by the receiver; here are the method, the size, the answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import { sendJson } from './answer.ts';
import type { ListenOptions } from './options.ts';
import { bytesOf, readBytes } from './request-body.ts';

const ERP = '/webhooks/erp/';
const FOLDERS = ['/webhooks/logistics/', ERP];
/** Of a tenant, a provider or a connection: what can't be one isn't looked up. */
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

const folderOf = (path: string) => FOLDERS.find((folder) => path.startsWith(folder));

export const isWebhookPath = (path: string): boolean => folderOf(path) !== undefined;

/** What metrics call it: the names in the path are a client's. */
export const webhookRoute = (path: string): string => folderOf(path)?.slice(0, -1) ?? 'other';

export type WebhookHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

type WebhookParts = Pick<ListenOptions, 'config' | 'logger' | 'receiveLogistics' | 'receiveErp'>;

export function createWebhookHttp({ config, logger, receiveLogistics, receiveErp }: WebhookParts): WebhookHttp {
  return async (request, response, requestId) => {
    const url = request.url ?? '';
    const folder = folderOf(url) ?? '';
    const [tenant = '', name = '', ...more] = url.slice(folder.length).split('/');
    if (more.length > 0 || !SLUG.test(tenant) || !SLUG.test(name)) throw nothingThere();
    if (request.method !== 'POST') return refuseMethod(response);
    const read = folder === ERP ? bytesOf : readBytes;
    const body = await read(request, config.limits.bodyMaxBytes);
    const message = { tenant, headers: request.headers, body };
    try {
      const receipt =
        folder === ERP
          ? await receiveErp?.({ ...message, connection: name })
          : await receiveLogistics?.({ ...message, provider: name, requestId });
      if (!receipt) throw nothingThere();
      sendJson(response, 200, receipt);
    } catch (error) {
      // the sender's operator sees the answer, ours sees this; whoever guesses at addresses leaves no lines
      if (isDomainError(error) && error.code !== 'NOT_FOUND' && !(folder === ERP && error.code === 'SIGNATURE_INVALID'))
        logger.warn({ requestId, tenant, name, code: error.code, reason: error.details['reason'] }, 'a webhook was refused');
      throw error;
    }
  };
}

/** As the receiver says it of who isn't there. */
const nothingThere = () => new DomainError('NOT_FOUND', 'There is nothing at this address.');

function refuseMethod(response: ServerResponse): void {
  response.setHeader('allow', 'POST');
  sendJson(response, 405, { errors: [{ message: 'Webhooks are sent with POST.', extensions: { code: 'BAD_REQUEST' } }] });
}
