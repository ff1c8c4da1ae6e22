/**
 * Webhooks: signed over the raw body with the app's verifier token, in the old form or as CloudEvents. They carry ids only, may repeat
 * and may come in any order, so they are hints of what to read.
 */
import {
  type CloudEvent,
  cloudEvents,
  type JsonObject,
  verifyHmac,
  type WebhookHint,
  type WebhookMessage,
} from '../../src/connect/index.ts';
import { isObject, listAt, textAt } from './fields.ts';
import type { Credentials, Settings } from './settings.ts';
import { ENTITIES } from './streams.ts';

const HEADER = 'intuit-signature';

/** Nothing is believed where no verifier token is kept. */
export function verify({ headers, body }: WebhookMessage, { credentials }: { readonly credentials: Credentials }): boolean {
  const { webhookVerifier } = credentials;
  if (webhookVerifier === undefined) return false;
  return verifyHmac({ secret: webhookVerifier, body, signature: headers[HEADER], encoding: 'base64' });
}

const STREAM_OF = new Map<string, string>(Object.entries(ENTITIES).map(([name, entity]) => [entity.toLowerCase(), name]));

interface Told {
  readonly realmId: string | undefined;
  readonly entity: string;
  readonly operation: string;
  readonly id: string | undefined;
  /** Of a merge: the one that is gone. */
  readonly deletedId: string | undefined;
}

/** Of other companies, and of records that are not read, nothing. */
export function hints({ body }: WebhookMessage, { config }: { readonly config: Settings }): readonly WebhookHint[] {
  const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  const told = isObject(parsed) && 'eventNotifications' in parsed ? legacyEvents(parsed) : cloudEvents(body).map(toldBy);
  return told.filter(({ realmId }) => realmId === config.realmId).flatMap(hintsOf);
}

function hintsOf({ entity, operation, id, deletedId }: Told): WebhookHint[] {
  const stream = STREAM_OF.get(entity.toLowerCase());
  if (stream === undefined) return [];
  const isDeleted = /^delete/i.test(operation);
  const one = id === undefined ? { stream } : { stream, externalId: id, ...(isDeleted ? { isDeleted } : {}) };
  return [one, ...(deletedId === undefined ? [] : [{ stream, externalId: deletedId, isDeleted: true }])];
}

function legacyEvents(body: JsonObject): Told[] {
  return listAt(body, 'eventNotifications').flatMap((one) =>
    listAt(one, 'dataChangeEvent.entities').map((entity) => ({
      realmId: textAt(one, 'realmId'),
      entity: textAt(entity, 'name') ?? '',
      operation: textAt(entity, 'operation') ?? '',
      id: textAt(entity, 'id'),
      deletedId: textAt(entity, 'deletedId'),
    })),
  );
}

const EVENT_TYPE = /^qbo\.([a-z]+)\.([a-z]+)\./i;

function toldBy({ type, data, attributes }: CloudEvent): Told {
  const [, entity = '', operation = ''] = EVENT_TYPE.exec(type) ?? [];
  const more = isObject(data) ? data : {};
  return {
    realmId: textAt(attributes, 'intuitaccountid'),
    entity,
    operation,
    id: textAt(attributes, 'intuitentityid'),
    deletedId: textAt(more, 'deletedId') ?? textAt(more, 'deletedid'),
  };
}
