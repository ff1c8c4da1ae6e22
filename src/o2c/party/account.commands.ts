/** Opening customers' accounts with legal entities, and setting how they buy and are billed. */
import { DomainError } from '../../kernel/errors.ts';
import {
  choice,
  clearable,
  currencyInput,
  idOf,
  int,
  object,
  optional,
  regionInput,
  text,
  vatexInput,
} from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Decision, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { changedAccount, newAccount, requireSettings, type SettingsKnown } from './account.rules.ts';
import { Customer, CustomerAccount, LegalEntity } from './party.entity.ts';
import { requireNotMerged, requireSeen } from './party.rules.ts';

const settings = {
  paymentTermsId: clearable(idOf('pt')).describe('The terms of documents unless they say others; null: due at once.'),
  priceListId: clearable(idOf('pl')).describe('Its price list, in its currency; null: the default list.'),
  billingRule: clearable(choice('AccountBillingRule', ['ON_ORDER', 'ON_SHIPMENT'])).describe(
    "When its orders are billed; null: by the legal entity's rule.",
  ),
  taxExemption: clearable(vatexInput).describe(
    'The VATEX code of the reason for which its deliveries are exempt from tax; null: they are not.',
  ),
  taxRegion: clearable(regionInput).describe('The region for tax, ISO 3166-2, for example US-CA; null: none.'),
};

interface Named {
  readonly paymentTermsId?: string | null | undefined;
  readonly priceListId?: string | null | undefined;
}

/** Beyond the scope of the actor: who opens accounts may give them a price list without seeing prices. */
async function settingsKnown(tx: Tx, inputs: readonly Named[]): Promise<SettingsKnown> {
  const terms = await tx.rows<{ id: string }>(
    sql`select id from payment_terms where id = any(${sql.uuids(inputs.map((i) => i.paymentTermsId))})`,
  );
  const lists = await tx.rows<{ id: string; currency: string }>(
    sql`select id, currency from price_list where id = any(${sql.uuids(inputs.map((i) => i.priceListId))})`,
  );
  return { terms: new Set(terms.map((t) => t.id)), priceLists: new Map(lists.map((l) => [l.id, l.currency])) };
}

export const openAccount = command({
  name: 'openAccount',
  description: 'Opens an account of a customer with a legal entity.',
  permission: 'customers:manage',
  record: 'CustomerAccount',
  input: object('OpenAccountInput', {
    customerId: idOf('cus').describe('The customer.'),
    legalEntityId: idOf('le').describe('The legal entity.'),
    number: text({ max: 40 }).describe("The customer's number at that legal entity."),
    currency: currencyInput.describe('The currency of documents unless they say another.'),
    ...settings,
  }),
  lockKey: (input) => `${input.legalEntityId} ${input.number}`,
  facts: async (tx, inputs) => ({
    // locked, so that none is matched with another one meanwhile
    customers: await tx.load(Customer, sql`t.id = any(${sql.uuids(inputs.map((i) => i.customerId))})`, { lock: true }),
    entities: await tx.load(LegalEntity, sql`t.id = any(${sql.uuids(inputs.map((i) => i.legalEntityId))})`),
    known: await settingsKnown(tx, inputs),
  }),
  decide(facts, input, context): Change {
    requireSeen(facts.customers, input.customerId, 'customerId');
    requireNotMerged(facts.customers, input.customerId, 'customerId');
    requireSeen(facts.entities, input.legalEntityId, 'legalEntityId');
    requireSettings(facts.known, input, input.currency);
    return newAccount(context, input);
  },
});

export const updateAccount = command({
  name: 'updateAccount',
  description:
    'Changes how an account buys and is billed; what is absent stays, null clears. Orders and invoices that exist keep what they were made with.',
  permission: 'customers:manage',
  record: 'CustomerAccount',
  input: object('UpdateAccountInput', {
    id: idOf('acc').describe('The account.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that the change was made from.'),
    ...settings,
  }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) => ({
    accounts: await tx.load(CustomerAccount, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true }),
    known: await settingsKnown(tx, inputs),
  }),
  decide({ accounts, known }, { id, expectedVersion, ...edit }, context): Decision {
    const account = accounts.find((a) => a.id === id);
    if (!account) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['id'] });
    requireVersion(account.version, expectedVersion);
    requireSettings(known, edit, account.currency);
    return changedAccount(context, account, edit);
  },
});
