/** Changes of an endpoint and what its events say. Pure. */
import type { Step } from '../../kernel/machine.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { Change, RowOf } from '../../write/command.ts';
import type { WebhookEndpoint } from './webhook-endpoint.entity.ts';

export type EndpointRow = RowOf<typeof WebhookEndpoint>;

/** What both columns of a secret are sealed for: it moves from the one to the other when a new one is made. */
export const SECRET_FIELD = 'secret';

type Told = Omit<EndpointRow, 'sealedSecret' | 'previousSealedSecret' | 'previousSecretUntil'>;

/** Without its query, which may hold somebody's key. */
const plain = (address: string): string => {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
};

interface Happened {
  readonly type: string;
  readonly from: string | null;
  /** Beside what all of its events say. */
  readonly more?: Readonly<Record<string, string | null>>;
}

export function endpointEvent(row: Told, { type, from, more = {} }: Happened): EventDraft {
  const { id, version, lifecycle, url, eventTypes, legalEntityId, customerId, secretHint, disabledReason } = row;
  const told = { url: plain(url), eventTypes: eventTypes.join(' '), legalEntityId, customerId, secretHint, disabledReason };
  return {
    type,
    recordKind: 'WebhookEndpoint',
    recordId: id,
    recordVersion: version,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    payload: { from, to: lifecycle, ...told, ...more },
  };
}

/** The row as it is after it, with its events. */
export function changedEndpoint(row: EndpointRow, set: Partial<EndpointRow>, types: readonly string[]): Change {
  const { id, version, tenantId, lifecycle: from } = row;
  const after = { ...row, ...set, version: version + 1 };
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'WebhookEndpoint', id, version, set, owner: { tenantId } }],
    events: types.map((type) => endpointEvent(after, { type, from })),
  };
}

export const steppedEndpoint = (
  row: EndpointRow,
  { to, emits }: Step<EndpointRow['lifecycle']>,
  set: Partial<EndpointRow>,
): Change => changedEndpoint(row, { ...set, lifecycle: to }, emits);

/** Asks the sender for something: nothing of the endpoint itself changes. */
export const askedOf = (row: EndpointRow, happened: Omit<Happened, 'from'>): Change => ({
  recordId: row.id,
  rows: [],
  events: [endpointEvent(row, { ...happened, from: row.lifecycle })],
});
