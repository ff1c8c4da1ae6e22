/** Tells a receiver what has changed, signed. Only ids are told, never contents. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { EventSender } from '../../../src/connect/simulating/index.ts';
import type { Body } from './body.ts';
import type { Change } from './books.ts';

export type WebhookFormat = 'CLOUD_EVENTS' | 'LEGACY';

export interface WebhookOptions {
  readonly realmId: string;
  readonly verifier: string;
  readonly format: WebhookFormat;
}

const EVENTS_MAX = 50;
const VERBS = { Create: 'created', Update: 'updated', Delete: 'deleted', Void: 'voided', Merge: 'merged', Emailed: 'emailed' };

export const webhookSender = ({ realmId, verifier, format }: WebhookOptions): EventSender<Change> =>
  new EventSender((changes) => {
    const body = JSON.stringify(format === 'LEGACY' ? legacy(realmId, changes) : changes.map((one) => eventOf(realmId, one)));
    const signature = createHmac('sha256', verifier).update(body).digest('base64');
    return { body, headers: { 'content-type': 'application/json; charset=utf-8', 'intuit-signature': signature } };
  }, EVENTS_MAX);

const eventOf = (realmId: string, { entity, id, operation, atSec }: Change): Body => ({
  specversion: '1.0',
  id: randomUUID(),
  source: `intuit.${createHash('sha256').update(realmId).digest('base64')}`,
  type: `qbo.${entity.toLowerCase()}.${VERBS[operation]}.v1`,
  datacontenttype: 'application/json',
  time: `${utc(atSec)}.000000000Z`,
  intuitentityid: id,
  intuitaccountid: realmId,
  data: {},
});

function legacy(realmId: string, changes: readonly Change[]): Body {
  const entities = changes.map(({ entity, id, operation, atSec, deletedId }) => ({
    name: entity,
    id,
    operation,
    lastUpdated: `${utc(atSec)}.000Z`,
    ...(deletedId === undefined ? {} : { deletedId }),
  }));
  return { eventNotifications: [{ realmId, dataChangeEvent: { entities } }] };
}

const utc = (sec: number): string => new Date(sec * 1_000).toISOString().slice(0, 19);
