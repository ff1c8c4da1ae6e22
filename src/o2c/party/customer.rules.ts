/** The rows and events of customers and aliases. Pure. */
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import type { Customer } from './party.entity.ts';

interface CustomerValues {
  readonly number: string;
  readonly name: string;
  readonly parentId?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly segment?: string | null | undefined;
  readonly taxId?: string | null | undefined;
  readonly email?: string | null | undefined;
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

type Fields = Partial<Omit<CustomerValues, 'number' | 'name'>> & { readonly name?: string | undefined };

/** New fields of a customer: its row and event; null when nothing is new. What is absent stays, null clears. */
export function changedCustomer(context: CommandContext, customer: RowOf<typeof Customer>, fields: Fields): Change | null {
  const { id, version } = customer;
  const edit = editOf(customer, fields);
  if (!edit) return null;
  const before = Object.fromEntries(Object.keys(edit).map((name) => [name, customer[name as keyof typeof customer] ?? null]));
  const set = edit.name === undefined ? edit : { ...edit, searchName: normalise(edit.name) };
  const was = 'parentId' in edit ? { was: { parentId: customer.parentId } } : {};
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'Customer', id, version, set, ...was, owner: { tenantId: context.tenant.id } }],
    events: [
      {
        type: 'customer.updated',
        recordKind: 'Customer',
        recordId: id,
        recordVersion: version + 1,
        legalEntityId: null,
        accountId: null,
        customerId: id,
        payload: { fields: fieldsOf(edit), parentId: edit.parentId === undefined ? customer.parentId : edit.parentId },
        personal: { before, after: edit },
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
