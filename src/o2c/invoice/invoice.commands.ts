/** Drafting, changing, issuing and cancelling invoices. */
import { localDate } from '../../kernel/clock.ts';
import { decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import { choice, currencyInput, dateInput, decimalInput, idOf, int, list, object, optional, text } from '../../kernel/input.ts';
import { transition } from '../../kernel/machine.ts';
import { convert, money } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Decision, type RowChange, type Tx, type RowOf } from '../../write/command.ts';
import { drawn } from '../../write/draw.ts';
import { requireVersion } from '../../write/version.ts';
import { dueDate, loadRates, PaymentTerms, rateOf } from '../catalogue/index.ts';
import { post, requireOpen } from '../ledger/index.ts';
import { ItemBook } from '../open-item/index.ts';
import { type AccountRow, type Accounts, loadAccounts, seriesKey } from '../party/index.ts';
import { Invoice, InvoiceLine, InvoiceTax } from './invoice.entity.ts';
import { invoiceMachine } from './invoice.machine.ts';
import { invoicePostings } from './invoice.postings.ts';
import { type LineInput, rateText, requireLines, TAX_CATEGORIES, type TaxGroup, type Totals, totalsOf } from './invoice.rules.ts';
import { invoiceEvent, invoiceStatus, type SettledInvoice, settlementOf } from './settlement.rules.ts';

export type InvoiceRow = RowOf<typeof Invoice>;

const lineInput = object('InvoiceLineInput', {
  description: text().describe('What is sold.'),
  quantity: decimalInput({ scale: 6, min: '-999999999999', max: '999999999999' }).describe('How much of it; a negative quantity takes something off.'),
  unitPrice: decimalInput({ scale: 6, min: '0', max: '999999999999' }).describe('The price of one, without tax.'),
  taxCategory: choice('TaxCategory', TAX_CATEGORIES).describe('The VAT category code (UNCL5305).'),
  taxRate: decimalInput({ scale: 4, min: '0', max: '100' }).describe('The tax rate in percent.'),
});

const uuids = (ids: readonly (string | null | undefined)[]) => sql.typed([...new Set(ids.filter((i): i is string => typeof i === 'string'))], 'uuid[]');

function accountOf(facts: Accounts, id: string): AccountRow {
  const account = facts.accounts.get(id);
  if (!account) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
  return account;
}

const ownerOf = (row: { tenantId: string; legalEntityId: string; accountId: string }) => ({
  tenantId: row.tenantId,
  legalEntityId: row.legalEntityId,
  accountId: row.accountId,
});

/** The rows of lines and taxes of an invoice. */
function detailRows(context: CommandContext, invoice: { id: string; tenantId: string; legalEntityId: string; accountId: string; currency: string }, totals: Totals): RowChange[] {
  const common = () => ({ id: context.newId(), invoiceId: invoice.id, ...ownerOf(invoice), currency: invoice.currency });
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
        },
      }),
    ),
    ...totals.taxes.map((tax): RowChange => ({ op: 'insert', entity: 'InvoiceTax', values: { ...common(), ...tax } })),
  ];
}

const NOTHING_SETTLED = { paidMinor: 0n, creditedMinor: 0n, discountedMinor: 0n, writtenOffMinor: 0n, openMinor: 0n, settledOn: null } as const;

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
    ...(await loadAccounts(tx, inputs.map((i) => i.accountId))),
    terms: await tx.load(PaymentTerms, sql`t.id = any(${uuids(inputs.map((i) => i.paymentTermsId))})`),
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

interface InvoiceRef {
  readonly id: string;
}

async function invoiceFacts(tx: Tx, inputs: readonly InvoiceRef[]) {
  const ids = uuids(inputs.map((i) => i.id));
  const invoices = await tx.load(Invoice, sql`t.id = any(${ids})`, { lock: true });
  return {
    invoices: new Map(invoices.map((i) => [i.id, i])),
    lines: await tx.load(InvoiceLine, sql`t.invoice_id = any(${ids})`),
    taxes: await tx.load(InvoiceTax, sql`t.invoice_id = any(${ids})`),
  };
}

