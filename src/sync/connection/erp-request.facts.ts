/** What decisions about requests towards an ERP need: the requests, the payments that they wish for, the issues that stand about them. */
import { DomainError } from '../../kernel/errors.ts';
import { CustomerAccount } from '../../o2c/party/index.ts';
import { Payment } from '../../o2c/payment/index.ts';
import { sql } from '../../read/sql.ts';
import type { RowOf, Tx } from '../../write/command.ts';
import { Connection } from './connection.entity.ts';
import { ErpRequest } from './erp-request.entity.ts';
import { SyncIssue } from './sync.entity.ts';

export type ErpRequestRow = RowOf<typeof ErpRequest>;

export async function requestFacts(tx: Tx, inputs: readonly { readonly id: string }[]) {
  const requests = await tx.load(ErpRequest, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true });
  const connections = await tx.load(Connection, sql`t.id = any(${sql.uuids(requests.map((r) => r.connectionId))})`);
  const wished = requests.filter((r) => r.recordKind === 'Payment').map((r) => r.recordId);
  const payments = await tx.load(Payment, sql`t.id = any(${sql.uuids(wished)})`, { lock: true });
  const issues = await tx.load(
    SyncIssue,
    sql`t.erp_request_id = any(${sql.uuids(requests.map((r) => r.id))}) and t.lifecycle = 'OPEN'`,
    { lock: true },
  );
  return {
    requests: new Map(requests.map((r) => [r.id, r])),
    codes: new Map(connections.map((c) => [c.id, c.code])),
    names: new Map(connections.map((c) => [c.id, c.name])),
    payments: new Map(payments.map((p) => [p.id, p])),
    issues: new Map(issues.map((i) => [i.erpRequestId ?? '', i])),
  };
}

export type RequestFacts = Awaited<ReturnType<typeof requestFacts>>;

/** @throws NOT_FOUND */
export function requestOf({ requests }: RequestFacts, id: string): ErpRequestRow {
  const request = requests.get(id);
  if (!request) throw new DomainError('NOT_FOUND', 'There is no such request.', { path: ['id'] });
  return request;
}

interface CustomerAsked {
  readonly accountId: string;
  readonly connectionId: string;
}

/** Whether an ERP knows these customers, was asked to make them, or has customers that nobody has read. */
export async function customerFacts(tx: Tx, inputs: readonly CustomerAsked[]) {
  const accountIds = sql.uuids(inputs.map((i) => i.accountId));
  const accounts = await tx.load(CustomerAccount, sql`t.id = any(${accountIds})`, { lock: true });
  const known = await tx.rows<{ key: string }>(sql`
    select connection_id || ' ' || record_id as key from erp_record where record_id = any(${accountIds}) and state <> 'GONE'
    union select connection_id || ' ' || record_id from erp_request where record_id = any(${accountIds})`);
  const unread = await tx.rows<{ id: string }>(sql`
    select connection_id as id from sync_stream where connection_id = any(${sql.uuids(inputs.map((i) => i.connectionId))})
      and record_kind = 'CustomerAccount' and is_enabled and last_full_at is null`);
  return {
    accounts: new Map(accounts.map((a) => [a.id, a])),
    known: new Set(known.map((row) => row.key)),
    unread: new Set(unread.map((row) => row.id)),
  };
}
