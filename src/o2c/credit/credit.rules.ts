/** What the credit account of a customer says in the log. Pure. */
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyText } from '../../kernel/money.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { RowChange, RowOf } from '../../write/command.ts';
import type { CreditAccount } from './credit.entity.ts';
import { creditStatus, figuresOf } from './exposure.rules.ts';

export type CreditAccountRow = RowOf<typeof CreditAccount>;

/** @throws NOT_FOUND */
export function creditAccountOf(accounts: readonly CreditAccountRow[], customerId: string): CreditAccountRow {
  const account = accounts.find((a) => a.customerId === customerId);
  if (!account) throw new DomainError('NOT_FOUND', 'There is no such customer.', { path: ['customerId'] });
  return account;
}

export interface CreditEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Texts of people, and what customers must not read in their own events. */
  readonly personal: Readonly<Record<string, unknown>>;
}

const statusOf = ({ limitGroupMinor, exposureMinor }: CreditAccountRow) => creditStatus(limitGroupMinor, exposureMinor);
const exposureOf = ({ openItemMinor: openItem, unbilledMinor: unbilled, deliveredMinor: delivered }: CreditAccountRow) => ({
  openItem,
  unbilled,
  delivered,
});

/** One change of a credit account by a command: its row and its event. */
export function changed(
  account: CreditAccountRow,
  set: Partial<CreditAccountRow>,
  { type, payload, personal }: CreditEvent,
): { readonly row: RowChange; readonly event: EventDraft } {
  const { id, version, tenantId, customerId } = account;
  const after = { ...account, ...set };
  return {
    row: { op: 'update', entity: 'CreditAccount', id, version, set, owner: { tenantId } },
    event: {
      type,
      recordKind: 'CreditAccount',
      recordId: id,
      recordVersion: version + 1,
      legalEntityId: null,
      accountId: null,
      customerId,
      payload: {
        from: statusOf(account),
        to: statusOf(after),
        ...figuresOf(exposureOf(after), after.limitGroupMinor, after.groupCurrency),
        ...payload,
      },
      personal,
    },
  };
}

/** A limit as decimal text; null where there is none. */
export const limitText = ({ limitMinor, currency }: Pick<CreditAccountRow, 'limitMinor' | 'currency'>): string | null =>
  limitMinor === null || currency === null ? null : moneyText(money(limitMinor, currency));