function invoiceOf(facts: { readonly invoices: ReadonlyMap<string, InvoiceRow> }, id: string, expectedVersion: number | undefined): InvoiceRow {
  const invoice = facts.invoices.get(id);
  if (!invoice) throw new DomainError('NOT_FOUND', 'There is no such invoice.', { path: ['id'] });
  requireVersion(invoice.version, expectedVersion);
  return invoice;
}

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
      rows: [...rows, { op: 'update', entity: 'Invoice', id: invoice.id, version: invoice.version, set, owner }],
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
  decide(facts, input): Change {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'CANCEL' });
    const after = { ...invoice, lifecycle: to, status: 'CANCELLED', version: invoice.version + 1 } as SettledInvoice;
    return {
      recordId: invoice.id,
      rows: [{ op: 'update', entity: 'Invoice', id: invoice.id, version: invoice.version, set: { lifecycle: to, status: 'CANCELLED' }, owner: ownerOf(invoice) }],
      events: [invoiceEvent('invoice.cancelled', after, { from: invoice.status })],
    };
  },
});

const todayOf = (facts: Pick<Accounts, 'entities'>, legalEntityId: string, now: Date): string => localDate(now, facts.entities.get(legalEntityId)?.timeZone ?? 'UTC');

export const issueInvoice = command({
  name: 'issueInvoice',
  description: 'Issues a draft: it gets the next number of its series without gaps, is posted, and never changes again.',
  permission: 'invoices:issue',
  record: 'Invoice',
  input: object('IssueInvoiceInput', {
    id: idOf('inv').describe('The draft.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that you saw.'),
    issuedOn: optional(dateInput).describe("The issue date; absent: today in the legal entity's time zone. Not before the series' newest."),
    dueOn: optional(dateInput).describe('The due date; absent: by the payment terms.'),
  }),
  lockKey: (input) => input.id,
  async facts(tx, inputs, context) {
    const facts = await invoiceFacts(tx, inputs);
    const invoices = [...facts.invoices.values()];
    const accounts = await loadAccounts(tx, invoices.map((i) => i.accountId));
    const wanted = invoices.flatMap((invoice) => {
      const on = inputs.find((i) => i.id === invoice.id)?.issuedOn ?? todayOf(accounts, invoice.legalEntityId, context.now);
      return [invoice.baseCurrency, context.tenant.groupCurrency].map((to) => ({ from: invoice.currency, to, on }));
    });
    const terms = await tx.load(PaymentTerms, sql`t.id = any(${uuids(invoices.map((i) => i.paymentTermsId))})`);
    return { ...facts, ...accounts, rates: await loadRates(tx, wanted), terms };
  },
  decide(facts, input, context): Decision {
    const invoice = invoiceOf(facts, input.id, input.expectedVersion);
    const { to } = transition(invoiceMachine, { state: invoice.lifecycle, action: 'ISSUE' });
    const entity = facts.entities.get(invoice.legalEntityId);
    const seriesId = facts.series.get(seriesKey(invoice.legalEntityId, 'INVOICE'));
    if (!entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['id'] });
    const today = todayOf(facts, entity.id, context.now);
    const issuedOn = input.issuedOn ?? today;
    if (issuedOn > today) throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; an invoice can't be issued on a later day.`, { path: ['issuedOn'] });
    requireOpen({ code: entity.code, closedThrough: entity.closedThrough ?? null }, issuedOn, 'issuedOn');
    const terms = facts.terms.find((t) => t.id === invoice.paymentTermsId) ?? { netDays: 0, isEndOfMonth: false };
    const dueOn = input.dueOn ?? dueDate(issuedOn, terms);
    if (dueOn < issuedOn) throw new DomainError('EFFECTIVE_DATE_INVALID', `dueOn must not be before issuedOn, ${issuedOn}.`, { path: ['dueOn'] });
    const number = drawn(seriesId, { slot: invoice.id, on: issuedOn }, 'TEXT');
    const rate = rateOf(facts.rates, invoice.currency, invoice.baseCurrency, issuedOn);
    const groupRate = rateOf(facts.rates, invoice.currency, context.tenant.groupCurrency, issuedOn);
    const taxes = facts.taxes.filter((t) => t.invoiceId === invoice.id);
    const booked = bookInvoice(context, { ...invoice, number, issuedOn, dueOn, rate, groupRate, taxes, event: 'invoice.issued', functionalCurrency: entity.functionalCurrency });
    const set = { ...booked.set, lifecycle: to, number, seriesNumber: drawn(seriesId, { slot: invoice.id, on: issuedOn }, 'NUMBER'), snapshotHash: snapshotOf(invoice, { issuedOn, dueOn, lines: facts.lines }) };
    return {
      recordId: invoice.id,
      rows: [{ op: 'update', entity: 'Invoice', id: invoice.id, version: invoice.version, set, owner: ownerOf(invoice) }, ...booked.book.rows()],
      events: [invoiceEvent('invoice.issued', { ...invoice, ...booked.settled, lifecycle: to, number, version: invoice.version + 1 }, { from: invoice.status, effectiveOn: issuedOn })],
    };
  },
});

