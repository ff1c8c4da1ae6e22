/** Money that comes in: in full, in parts, with a rest, on account, before anything is due. Payments are documents of type DZ. */
import type { Row } from '../model.ts';
import { amountText, converted, minorOf, percentOf } from './amounts.ts';
import { receivablesOf } from './billing-posting.ts';
import { billingOf } from './billing-rows.ts';
import {
  amountOf,
  clearLines,
  type LineKey,
  lineOf,
  localOf,
  partialsOf,
  receivablesOfBilling,
  refreshClearingStatus,
  sumOf,
} from './clearing.ts';
import { ACCOUNTS, rateOf } from './configuration.ts';
import { type Context, padded, textOf } from './context.ts';
import { type Line, post, type Posted } from './posting.ts';
import { refuse, shown } from './refusals.ts';
import type { Values } from './table.ts';

export interface Payment {
  /** Billing documents, or lines by their keys for what was posted without one. */
  readonly invoices?: readonly (string | LineKey)[];
  /** Credit memos that the customer has taken off; for FULL and RESIDUAL. */
  readonly credits?: readonly (string | LineKey)[];
  /** All that is open unless told. */
  readonly amount?: string;
  /**
   * - FULL: the invoices are cleared; what is missing must be cash discount
   * - PARTIAL: an open line of its own for each invoice, which stays open in full
   * - RESIDUAL: the invoice is cleared and what is missing is a new open line
   * - ON_ACCOUNT: an open line that refers to nothing
   * - DOWN_PAYMENT: the same on a special account (A)
   */
  readonly how?: 'FULL' | 'PARTIAL' | 'RESIDUAL' | 'ON_ACCOUNT' | 'DOWN_PAYMENT';
  /** For money without invoices. */
  readonly customer?: string;
  readonly company?: string;
  readonly currency?: string;
  readonly date?: string;
  /** As on the bank's statement. */
  readonly reference?: string;
}

interface Received {
  readonly company: string;
  readonly customer: string;
  readonly currency: string;
  readonly date: string;
  readonly account: string;
  readonly values: Values;
}

export function receivePayment(context: Context, payment: Payment): Posted {
  const invoices = (payment.invoices ?? []).map((one) => openLine(context, one));
  const credits = (payment.credits ?? []).map((one) => openLine(context, one));
  const how = payment.how ?? (invoices.length > 0 ? 'FULL' : 'ON_ACCOUNT');
  const received = receivedOf(context, payment, invoices[0]);
  switch (how) {
    case 'PARTIAL':
      return payInParts(context, received, { invoices, amount: payment.amount });
    case 'FULL':
    case 'RESIDUAL':
      return payOff(context, received, {
        lines: [...invoices, ...credits],
        amount: payment.amount,
        isResidual: how === 'RESIDUAL',
      });
    default:
      return payAhead(context, received, { amount: payment.amount, isDownPayment: how === 'DOWN_PAYMENT' });
  }
}

function receivedOf(context: Context, payment: Payment, invoice: Row | undefined): Received {
  const company = payment.company ?? (invoice && textOf(invoice, 'CompanyCode')) ?? '';
  const customer = payment.customer === undefined ? invoice && textOf(invoice, 'Customer') : padded(payment.customer);
  const { currency: home } = context.company(company);
  if (
    customer === undefined ||
    context.store.get('A_CustomerCompany', { Customer: customer, CompanyCode: company }) === undefined
  )
    throw refuse('F5/102', `Customer ${shown(customer ?? '')} is not defined in company code ${company}`, 'Customer');
  return {
    company,
    customer,
    currency: payment.currency ?? (invoice && textOf(invoice, 'TransactionCurrency')) ?? home,
    date: payment.date ?? context.store.moment.day,
    account: receivablesOf(context, customer, company),
    values: {
      DocumentReferenceID: (payment.reference ?? '').slice(0, 16),
      ReferenceDocumentType: 'BKPFF',
      BusinessTransactionType: 'RFBU',
    },
  };
}

const bank = (minor: bigint): Line => ({
  account: ACCOUNTS.bank,
  type: 'S',
  postingKey: minor < 0n ? '50' : '40',
  minor,
  values: { HouseBank: 'BANK1' },
});

function customerLine(
  context: Context,
  { customer, account, date }: Received,
  { minor, local, values }: Pick<Line, 'minor' | 'local' | 'values'>,
): Line {
  const row = context.store.get('A_Customer', { Customer: customer });
  return {
    account,
    type: 'D',
    postingKey: '15',
    minor,
    ...(local === undefined ? {} : { local }),
    values: {
      Customer: customer,
      CustomerName: row === undefined ? '' : textOf(row, 'CustomerName').slice(0, 80),
      IsOpenItemManaged: 'X',
      IsUsedInPaymentTransaction: true,
      DueCalculationBaseDate: date,
      NetDueDate: date,
      ...values,
    },
  };
}

function posted(context: Context, { company, date, currency, values }: Received, lines: readonly Line[]): Posted {
  return post(context, { company, documentType: 'DZ', postingDate: date, documentDate: date, currency, lines, values });
}

interface PaidOff {
  readonly lines: readonly Row[];
  readonly amount: string | undefined;
  readonly isResidual: boolean;
}

