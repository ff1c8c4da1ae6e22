/** What people post in accounting without a billing document: customer invoices (DR) and credit memos (DG), and marks on open lines. */
import { minorOf } from './amounts.ts';
import { receivablesOf } from './billing-posting.ts';
import { type LineKey, lineOf } from './clearing.ts';
import { ACCOUNTS } from './configuration.ts';
import { type Context, padded, textOf } from './context.ts';
import { customerValues, LINES, type Posted, post } from './posting.ts';
import { refuse, shown } from './refusals.ts';

export interface DirectInvoice {
  readonly customer: string;
  readonly company: string;
  /** With tax; a credit memo where isCredit. */
  readonly amount: string;
  readonly tax?: string;
  readonly currency?: string;
  readonly terms?: string;
  readonly date?: string;
  readonly reference?: string;
  readonly text?: string;
  readonly isCredit?: boolean;
}

export function postInvoice(context: Context, given: DirectInvoice): Posted {
  const { company, isCredit = false, date = context.store.moment.day } = given;
  const customer = padded(given.customer);
  const account = context.store.get('A_CustomerCompany', { Customer: customer, CompanyCode: company });
  if (account === undefined)
    throw refuse('F5/102', `Customer ${shown(customer)} is not defined in company code ${company}`, 'Customer');
  const currency = given.currency ?? context.company(company).currency;
  const sign = isCredit ? -1n : 1n;
  const gross = sign * minorOf(given.amount, currency);
  const tax = sign * minorOf(given.tax ?? '0', currency);
  const line = { customer, terms: given.terms ?? textOf(account, 'PaymentTerms'), baseDate: date };
  const key = isCredit ? '40' : '50';
  return post(context, {
    company,
    documentType: isCredit ? 'DG' : 'DR',
    postingDate: date,
    documentDate: date,
    currency,
    lines: [
      {
        account: receivablesOf(context, customer, company),
        type: 'D',
        postingKey: isCredit ? '11' : '01',
        minor: gross,
        local: 'REST',
        values: { ...customerValues(context, line), DocumentItemText: given.text ?? '' },
      },
      { account: ACCOUNTS.revenue, type: 'S', postingKey: key, minor: tax - gross },
      { account: ACCOUNTS.outputTax, type: 'S', postingKey: key, minor: -tax },
    ],
    values: { DocumentReferenceID: given.reference ?? '', ReferenceDocumentType: 'BKPFF', BusinessTransactionType: 'RFBU' },
  });
}

export interface LineMarks {
  readonly text?: string;
  readonly dunningBlock?: string;
  readonly paymentBlock?: string;
  readonly dunningLevel?: string;
}

/** Marks of people and of dunning runs on a line: the line has changed on this day. */
export function markLine(context: Context, key: LineKey, { text, dunningBlock, paymentBlock, dunningLevel }: LineMarks): void {
  const { store } = context;
  const { day } = store.moment;
  store.change(LINES, lineOf(context, key), {
    LastChangeDate: day,
    ...(text === undefined ? {} : { DocumentItemText: text }),
    ...(dunningBlock === undefined ? {} : { DunningBlockingReason: dunningBlock }),
    ...(paymentBlock === undefined ? {} : { PaymentBlockingReason: paymentBlock }),
    ...(dunningLevel === undefined ? {} : { DunningLevel: dunningLevel, LastDunningDate: day }),
  });
}
