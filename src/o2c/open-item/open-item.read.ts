/** How open items and allocations are read, also as they stood on an earlier day. */
import type { ComputeContext, Moment, ReadDefinition } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { documentParties } from '../party/index.ts';

/** What counted by then and was known by then, over a table with `effective_on` and `recorded_at`. */
export const inMoment = (alias: string, { asOf, knownAt }: Moment): Sql =>
  sql.join(
    [
      sql`true`,
      ...(asOf === null ? [] : [sql`${sql.id(alias, 'effective_on')} <= ${sql.typed(asOf, 'date')}`]),
      ...(knownAt === null ? [] : [sql`${sql.id(alias, 'recorded_at')} <= ${sql.typed(knownAt.toISOString(), 'timestamptz')}`]),
    ],
    ' and ',
  );

interface Taken {
  readonly alias: string;
  readonly moment: Moment;
  readonly column: 'minor' | 'base_minor';
  /** All, unless told. */
  readonly kinds?: readonly string[];
}

/** What allocations had taken of an item by a moment, signed as the item. */
function takenOf({ alias, moment, column, kinds }: Taken): Sql {
  const ofKind = kinds ? sql`and a.kind in (${sql.join(kinds.map(sql.literal))})` : sql.empty;
  const side = (name: 'to' | 'from') => sql`coalesce((select sum(a.${sql.id(`${name}_${column}`)}) from allocation a
    where a.tenant_id = ${sql.id(alias, 'tenant_id')} and a.${sql.id(`${name}_item_id`)} = ${sql.id(alias, 'id')} and ${inMoment('a', moment)} ${ofKind}), 0)::bigint`;
  return sql`(${side('to')} - ${side('from')})`;
}

export const openAt = (alias: string, moment: Moment): Sql =>
  sql`(${sql.id(alias, 'original_minor')} - ${takenOf({ alias, moment, column: 'minor' })})`;

/** At the stored rate of its document, rounded once, as exposure is. */
const inGroupCurrency = (alias: string, minor: Sql): Sql => {
  const exponent = (name: string) => sql`currency_exponent(${sql.id(alias, name)})`;
  return sql`round(${minor} * ${sql.id(alias, 'group_rate')} * power(10::numeric, ${exponent('group_currency')} - ${exponent('currency')}))::bigint`;
};

const byKind =
  (...kinds: readonly string[]) =>
  (alias: string, moment: Moment) =>
    takenOf({ alias, moment, column: 'minor', kinds });

function settledAt(alias: string, moment: Moment): Sql {
  const last = (name: 'to' | 'from') => sql`(select max(a.effective_on) from allocation a
    where a.tenant_id = ${sql.id(alias, 'tenant_id')} and a.${sql.id(`${name}_item_id`)} = ${sql.id(alias, 'id')} and ${inMoment('a', moment)})`;
  return sql`case when ${openAt(alias, moment)} = 0 then greatest(${last('to')}, ${last('from')}) end`;
}

export const openItemRead: ReadDefinition = {
  prefix: 'oi',
  description:
    'What a customer owes us (positive) or we owe the customer (negative). Ageing, statements, exposure and cash application all work on these.',
  resource: { permission: 'items:read', legalEntity: 'legalEntityId', account: 'accountId' },
  root: { one: 'openItem', many: 'openItems' },
  order: ['dueOn'],
  relations: {
    ...documentParties,
    invoice: {
      kind: 'one',
      record: 'Invoice',
      by: 'documentId',
      description: 'The invoice that it stands for; null: another document.',
    },
    payment: {
      kind: 'one',
      record: 'Payment',
      by: 'documentId',
      description: 'The payment that it stands for; null: another document.',
    },
    closedBy: {
      kind: 'many',
      record: 'Allocation',
      by: 'toItemId',
      order: ['recordedAt'],
      connection: false,
      description: 'The allocations that closed it, and their reversals.',
    },
    usedBy: {
      kind: 'many',
      record: 'Allocation',
      by: 'fromItemId',
      order: ['recordedAt'],
      connection: false,
      description: 'The allocations that used it.',
    },
  },
  computed: {
    documentId: {
      kind: 'computed',
      description: 'The id of the document that made it.',
      type: 'ID',
      sql: (alias: string, _context: ComputeContext) =>
        sql`(case ${sql.id(alias, 'document_kind')} when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' else 'pay_' end || ${sql.id(alias, 'document_id')}::text)`,
    },
  },
  at: (alias, moment) => ({
    exists: inMoment(alias, moment),
    columns: {
      openMinor: openAt(alias, moment),
      cashMinor: byKind('CASH')(alias, moment),
      creditMinor: byKind('CREDIT')(alias, moment),
      discountMinor: byKind('DISCOUNT')(alias, moment),
      writeOffMinor: byKind('WRITE_OFF')(alias, moment),
      returnedMinor: byKind('RETURN', 'REFUND')(alias, moment),
      voidedMinor: byKind('VOID')(alias, moment),
      baseOpenMinor: sql`(${sql.id(alias, 'base_original_minor')} - ${takenOf({ alias, moment, column: 'base_minor' })})`,
      groupOpenMinor: inGroupCurrency(alias, openAt(alias, moment)),
      settledOn: settledAt(alias, moment),
    },
  }),
};

export const allocationRead: ReadDefinition = {
  prefix: 'alc',
  description:
    'What closed an item: a payment, a credit note, a discount, a write-off. Never changed; taken back by another with negated amounts.',
  resource: { permission: 'items:read', legalEntity: 'legalEntityId', account: 'accountId', otherAccount: 'fromAccountId' },
  root: { one: 'allocation', many: 'allocations' },
  order: ['-recordedAt'],
  relations: {
    to: { kind: 'one', record: 'OpenItem', by: 'toItemId', description: 'The item that is closed.' },
    from: { kind: 'one', record: 'OpenItem', by: 'fromItemId', description: 'The item that is used.' },
    entry: { kind: 'one', record: 'JournalEntry', by: 'entryId', description: 'What it posted.', permission: 'ledger:read' },
    actor: { kind: 'one', record: 'Actor', by: 'actorId', description: 'Who made it.', permission: 'actors:read' },
    reverses: { kind: 'one', record: 'Allocation', by: 'reversesId', description: 'The allocation that this one takes back.' },
    with: {
      kind: 'one',
      record: 'Allocation',
      by: 'withId',
      description: 'Of a discount: the allocation that it was granted with.',
    },
  },
};
