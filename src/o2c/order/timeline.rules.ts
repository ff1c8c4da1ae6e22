/** What an event says to a person: one sentence by its type, with figures of its payload. Pure. */
import type { EventPayload } from '../../outbox/event.ts';

/** Words in braces are fields of the payload, a flag shows nothing; what stands between brackets falls away where its field is missing or null. */
const SENTENCES: Readonly<Record<string, string>> = {
  'log.forgotten': 'What happened before is not kept any more.',
  'order.drafted': 'A draft of order {number} over {total} {currency} was made.',
  'order.submitted': 'Order {number} over {total} {currency} was handed in.',
  'order.confirmed': 'Order {number} over {total} {currency} was confirmed[, beyond the credit limit{beyondLimit}].',
  'order.changed': 'Order {number} was changed: it is over {total} {currency} now.',
  'order.held': 'Order {number} over {total} {currency} is on hold.',
  'order.hold_released': 'A hold of order {number} was released.',
  'order.cancelled': 'Order {number} was cancelled.',
  'order.fulfilment_changed': 'The fulfilment of order {number} changed: {fulfilmentStatus} of it is shipped.',
  'order.billed': '{billed} {currency} of order {number} is billed.',
  'order.unbilled': 'A bill of order {number} was taken back: {billed} {currency} of it is billed.',
  'order.reopened': 'Order {number} is open again: a bill of it was taken back.',
  'order.observed': 'Order {number} over {total} {currency} stands like this in the ERP.',
  'order.credited': '{credited} {currency} of order {number} is credited.',
  'order.completed': 'Order {number} is complete: all of it is shipped and billed.',
  'order.closed_short': 'Order {number} was closed without the rest of it.',
  'hold.placed': 'A hold was put: {kind}, at the stage {stage}[, for {amount} {currency}].',
  'hold.released': 'The hold {kind} was released.',
  'hold.lifted': 'The hold {kind} was lifted: its cause is gone.',
  'approval.requested': 'A second person was asked for {kind}[ of {amount} {currency}].',
  'approval.granted': 'A second person granted {kind}[ of {amount} {currency}].',
  'approval.rejected': '{kind} was not granted.',
  'approval.expired': 'Nobody decided in time on {kind}.',
  'fulfilment.observed': 'Fulfilment {number} came from the ERP.',
  'fulfilment.changed': 'Fulfilment {number} was changed in the ERP.',
  'fulfilment.reopened': 'The ERP took a step of fulfilment {number} back: it is {to} now.',
  'fulfilment.planned': 'Fulfilment {number} was planned.',
  'fulfilment.released': 'Fulfilment {number} was released to the warehouse.',
  'fulfilment.shipped': 'Fulfilment {number} was shipped[ by {carrier}][, tracking number {trackingNumber}].',
  'fulfilment.delivered': 'Fulfilment {number} was delivered.',
  'fulfilment.cancelled': 'Fulfilment {number} was cancelled.',
  'fulfilment.returned': 'Goods of fulfilment {number} came back.',
  'fulfilment.tracked': 'News of fulfilment {number}[: {kind}].',
  'invoice.drafted': 'A draft of an invoice over {total} {currency} was made.',
  'invoice.draft_changed': 'The draft of an invoice was changed: it is over {total} {currency} now.',
  'invoice.issued': 'Invoice {number} over {total} {currency} was issued.',
  'invoice.imported': 'Invoice {number} over {total} {currency} was read in.',
  'invoice.observed': 'Invoice {number} over {total} {currency} came from the ERP.',
  'invoice.edited': 'Invoice {number} was changed in the ERP: it is over {total} {currency} now.',
  'invoice.reinstated': 'Invoice {number} counts again in the ERP: {total} {currency}.',
  'invoice.cancelled': 'The draft of an invoice was given up.',
  'invoice.voided': 'Invoice {number} was taken back.',
  'invoice.partially_paid': 'Invoice {number} is paid in part: {open} {currency} is open.',
  'invoice.paid': 'Invoice {number} is paid.',
  'invoice.credited': 'Invoice {number} is credited: nothing is open any more.',
  'invoice.written_off': 'Invoice {number} is written off: nothing is open any more.',
  'invoice.reopened': 'Invoice {number} is open in whole again: {open} {currency}.',
  'invoice.settlement_changed': 'What is open of invoice {number} changed: {open} {currency}.',
  'credit_note.issued': 'Credit note {number} over {total} {currency} was issued.',
  'credit_note.observed': 'Credit note {number} over {total} {currency} came from the ERP.',
  'credit_note.edited': 'Credit note {number} was changed in the ERP: it is over {total} {currency} now.',
  'credit_note.reinstated': 'Credit note {number} counts again in the ERP: {total} {currency}.',
  'credit_note.settlement_changed': 'What is left of credit note {number} changed: {open} {currency}.',
  'credit_note.voided': 'Credit note {number} was taken back.',
  'allocation.made': 'An invoice was settled in part or whole[ with {toAmount} {toCurrency}]: {kind}.',
  'allocation.reversed': 'A settlement was taken back: {kind}.',
  'payment.announced': 'Payment {number} over {amount} {currency} was announced.',
  'payment.received': 'Payment {number} over {amount} {currency} was received.',
  'payment.imported': 'Payment {number} over {amount} {currency} was read in.',
  'payment.observed': 'Payment {number} over {amount} {currency} came from the ERP.',
  'payment.edited': 'Payment {number} was changed in the ERP: it is over {amount} {currency} now.',
  'payment.reinstated': 'Payment {number} counts again in the ERP: {amount} {currency}.',
  'payment.voided': 'Payment {number} was taken back in the ERP.',
  'payment.failed': 'Payment {number} never came.',
  'payment.cancelled': 'Payment {number} was called off.',
  'payment.applied': 'All of payment {number} is set against documents.',
  'payment.partially_applied': 'A part of payment {number} is set against documents: {unapplied} {currency} is left.',
  'payment.unapplied': 'Payment {number} is set against no document any more.',
  'payment.application_changed': 'What is left of payment {number} changed: {unapplied} {currency}.',
  'payment.returned': 'Payment {number} was returned by the bank.',
};

/** Does it have a sentence of its own? */
export const isTold = (type: string): boolean => Object.hasOwn(SENTENCES, type);

/** @example sentenceOf('invoice.paid', { number: 'INV-7' }) // 'Invoice INV-7 is paid.' */
export function sentenceOf(type: string, payload: EventPayload): string {
  const template = SENTENCES[type] ?? `${type}.`;
  const valueOf = (field: string) => payload[field] ?? null;
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = valueOf(field);
      return value === true ? '' : String(value ?? '');
    });
  return fill(
    template.replace(/\[([^\]]*)\]/g, (_, part: string) =>
      [...part.matchAll(/\{(\w+)\}/g)].every(([, field = '']) => valueOf(field) !== null) ? part : '',
    ),
  );
}
