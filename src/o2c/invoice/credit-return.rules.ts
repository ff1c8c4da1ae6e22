/** What a return takes of the invoice lines that billed it, and what that comes to of an invoice. Pure. */
import { addDecimal, compareDecimal, type Decimal, decimal, divideRounded, subtractDecimal } from '../../kernel/decimal.ts';
import type { RowOf } from '../../write/command.ts';
import type { LinePart } from './bill.rules.ts';
import type { InvoiceLine } from './invoice.entity.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { type CreditLine, rateText, type TaxGroup } from './invoice.rules.ts';

export type InvoiceLineRow = RowOf<typeof InvoiceLine>;

/** A part of a line of an invoice that a credit note takes back. */
export interface TakenLine {
  readonly line: InvoiceLineRow;
  readonly quantity: Decimal;
  readonly netMinor: bigint;
}

/** The net of a part of an invoice line: what is credited with it less what was before, so that the last part takes the rest. */
function netOfPart(line: InvoiceLineRow, quantity: Decimal): bigint {
  const whole = decimal(line.quantity);
  const before = decimal(line.creditedQuantity);
  const upTo = (credited: Decimal) => {
    const scale = Math.max(credited.scale, whole.scale);
    const to = ({ coefficient, scale: own }: Decimal) => coefficient * 10n ** BigInt(scale - own);
    return divideRounded(line.netMinor * to(credited), to(whole), 'HALF_UP');
  };
  return upTo(addDecimal(before, quantity)) - upTo(before);
}

/** Spreads quantities that came back over the lines that billed them, in the order of the invoices. */
export const takeBack = (
  parts: readonly LinePart[],
  lines: readonly InvoiceLineRow[],
  invoices: readonly InvoiceRow[],
): readonly TakenLine[] =>
  parts.flatMap(({ line: { id }, quantity }) => {
    let rest = quantity;
    const own = invoices.flatMap((invoice) => lines.filter((l) => l.invoiceId === invoice.id && l.orderLineId === id));
    return own.flatMap((line): TakenLine[] => {
      const open = subtractDecimal(decimal(line.quantity), decimal(line.creditedQuantity));
      const taken = compareDecimal(rest, open) < 0 ? rest : open;
      if (taken.coefficient <= 0n) return [];
      rest = subtractDecimal(rest, taken);
      return [{ line, quantity: taken, netMinor: netOfPart(line, taken) }];
    });
  });

const keyOf = (group: { readonly taxCategory: string; readonly taxRate: string }) =>
  `${group.taxCategory} ${rateText(decimal(group.taxRate))}`;

/**
 * The lines with no more than what is left of the invoice in each category and rate: what was credited by amounts before
 * isn't given a second time. And their nets by category and rate, for `creditOf`.
 */
export function withinLeft(
  taken: readonly TakenLine[],
  left: readonly TaxGroup[],
): { lines: readonly TakenLine[]; nets: readonly CreditLine[] } {
  const room = new Map(left.map((group) => [keyOf(group), group.taxableMinor]));
  const nets = new Map<string, CreditLine>();
  const lines = taken.map((part): TakenLine => {
    const key = keyOf(part.line);
    const free = room.get(key) ?? 0n;
    const netMinor = part.netMinor < free ? part.netMinor : free;
    room.set(key, free - netMinor);
    const { taxCategory } = part.line;
    const before = nets.get(key)?.netMinor ?? 0n;
    nets.set(key, {
      taxCategory,
      taxRate: rateText(decimal(part.line.taxRate)),
      netMinor: before + netMinor,
      description: null,
    });
    return { ...part, netMinor };
  });
  return { lines, nets: [...nets.values()].filter((net) => net.netMinor > 0n) };
}