/** All of these are cleared, with what was paid of them before. */
function payOff(context: Context, received: Received, { lines, amount, isResidual }: PaidOff): Posted {
  const { currency, company, date } = received;
  const cleared = lines.flatMap((line) => [line, ...partialsOf(context, line)]);
  const due = sumOf(cleared, amountOf);
  const paid = amount === undefined ? due : minorOf(amount, currency);
  const missing = due - paid;
  if (missing < 0n)
    throw refuse('F5/263', `The payment exceeds the selected items by ${amountText(-missing, currency)} ${currency}`);
  if (missing > 0n && !isResidual) checkDiscount(lines, missing, date);
  const home = context.company(company).currency;
  const atRate = (minor: bigint): bigint => converted(minor, rateOf(currency, home, date), currency, home);
  const [first] = lines;
  const residual: Line[] =
    missing > 0n && isResidual && first !== undefined
      ? [{ ...customerLine(context, received, { minor: missing, values: residualValues(first) }), postingKey: '06' }]
      : [];
  const discount: Line[] =
    missing > 0n && !isResidual
      ? [{ account: ACCOUNTS.cashDiscount, type: 'S', postingKey: '40', minor: missing, local: atRate(missing) }]
      : [];
  const document = posted(context, received, [
    bank(paid),
    customerLine(context, received, {
      minor: -due,
      local: -sumOf(cleared, localOf),
      ...(discount.length > 0
        ? { values: { CashDiscountAmount: amountText(missing, currency), CashDiscountBaseAmount: amountText(due, currency) } }
        : {}),
    }),
    ...discount,
    ...residual,
    { account: ACCOUNTS.exchangeDifference, type: 'S', postingKey: '40', minor: 0n, local: 'REST' },
  ]);
  const own = document.lines.find((line) => line.FinancialAccountType === 'D' && line.PostingKey === '15');
  clearLines(context, own === undefined ? cleared : [...cleared, own], {
    document: document.document,
    year: document.year,
    date,
  });
  return document;
}

/** It stands for what is left of the invoice, and is due when that was. */
const residualValues = (invoice: Row): Values => ({
  ...referenceTo(invoice, 'V'),
  PaymentTerms: textOf(invoice, 'PaymentTerms'),
  DueCalculationBaseDate: textOf(invoice, 'DueCalculationBaseDate'),
  NetDueDate: textOf(invoice, 'NetDueDate'),
  NetPaymentDays: textOf(invoice, 'NetPaymentDays'),
  AssignmentReference: textOf(invoice, 'AssignmentReference'),
});

const referenceTo = (invoice: Row, FollowOnDocumentType: string): Values => ({
  InvoiceReference: textOf(invoice, 'AccountingDocument'),
  InvoiceReferenceFiscalYear: textOf(invoice, 'FiscalYear'),
  InvoiceItemReference: textOf(invoice, 'AccountingDocumentItem'),
  FollowOnDocumentType,
});

/** @throws SapRefusal when more is missing than the terms allow */
function checkDiscount(lines: readonly Row[], missing: bigint, date: string): void {
  const allowed = lines.reduce((sum, line) => {
    const isInTime = date <= textOf(line, 'CashDiscount1DueDate');
    return sum + (isInTime ? percentOf(amountOf(line), textOf(line, 'CashDiscount1Percent') || '0') : 0n);
  }, 0n);
  if (missing > allowed) throw refuse('F5/702', 'Difference is too large for clearing');
}

interface Parts {
  readonly invoices: readonly Row[];
  readonly amount: string | undefined;
}

/** From the first invoice on, as far as it goes. */
function payInParts(context: Context, received: Received, { invoices, amount }: Parts): Posted {
  const { currency } = received;
  const paid = minorOf(amount ?? '0', currency);
  if (paid <= 0n) throw refuse('F5/117', 'Enter the amount of the payment', 'amount');
  let left = paid;
  const parts = invoices.flatMap((invoice) => {
    const open = amountOf(invoice) + sumOf(partialsOf(context, invoice), amountOf);
    const minor = left < open ? left : open;
    left -= minor;
    return minor > 0n ? [{ invoice, minor }] : [];
  });
  if (left > 0n) throw refuse('F5/263', `The payment exceeds the selected items by ${amountText(left, currency)} ${currency}`);
  const lines = parts.map(({ invoice, minor }) =>
    customerLine(context, received, {
      minor: -minor,
      values: { ...referenceTo(invoice, 'Z'), AssignmentReference: textOf(invoice, 'AssignmentReference') },
    }),
  );
  const document = posted(context, received, [{ ...bank(paid), local: 'REST' }, ...lines]);
  for (const { invoice } of parts) refreshClearingStatus(context, invoice);
  return document;
}

interface Ahead {
  readonly amount: string | undefined;
  readonly isDownPayment: boolean;
}

function payAhead(context: Context, received: Received, { amount, isDownPayment }: Ahead): Posted {
  const paid = minorOf(amount ?? '0', received.currency);
  if (paid <= 0n) throw refuse('F5/117', 'Enter the amount of the payment', 'amount');
  const special = { SpecialGLCode: 'A', SpecialGLTransactionType: 'A' };
  const line = customerLine(context, received, { minor: -paid, ...(isDownPayment ? { values: special } : {}) });
  const special19 = isDownPayment ? { ...line, account: ACCOUNTS.downPayments, postingKey: '19' } : line;
  return posted(context, received, [{ ...bank(paid), local: 'REST' }, special19]);
}

/** The line of a customer that a billing document, or a key, stands for. @throws SapRefusal when it is not open */
function openLine(context: Context, which: string | LineKey): Row {
  const [line] =
    typeof which === 'string' ? receivablesOfBilling(context, billingOf(context, padded(which))) : [lineOf(context, which)];
  const name = typeof which === 'string' ? which : which.document;
  if (line === undefined) throw refuse('F5/062', `Billing document ${name} is not posted to accounting`);
  if (line.IsCleared === true) throw refuse('F5/805', `Item ${name} is already cleared`);
  return line;
}
