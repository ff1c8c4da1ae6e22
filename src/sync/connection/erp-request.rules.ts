/** What a request towards an ERP says of itself in its events. Pure. */
import type { EventDraft } from '../../outbox/event.ts';

export interface ToldRequest {
  readonly id: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly command: string;
  readonly lifecycle: string;
  readonly externalId: string | null;
  readonly erpText: string | null;
  readonly version: number;
  /** The code of its connection. */
  readonly connection: string;
}

export const erpRequestEvent = (type: string, request: ToldRequest, overridden: string | null = null): EventDraft => ({
  type,
  recordKind: 'ErpRequest',
  recordId: request.id,
  recordVersion: request.version,
  legalEntityId: request.legalEntityId,
  accountId: request.accountId,
  customerId: null,
  payload: {
    connection: request.connection,
    recordKind: request.recordKind,
    recordId: request.recordId,
    command: request.command,
    lifecycle: request.lifecycle,
    externalId: request.externalId,
    erpText: request.erpText,
    overridden,
  },
});

export interface ToldIssue {
  readonly id: string;
  readonly connection: string;
  readonly reason: string;
  readonly recordKind: string;
  readonly lifecycle: string;
  readonly version: number;
}

export const syncIssueEvent = (
  type: string,
  { id, version, connection, reason, recordKind, lifecycle }: ToldIssue,
): EventDraft => ({
  type,
  recordKind: 'SyncIssue',
  recordId: id,
  recordVersion: version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload: { connection, reason, recordKind, lifecycle },
});
