/** The group: tenant, legal entities, customers and their accounts. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { openAccount, updateAccount } from './account.commands.ts';
import { createCustomer, importCustomer, updateCustomer } from './customer.commands.ts';
import { createLegalEntity, updateLegalEntity } from './legal-entity.commands.ts';
import { observeCustomer } from './observe-customer.commands.ts';
import { advanceClock, closeBooks } from './party.commands.ts';
import { Customer, CustomerAccount, CustomerAlias, ExternalRef, LegalEntity, NumberSeries, Tenant } from './party.entity.ts';
import { accountEvents, customerEvents, legalEntityEvents, mergeEvents, tenantEvents } from './party.events.ts';
import { partyResolvers } from './party.graphql.ts';
import { partyPolicy } from './party.policy.ts';
import { upsertCustomer } from './upsert.commands.ts';
import { CustomerToCompare, CustomerTrait } from './trait.entity.ts';
import { customerAccountRead, customerAliasRead, customerRead, legalEntityRead } from './party.read.ts';

export { type CompanyName, companyName } from './company-name.rules.ts';
export { parsedAddress } from './contact.rules.ts';
export { aliasRow, changedCustomer } from './customer.rules.ts';
export { Customer, CustomerAccount, CustomerAlias, ExternalRef } from './party.entity.ts';
export { requireNotMerged } from './party.rules.ts';
export { parsedTaxId } from './tax-id.rules.ts';
export { CustomerToCompare, type TraitKind } from './trait.entity.ts';
export { ownTraits, toCompare, traitRows } from './trait.rules.ts';
export {
  type AccountRow,
  type Accounts,
  type LegalEntityRow,
  loadAccounts,
  loadEntities,
  loadOwnTraits,
  seriesKey,
  todayIn,
} from './party.facts.ts';

export { documentParties } from './party.read.ts';

const roots = [
  readRecord(LegalEntity, legalEntityRead),
  readRecord(Customer, customerRead),
  readRecord(CustomerAccount, customerAccountRead),
];

export const partyModule = defineModule({
  name: 'party',
  entities: [
    Tenant,
    LegalEntity,
    NumberSeries,
    Customer,
    CustomerAlias,
    CustomerAccount,
    CustomerTrait,
    CustomerToCompare,
    ExternalRef,
  ],
  records: [...roots, readRecord(CustomerAlias, customerAliasRead)],
  machines: [],
  postings: [],
  policy: partyPolicy,
  events: [...tenantEvents, ...legalEntityEvents, ...customerEvents, ...mergeEvents, ...accountEvents],
  commands: [
    createLegalEntity,
    updateLegalEntity,
    closeBooks,
    advanceClock,
    createCustomer,
    updateCustomer,
    openAccount,
    updateAccount,
    importCustomer,
    upsertCustomer,
    observeCustomer,
  ],
  resolvers: partyResolvers(roots),
});
