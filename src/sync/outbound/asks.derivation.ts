/**
 * What ERPs are asked for: wishes of commands, and what they are to be told of records that the platform has authority over, whichever
 * command changed them. Each becomes an ErpRequest in the transaction of the change; an event of it starts the delivery. What was
 * observed in an ERP is never told back to it.
 */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Change, CommandContext, ErpAsk, ServingConnection } from '../../write/command.ts';
import { apart, type Derivation, type Derived } from '../../write/derivation.ts';
import type { Session } from '../../write/transaction.ts';
import { erpRequestEvent } from '../connection/erp-request.rules.ts';
import { authorityKindOf, isAskedKind, oneEach, pushes, type Told, toldBy } from './asks.rules.ts';

type Addressed<T> = T & { readonly connection: ServingConnection };

export const asksDerivation: Derivation = {
  name: 'erp-asks',
  derive: apart(async (session, changes, context) => {
    if (context.observing) return { rows: [], events: [] };
    const wishes = changes.flatMap((change) => change.asks ?? []).map((ask) => addressedWish(ask, context));
    const isWished = new Set(wishes.map((wish) => wish.recordId));
    const followed = (await followedBy(session, changes, context)).filter((told) => !isWished.has(told.recordId));
    return requestsOf([...wishes, ...followed], context);
  }),
};

/** @throws ERP_AUTHORITY where the ERP can't be asked for that: the command is refused, since nothing would come of it */
function addressedWish(ask: ErpAsk, context: CommandContext): Addressed<ErpAsk> {
  const { connection } = context.authority(ask.legalEntityId, ask.recordKind);
  if (!connection) throw new Error(`${ask.recordKind} ${ask.recordId} is wished from an ERP, and none serves its legal entity`);
  const connector = context.connectors.get(connection.connector);
  const { recordKind, command } = ask;
  const asked = isAskedKind(recordKind) ? { recordKind, command } : null;
  if (connector && !(asked && pushes(connector, asked))) {
    const reason = asked && connector.unavailable?.[authorityKindOf(asked)];
    const why = reason ? `${reason} Do` : 'do';
    throw new DomainError(
      'ERP_AUTHORITY',
      `${connection.name} has authority over this record, and can't be asked for this: ${why} it there, and it will show here.`,
      { details: { connection: connection.code, recordKind, command } },
    );
  }
  return { ...ask, connection };
}

async function followedBy(
  session: Session,
  changes: readonly Change[],
  context: CommandContext,
): Promise<readonly Addressed<Told>[]> {
  const events = changes.flatMap((change) => change.events);
  const customers = events.flatMap((e) => (e.type === 'customer.updated' && e.customerId !== null ? [e.customerId] : []));
  const told = [
    ...events.flatMap((event) => toldBy(event) ?? []),
    ...(await accountsOf(session, customers)),
    ...(await settlementsOf(session, changes, context)),
  ];
  const addressed = await withoutForeign(
    session,
    oneEach(told).flatMap((one) => addressedOf(one, context) ?? []),
  );
  const later = addressed.filter((one) => one.command !== 'CREATE');
  const known = await knownThere(session, later);
  const keyOf = (one: Addressed<Told>) => `${one.connection.id} ${one.recordId}`;
  const made = new Set(addressed.filter((one) => one.command === 'CREATE').map(keyOf));
  return addressed.filter((one) => made.has(keyOf(one)) || known.has(keyOf(one)));
}

/**
 * To whom it goes. An account that is opened here is made there whoever follows it afterwards, since documents name it. A connector that
 * is not installed in this process may well know how: its delivery waits for it.
 */
function addressedOf(told: Told, context: CommandContext): Addressed<Told> | null {
  const { side, connection } = context.authority(told.legalEntityId, authorityKindOf(told));
  if (!connection) return null;
  const isAccountMade = told.recordKind === 'CustomerAccount' && told.command === 'CREATE';
  const isOurs = side === 'PLATFORM' || isAccountMade || told.recordKind === 'Fulfilment';
  const connector = context.connectors.get(connection.connector);
  const isPushed = connector === undefined || pushes(connector, told);
  return isOurs && isPushed ? { ...told, connection } : null;
}

