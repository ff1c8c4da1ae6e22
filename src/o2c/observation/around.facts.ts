/**
 * Which documents a page of observed ones can touch. What is given back of one may be missing for the payment of another, and what that
 * uses for the next: so it goes on until nothing new is found, which mostly is at once.
 */
import { type Sql, sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';

export interface Around {
  readonly kind: 'Invoice' | 'CreditNote' | 'Payment';
  /** The observed ones that we have. */
  readonly own: readonly string[];
  readonly payments: readonly string[];
  readonly creditNotes: readonly string[];
  readonly invoices: readonly string[];
  /** Those that the observed invoices bill. */
  readonly orders: readonly string[];
}

interface Found {
  readonly kind: 'Invoice' | 'CreditNote' | 'Payment' | 'Order';
  readonly id: string;
}

const LISTS = { Payment: 'payments', CreditNote: 'creditNotes', Invoice: 'invoices', Order: 'orders' } as const;

export async function documentsAround(
  tx: Tx,
  from: Pick<Around, 'kind' | 'own'> & {
    readonly [K in 'payments' | 'creditNotes' | 'invoices']?: readonly string[] | undefined;
  },
): Promise<Around> {
  const found = {
    payments: new Set(from.payments),
    creditNotes: new Set(from.creditNotes),
    invoices: new Set(from.invoices),
    orders: new Set<string>(),
  };
  for (const id of from.own) found[LISTS[from.kind]].add(id);
  const note = (rows: readonly Found[]) => {
    for (const { kind, id } of rows) found[LISTS[kind]].add(id);
  };
  if (from.own.length > 0 && from.kind !== 'Payment') note(await tx.rows<Found>(otherSides(from.own)));
  const asked = new Set<string>();
  for (;;) {
    const isNew = (id: string) => !asked.has(id);
    const payments = [...found.payments].filter(isNew);
    const others = [...found.creditNotes, ...found.invoices].filter(isNew);
    if (payments.length + others.length === 0) break;
    for (const id of [...payments, ...others]) asked.add(id);
    if (payments.length > 0) note(await tx.rows<Found>(documentsOf(payments)));
    if (others.length > 0) note(await tx.rows<Found>(missingOf(others)));
  }
  const { kind, own } = from;
  return {
    kind,
    own,
    payments: [...found.payments],
    creditNotes: [...found.creditNotes],
    invoices: [...found.invoices],
    orders: [...found.orders],
  };
}

/** What stands against invoices and credit notes, what belongs to them, and what they bill. */
function otherSides(own: readonly string[]): Sql {
  const ids = sql.uuids(own);
  return sql`
    with item as (select id from open_item where document_id = any(${ids})),
    side as (
      select a.from_item_id as other_id, a.via_id from allocation a join item i on a.to_item_id = i.id where a.reverses_id is null
      union
      select a.to_item_id, a.via_id from allocation a join item i on a.from_item_id = i.id where a.reverses_id is null
    )
    select o.document_kind as kind, o.document_id as id from side s join open_item o on o.id = s.other_id
    union select 'Payment', s.via_id from side s where s.via_id is not null
    union select 'Payment', p.id from payment p where p.invoice_id = any(${ids})
    union select 'CreditNote', n.id from credit_note n where n.invoice_id = any(${ids})
    union select 'Order', l.order_id from invoice_line b join order_line l on l.tenant_id = b.tenant_id and l.id = b.order_line_id where b.invoice_id = any(${ids})`;
}

/** What payments are set against here, and what the ERP says that they are. */
function documentsOf(payments: readonly string[]): Sql {
  const ids = sql.uuids(payments);
  return sql`
    with used as (
      select a.to_item_id, a.from_item_id from allocation a where a.via_id = any(${ids}) and a.reverses_id is null
      union
      select a.to_item_id, a.from_item_id from allocation a join open_item i on i.id = a.from_item_id
      where i.document_id = any(${ids}) and a.reverses_id is null
    )
    select distinct i.document_kind as kind, i.document_id as id from used u join open_item i on i.id in (u.to_item_id, u.from_item_id)
    union select document_kind, document_id from payment_application where payment_id = any(${ids})`;
}

/** The payments that are to have more of these documents than they got. */
const missingOf = (documents: readonly string[]): Sql =>
  sql`select distinct 'Payment' as kind, payment_id as id from payment_application where document_id = any(${sql.uuids(documents)}) and missing_minor > 0`;
