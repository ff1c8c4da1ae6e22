/**
 * The ERP-neutral documents: what every connector turns its ERP's records into, and back. Plain JSON: amounts and quantities are exact
 * decimal texts, days `YYYY-MM-DD`, instants ISO 8601 with a zone; other records are named by the ERP's own ids. A document holds what
 * the ERP says, also where that does not add up: what follows from it is the domain's business.
 */
import { z } from 'zod';

const TEXT_MAX_CHARS = 4_000;
const LINES_MAX_COUNT = 2_000;

/** The id of a record in its ERP. */
const externalId = z.string().min(1).max(200);
const text = z.string().max(TEXT_MAX_CHARS);
const decimalText = z.string().regex(/^-?\d{1,22}(\.\d{1,12})?$/, 'must be a decimal such as "12.50"');
const day = z.iso.date();
const instant = z.iso.datetime({ offset: true });
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as DE');

const address = z.strictObject({
  name: text.optional(),
  /** Street and what else stands above the city, line by line. */
  lines: z.array(text).max(10).optional(),
  city: text.optional(),
  region: text.optional(),
  postalCode: text.optional(),
  country: country.optional(),
});

export const canonicalTerms = z.strictObject({
  code: text,
  name: text,
  netDays: z.int().min(0).max(3650),
  isEndOfMonth: z.boolean().optional(),
  discountDays: z.int().min(0).max(3650).optional(),
  discountPercent: decimalText.optional(),
  isActive: z.boolean().optional(),
});

export const canonicalProduct = z.strictObject({
  sku: text,
  name: text,
  kind: z.enum(['GOODS', 'SERVICE']),
  /** UN/ECE Recommendation 20; absent: C62. */
  unit: z.string().max(3).optional(),
  description: text.optional(),
  unitPrice: decimalText.optional(),
  currency: currency.optional(),
  isActive: z.boolean(),
});

export const canonicalCustomer = z.strictObject({
  /** Their number there; absent: they have none. */
  number: text.optional(),
  name: text,
  isActive: z.boolean(),
  email: text.optional(),
  phone: text.optional(),
  taxId: text.optional(),
  country: country.optional(),
  region: text.optional(),
  currency: currency.optional(),
  parent: externalId.optional(),
  terms: externalId.optional(),
  address: address.optional(),
  /** The company there that the account is with, where the ERP has several. */
  legalEntity: externalId.optional(),
  /** Who it is there, where one customer has an account with each of several companies: such accounts are of one customer here. */
  party: externalId.optional(),
  /** IBANs, or domestic account numbers with what the country puts before them. */
  bankAccounts: z.array(z.string().min(4).max(50)).max(20).optional(),
  /** What they may owe there, in `currency`; absent: the ERP has no limit for them. */
  creditLimit: decimalText.optional(),
  /** The ERP lets them buy nothing more on credit. */
  isCreditBlocked: z.boolean().optional(),
  /** What they owe there now, for reconciliation; never written. */
  balance: decimalText.optional(),
});

const documentLine = z.strictObject({
  /** The line's own id there, if it has one. */
  id: externalId.optional(),
  product: externalId.optional(),
  sku: text.optional(),
  description: text,
  quantity: decimalText,
  unit: z.string().max(3).optional(),
  unitPrice: decimalText,
  /** In percent of the price. */
  discountPercent: decimalText.optional(),
  /** Without tax, as the ERP has it. */
  net: decimalText,
  taxRate: decimalText.optional(),
  /** UNCL5305. */
  taxCategory: z.string().max(2).optional(),
  /** The line of an order that it bills. */
  orderLine: externalId.optional(),
  /** The order of that line, where lines are numbered anew in each order. */
  order: externalId.optional(),
});

const documentTax = z.strictObject({
  taxCategory: z.string().max(2),
  taxRate: decimalText,
  taxable: decimalText,
  tax: decimalText,
});

/** The company there whose books it is in, where the ERP has several. */
const legalEntity = externalId.optional();

/** The day on which it was taken back there; absent: its own. */
const voidedOn = day.optional();

const document = {
  number: text.optional(),
  legalEntity,
  customer: externalId,
  currency,
  /** Units of the legal entity's currency for one of the document's, as the ERP booked it. */
  rate: decimalText.optional(),
  lines: z.array(documentLine).max(LINES_MAX_COUNT),
  net: decimalText,
  tax: decimalText,
  total: decimalText,
  /** The customer's own reference. */
  customerReference: text.optional(),
  memo: text.optional(),
};

