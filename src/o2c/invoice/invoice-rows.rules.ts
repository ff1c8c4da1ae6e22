/** The rows of an invoice's lines and taxes, and what a new invoice has settled. Pure. */
import { decimalText } from '../../kernel/decimal.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import type { Totals } from './invoice.rules.ts';

interface Detailed {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly currency: string;
}

/** Lines are numbered from 1 in their order. */
export function detailRows(context: CommandContext, invoice: Detailed, totals: Totals): RowChange[] {
  const { id: invoiceId, tenantId, legalEntityId, accountId, currency } = invoice;
  const common = () => ({ id: context.newId(), invoiceId, tenantId, legalEntityId, accountId, currency });
  return [
    ...totals.lines.map(
      (line, i): RowChange => ({
        op: 'insert',
        entity: 'InvoiceLine',
        values: {
          ...common(),
          lineNumber: i + 1,
          description: line.description,
          quantity: decimalText(line.quantity),
          unitPrice: decimalText(line.unitPrice),
          netMinor: line.netMinor,
          taxCategory: line.taxCategory,
          taxRate: decimalText(line.taxRate),
          ...line.ordered,
        },
      }),
    ),
    ...totals.taxes.map((tax): RowChange => ({ op: 'insert', entity: 'InvoiceTax', values: { ...common(), ...tax } })),
  ];
}

export const NOTHING_SETTLED = {
  paidMinor: 0n,
  creditedMinor: 0n,
  discountedMinor: 0n,
  writtenOffMinor: 0n,
  openMinor: 0n,
  settledOn: null,
} as const;
