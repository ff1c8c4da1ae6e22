/** What crediting needs: the invoices with their items, locked, the notes on them so far, and what is left of each. */
import { decimal } from '../../kernel/decimal.ts';
import { sql } from '../../read/sql.ts';
import type { RowOf, Tx } from '../../write/command.ts';
import { loadTaken, OpenItem } from '../open-item/index.ts';
import { loadAccounts } from '../party/index.ts';
import { loadOrders } from '../order/index.ts';
import { CreditNote, CreditNoteTax } from './credit-note.entity.ts';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { leftAfterDiscount, leftToCredit, rateText, type TaxGroup } from './invoice.rules.ts';

/** After the orders that they bill, which are locked first. */
export async function creditFacts(tx: Tx, invoiceIds: readonly string[]) {
  const ids = sql.uuids(invoiceIds);
  const invoices = await tx.load(Invoice, sql`t.id = any(${ids})`, { lock: true });
  const notes = await tx.load(CreditNote, sql`t.invoice_id = any(${ids})`);
  const items = await tx.load(OpenItem, sql`t.document_id = any(${ids})`, { lock: true });
  return {
    invoices: new Map(invoices.map((i) => [i.id, i])),
    taxes: await tx.load(InvoiceTax, sql`t.invoice_id = any(${ids})`),
    notes,
    credited: await tx.load(CreditNoteTax, sql`t.credit_note_id = any(${sql.uuids(notes.map((n) => n.id))})`),
    items,
    taken: await loadTaken(tx, items),
    ...(await loadAccounts(
      tx,
      invoices.map((i) => i.accountId),
    )),
  };
}
export type CreditFacts = Awaited<ReturnType<typeof creditFacts>>;

/** Of returns: the orders, locked, and all that billed them. */
export async function returnFacts(tx: Tx, inputs: readonly { readonly orderId: string }[]) {
  const orders = await loadOrders(
    tx,
    inputs.map((i) => i.orderId),
  );
  // a new invoice of an order is made under the order's lock, so these are all
  const invoices = await tx.rows<{ id: string }>(
    sql`select id from invoice where order_id = any(${sql.uuids(orders.orders.keys())}) and lifecycle = 'ISSUED'`,
  );
  const ids = invoices.map((i) => i.id);
  const facts = await creditFacts(tx, ids);
  return { orders, ...facts, lines: await tx.load(InvoiceLine, sql`t.invoice_id = any(${sql.uuids(ids)})`) };
}

const groupOf = (row: RowOf<typeof InvoiceTax> | RowOf<typeof CreditNoteTax>): TaxGroup => ({
  ...row,
  taxRate: rateText(decimal(row.taxRate)),
});

/** What is left to credit of an invoice, less the discounts that were taken on it. An imported one without tax rows has one group outside the scope of tax. */
export function leftOf(facts: CreditFacts, invoice: InvoiceRow): readonly TaxGroup[] {
  const own = facts.taxes.filter((t) => t.invoiceId === invoice.id).map(groupOf);
  const groups =
    own.length > 0 ? own : [{ taxCategory: 'O', taxRate: '0', taxableMinor: invoice.netMinor, taxMinor: invoice.taxMinor }];
  const notes = new Set(facts.notes.filter((n) => n.invoiceId === invoice.id).map((n) => n.id));
  const left = leftToCredit(groups, facts.credited.filter((c) => notes.has(c.creditNoteId)).map(groupOf));
  return leftAfterDiscount(left, groups, invoice.discountedMinor);
}
