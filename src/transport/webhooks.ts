/**
 * `POST /webhooks/logistics/<tenant>/<provider>`: hands on what another system reports, as the bytes that it signed. Everything about
 * who may report what is decided by the receiver; here are the method, the size, and the answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, isDomainError } from '../kernel/errors.ts';
import { sendJson } from './answer.ts';
import type { ListenOptions } from './options.ts';
import { readBytes } from './request-body.ts';

const FOLDER = '/webhooks/logistics/';
/** Of a tenant and of a provider: what can't be one isn't looked up. */
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const isWebhookPath = (path: string): boolean => path.startsWith(FOLDER);

/** What metrics call it: the names in the path are a client's. */
export const WEBHOOK_ROUTE = '/webhooks/logistics';

export type WebhookHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createWebhookHttp({ config, logger, receiveLogistics }: WebhookParts): WebhookHttp {
  return async (request, response, requestId) => {
    const [tenant = '', provider = '', ...more] = (request.url ?? '').slice(FOLDER.length).split('/');
    if (more.length > 0 || !SLUG.test(tenant) || !SLUG.test(provider)) throw nothingThere();
    if (request.method !== 'POST') return refuseMethod(response);
    const body = await readBytes(request, config.limits.bodyMaxBytes);
    try {
      sendJson(response, 200, await receiveLogistics({ tenant, provider, headers: request.headers, body, requestId }));
    } catch (error) {
      // the sender's operator sees the answer, ours sees this; whoever guesses at addresses leaves no lines
      if (isDomainError(error) && error.code !== 'NOT_FOUND')
        logger.warn({ requestId, tenant, provider, code: error.code, reason: error.details['reason'] }, 'a webhook was refused');
      throw error;
    }
  };
}

export interface WebhookParts extends Pick<ListenOptions, 'config' | 'logger'> {
  readonly receiveLogistics: NonNullable<ListenOptions['receiveLogistics']>;
}

/** As the receiver says it of who isn't there. */
const nothingThere = () => new DomainError('NOT_FOUND', 'There is nothing at this address.');

function refuseMethod(response: ServerResponse): void {
  response.setHeader('allow', 'POST');
  sendJson(response, 405, { errors: [{ message: 'Webhooks are sent with POST.', extensions: { code: 'BAD_REQUEST' } }] });
}
