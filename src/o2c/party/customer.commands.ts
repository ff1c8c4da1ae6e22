/** Making and changing customers, one by one or a file at a time. */
import { DomainError } from '../../kernel/errors.ts';
import { clearable, countryInput, currencyInput, idOf, int, object, optional, text } from '../../kernel/input.ts';
import { normalise } from '../../kernel/text.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Decision, type Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { Customer, CustomerAccount, CustomerAlias, LegalEntity } from './party.entity.ts';
import { loadOwnTraits } from './party.facts.ts';
import { newAccount } from './account.rules.ts';
import { changedCustomer, editedCustomer, newCustomer, newNameRows } from './customer.rules.ts';
import { requireNoCycle, requireNotMerged, requireSeen } from './party.rules.ts';

export const details = {
  country: clearable(countryInput).describe('The country, ISO 3166-1 alpha-2.'),
  segment: clearable(text({ max: 60 })).describe("The group's own classification."),
  taxId: clearable(text({ max: 40 })).describe('The tax registration number.'),
  email: clearable(text({ max: 254 })).describe('The e-mail address for documents.'),
};

const texts = (list: readonly string[]) => sql.typed([...new Set(list)], 'text[]');

export const createCustomer = command({
  name: 'createCustomer',
  description: 'Makes a customer. Open an account for it with each legal entity that it deals with.',
  permission: 'customers:manage',
  record: 'Customer',
  input: object('CreateCustomerInput', {
    number: text({ max: 40 }).describe('The number in the group, unique.'),
    name: text().describe('The name.'),
    parentId: optional(idOf('cus')).describe('The customer that it belongs to.'),
    ...details,
  }),
  lockKey: (input) => input.number,
  // locked, so that none is matched with another one meanwhile
  facts: (tx, inputs) => tx.load(Customer, sql`t.id = any(${sql.uuids(inputs.map((i) => i.parentId))})`, { lock: true }),
  decide(parents, input, context): Change {
    requireSeen(parents, input.parentId, 'parentId');
    requireNotMerged(parents, input.parentId, 'parentId');
    return newCustomer(context, input);
  },
});

/** The customers and, for each new parent, everything above it; locked, so that two moves at once can't close a circle. */
async function updateFacts(tx: Tx, inputs: readonly { readonly id: string; readonly parentId?: string | null | undefined }[]) {
  const parents = inputs.map((i) => i.parentId);
  const [, customers, traits, above] = await Promise.all([
    parents.some((p) => p !== undefined) ? tx.rows(sql`select pg_advisory_xact_lock(hierarchy_key())`) : [],
    tx.load(Customer, sql`t.id = any(${sql.uuids([...inputs.map((i) => i.id), ...parents])})`, { lock: true }),
    loadOwnTraits(tx, inputs),
    loadAbove(tx, parents),
  ]);
  return { customers, traits, ancestors: new Map(above.map((a) => [a.start, a.chain])) };
}

interface Above {
  readonly start: string;
  readonly chain: readonly string[];
}

async function loadAbove(tx: Tx, parents: readonly (string | null | undefined)[]): Promise<readonly Above[]> {
  if (!parents.some((id) => typeof id === 'string')) return [];
  return tx.rows<Above>(
    sql`with recursive up as (
          select c.id as start, c.parent_id, array[]::uuid[] as chain from customer c where c.id = any(${sql.uuids(parents)})
          union all
          select up.start, c.parent_id, up.chain || c.id from up join customer c on c.id = up.parent_id where not c.id = any(up.chain)
        ) select start, chain from up where parent_id is null`,
  );
}

