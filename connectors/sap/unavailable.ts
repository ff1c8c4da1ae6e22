/** What SAP can't be asked for, and why: whoever wants it reads this sentence. */
export const NO_PAYMENTS =
  'SAP has no OData service that posts a payment (journal entries are posted by asynchronous messages of SAP_COM_0002).';
const NO_BILLING = 'Invoices and credit memos come from billing in SAP, which no OData service starts.';

export const unavailable = { Payment: NO_PAYMENTS, Invoice: NO_BILLING, CreditNote: NO_BILLING } as const;