/** Without goods of an order that the ERP doesn't know, and those whose shipping it has told us itself. */
async function withoutForeign(session: Session, told: readonly Addressed<Told>[]): Promise<readonly Addressed<Told>[]> {
  const shipped = told.flatMap((one) => (one.recordKind === 'Fulfilment' ? [one.recordId] : []));
  if (shipped.length === 0) return told;
  const rows = await session.rows<{ id: string }>(sql`
    select f.id from fulfilment f
    join connection_legal_entity s on s.tenant_id = f.tenant_id and s.legal_entity_id = f.legal_entity_id
    where f.id = any(${sql.uuids(shipped)})
      and not exists (select from erp_record r where r.record_id = f.id and r.connection_id = s.connection_id and r.is_made_there)
      and (exists (select from erp_record r where r.record_id = f.order_id and r.connection_id = s.connection_id and r.state <> 'GONE')
        or exists (select from erp_request q where q.record_id = f.order_id and q.connection_id = s.connection_id and q.lifecycle <> 'REFUSED'))`);
  const ours = new Set(rows.map(({ id }) => id));
  return told.filter((one) => one.recordKind !== 'Fulfilment' || ours.has(one.recordId));
}

/** A customer's name, address and parent are those of each of its accounts there. */
async function accountsOf(session: Session, customerIds: readonly string[]): Promise<readonly Told[]> {
  if (customerIds.length === 0) return [];
  const rows = await session.rows<{ id: string; legalEntityId: string }>(sql`
    select a.id, a.legal_entity_id as "legalEntityId" from customer_account a
    join connection_legal_entity s on s.tenant_id = a.tenant_id and s.legal_entity_id = a.legal_entity_id
    where a.origin_customer_id = any(${sql.uuids(customerIds)})`);
  return rows.map(({ id, legalEntityId }) => ({
    recordKind: 'CustomerAccount',
    recordId: id,
    legalEntityId,
    accountId: id,
    command: 'UPDATE',
  }));
}

/** Credit notes that more or less of is set against invoices now. Their items may be made by the same transaction. */
async function settlementsOf(
  session: Session,
  changes: readonly Change[],
  { authority }: CommandContext,
): Promise<readonly Told[]> {
  const inserted = (entity: string) =>
    changes.flatMap(({ rows }) => rows.flatMap((row) => (row.op === 'insert' && row.entity === entity ? [row.values] : [])));
  const isServed = (legalEntityId: unknown) => authority(legalEntityId as string, 'Payment').connection !== null;
  const used = inserted('Allocation').filter((row) => row['kind'] === 'CREDIT' && isServed(row['legalEntityId']));
  if (used.length === 0) return [];
  const ids = new Set(used.map((row) => row['fromItemId']));
  const items = await session.rows<Item>(sql`
    select document_id as "documentId", legal_entity_id as "legalEntityId", account_id as "accountId" from open_item
    where id = any(${sql.uuids(ids as ReadonlySet<string>)})`);
  const made = inserted('OpenItem').filter((row) => ids.has(row['id'])) as unknown as readonly Item[];
  return [...made, ...items].map(({ documentId, legalEntityId, accountId }) => ({
    recordKind: 'CreditNote',
    recordId: documentId,
    legalEntityId,
    accountId,
    command: 'UPDATE',
  }));
}

interface Item {
  readonly documentId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
}

/** Records that the ERP knows, or was asked to make: of others, such as what was here before the connection, changes aren't told. */
async function knownThere(session: Session, told: readonly Addressed<Told>[]): Promise<ReadonlySet<string>> {
  if (told.length === 0) return new Set();
  const ids = sql.uuids(told.map((one) => one.recordId));
  const rows = await session.rows<{ connection_id: string; record_id: string }>(sql`
    select connection_id, record_id from erp_record where record_id = any(${ids})
    union select connection_id, record_id from erp_request where record_id = any(${ids})`);
  return new Set(rows.map((row) => `${row.connection_id} ${row.record_id}`));
}

function requestsOf(asked: readonly Addressed<ErpAsk>[], context: CommandContext): Derived {
  const requests = asked.map(({ connection, input = null, legalEntityId, accountId, recordKind, recordId, command }) => {
    const id = context.newId();
    const told = { id, legalEntityId, accountId, recordKind, recordId, command, lifecycle: 'SENT', version: 1 };
    const values = {
      ...told,
      tenantId: context.tenant.id,
      connectionId: connection.id,
      input,
      attemptCount: 0,
      askedById: context.principal.actorId,
      createdAt: context.now,
    };
    const event = { ...told, externalId: null, erpText: null, connection: connection.code };
    return { row: { op: 'insert', entity: 'ErpRequest', values } as const, event: erpRequestEvent('erp_request.made', event) };
  });
  return { rows: requests.map((r) => r.row), events: requests.map((r) => r.event) };
}
