/** The accounting document of a billing document: the customer, revenue and tax. A cancellation turns all of it round. */
import type { Row } from '../model.ts';
import { minorOf } from './amounts.ts';
import { ACCOUNTS } from './configuration.ts';
import { type Context, textOf } from './context.ts';
import { type CustomerLine, customerValues, type Line, type Posted, post } from './posting.ts';
import { countryOfCustomer } from './order-header.ts';
import type { Values } from './table.ts';

export interface BillingPosting {
  readonly billing: Row;
  readonly items: readonly Row[];
  /** 1 debits the customer, −1 credits it. */
  readonly sign: 1n | -1n;
  /** Of the document that it turns round. */
  readonly rateDate?: string;
  /** On the line of the customer. */
  readonly onCustomer?: Values;
  /** On all lines. */
  readonly values?: Values;
}

const KEYS = { customer: { '1': '01', '-1': '11' }, ledger: { '1': '50', '-1': '40' } } as const;

export function postBilling(context: Context, { billing, items, sign, rateDate, onCustomer, values }: BillingPosting): Posted {
  const text = (name: string): string => textOf(billing, name);
  const currency = text('TransactionCurrency');
  const date = text('BillingDocumentDate');
  const company = text('CompanyCode');
  const key = String(sign) as '1' | '-1';
  const customer: CustomerLine = { customer: text('PayerParty'), terms: text('CustomerPaymentTerms'), baseDate: date };
  const shared = { BillingDocument: text('BillingDocument') };
  const receivable: Line = {
    account: receivablesOf(context, text('PayerParty'), company),
    type: 'D',
    postingKey: KEYS.customer[key],
    minor: sign * minorOf(text('TotalGrossAmount'), currency),
    local: 'REST',
    values: {
      ...customerValues(context, customer),
      ...shared,
      PaymentReference: text('PaymentReference'),
      DunningArea: text('DunningArea'),
      DunningBlockingReason: text('DunningBlockingReason'),
      ...onCustomer,
    },
  };
  const revenue = items.map(
    (item): Line => ({
      account: ACCOUNTS.revenue,
      type: 'S',
      postingKey: KEYS.ledger[key],
      minor: -sign * minorOf(textOf(item, 'NetAmount'), currency),
      values: {
        ...shared,
        Material: textOf(item, 'Material'),
        Product: textOf(item, 'Material'),
        TaxCode: textOf(item, 'taxCode'),
        SalesDocument: textOf(item, 'SalesDocument'),
        SalesDocumentItem: textOf(item, 'SalesDocumentItem'),
        ProfitLossAccountType: 'X',
      },
    }),
  );
  return post(context, {
    company,
    documentType: 'RV',
    postingDate: date,
    documentDate: date,
    currency,
    ...(rateDate === undefined ? {} : { rateDate }),
    lines: [receivable, ...revenue, ...taxLines({ items, sign, currency, values: shared })],
    values: {
      DocumentReferenceID: text('DocumentReferenceID'),
      AssignmentReference: text('AssignmentReference'),
      ReferenceDocumentType: 'VBRK',
      OriginalReferenceDocument: text('BillingDocument'),
      BusinessTransactionType: 'SD00',
      ...values,
    },
  });
}

interface Taxed {
  readonly items: readonly Row[];
  readonly sign: 1n | -1n;
  readonly currency: string;
  readonly values: Values;
}

/** One for each tax code. */
function taxLines({ items, sign, currency, values }: Taxed): Line[] {
  const byCode = new Map<string, bigint>();
  for (const item of items) {
    const code = textOf(item, 'taxCode');
    byCode.set(code, (byCode.get(code) ?? 0n) + minorOf(textOf(item, 'TaxAmount'), currency));
  }
  return [...byCode].map(([TaxCode, tax]) => ({
    account: ACCOUNTS.outputTax,
    type: 'S',
    postingKey: KEYS.ledger[String(sign) as '1' | '-1'],
    minor: -sign * tax,
    values: { ...values, TaxCode, TaxType: 'A', IsAutomaticallyCreated: true },
  }));
}

/** The reconciliation account of the customer at the company; one for customers abroad where it has none. */
export function receivablesOf(context: Context, customer: string, company: string): string {
  const row = context.store.get('A_CustomerCompany', { Customer: customer, CompanyCode: company });
  const own = row === undefined ? '' : textOf(row, 'ReconciliationAccount');
  if (own !== '') return own;
  return countryOfCustomer(context, customer) === context.company(company).country
    ? ACCOUNTS.receivables
    : ACCOUNTS.receivablesAbroad;
}
