/** The rows and events of customers' accounts, and what their settings may be. Pure. */
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Change, CommandContext, Decision } from '../../write/command.ts';
import type { AccountRow } from './party.facts.ts';

/** How an account buys and is billed; null: as usual. */
interface Settings {
  readonly paymentTermsId?: string | null | undefined;
  readonly priceListId?: string | null | undefined;
  readonly billingRule?: AccountRow['billingRule'] | undefined;
  readonly taxExemption?: string | null | undefined;
  readonly taxRegion?: string | null | undefined;
}

interface AccountValues extends Settings {
  readonly legalEntityId: string;
  readonly customerId: string;
  readonly number: string;
  readonly currency: string;
  /** Whom it is opened for, where that one was found to be the same as its customer. */
  readonly originCustomerId?: string;
  /** What its ERP lets it do. */
  readonly ofErp?: ErpCredit;
}

export interface ErpCredit {
  readonly erpLimitMinor: bigint | null;
  readonly erpLimitCurrency: string | null;
  readonly isBlockedInErp: boolean;
}

const NO_ERP: ErpCredit = { erpLimitMinor: null, erpLimitCurrency: null, isBlockedInErp: false };

const settingsOf = ({
  paymentTermsId = null,
  priceListId = null,
  billingRule = null,
  taxExemption = null,
  taxRegion = null,
}: Settings) => ({ paymentTermsId, priceListId, billingRule, taxExemption, taxRegion });

/** A new account of a customer: its row and event. */
export function newAccount(context: CommandContext, input: AccountValues): Change {
  const id = context.newId();
  const { legalEntityId, customerId, number, currency, originCustomerId = customerId, ofErp = NO_ERP } = input;
  const settings = settingsOf(input);
  return {
    recordId: id,
    rows: [
      {
        op: 'insert',
        entity: 'CustomerAccount',
        values: {
          id,
          tenantId: context.tenant.id,
          legalEntityId,
          customerId,
          originCustomerId,
          number,
          currency,
          ...settings,
          ...ofErp,
          version: 1,
          createdAt: context.now,
        },
      },
    ],
    events: [
      {
        type: 'account.opened',
        recordKind: 'CustomerAccount',
        recordId: id,
        recordVersion: 1,
        legalEntityId,
        accountId: id,
        customerId,
        payload: { number, currency, ...settings },
      },
    ],
  };
}

/** What only the ERP that made an account changes of it. */
interface Identity extends Partial<ErpCredit> {
  readonly number?: string | undefined;
  readonly currency?: string | undefined;
}

/** New settings of an account: its row and event. What is absent stays. */
export function changedAccount(context: CommandContext, account: AccountRow, settings: Settings & Identity): Decision {
  const { id, version, legalEntityId, customerId } = account;
  const edit = editOf(account, settings);
  if (!edit) return { unchanged: id };
  const after = { ...account, ...edit };
  return {
    recordId: id,
    rows: [
      {
        op: 'update',
        entity: 'CustomerAccount',
        id,
        version,
        set: edit,
        owner: { tenantId: context.tenant.id, legalEntityId, accountId: id },
      },
    ],
    events: [
      {
        type: 'account.updated',
        recordKind: 'CustomerAccount',
        recordId: id,
        recordVersion: version + 1,
        legalEntityId,
        accountId: id,
        customerId,
        payload: { number: after.number, currency: after.currency, ...settingsOf(after), fields: fieldsOf(edit) },
      },
    ],
  };
}

/** Terms and price lists that settings name, by id; of a list its currency. */
export interface SettingsKnown {
  readonly terms: ReadonlySet<string>;
  readonly priceLists: ReadonlyMap<string, string>;
}

/** @throws NOT_FOUND, CURRENCY_MISMATCH for a list that could price nothing in the account's currency */
export function requireSettings(known: SettingsKnown, { paymentTermsId, priceListId }: Settings, currency: string): void {
  if (typeof paymentTermsId === 'string' && !known.terms.has(paymentTermsId))
    throw new DomainError('NOT_FOUND', 'There are no such payment terms.', { path: ['paymentTermsId'] });
  if (typeof priceListId !== 'string') return;
  const ofList = known.priceLists.get(priceListId);
  if (ofList === undefined) throw new DomainError('NOT_FOUND', 'There is no such price list.', { path: ['priceListId'] });
  if (ofList !== currency) {
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `The list is in ${ofList} and the account in ${currency}: give it a list in ${currency}.`,
      { path: ['priceListId'], details: { currencies: [ofList, currency] } },
    );
  }
}