/** The legal fields of an issued invoice, hashed: they never change after. */
function snapshotOf(invoice: Pick<InvoiceRow, 'id' | 'accountId' | 'currency' | 'netMinor' | 'taxMinor' | 'totalMinor'>, more: { issuedOn: string; dueOn: string; lines: readonly RowOf<typeof InvoiceLine>[] }): string {
  const { id, accountId, currency, netMinor, taxMinor, totalMinor } = invoice;
  const lines = more.lines
    .filter((l) => l.invoiceId === id)
    .sort((a, b) => a.lineNumber - b.lineNumber)
    .map((l) => [l.lineNumber, l.description, decimalText(decimal(l.quantity)), decimalText(decimal(l.unitPrice)), l.netMinor, l.taxCategory, decimalText(decimal(l.taxRate))]);
  return hashOf({ id, accountId, currency, netMinor, taxMinor, totalMinor, issuedOn: more.issuedOn, dueOn: more.dueOn, lines });
}

export interface BookedInvoice {
  readonly id: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly totalMinor: bigint;
  readonly baseCurrency: string;
  readonly number: unknown;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly rate: string;
  readonly groupRate: string;
  readonly taxes: readonly TaxGroup[];
  readonly event: 'invoice.issued' | 'invoice.imported';
  readonly functionalCurrency: string;
}

/** The open item and the entry that an invoice makes, and what it then says of itself. Base amounts: total converted once, taxes each, the net takes the rest. */
export function bookInvoice(context: CommandContext, invoice: BookedInvoice) {
  const { id, tenantId, legalEntityId, accountId, currency, baseCurrency, totalMinor, issuedOn } = invoice;
  const toBase = (minor: bigint) => convert(money(minor, currency), decimal(invoice.rate), baseCurrency).minor;
  const baseTotalMinor = toBase(totalMinor);
  const itemId = context.newId();
  const book = new ItemBook({ tenantId, actorId: context.principal.actorId, now: context.now, newId: context.newId });
  const taxes = invoice.taxes.map((t) => ({ ...t, baseMinor: toBase(t.taxMinor) }));
  const debit = { accountId, itemId };
  const entry = post(
    invoicePostings,
    { id: context.newId(), on: invoice.event, tenantId, legalEntityId, baseCurrency, recordKind: 'Invoice', recordId: id, effectiveOn: issuedOn, recordedAt: context.now, actorId: context.principal.actorId },
    [
      { amount: 'net', minor: invoice.netMinor, baseMinor: baseTotalMinor - taxes.reduce((s, t) => s + t.baseMinor, 0n), currency, debit, credit: { accountId } },
      ...taxes.map((t) => ({ amount: 'tax', minor: t.taxMinor, baseMinor: t.baseMinor, currency, debit, credit: { accountId, detail: `${t.taxCategory} ${rateText(decimal(t.taxRate))}` } })),
    ],
    context.newId,
  );
  book.post(entry);
  book.add({
      id: itemId,
      tenantId,
      legalEntityId,
      accountId,
      kind: 'INVOICE',
      documentKind: 'Invoice',
      documentId: id,
      documentNumber: invoice.number as string,
      instalment: 1,
      dueOn: invoice.dueOn,
      effectiveOn: issuedOn,
      recordedAt: context.now,
      currency,
      originalMinor: totalMinor,
      openMinor: totalMinor,
      cashMinor: 0n,
      creditMinor: 0n,
      discountMinor: 0n,
      writeOffMinor: 0n,
      returnedMinor: 0n,
      baseCurrency,
      baseOriginalMinor: baseTotalMinor,
      baseOpenMinor: baseTotalMinor,
      settledOn: totalMinor === 0n ? issuedOn : null,
      version: 1,
    });
  const settled = { ...settlementOf(book.of(id)), status: invoiceStatus('ISSUED', settlementOf(book.of(id))) };
  return {
    book,
    itemId,
    settled,
    set: { ...settled, issuedOn, dueOn: invoice.dueOn, rate: invoice.rate, groupRate: invoice.groupRate, baseTotalMinor, baseCurrency: invoice.functionalCurrency },
  };
}
