/** Lines and taxes of observed documents: replaced as a whole where the ERP's differ. Pure. */
import type { CommandContext, RowChange } from '../../write/command.ts';
import { taxDetail, type TaxGroup } from '../invoice/index.ts';
import type { Link } from './billing.rules.ts';
import type { Figures, LineFigures } from './figures.rules.ts';
import type { CreditNoteLineRow, CreditNoteRow, InvoiceLineRow, InvoiceRow } from './observation.facts.ts';
import type { TaxRow } from './observed-set.rules.ts';

const NO_LINK: Link = { orderLineId: null, orderedQuantity: null, orderedNetMinor: null, orderedGrossMinor: null };

type Owned = Pick<InvoiceRow, 'tenantId' | 'legalEntityId' | 'accountId'>;
const ownerOf = ({ tenantId, legalEntityId, accountId }: Owned) => ({ tenantId, legalEntityId, accountId });

const lineKey = (line: Omit<LineFigures, 'lineNumber'> & Link): string =>
  JSON.stringify([
    line.description,
    line.quantity,
    line.unitPrice,
    line.unit,
    line.discountPercent,
    String(line.netMinor),
    line.taxCategory,
    line.taxRate,
    line.orderLineId,
    line.orderedQuantity,
    String(line.orderedNetMinor),
    String(line.orderedGrossMinor),
  ]);

export function sameLines(before: readonly InvoiceLineRow[], after: readonly LineFigures[], links: readonly Link[]): boolean {
  const had = before.toSorted((a, b) => a.lineNumber - b.lineNumber);
  const isSame = (line: LineFigures, i: number) => {
    const was = had[i];
    return was !== undefined && lineKey(was) === lineKey({ ...line, ...(links[i] ?? NO_LINK) });
  };
  return had.length === after.length && after.every(isSame);
}

const taxKeys = (taxes: readonly TaxGroup[]) =>
  taxes
    .map((t) => `${taxDetail(t)} ${t.taxableMinor} ${t.taxMinor}`)
    .sort()
    .join();

export const sameTaxes = (before: readonly TaxGroup[], after: readonly TaxGroup[]): boolean => taxKeys(before) === taxKeys(after);

interface Replacing<Line> {
  readonly before: { readonly lines: readonly Line[]; readonly taxes: readonly TaxRow[] };
  readonly figures: Figures;
}

const gone = (entity: string, rows: readonly (Owned & { readonly id: string })[]): RowChange[] =>
  rows.map((row) => ({ op: 'delete', entity, id: row.id, owner: ownerOf(row) }));

export function invoiceDetails(
  { newId }: CommandContext,
  invoice: InvoiceRow,
  { before, figures, links }: Replacing<InvoiceLineRow> & { readonly links: readonly Link[] },
): RowChange[] {
  const common = () => ({ id: newId(), invoiceId: invoice.id, ...ownerOf(invoice), currency: invoice.currency });
  return [
    ...gone('InvoiceLine', before.lines),
    ...gone('InvoiceTax', before.taxes),
    ...figures.lines.map(
      (line, i): RowChange => ({
        op: 'insert',
        entity: 'InvoiceLine',
        values: { ...common(), ...line, ...(links[i] ?? NO_LINK) },
      }),
    ),
    ...figures.taxes.map((tax): RowChange => ({ op: 'insert', entity: 'InvoiceTax', values: { ...common(), ...tax } })),
  ];
}

/** Lines that bill no order any more. */
export const unlinked = (lines: readonly InvoiceLineRow[]): RowChange[] =>
  lines.map((line) => ({
    op: 'update',
    entity: 'InvoiceLine',
    id: line.id,
    version: null,
    set: { ...NO_LINK },
    owner: ownerOf(line),
  }));

const noteLineKey = (line: Pick<LineFigures, 'description' | 'quantity' | 'netMinor' | 'taxCategory' | 'taxRate'>): string =>
  JSON.stringify([line.description, line.quantity, String(line.netMinor), line.taxCategory, line.taxRate]);

export function sameNoteLines(before: readonly CreditNoteLineRow[], after: readonly LineFigures[]): boolean {
  const had = before.toSorted((a, b) => a.lineNumber - b.lineNumber);
  const isSame = (line: LineFigures, i: number) => {
    const was = had[i];
    return was !== undefined && noteLineKey(was) === noteLineKey(line);
  };
  return had.length === after.length && after.every(isSame);
}

export function noteDetails(
  { newId }: CommandContext,
  note: CreditNoteRow,
  { before, figures }: Replacing<CreditNoteLineRow>,
): RowChange[] {
  const common = () => ({ id: newId(), creditNoteId: note.id, ...ownerOf(note), currency: note.currency });
  return [
    ...gone('CreditNoteLine', before.lines),
    ...gone('CreditNoteTax', before.taxes),
    ...figures.lines.map(
      ({ lineNumber, description, quantity, netMinor, taxCategory, taxRate }): RowChange => ({
        op: 'insert',
        entity: 'CreditNoteLine',
        values: { ...common(), invoiceLineId: null, lineNumber, description, quantity, netMinor, taxCategory, taxRate },
      }),
    ),
    ...figures.taxes.map(
      (tax): RowChange => ({ op: 'insert', entity: 'CreditNoteTax', values: { ...common(), description: null, ...tax } }),
    ),
  ];
}
