/** Reading in invoices and payments that were made elsewhere: the same code for one and for a page of a file. Known ones change nothing. */
import { localDate } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { amount, choice, currencyInput, dateInput, idOf, object, optional, text } from '../../kernel/input.ts';
import { moneyFrom } from '../../kernel/money.ts';
import { sql } from '../../read/sql.ts';
import { command, type CommandContext, type Decision, type RowChange, type Tx } from '../../write/command.ts';
import { drawn } from '../../write/draw.ts';
import { loadRates, PaymentTerms, rateOf, type Rates } from '../catalogue/index.ts';
import { bookInvoice, Invoice, invoiceEvent, settleInvoice } from '../invoice/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { loadTaken, OpenItem } from '../open-item/index.ts';
import { type AccountRow, CustomerAccount, ExternalRef, type LegalEntityRow, loadEntities, seriesKey } from '../party/index.ts';
import { bookPayment, PAYMENT_METHODS, paymentEvent, settlePayment } from '../payment/index.ts';
import { newBook } from './application.facts.ts';

/** Files of different legal entities may use one id for different documents. */
const connectionOf = (legalEntityId: string) => `import ${legalEntityId}`;
const refKey = (connection: string, externalId: string) => `${connection} ${externalId}`;
const texts = (list: readonly string[]) => sql.typed([...new Set(list)], 'text[]');

interface Imported {
  readonly legalEntityId: string;
  readonly externalId: string;
  readonly customerNumber: string;
  readonly currency: string;
}

const common = {
  legalEntityId: idOf('le').describe('The legal entity whose books it is in.'),
  externalId: text({ max: 200 }).describe('What tells it from all others of its kind; a known one changes nothing.'),
  customerNumber: text({ max: 40 }).describe("The customer's number at the legal entity."),
  amount: amount().describe('The amount.'),
  currency: currencyInput.describe('Its currency.'),
};

/** The documents known already, the accounts, the books, and the rates of the given days. */
async function importFacts(
  tx: Tx,
  kind: 'Invoice' | 'Payment',
  inputs: readonly (Imported & { readonly days: readonly string[] })[],
  groupCurrency: string,
) {
  const refs = await tx.load(
    ExternalRef,
    sql`t.connection = any(${texts(inputs.map((i) => connectionOf(i.legalEntityId)))}) and t.record_kind = ${kind} and t.external_id = any(${texts(inputs.map((i) => i.externalId))})`,
  );
  const accounts = await tx.load(CustomerAccount, sql`t.number = any(${texts(inputs.map((i) => i.customerNumber))})`);
  const { entities, series } = await loadEntities(
    tx,
    inputs.map((i) => i.legalEntityId),
  );
  const wanted = inputs.flatMap(({ legalEntityId, currency, days }) => {
    const base = entities.get(legalEntityId)?.functionalCurrency ?? groupCurrency;
    return days.flatMap((on) => [base, groupCurrency].map((to) => ({ from: currency, to, on })));
  });
  return {
    known: new Map(refs.map((r) => [refKey(r.connection, r.externalId), r.recordId])),
    accounts: new Map(accounts.map((a) => [`${a.legalEntityId} ${a.number}`, a])),
    entities,
    series,
    rates: await loadRates(tx, wanted),
  };
}
type Facts = Awaited<ReturnType<typeof importFacts>>;

function partiesOf(facts: Facts, input: Imported): { account: AccountRow; entity: LegalEntityRow } {
  const entity = facts.entities.get(input.legalEntityId);
  if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
  const account = facts.accounts.get(`${entity.id} ${input.customerNumber}`);
  if (!account)
    throw new DomainError(
      'NOT_FOUND',
      `The customer ${input.customerNumber} has no account with ${entity.code}. Import customers first.`,
      { path: ['customerNumber'] },
    );
  return { account, entity };
}

