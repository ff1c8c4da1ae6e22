/** Customers as another program knows them: made when they aren't there, else changed, by the number that both sides know them by. */
import { DomainError } from '../../kernel/errors.ts';
import { currencyInput, idOf, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Decision, type Tx } from '../../write/command.ts';
import { newAccount } from './account.rules.ts';
import { details } from './customer.commands.ts';
import { editedCustomer, newCustomer } from './customer.rules.ts';
import { Customer, CustomerAccount, LegalEntity } from './party.entity.ts';
import type { AccountRow } from './party.facts.ts';
import { loadOwnTraits } from './party.facts.ts';
import { requireNotMerged, requireSeen } from './party.rules.ts';

const input = object('UpsertCustomerInput', {
  number: text({ max: 40 }).describe('The number in the group, by which it is known.'),
  name: optional(text()).describe('The name. A customer that is made needs one; a new one makes the old one an alias.'),
  ...details,
  legalEntityId: optional(idOf('le')).describe(
    'The legal entity with which it is to have an account under this number; absent: its accounts stay as they are.',
  ),
  currency: optional(currencyInput).describe(
    'The currency of that account. An account that is opened needs one; one that is open keeps its own.',
  ),
});

interface Wanted {
  readonly number: string;
  readonly legalEntityId?: string | undefined;
  readonly currency?: string | undefined;
}

async function facts(tx: Tx, inputs: readonly Wanted[]) {
  const numbers = sql.typed([...new Set(inputs.map((i) => i.number))], 'text[]');
  const entityIds = sql.uuids(inputs.map((i) => i.legalEntityId));
  const customers = await tx.load(Customer, sql`t.number = any(${numbers})`, { lock: true });
  const accounts = await tx.load(CustomerAccount, sql`t.legal_entity_id = any(${entityIds}) and t.number = any(${numbers})`);
  return {
    customers: new Map(customers.map((c) => [c.number, c])),
    traits: await loadOwnTraits(tx, customers),
    entities: await tx.load(LegalEntity, sql`t.id = any(${entityIds})`),
    accounts: new Map(accounts.map((a) => [`${a.legalEntityId} ${a.number}`, a])),
  };
}

export const upsertCustomer = command({
  name: 'upsertCustomer',
  description:
    'Makes the customer with this number, or changes the one that has it; what is absent stays, null clears. With a legal entity it opens the account there as well.',
  permission: 'customers:manage',
  record: 'Customer',
  input,
  lockKey: (wanted) => wanted.number,
  facts,
  decide(known, { legalEntityId, currency, name, ...fields }, context): Decision {
    requireSeen(known.entities, legalEntityId, 'legalEntityId');
    const { number } = fields;
    const customer = known.customers.get(number);
    if (customer) requireNotMerged([customer], customer.id, 'number');
    const edit = customer
      ? editedCustomer(
          context,
          { customer, traits: known.traits(customer.id) },
          { ...fieldsOf(fields), ...(name === undefined ? {} : { name }) },
        )
      : newCustomer(context, { ...fields, name: required(name, 'name', 'a customer that is made') });
    const customerId = customer?.id ?? edit?.recordId ?? '';
    const there = legalEntityId === undefined ? undefined : known.accounts.get(`${legalEntityId} ${number}`);
    const opened =
      legalEntityId === undefined ? null : accountOf(context, { legalEntityId, customerId, number, currency }, there);
    if (!edit && !opened) return { unchanged: customerId };
    return {
      recordId: customerId,
      rows: [...(edit?.rows ?? []), ...(opened?.rows ?? [])],
      events: [...(edit?.events ?? []), ...(opened?.events ?? [])],
    };
  },
});

const fieldsOf = <Fields extends { readonly number: string }>({ number: _, ...fields }: Fields) => fields;

/** @throws INVALID_INPUT */
function required(value: string | undefined, field: string, of: string): string {
  if (value !== undefined) return value;
  throw new DomainError('INVALID_INPUT', `${field} must be given: ${of} has one.`, { path: [field] });
}

interface WantedAccount extends Omit<Wanted, 'legalEntityId'> {
  readonly legalEntityId: string;
  readonly customerId: string;
}

/** Null: it is there. @throws ALREADY_EXISTS for the number of another customer's account, CURRENCY_MISMATCH */
function accountOf(
  context: CommandContext,
  { currency, ...wanted }: WantedAccount,
  there: AccountRow | undefined,
): Change | null {
  if (!there) return newAccount(context, { ...wanted, currency: required(currency, 'currency', 'an account that is opened') });
  if (there.originCustomerId !== wanted.customerId && there.customerId !== wanted.customerId) {
    const message = 'The account with this number at the legal entity belongs to another customer.';
    throw new DomainError('ALREADY_EXISTS', message, { path: ['number'] });
  }
  if (currency !== undefined && currency !== there.currency) {
    const message = `The account is in ${there.currency}, and an account keeps its currency: leave it out, or send ${there.currency}.`;
    throw new DomainError('CURRENCY_MISMATCH', message, { path: ['currency'] });
  }
  return null;
}
