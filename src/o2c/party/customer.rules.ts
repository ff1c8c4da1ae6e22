/** The rows and events of new customers, accounts and aliases. Pure. */
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import type { Customer } from './party.entity.ts';

interface CustomerValues {
  readonly number: string;
  readonly name: string;
  readonly parentId?: string | undefined;
  readonly country?: string | undefined;
  readonly segment?: string | undefined;
  readonly taxId?: string | undefined;
  readonly email?: string | undefined;
}

/** A new customer: its row and event. */
export function newCustomer(context: CommandContext, input: CustomerValues): Change {
  const id = context.newId();
  const { number, name, parentId = null, country = null, segment = null, taxId = null, email = null } = input;
  return {
    recordId: id,
    rows: [
      {
        op: 'insert',
        entity: 'Customer',
        values: {
          id,
          tenantId: context.tenant.id,
          number,
          name,
          searchName: normalise(name),
          parentId,
          country,
          segment,
          taxId,
          email,
          version: 1,
          createdAt: context.now,
        },
      },
    ],
    events: [
      {
        type: 'customer.created',
        recordKind: 'Customer',
        recordId: id,
        recordVersion: 1,
        legalEntityId: null,
        accountId: null,
        customerId: id,
        payload: { number, parentId },
        personal: { name, taxId, email },
      },
    ],
  };
}

interface AccountValues {
  readonly legalEntityId: string;
  readonly customerId: string;
  readonly number: string;
  readonly currency: string;
  readonly paymentTermsId?: string | undefined;
}

/** A new account of a customer: its row and event. */
export function newAccount(context: CommandContext, input: AccountValues): Change {
  const id = context.newId();
  const { legalEntityId, customerId, number, currency, paymentTermsId = null } = input;
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
          number,
          currency,
          paymentTermsId,
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
        payload: { number, currency },
      },
    ],
  };
}

type Fields = { readonly [K in Exclude<keyof CustomerValues, 'number'>]?: CustomerValues[K] | undefined };

/** New fields of a customer: its row and event; null when nothing is new. What is absent stays. */
export function changedCustomer(context: CommandContext, customer: RowOf<typeof Customer>, fields: Fields): Change | null {
  const { id, version } = customer;
  const isNew = ([name, value]: [string, unknown]) => value !== undefined && value !== customer[name as keyof typeof customer];
  const changed = Object.entries(fields).filter(isNew);
  if (changed.length === 0) return null;
  const names = changed.map(([name]) => name);
  const before = Object.fromEntries(names.map((name) => [name, customer[name as keyof typeof customer] ?? null]));
  const search = fields.name === undefined ? {} : { searchName: normalise(fields.name) };
  const set = { ...Object.fromEntries(changed), ...search };
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'Customer', id, version, set, owner: { tenantId: context.tenant.id } }],
    events: [
      {
        type: 'customer.updated',
        recordKind: 'Customer',
        recordId: id,
        recordVersion: version + 1,
        legalEntityId: null,
        accountId: null,
        customerId: id,
        payload: { fields: names.sort().join(' '), parentId: fields.parentId ?? customer.parentId },
        personal: { before, after: Object.fromEntries(changed) },
      },
    ],
  };
}

/** Another name of a customer. */
export const aliasRow = (context: CommandContext, alias: { customerId: string; name: string; source: string }): RowChange => ({
  op: 'insert',
  entity: 'CustomerAlias',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    ...alias,
    searchName: normalise(alias.name),
    version: 1,
    createdAt: context.now,
  },
});
