/** The rows and events of customers and aliases. Pure. */
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { normalise } from '../../kernel/text.ts';
import type { Change, CommandContext, RowChange, RowOf } from '../../write/command.ts';
import type { Customer } from './party.entity.ts';
import { nameTraits, ownTraits, type TraitRow, traitRows } from './trait.rules.ts';

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
          mergedIntoId: null,
          version: 1,
          createdAt: context.now,
        },
      },
      ...traitRows(context, { customerId: id, accountId: null }, { held: [], now: ownTraits({ name, country, taxId, email }) }),
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

const COMPARED = ['name', 'country', 'taxId', 'email'] as const;

interface Held {
  readonly customer: RowOf<typeof Customer>;
  /** Its own traits, as they are kept; for edits of what nobody is told by, none. */
  readonly traits: readonly TraitRow[];
}

/** New fields of a customer: its row and event; null when nothing is new. What is absent stays, null clears. */
export function changedCustomer(context: CommandContext, { customer, traits }: Held, fields: Fields): Change | null {
  const { id, version } = customer;
  const edit = editOf(customer, fields);
  if (!edit) return null;
  const before = Object.fromEntries(Object.keys(edit).map((name) => [name, customer[name as keyof typeof customer] ?? null]));
  const set = edit.name === undefined ? edit : { ...edit, searchName: normalise(edit.name) };
  const was = 'parentId' in edit ? { was: { parentId: customer.parentId } } : {};
  const isKnownByIt = COMPARED.some((name) => name in edit);
  return {
    recordId: id,
    rows: [
      { op: 'update', entity: 'Customer', id, version, set, ...was, owner: { tenantId: context.tenant.id } },
      ...(isKnownByIt
        ? traitRows(context, { customerId: id, accountId: null }, { held: traits, now: ownTraits({ ...customer, ...edit }) })
        : []),
    ],
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

/** The same for an edit by a person or a program of ours: the name that it had stays one of its names. */
export function editedCustomer(context: CommandContext, held: Held, fields: Fields): Change | null {
  const change = changedCustomer(context, held, fields);
  if (!change) return null;
  const { id, name } = held.customer;
  const isRenamed = fields.name !== undefined && normalise(fields.name) !== normalise(name);
  const alias = isRenamed ? [aliasRow(context, { customerId: id, name, source: 'rename' })] : [];
  return { ...change, rows: [...change.rows, ...alias] };
}

interface Alias {
  readonly customerId: string;
  readonly name: string;
  readonly source: string;
  /** Whose name it is, where it came with the accounts of that one. */
  readonly originCustomerId?: string;
}

/** Another name of a customer. */
export const aliasRow = (context: CommandContext, { originCustomerId, ...alias }: Alias): RowChange => ({
  op: 'insert',
  entity: 'CustomerAlias',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    ...alias,
    originCustomerId: originCustomerId ?? null,
    searchName: normalise(alias.name),
    version: 1,
    createdAt: context.now,
  },
});

/** The same for one that it is also compared by; of a name that it had its traits are kept already. */
export const newNameRows = (context: CommandContext, alias: Alias, held: readonly TraitRow[]): readonly RowChange[] => [
  aliasRow(context, alias),
  ...traitRows(context, { customerId: alias.customerId, accountId: null }, { held, now: [...held, ...nameTraits(alias.name)] }),
];
