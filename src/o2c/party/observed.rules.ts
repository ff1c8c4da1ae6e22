/** A customer that an ERP shows: made with its account, or followed. Pure. */
import { editOf } from '../../kernel/edit.ts';
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, Decision } from '../../write/command.ts';
import { changedAccount, newAccount } from './account.rules.ts';
import { aliasRow, changedCustomer, newCustomer } from './customer.rules.ts';
import type { KnownParties, ShownCustomer } from './known-parties.rules.ts';
import type { AccountRow } from './party.facts.ts';

/** A customer that nobody knew, and its account. */
export function newParty(context: CommandContext, known: KnownParties, shown: ShownCustomer): Change {
  const { legalEntityId, name, email, taxId, country = null, paymentTermsId = null } = shown;
  const { functionalCurrency } = known.entity(legalEntityId);
  const parentId = known.parentOf(shown.parentAccountId);
  const number = known.customerNumber(shown);
  const accountNumber = known.accountNumber(shown);
  const customer = newCustomer(context, { number, name, parentId, country, taxId, email });
  const account = newAccount(context, {
    legalEntityId,
    customerId: customer.recordId,
    number: accountNumber,
    currency: shown.currency ?? functionalCurrency,
    paymentTermsId,
  });
  known.noteMade({ id: customer.recordId, number, parentId }, { id: account.recordId, number: accountNumber, legalEntityId });
  return {
    recordId: account.recordId,
    rows: [...customer.rows, ...account.rows],
    events: [...customer.events, ...account.events],
  };
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
  const ofCustomer = edit && changedCustomer(context, customer, fields);
  const settings = {
    paymentTermsId: shown.paymentTermsId ?? null,
    number: known.numberAfter(account, shown.number),
    currency: (known.isBooked(account.id) ? undefined : shown.currency) ?? account.currency,
  };
  const ofAccount = changedAccount(context, account, settings);
  const isRenamed = normalise(name) !== normalise(customer.name);
  const source = context.observing?.code ?? '';
  const alias =
    isRenamed && known.isNewName(customer.id, customer.name)
      ? [aliasRow(context, { customerId: customer.id, name: customer.name, source })]
      : [];
  if (!ofCustomer && 'unchanged' in ofAccount) return ofAccount;
  if (edit) known.noteCustomer({ ...customer, ...edit, version: customer.version + 1 });
  const changes = [...(ofCustomer ? [ofCustomer] : []), ...('rows' in ofAccount ? [ofAccount] : [])];
  if ('rows' in ofAccount) known.noteAccount({ ...account, ...settings, version: account.version + 1 });
  return {
    recordId: account.id,
    rows: [...changes.flatMap((c) => c.rows), ...alias],
    events: changes.flatMap((c) => c.events),
  };
}

/** A parent that people here gave it stays where the ERP knows of none; one that would close a circle is not taken. */
function parentAfter(known: KnownParties, { account, shown }: Following): string | null {
  const customer = known.customer(account);
  const parentId = known.parentOf(shown.parentAccountId);
  if (parentId === null)
    return customer.parentId !== null && known.isAt(account.legalEntityId, customer.parentId) ? null : customer.parentId;
  return known.isCircle(customer.id, parentId) ? customer.parentId : parentId;
}