export const canonicalOrder = z.strictObject({
  ...document,
  lines: z
    .array(
      documentLine.extend({
        /** Nothing more of it is delivered or billed: it was rejected, or closed short. */
        isClosed: z.boolean().optional(),
      }),
    )
    .max(LINES_MAX_COUNT),
  orderedOn: day,
  requestedOn: day.optional(),
  state: z.enum(['OPEN', 'CONFIRMED', 'COMPLETED', 'CANCELLED']),
  terms: externalId.optional(),
  shipTo: address.optional(),
});

export const canonicalDelivery = z.strictObject({
  number: text.optional(),
  legalEntity,
  /** The order that it delivers. A delivery of several orders is one document for each. */
  order: externalId,
  state: z.enum(['PLANNED', 'RELEASED', 'SHIPPED', 'DELIVERED', 'CANCELLED']),
  plannedOn: day.optional(),
  /** Given from SHIPPED on. */
  shippedOn: day.optional(),
  /** Given with DELIVERED. */
  deliveredOn: day.optional(),
  carrier: text.optional(),
  trackingNumber: text.optional(),
  /** Who took it. */
  receivedBy: text.optional(),
  lines: z
    .array(
      z.strictObject({
        id: externalId.optional(),
        /** The line of the order. */
        orderLine: externalId,
        /** In the unit of that line. */
        quantity: decimalText,
      }),
    )
    .max(LINES_MAX_COUNT),
});

export const canonicalInvoice = z.strictObject({
  ...document,
  issuedOn: day,
  dueOn: day,
  taxes: z.array(documentTax).max(100),
  /** What is still to be paid there, for reconciliation; never written. */
  open: decimalText.optional(),
  state: z.enum(['ISSUED', 'VOIDED']),
  voidedOn,
  terms: externalId.optional(),
  /** The orders that it bills. */
  orders: z.array(externalId).max(1_000).optional(),
  /** It was paid when it was made (a cash sale): by this way of paying. */
  paidBy: z.enum(['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER']).optional(),
});

export const canonicalCreditNote = z.strictObject({
  ...document,
  issuedOn: day,
  taxes: z.array(documentTax).max(100),
  open: decimalText.optional(),
  state: z.enum(['ISSUED', 'VOIDED']),
  voidedOn,
  /** The invoice that it credits, if it says so. */
  invoice: externalId.optional(),
  /** It was paid out when it was made (a refund receipt): by this way of paying. */
  refundedBy: z.enum(['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER']).optional(),
});

/** Kinds of documents that a payment may be set against; OTHER: one that the platform doesn't know, such as a journal entry. */
const APPLIED_KINDS = ['Invoice', 'CreditNote', 'OTHER'] as const;

export const canonicalPayment = z.strictObject({
  number: text.optional(),
  legalEntity,
  customer: externalId,
  receivedOn: day,
  currency,
  rate: decimalText.optional(),
  /** What came; zero where credit notes only are set against invoices. */
  amount: decimalText,
  /** What is not set against anything there, for reconciliation; never written. */
  unapplied: decimalText.optional(),
  method: z.enum(['BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER']),
  reference: text.optional(),
  memo: text.optional(),
  state: z.enum(['RECEIVED', 'VOIDED']),
  voidedOn,
  /** What it is set against, each with a positive amount in the payment's currency. A credit note is used up by that much. */
  applications: z
    .array(
      z.strictObject({
        kind: z.enum(APPLIED_KINDS),
        document: externalId,
        amount: decimalText,
        discount: decimalText.optional(),
        /** The day on which it was set against it; absent: the first on which both were there. */
        appliedOn: day.optional(),
      }),
    )
    .max(LINES_MAX_COUNT),
});

/** Every kind of document, in the order in which they refer to each other. */
export const CANONICAL = {
  Terms: canonicalTerms,
  Product: canonicalProduct,
  Customer: canonicalCustomer,
  Order: canonicalOrder,
  Delivery: canonicalDelivery,
  Invoice: canonicalInvoice,
  CreditNote: canonicalCreditNote,
  Payment: canonicalPayment,
} as const;

export type CanonicalKind = keyof typeof CANONICAL;
export const CANONICAL_KINDS = Object.keys(CANONICAL) as readonly CanonicalKind[];
/** A document of that kind. */
export type Canonical<K extends CanonicalKind = CanonicalKind> = { readonly [T in K]: z.output<(typeof CANONICAL)[T]> }[K];

export { instant as canonicalInstant };
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };
