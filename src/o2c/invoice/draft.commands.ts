/** Drafting invoices: making, changing and giving up what is not in the books yet. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, currencyInput, decimalInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, ownerOf, type RowChange } from '../../write/command.ts';
import { requireNoWish } from '../../write/wishes.ts';
import { PaymentTerms, TAX_CATEGORIES } from '../catalogue/index.ts';
import { type AccountRow, type Accounts, loadAccounts } from '../party/index.ts';
import { invoiceFacts, invoiceOf, type InvoiceRow } from './invoice.facts.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { detailRows, NOTHING_SETTLED } from './invoice-rows.rules.ts';
import { type LineInput, requireLines, totalsOf } from './invoice.rules.ts';
import { invoiceEvent, type SettledInvoice } from './settlement.rules.ts';

const lineInput = object('InvoiceLineInput', {
  description: text().describe('What is sold.'),
  quantity: decimalInput({ scale: 6, min: '-999999999999', max: '999999999999' }).describe(
    'How much of it; a negative quantity takes something off.',
  ),
  unitPrice: decimalInput({ scale: 6, min: '0', max: '999999999999' }).describe('The price of one, without tax.'),
  taxCategory: choice('TaxCategory', TAX_CATEGORIES).describe('The VAT category code (UNCL5305).'),
  taxRate: decimalInput({ scale: 4, min: '0', max: '100' }).describe('The tax rate in percent.'),
});

function accountOf(facts: Accounts, id: string): AccountRow {
  const account = facts.accounts.get(id);
  if (!account) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
  return account;
}

export const draftInvoice = command({
  name: 'draftInvoice',
  description: 'Makes a draft of an invoice. It gets its number, and counts, when it is issued.',
  permission: 'invoices:draft',
  record: 'Invoice',
  input: object('DraftInvoiceInput', {
    accountId: idOf('acc').describe("The customer's account."),
    currency: optional(currencyInput).describe("The currency; absent: the account's."),
    customerReference: optional(text()).describe("The customer's own reference."),
    paymentTermsId: optional(idOf('pt')).describe("The terms; absent: the account's, else due at once."),
    lines: list(lineInput, { min: 1, max: 1000 }).describe('The lines.'),
  }),
  facts: async (tx, inputs) => ({
    ...(await loadAccounts(
      tx,
      inputs.map((i) => i.accountId),
    )),
    terms: await tx.load(PaymentTerms, sql`t.id = any(${sql.uuids(inputs.map((i) => i.paymentTermsId))})`),
  }),
  decide(facts, input, context): Change {
    const account = accountOf(facts, input.accountId);
    const entity = facts.entities.get(account.legalEntityId);
    if (input.paymentTermsId && !facts.terms.some((t) => t.id === input.paymentTermsId)) {
      throw new DomainError('NOT_FOUND', 'There are no such payment terms.', { path: ['paymentTermsId'] });
    }
    requireLines(input.lines);
    const currency = input.currency ?? account.currency;
    const totals = totalsOf(input.lines, currency);
    const invoice = {
      id: context.newId(),
      tenantId: context.tenant.id,
      legalEntityId: account.legalEntityId,
      accountId: account.id,
      origin: 'ISSUED',
      lifecycle: 'DRAFT',
      status: 'DRAFT',
      number: null,
      customerReference: input.customerReference ?? null,
      currency,
      netMinor: totals.netMinor,
      taxMinor: totals.taxMinor,
      totalMinor: totals.totalMinor,
      ...NOTHING_SETTLED,
      baseCurrency: entity?.functionalCurrency ?? currency,
      paymentTermsId: input.paymentTermsId ?? account.paymentTermsId ?? null,
      version: 1,
      createdAt: context.now,
    } as const;
    return {
      recordId: invoice.id,
      rows: [{ op: 'insert', entity: 'Invoice', values: { ...invoice } }, ...detailRows(context, invoice, totals)],
      events: [invoiceEvent('invoice.drafted', invoice, { from: null })],
    };
  },
});

export const changeInvoiceDraft = command({
  name: 'changeInvoiceDraft',
  description: 'Replaces the lines or other fields of a draft; what is absent stays.',
  permission: 'invoices:draft',
  record: 'Invoice',
  input: object('ChangeInvoiceDraftInput', {
    id: idOf('inv').describe('The draft.'),
    expectedVersion: int({ min: 1 }).describe('The version that the change was made from.'),
    customerReference: optional(text()).describe("The customer's own reference."),
    lines: optional(list(lineInput, { min: 1, max: 1000 })).describe('All the lines from now on.'),
  }),
  lockKey: (input) => input.id,
  facts: invoiceFacts,
  decide(facts, input, context): Change {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    transition(invoiceMachine, { state: invoice.lifecycle, action: 'EDIT' });
    requireNoWish(facts.wishes, invoice, context);
    const owner = ownerOf(invoice);
    const set: Record<string, unknown> = { customerReference: input.customerReference ?? invoice.customerReference ?? null };
    const rows: RowChange[] = [];
    let after: InvoiceRow = { ...invoice, version: invoice.version + 1 };
    if (input.lines) {
      requireLines(input.lines as readonly LineInput[]);
      const totals = totalsOf(input.lines, invoice.currency);
      const { netMinor, taxMinor, totalMinor } = totals;
      Object.assign(set, { netMinor, taxMinor, totalMinor });
      after = { ...after, netMinor, taxMinor, totalMinor };
      const gone = (entity: string, details: readonly { id: string; invoiceId: string }[]) =>
        details.filter((r) => r.invoiceId === invoice.id).map((r): RowChange => ({ op: 'delete', entity, id: r.id, owner }));
      rows.push(...gone('InvoiceLine', facts.lines), ...gone('InvoiceTax', facts.taxes), ...detailRows(context, invoice, totals));
    }
    return {
      recordId: invoice.id,
      rows: [
        ...rows,
        { op: 'update', entity: 'Invoice', id: invoice.id, version: invoice.version, set, owner, was: { lifecycle: 'DRAFT' } },
      ],
      events: [invoiceEvent('invoice.draft_changed', after, { from: invoice.status })],
    };
  },
});

export const cancelInvoiceDraft = command({
  name: 'cancelInvoiceDraft',
  description: 'Gives a draft up.',
  permission: 'invoices:draft',
  record: 'Invoice',
  input: object('CancelInvoiceDraftInput', {
    id: idOf('inv').describe('The draft.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
  }),
  lockKey: (input) => input.id,
  facts: invoiceFacts,
  decide(facts, input, context): Change {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'CANCEL' });
    requireNoWish(facts.wishes, invoice, context);
    const after = { ...invoice, lifecycle: to, status: 'CANCELLED', version: invoice.version + 1 } as SettledInvoice;
    return {
      recordId: invoice.id,
      rows: [
        {
          op: 'update',
          entity: 'Invoice',
          id: invoice.id,
          version: invoice.version,
          set: { lifecycle: to, status: 'CANCELLED' },
          was: { lifecycle: 'DRAFT' },
          owner: ownerOf(invoice),
        },
      ],
      events: [invoiceEvent('invoice.cancelled', after, { from: invoice.status })],
    };
  },
});
