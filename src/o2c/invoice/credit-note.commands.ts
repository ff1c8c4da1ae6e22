/** Issuing credit notes: the only way to undo an issued invoice. */
import { localDate } from '../../kernel/clock.ts';
import { decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { amount, choice, dateInput, decimalInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type RowOf } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { requireOpen } from '../ledger/index.ts';
import { loadTaken, OpenItem } from '../open-item/index.ts';
import { loadAccounts, seriesKey } from '../party/index.ts';
import { CreditNote, CreditNoteTax } from './credit-note.entity.ts';
import { bookCreditNote } from './credit-note.rules.ts';
import { Invoice, InvoiceTax } from './invoice.entity.ts';
import type { InvoiceRow } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { creditOf, leftToCredit, rateText, TAX_CATEGORIES, type TaxGroup } from './invoice.rules.ts';

const creditLine = object('CreditLineInput', {
  description: optional(text()).describe('What is credited.'),
  taxCategory: choice('TaxCategory', TAX_CATEGORIES).describe('The VAT category code of the invoice.'),
  taxRate: decimalInput({ scale: 4, min: '0', max: '100' }).describe('The tax rate of the invoice in percent.'),
  net: amount().describe("The net amount to credit, in the invoice's currency."),
});

const groupOf = (row: { taxCategory: string; taxRate: string; taxableMinor: bigint; taxMinor: bigint }): TaxGroup => ({
  ...row,
  taxRate: rateText(decimal(row.taxRate)),
});

export const issueCreditNote = command({
  name: 'issueCreditNote',
  description:
    'Credits an invoice in whole (what is left of it) or by given nets. The note is set against what is open of the invoice at once; the rest stays on the account.',
  permission: 'invoices:credit',
  record: 'CreditNote',
  input: object('IssueCreditNoteInput', {
    invoiceId: idOf('inv').describe('The issued invoice.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version of the invoice that you saw.'),
    reason: text().describe('Why it is given.'),
    issuedOn: optional(dateInput).describe("The issue date; absent: today in the legal entity's time zone."),
    lines: optional(list(creditLine, { min: 1, max: 100 })).describe(
      'The nets to credit, one per tax category and rate; absent: all that is left.',
    ),
  }),
  lockKey: (input) => input.invoiceId,
  async facts(tx, inputs) {
    const ids = sql.uuids(inputs.map((i) => i.invoiceId));
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
  },
  decide(facts, input, context): Change {
    const invoice = facts.invoices.get(input.invoiceId);
    if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['invoiceId'] });
    requireVersion(invoice.version, input.expectedVersion);
    transition(invoiceMachine, { state: invoice.lifecycle, action: 'CREDIT' });
    const entity = facts.entities.get(invoice.legalEntityId);
    const seriesId = facts.series.get(seriesKey(invoice.legalEntityId, 'CREDIT_NOTE'));
    if (!entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['invoiceId'] });
    const today = localDate(context.now, entity.timeZone);
    const issuedOn = input.issuedOn ?? today;
    if (issuedOn > today || issuedOn < (invoice.issuedOn ?? '')) {
      throw new DomainError(
        'EFFECTIVE_DATE_INVALID',
        `A credit note is dated between ${invoice.issuedOn ?? ''}, the day of the invoice, and ${today}.`,
        { path: ['issuedOn'] },
      );
    }
    requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, issuedOn, 'issuedOn');
    const taken = creditOf(
      left(facts, invoice),
      input.lines?.map((l) => ({
        ...l,
        taxRate: rateText(l.taxRate),
        netMinor: moneyFrom(l.net, invoice.currency).minor,
        description: l.description ?? null,
      })) ?? null,
      invoice.currency,
    );
    const netMinor = taken.reduce((s, t) => s + t.taxableMinor, 0n);
    const taxMinor = taken.reduce((s, t) => s + t.taxMinor, 0n);
    if (netMinor + taxMinor <= 0n)
      throw new DomainError('NOTHING_TO_ALLOCATE', 'Nothing of this invoice is left to credit.', { path: ['invoiceId'] });
    return bookCreditNote(context, {
      invoice,
      loaded: { items: facts.items.filter((i) => i.documentId === invoice.id), taken: facts.taken },
      taken,
      netMinor,
      taxMinor,
      issuedOn,
      seriesId,
      reason: input.reason,
    });
  },
});

type Facts = {
  readonly taxes: readonly RowOf<typeof InvoiceTax>[];
  readonly notes: readonly RowOf<typeof CreditNote>[];
  readonly credited: readonly RowOf<typeof CreditNoteTax>[];
};

/** An imported invoice without tax rows has one group outside the scope of tax. */
function left(facts: Facts, invoice: InvoiceRow): readonly TaxGroup[] {
  const own = facts.taxes.filter((t) => t.invoiceId === invoice.id).map(groupOf);
  const groups =
    own.length > 0 ? own : [{ taxCategory: 'O', taxRate: '0', taxableMinor: invoice.netMinor, taxMinor: invoice.taxMinor }];
  const notes = new Set(facts.notes.filter((n) => n.invoiceId === invoice.id).map((n) => n.id));
  return leftToCredit(groups, facts.credited.filter((c) => notes.has(c.creditNoteId)).map(groupOf));
}
