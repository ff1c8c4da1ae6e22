/** What commands of an invoice load: the invoice, locked, with its lines and taxes. */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { CommandContext, RowOf, Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { loadWishes } from '../../write/wishes.ts';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.ts';

export type InvoiceRow = RowOf<typeof Invoice>;

interface InvoiceRef {
  readonly id: string;
}

export async function invoiceFacts(tx: Tx, inputs: readonly InvoiceRef[], context: CommandContext) {
  const ids = sql.uuids(inputs.map((i) => i.id));
  const invoices = await tx.load(Invoice, sql`t.id = any(${ids})`, { lock: true });
  return {
    invoices: new Map(invoices.map((i) => [i.id, i])),
    wishes: await loadWishes(tx, invoices, context),
    lines: await tx.load(InvoiceLine, sql`t.invoice_id = any(${ids})`),
    taxes: await tx.load(InvoiceTax, sql`t.invoice_id = any(${ids})`),
  };
}

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function invoiceOf(
  facts: { readonly invoices: ReadonlyMap<string, InvoiceRow> },
  id: string,
  expectedVersion: number | undefined,
): InvoiceRow {
  const invoice = facts.invoices.get(id);
  if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['id'] });
  requireVersion(invoice.version, expectedVersion);
  return invoice;
}
