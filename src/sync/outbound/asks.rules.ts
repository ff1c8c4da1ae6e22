/** What an ERP is to be told of what happened here, by the events that say it. Pure. */
import type { AuthorityKind, Connector, PushCommand } from '../../connect/connector.ts';
import type { CanonicalKind } from '../../canonical/canonical.ts';
import type { EventDraft } from '../../outbox/event.ts';

/** Kinds of our records that an ERP is told of. */
export type AskedKind = AuthorityKind | 'Fulfilment';

/** The document that each is there. */
const DOCUMENT_OF: Readonly<Record<AskedKind, CanonicalKind>> = {
  CustomerAccount: 'Customer',
  Order: 'Order',
  Fulfilment: 'Delivery',
  Invoice: 'Invoice',
  CreditNote: 'CreditNote',
  Payment: 'Payment',
};

export const isAskedKind = (kind: string): kind is AskedKind => Object.hasOwn(DOCUMENT_OF, kind);

type Asked = Pick<Told, 'recordKind' | 'command'>;

/** What a credit note is set against, which is another record there: a payment of nothing that has both sides. */
export const isSettlement = ({ recordKind, command }: { readonly recordKind: string; readonly command: string }): boolean =>
  recordKind === 'CreditNote' && command === 'UPDATE';

/** Whose authority counts: what documents are set against goes with payments, and each fulfilment is its maker's, as its order is. */
export function authorityKindOf(asked: Asked): AuthorityKind {
  if (isSettlement(asked)) return 'Payment';
  return asked.recordKind === 'Fulfilment' ? 'Order' : asked.recordKind;
}

/** The kind of document that is sent. */
export const documentKindOf = (asked: Asked): CanonicalKind => (isSettlement(asked) ? 'Payment' : DOCUMENT_OF[asked.recordKind]);

/** Does the connector do that? */
export function pushes({ pushes: all }: Connector, asked: Asked): boolean {
  const commands = all.find((push) => push.kind === documentKindOf(asked))?.commands ?? [];
  const needed: readonly PushCommand[] = isSettlement(asked) ? ['CREATE', 'UPDATE'] : [asked.command];
  return needed.every((command) => commands.includes(command));
}

/** What an event asks for; a function where that depends on what it says. An order is told once it is confirmed, goods once they left, a payment once it came. */
const ASKS: Readonly<Record<string, PushCommand | ((event: EventDraft) => PushCommand | null)>> = {
  'account.opened': 'CREATE',
  'account.updated': 'UPDATE',
  'order.confirmed': 'CREATE',
  'order.changed': ({ payload }) => (payload['to'] === 'CONFIRMED' ? 'UPDATE' : null),
  'order.completed': 'UPDATE',
  'order.closed_short': 'UPDATE',
  'order.cancelled': 'VOID',
  'fulfilment.shipped': 'CREATE',
  'fulfilment.delivered': ({ payload }) => (payload['from'] === 'RELEASED' ? 'CREATE' : 'UPDATE'),
  'invoice.issued': 'CREATE',
  'invoice.voided': 'VOID',
  'credit_note.issued': 'CREATE',
  'credit_note.voided': 'VOID',
  'payment.received': 'CREATE',
  'payment.applied': 'UPDATE',
  'payment.partially_applied': 'UPDATE',
  'payment.unapplied': 'UPDATE',
  'payment.application_changed': 'UPDATE',
  'payment.returned': 'VOID',
};

export interface Told {
  readonly recordKind: AskedKind;
  readonly recordId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly command: PushCommand;
}

/** What an ERP is to be told by an event, whichever ERP it may be; null: nothing. */
export function toldBy(event: EventDraft): Told | null {
  const { type, recordKind, recordId, legalEntityId } = event;
  const asked = ASKS[type];
  const command = typeof asked === 'function' ? asked(event) : asked;
  if (!command || !isAskedKind(recordKind) || legalEntityId === null) return null;
  const accountId = recordKind === 'CustomerAccount' ? recordId : event.accountId;
  return accountId === null ? null : { recordKind, recordId, legalEntityId, accountId, command };
}

const WEIGHT: Readonly<Record<PushCommand, number>> = { UPDATE: 0, CREATE: 1, VOID: 2 };

/**
 * One for each record: a record that is made is told as it is when it is sent, and one that is taken back has nothing else to tell. What a
 * credit note is set against is told beside it.
 */
export function oneEach(told: readonly Told[]): readonly Told[] {
  const each = new Map<string, Told>();
  for (const one of told) {
    const key = `${one.recordId} ${isSettlement(one)}`;
    const before = each.get(key);
    if (!before || WEIGHT[one.command] > WEIGHT[before.command]) each.set(key, one);
  }
  return [...each.values()];
}
