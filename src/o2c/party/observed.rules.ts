/** A customer that an ERP shows: made with its account, or followed. Pure. */
import { currency as toCurrency, exponentOf } from '../../kernel/currency.ts';
import { decimal, roundDecimal } from '../../kernel/decimal.ts';
import { editOf } from '../../kernel/edit.ts';
import { isDomainError } from '../../kernel/errors.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, Decision, RowChange } from '../../write/command.ts';
import { changedAccount, type ErpCredit, newAccount } from './account.rules.ts';
import { aliasRow, changedCustomer, newCustomer } from './customer.rules.ts';
import type { KnownParties, ShownCustomer } from './known-parties.rules.ts';
import type { AccountRow } from './party.facts.ts';
import { accountTraits, traitRows } from './trait.rules.ts';

/** A customer that nobody knew, and its account; or another account of one that is known at another company of its ERP. */
export function newParty(context: CommandContext, known: KnownParties, shown: ShownCustomer): Change {
  const { legalEntityId, name, email, taxId, country = null, paymentTermsId = null } = shown;
  const currency = shown.currency ?? known.entity(legalEntityId).functionalCurrency;
  const accountNumber = known.accountNumber(shown);
  const opening = { legalEntityId, number: accountNumber, currency, paymentTermsId, ofErp: erpCredit(shown, currency) };
  if (typeof shown.partyAccountId === 'string') {
    const { customerId, originCustomerId } = known.account(shown.partyAccountId);
    const account = newAccount(context, { ...opening, customerId, originCustomerId });
    known.noteAccount({ id: account.recordId, number: accountNumber, legalEntityId });
    return withTraits(context, known, { account, originCustomerId, shown });
  }
  const parentId = known.parentOf(shown.parentAccountId);
  const number = known.customerNumber(shown);
  const customer = newCustomer(context, { number, name, parentId, country, taxId, email });
  const account = newAccount(context, { ...opening, customerId: customer.recordId });
  known.noteMade({ id: customer.recordId, number, parentId }, { id: account.recordId, number: accountNumber, legalEntityId });
  const { rows } = withTraits(context, known, { account, originCustomerId: customer.recordId, shown });
  return {
    recordId: account.recordId,
    rows: [...customer.rows, ...rows],
    events: [...customer.events, ...account.events],
  };
}

interface Opened {
  readonly account: Change;
  readonly originCustomerId: string;
  readonly shown: ShownCustomer;
}

function withTraits(context: CommandContext, known: KnownParties, { account, originCustomerId, shown }: Opened): Change {
  return {
    ...account,
    rows: [...account.rows, ...ofAccount(context, known, { accountId: account.recordId, originCustomerId, shown })],
  };
}

interface OfAccount {
  readonly accountId: string;
  readonly originCustomerId: string;
  readonly shown: ShownCustomer;
}

/** What an account is compared by, as its ERP shows it now. */
function ofAccount(
  context: CommandContext,
  known: KnownParties,
  { accountId, originCustomerId: customerId, shown }: OfAccount,
): readonly RowChange[] {
  const held = known.traits({ customerId, accountId });
  return traitRows(context, { customerId, accountId }, { held, now: accountTraits(context, shown) });
}

/** What its ERP lets an account do. A limit that no amount of ours can hold is none: nobody comes to owe so much. */
function erpCredit({ creditLimit, isCreditBlocked = false }: ShownCustomer, currency: string): ErpCredit {
  const none = { erpLimitMinor: null, erpLimitCurrency: null, isBlockedInErp: isCreditBlocked };
  if (creditLimit === undefined) return none;
  try {
    const { minor } = moneyFrom(roundDecimal(decimal(creditLimit), exponentOf(toCurrency(currency)), 'HALF_UP'), currency);
    return { ...none, erpLimitMinor: minor, erpLimitCurrency: currency };
  } catch (error) {
    if (isDomainError(error)) return none;
    throw error;
  }
}

interface Following {
  readonly account: AccountRow;
  readonly shown: ShownCustomer;
}

/** What the ERP changed of a customer that it made. */
export function followAccount(context: CommandContext, known: KnownParties, { account, shown }: Following): Decision {
  const customer = known.customer(account);
  const { name, email, taxId, country = null } = shown;
  const fields = { name, email, taxId, country, parentId: parentAfter(known, { account, shown }) };
  const edit = editOf(customer, fields);
  const traits = known.traits({ customerId: customer.id, accountId: null });
  const ofCustomer = edit && changedCustomer(context, { customer, traits }, fields);
  const currency = (known.isBooked(account.id) ? undefined : shown.currency) ?? account.currency;
  const settings = {
    paymentTermsId: shown.paymentTermsId ?? null,
    number: known.numberAfter(account, shown.number),
    currency,
    ...erpCredit(shown, shown.currency ?? currency),
  };
  const changed = changedAccount(context, account, settings);
  const others = [
    ...(edit ? aliasesOf(context, known, { account, shown }) : []),
    ...ofAccount(context, known, { accountId: account.id, originCustomerId: customer.id, shown }),
  ];
  if (edit) known.noteCustomer({ ...customer, ...edit, version: customer.version + 1 });
  const changes = [...(ofCustomer ? [ofCustomer] : []), ...('rows' in changed ? [changed] : [])];
  if ('rows' in changed) known.noteAccount({ ...account, ...settings, version: account.version + 1 });
  const rows = [...changes.flatMap((c) => c.rows), ...others];
  if (rows.length === 0) return { unchanged: account.id };
  known.noteTraits(rows);
  return { recordId: account.id, rows, events: changes.flatMap((c) => c.events) };
}

/** By the name that it had it is still found; by the one that it has now whoever has its accounts is found as well. */
function aliasesOf(context: CommandContext, known: KnownParties, { account, shown: { name } }: Following): readonly RowChange[] {
  const customer = known.customer(account);
  const source = context.observing?.code ?? '';
  if (normalise(name) === normalise(customer.name)) return [];
  const before = known.isNewName(customer.id, customer.name)
    ? [aliasRow(context, { customerId: customer.id, name: customer.name, source })]
    : [];
  const { customerId, originCustomerId } = account;
  const elsewhere =
    customerId !== originCustomerId && known.isNewName(customerId, name)
      ? [aliasRow(context, { customerId, name, source, originCustomerId })]
      : [];
  return [...before, ...elsewhere];
}

/**
 * A parent that people here gave it stays where the ERP knows of none; one that would close a circle is not taken. While another
 * customer has its accounts this moves no exposure, and counts again when that is undone.
 */
function parentAfter(known: KnownParties, { account, shown }: Following): string | null {
  const customer = known.customer(account);
  const parentId = known.parentOf(shown.parentAccountId);
  if (parentId === null)
    return customer.parentId !== null && known.isAt(account.legalEntityId, customer.parentId) ? null : customer.parentId;
  return known.isCircle(customer.id, parentId) ? customer.parentId : parentId;
}
