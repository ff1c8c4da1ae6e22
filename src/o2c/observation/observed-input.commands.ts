/**
 * What observing a document takes: the canonical document with the records that it names as ours. Amounts stay exact decimal texts,
 * and nothing that the ERP says is refused here for not adding up.
 */
import { z } from 'zod';
import { canonicalCreditNote, canonicalInvoice, canonicalPayment } from '../../canonical/canonical.ts';
import { observedInput, observedNote, uuidInput } from '../../canonical/observed-input.ts';

const NUMBER_MAX_CHARS = 60;
const DESCRIPTION_MAX_CHARS = 1_000;

const observed = {
  ...observedInput,
  /** Who owes or paid it: an account of the legal entity. */
  accountId: uuidInput,
  number: observedNote(NUMBER_MAX_CHARS),
  memo: observedNote(),
};

/** A line names our product and order; `orderLine` stays the id that the line of the order has there, or is ours. */
const lines = z.array(
  canonicalInvoice.shape.lines.element.omit({ product: true, order: true }).extend({
    productId: uuidInput.nullish(),
    /** The order of that line, where it is known; else the line is looked for in all that the document bills. */
    orderId: uuidInput.optional(),
    description: observedNote(DESCRIPTION_MAX_CHARS),
  }),
);

const ofErp = { customer: true, legalEntity: true, lines: true, number: true, memo: true, customerReference: true } as const;

export const observedInvoice = canonicalInvoice.omit({ ...ofErp, terms: true, orders: true }).extend({
  ...observed,
  lines,
  customerReference: observedNote(),
  paymentTermsId: uuidInput.nullish(),
  /** The orders that it bills. */
  orderIds: z.array(uuidInput).max(1_000).optional(),
});

export const observedCreditNote = canonicalCreditNote.omit({ ...ofErp, invoice: true }).extend({
  ...observed,
  lines,
  customerReference: observedNote(),
  invoiceId: uuidInput.nullish(),
});

const applied = canonicalPayment.shape.applications.element.omit({ kind: true, document: true });

export const observedPayment = canonicalPayment
  .omit({ customer: true, legalEntity: true, applications: true, number: true, memo: true, reference: true })
  .extend({
    ...observed,
    reference: observedNote(),
    applications: z.array(
      z.discriminatedUnion('kind', [
        applied.extend({ kind: z.enum(['Invoice', 'CreditNote']), recordId: uuidInput }),
        /** A document that the platform doesn't know: that much of the payment stays open here. */
        applied.extend({ kind: z.literal('OTHER') }),
      ]),
    ),
  });

export type ObservedInvoice = z.output<typeof observedInvoice>;
export type ObservedCreditNote = z.output<typeof observedCreditNote>;
export type ObservedPayment = z.output<typeof observedPayment>;
export type ObservedLine = ObservedInvoice['lines'][number];