/** What is read in has happened, in books that are open. @throws EFFECTIVE_DATE_INVALID, PERIOD_CLOSED */
function requirePast(entity: LegalEntityRow, day: string, { now, path }: { now: Date; path: string }): void {
  const today = localDate(now, entity.timeZone);
  if (day > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; ${path} must not be a later day.`, { path: [path] });
  requireOpen({ code: entity.code, closedThrough: entity.closedThrough }, day, path);
}

const refRow = (
  context: CommandContext,
  recordKind: 'Invoice' | 'Payment',
  { legalEntityId, externalId }: Imported,
  recordId: string,
): RowChange => ({
  op: 'insert',
  entity: 'ExternalRef',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    connection: connectionOf(legalEntityId),
    recordKind,
    externalId,
    recordId,
    createdAt: context.now,
  },
});

interface Received {
  readonly context: CommandContext;
  readonly facts: Facts;
  readonly account: AccountRow;
  readonly entity: LegalEntityRow;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly receivedOn: string;
  readonly number: unknown;
  readonly method: (typeof PAYMENT_METHODS)[number];
  readonly reference: string | null;
}

const ratesOf = (rates: Rates, context: CommandContext, { from, base, on }: { from: string; base: string; on: string }) => ({
  rate: rateOf(rates, from, base, on),
  groupRate: rateOf(rates, from, context.tenant.groupCurrency, on),
});

/** An imported payment as it stands when it came: nothing applied yet. */
function paymentOf({ context, facts, account, entity, currency, amountMinor, receivedOn, number, method, reference }: Received) {
  return {
    id: context.newId(),
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'IMPORTED',
    lifecycle: 'RECEIVED',
    status: 'UNAPPLIED',
    number,
    method,
    reference,
    bankAccount: null,
    currency,
    amountMinor,
    openMinor: amountMinor,
    baseCurrency: entity.functionalCurrency,
    ...ratesOf(facts.rates, context, { from: currency, base: entity.functionalCurrency, on: receivedOn }),
    receivedOn,
    version: 1,
    createdAt: context.now,
  } as const;
}

export const importInvoice = command({
  name: 'importInvoice',
  description: 'Reads in an invoice that was issued elsewhere, and its payment if it was settled.',
  permission: 'documents:import',
  record: 'Invoice',
  input: object('ImportInvoiceInput', {
    ...common,
    number: optional(text({ max: 60 })).describe('Its number; absent: one made from the external id.'),
    issuedOn: dateInput.describe('The issue date.'),
    dueOn: dateInput.describe('The due date.'),
    settledOn: optional(dateInput).describe('The day on which it was paid in full; absent: it is open.'),
    customerReference: optional(text()).describe("The customer's own reference."),
    paymentTermsCode: optional(text({ max: 20 })).describe('The code of its terms, for information; unknown ones are left out.'),
  }),
  lockKey: (input) => `${input.legalEntityId} ${input.externalId}`,
  facts: async (tx, inputs, context) => ({
    ...(await importFacts(
      tx,
      'Invoice',
      inputs.map((i) => ({ ...i, days: [i.issuedOn, ...(i.settledOn ? [i.settledOn] : [])] })),
      context.tenant.groupCurrency,
    )),
    terms: new Map(
      (await tx.load(PaymentTerms, sql`t.code = any(${texts(inputs.flatMap((i) => i.paymentTermsCode ?? []))})`)).map((t) => [
        t.code,
        t.id,
      ]),
    ),
  }),
  decide(facts, input, context): Decision {
    const { account, entity } = partiesOf(facts, input);
    const known = facts.known.get(refKey(connectionOf(entity.id), input.externalId));
    if (known) return { unchanged: known };
    const { issuedOn, dueOn, settledOn, currency } = input;
    requirePast(entity, issuedOn, { now: context.now, path: 'issuedOn' });
    const totalMinor = moneyFrom(input.amount, currency).minor;
    if (totalMinor <= 0n)
      throw new DomainError('AMOUNT_INVALID', 'amount must be more than zero; an invoice is what a customer owes.', {
        path: ['amount'],
      });
    if (dueOn < issuedOn)
      throw new DomainError('EFFECTIVE_DATE_INVALID', `dueOn must not be before issuedOn, ${issuedOn}.`, { path: ['dueOn'] });
    const id = context.newId();
    const number = input.number ?? `IMP-${id.slice(-12)}`;
    const taxes = [{ taxCategory: 'O', taxRate: '0', taxableMinor: totalMinor, taxMinor: 0n }];
    const base = {
      id,
      tenantId: context.tenant.id,
      legalEntityId: entity.id,
      accountId: account.id,
      currency,
      netMinor: totalMinor,
      taxMinor: 0n,
      totalMinor,
      number,
      baseCurrency: entity.functionalCurrency,
    };
    const booked = bookInvoice(context, {
      ...base,
      issuedOn,
      dueOn,
      taxes,
      event: 'invoice.imported',
      functionalCurrency: entity.functionalCurrency,
      ...ratesOf(facts.rates, context, { from: currency, base: entity.functionalCurrency, on: issuedOn }),
    });
    const invoice = { ...base, lifecycle: 'ISSUED' as const, ...booked.settled, version: 1 };
    const values = {
      ...base,
      ...booked.set,
      origin: 'IMPORTED',
      lifecycle: 'ISSUED',
      customerReference: input.customerReference ?? null,
      paymentTermsId: facts.terms.get(input.paymentTermsCode ?? '') ?? null,
      createdAt: context.now,
    };
    const issued = invoiceEvent('invoice.imported', invoice, { from: null, effectiveOn: issuedOn });
    const ref = refRow(context, 'Invoice', input, id);
    if (!settledOn) {
      return {
        recordId: id,
        rows: [{ op: 'insert', entity: 'Invoice', values: { ...values, version: 1 } }, ...booked.book.rows(), ref],
        events: [issued],
      };
    }
    requirePast(entity, settledOn, { now: context.now, path: 'settledOn' });
    const payment = paymentOf({
      context,
      facts,
      account,
      entity,
      currency,
      amountMinor: totalMinor,
      receivedOn: settledOn,
      number: seriesNumber(facts, entity.id, context),
      method: 'OTHER',
      reference: number,
    });
    const { itemId, baseAmountMinor } = bookPayment(context, { ...payment, event: 'payment.imported' }, booked.book);
    const effectiveOn = settledOn > issuedOn ? settledOn : issuedOn;
    booked.book.allocate({
      kind: 'CASH',
      toId: booked.itemId,
      fromId: itemId,
      minor: totalMinor,
      effectiveOn,
      rule: 'import',
      evidence: 'The file says that it was settled.',
    });
    const paid = settleInvoice(invoice, booked.book.of(id), effectiveOn);
    const applied = settlePayment(payment, booked.book.of(payment.id), effectiveOn);
    return {
      recordId: id,
      rows: [
        { op: 'insert', entity: 'Invoice', values: { ...values, ...setOf(paid.rows), version: 2 } },
        { op: 'insert', entity: 'Payment', values: { ...payment, baseAmountMinor, ...setOf(applied.rows), version: 2 } },
        ...booked.book.rows(),
        ref,
      ],
      events: [
        issued,
        paymentEvent('payment.imported', payment, { from: null, effectiveOn: settledOn }),
        ...booked.book.allocationEvents(),
        ...applied.events,
        ...paid.events,
      ],
    };
  },
});

/** The values of the one update that settling gives: for a row that is not written yet. */
const setOf = (rows: readonly RowChange[]): Readonly<Record<string, unknown>> => {
  const [row] = rows;
  return row?.op === 'update' ? row.set : {};
};

/** The slot is a new id: each payment draws its own number. */
const seriesNumber = (facts: Facts, legalEntityId: string, context: CommandContext) =>
  drawn(facts.series.get(seriesKey(legalEntityId, 'PAYMENT')) ?? '', { slot: context.newId() }, 'TEXT');

export const importPayment = command({
  name: 'importPayment',
  description: 'Reads in a payment that came before. It is set against the invoice that it names, as far as that is open.',
  permission: 'documents:import',
  record: 'Payment',
  input: object('ImportPaymentInput', {
    ...common,
    number: optional(text({ max: 60 })).describe('Its number; absent: the next of the series.'),
    receivedOn: dateInput.describe('The day on which the money was there.'),
    method: optional(choice('PaymentMethod', PAYMENT_METHODS)).describe('How it was paid; absent: OTHER.'),
    reference: optional(text()).describe("The payer's reference."),
    invoiceNumber: optional(text({ max: 60 })).describe('The invoice that it pays.'),
  }),
  lockKey: (input) =>
    input.invoiceNumber ? `invoice ${input.customerNumber} ${input.invoiceNumber}` : `${input.legalEntityId} ${input.externalId}`,
  async facts(tx, inputs, context) {
    const facts = await importFacts(
      tx,
      'Payment',
      inputs.map((i) => ({ ...i, days: [i.receivedOn] })),
      context.tenant.groupCurrency,
    );
    const invoices = await tx.load(
      Invoice,
      sql`t.number = any(${texts(inputs.flatMap((i) => i.invoiceNumber ?? []))}) and t.lifecycle = 'ISSUED'`,
      { lock: true },
    );
    const items = await tx.load(OpenItem, sql`t.document_id = any(${sql.uuids(invoices.map((i) => i.id))})`, { lock: true });
    return { ...facts, invoices, items, taken: await loadTaken(tx, items) };
  },
  decide(facts, input, context): Decision {
    const { account, entity } = partiesOf(facts, input);
    const known = facts.known.get(refKey(connectionOf(entity.id), input.externalId));
    if (known) return { unchanged: known };
    const { receivedOn, currency } = input;
    requirePast(entity, receivedOn, { now: context.now, path: 'receivedOn' });
    const amountMinor = moneyFrom(input.amount, currency).minor;
    if (amountMinor <= 0n) throw new DomainError('AMOUNT_INVALID', 'amount must be more than zero.', { path: ['amount'] });
    const invoice = input.invoiceNumber
      ? facts.invoices.find((i) => i.number === input.invoiceNumber && i.accountId === account.id)
      : undefined;
    if (input.invoiceNumber && !invoice)
      throw new DomainError('NOT_FOUND', `The customer has no invoice ${input.invoiceNumber}.`, { path: ['invoiceNumber'] });
    const payment = paymentOf({
      context,
      facts,
      account,
      entity,
      currency,
      amountMinor,
      receivedOn,
      number: input.number ?? seriesNumber(facts, entity.id, context),
      method: input.method ?? 'OTHER',
      reference: input.reference ?? null,
    });
    const book = newBook(context, { items: facts.items.filter((i) => i.documentId === invoice?.id), taken: facts.taken });
    const { itemId, baseAmountMinor } = bookPayment(context, { ...payment, event: 'payment.imported' }, book);
    let rest = amountMinor;
    let effectiveOn = receivedOn;
    for (const item of invoice && invoice.currency === currency ? book.of(invoice.id) : []) {
      const minor = rest < item.openMinor ? rest : item.openMinor;
      if (minor <= 0n) continue;
      const openFrom = book.openFrom(item.id, minor);
      if (openFrom > effectiveOn) effectiveOn = openFrom;
      book.allocate({
        kind: 'CASH',
        toId: item.id,
        fromId: itemId,
        minor,
        effectiveOn,
        rule: 'import',
        evidence: 'The file names the invoice.',
      });
      rest -= minor;
    }
    const applied = settlePayment(payment, book.of(payment.id), effectiveOn);
    const paid = invoice ? settleInvoice(invoice, book.of(invoice.id), effectiveOn) : { rows: [], events: [] };
    return {
      recordId: payment.id,
      rows: [
        {
          op: 'insert',
          entity: 'Payment',
          values: { ...payment, baseAmountMinor, ...setOf(applied.rows), version: 1 + applied.rows.length },
        },
        ...book.rows(),
        ...paid.rows,
        refRow(context, 'Payment', input, payment.id),
      ],
      events: [
        paymentEvent('payment.imported', payment, { from: null, effectiveOn: receivedOn }),
        ...book.allocationEvents(),
        ...applied.events,
        ...paid.events,
      ],
    };
  },
});