export const updateCustomer = command({
  name: 'updateCustomer',
  description: 'Changes fields of a customer; what is absent stays, null clears. Give `expectedVersion` to refuse a lost update.',
  permission: 'customers:manage',
  record: 'Customer',
  input: object('UpdateCustomerInput', {
    id: idOf('cus').describe('The customer.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that the change was made from.'),
    name: optional(text()).describe('The new name; the old one becomes an alias.'),
    parentId: clearable(idOf('cus')).describe('The customer that it belongs to from now on; null: to none.'),
    ...details,
  }),
  // two moves in one set could close a circle that neither sees
  lockKey: (input) => (input.parentId === undefined ? input.id : 'hierarchy'),
  coalesces: (input) => (input.parentId === undefined ? [input.id] : [input.id, 'hierarchy']),
  facts: updateFacts,
  decide(facts, { id, expectedVersion, ...fields }, context) {
    const customer = facts.customers.find((c) => c.id === id);
    if (!customer) throw new DomainError('NOT_FOUND', 'There is no such customer.', { path: ['id'] });
    requireVersion(customer.version, expectedVersion);
    requireSeen(facts.customers, fields.parentId, 'parentId');
    requireNotMerged(facts.customers, fields.parentId, 'parentId');
    if (fields.parentId) requireNoCycle(id, fields.parentId, facts.ancestors);
    return editedCustomer(context, { customer, traits: facts.traits(id) }, fields) ?? { unchanged: id };
  },
});

export const importCustomer = command({
  name: 'importCustomer',
  description:
    'Makes a customer and its account with a legal entity unless they exist; a name that is new for a known customer becomes an alias.',
  permission: 'customers:manage',
  record: 'Customer',
  input: object('ImportCustomerInput', {
    legalEntityId: idOf('le').describe('The legal entity that the account is with.'),
    number: text({ max: 40 }).describe('The number of the customer, in the group and at the legal entity.'),
    name: text().describe('A name of the customer.'),
    currency: currencyInput.describe('The currency of a new account.'),
    ...details,
  }),
  lockKey: (input) => input.number,
  facts: async (tx, inputs) => {
    const customers = await tx.load(Customer, sql`t.number = any(${texts(inputs.map((i) => i.number))})`, { lock: true });
    const ids = sql.uuids(customers.map((c) => c.id));
    return {
      traits: await loadOwnTraits(tx, customers),
      customers: new Map(customers.map((c) => [c.number, c])),
      entities: await tx.load(LegalEntity, sql`t.id = any(${sql.uuids(inputs.map((i) => i.legalEntityId))})`),
      aliases: new Set(
        (await tx.load(CustomerAlias, sql`t.customer_id = any(${ids})`)).map((a) => `${a.customerId} ${a.searchName}`),
      ),
      accounts: new Set(
        (await tx.load(CustomerAccount, sql`t.number = any(${texts(inputs.map((i) => i.number))})`)).map(
          (a) => `${a.legalEntityId} ${a.number}`,
        ),
      ),
    };
  },
  decide(facts, input, context): Decision {
    requireSeen(facts.entities, input.legalEntityId, 'legalEntityId');
    const known = facts.customers.get(input.number);
    const made = known ? null : newCustomer(context, input);
    // what belongs to one that was found to be the same as another one goes to that
    const originCustomerId = known?.id ?? made?.recordId ?? '';
    const customerId = known?.mergedIntoId ?? originCustomerId;
    const account = facts.accounts.has(`${input.legalEntityId} ${input.number}`)
      ? null
      : newAccount(context, { ...input, customerId, originCustomerId });
    const searchName = normalise(input.name);
    const isNewName = known && known.searchName !== searchName && !facts.aliases.has(`${known.id} ${searchName}`);
    if (!made && !account && !isNewName) return { unchanged: originCustomerId };
    const held = facts.traits(originCustomerId);
    // a file without names made it: its number stands where its name belongs
    const named =
      isNewName && known.name === known.number
        ? changedCustomer(context, { customer: known, traits: held }, { name: input.name })
        : null;
    const alias =
      isNewName && !named ? newNameRows(context, { customerId: known.id, name: input.name, source: 'import' }, held) : [];
    return {
      recordId: originCustomerId,
      rows: [...(made?.rows ?? []), ...(account?.rows ?? []), ...(named?.rows ?? []), ...alias],
      events: [...(made?.events ?? []), ...(account?.events ?? []), ...(named?.events ?? [])],
    };
  },
});
