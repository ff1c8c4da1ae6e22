/** Where each of our fields stands in the ERP's records. What is not in a table is not carried. */
import { amount, codes, country, currency, day, defineMapping, flag, id, listOf, text } from 'cashgraph/connector';

export const product = defineMapping('Product', [
  { ours: 'sku', read: 'code', codec: text() },
  { ours: 'name', read: 'name', codec: text() },
  {
    ours: 'kind',
    read: 'type',
    codec: codes([
      ['stock', 'GOODS'],
      ['service', 'SERVICE'],
    ]),
  }, // prettier-ignore
  { ours: 'unitPrice', read: 'price', codec: amount },
  { ours: 'isActive', read: 'active', codec: flag('Y', 'N') },
]);

export const customer = defineMapping('Customer', [
  { ours: 'number', read: 'code', write: 'code', codec: text(20) },
  { ours: 'name', read: 'name', write: 'name', codec: text(120) },
  { ours: 'isActive', read: 'active', write: 'active', codec: flag('Y', 'N') },
  { ours: 'email', read: 'contact.email', write: 'contact.email', codec: text(200), cleared: '' },
  { ours: 'phone', read: 'contact.phone', write: 'contact.phone', codec: text(40), cleared: '' },
  { ours: 'country', read: 'country', write: 'country', codec: country },
  { ours: 'currency', read: 'currency', write: 'currency', codec: currency, only: 'CREATE' },
  { ours: 'balance', read: 'balance', codec: amount },
]);

const line = defineMapping('Invoice.lines', [
  { ours: 'id', read: 'id', codec: id },
  { ours: 'product', read: 'product', write: 'product', codec: id },
  { ours: 'description', read: 'text', write: 'text', codec: text(500), otherwise: '' },
  { ours: 'quantity', read: 'quantity', write: 'quantity', codec: amount },
  { ours: 'unitPrice', read: 'price', write: 'price', codec: amount },
  { ours: 'net', read: 'net', write: 'net', codec: amount },
  { ours: 'taxCategory', read: 'taxCategory', write: 'taxCategory', codec: text(2) },
  { ours: 'taxRate', read: 'taxRate', write: 'taxRate', codec: amount },
]);

const tax = defineMapping('Invoice.taxes', [
  { ours: 'taxCategory', read: 'category', write: 'category', codec: text(2) },
  { ours: 'taxRate', read: 'rate', write: 'rate', codec: amount },
  { ours: 'taxable', read: 'taxable', write: 'taxable', codec: amount },
  { ours: 'tax', read: 'tax', write: 'tax', codec: amount },
]);

export const invoice = defineMapping('Invoice', [
  { ours: 'number', read: 'number', codec: text() },
  { ours: 'customer', read: 'customer', write: 'customer', codec: id },
  { ours: 'currency', read: 'currency', write: 'currency', codec: currency },
  { ours: 'issuedOn', read: 'date', write: 'date', codec: day },
  { ours: 'dueOn', read: 'due', write: 'due', codec: day },
  {
    ours: 'state',
    read: 'status',
    codec: codes([
      ['open', 'ISSUED'],
      ['paid', 'ISSUED'],
      ['void', 'VOIDED'],
    ]),
  }, // prettier-ignore
  { ours: 'lines', read: 'lines', write: 'lines', codec: listOf(line) },
  { ours: 'taxes', read: 'taxes', write: 'taxes', codec: listOf(tax) },
  { ours: 'net', read: 'net', write: 'net', codec: amount },
  { ours: 'tax', read: 'tax', write: 'tax', codec: amount },
  { ours: 'total', read: 'total', write: 'total', codec: amount },
  { ours: 'open', read: 'open', codec: amount },
]);

const application = defineMapping('Payment.applications', [
  {
    ours: 'kind',
    read: 'type',
    write: 'type',
    codec: codes([
      ['invoice', 'Invoice'],
      ['credit', 'CreditNote'],
      ['other', 'OTHER'],
    ]),
  }, // prettier-ignore
  { ours: 'document', read: 'document', write: 'document', codec: id },
  { ours: 'amount', read: 'amount', write: 'amount', codec: amount },
]);

const METHODS = codes([
  ['transfer', 'BANK_TRANSFER'],
  ['debit', 'DIRECT_DEBIT'],
  ['card', 'CARD'],
  ['cheque', 'CHEQUE'],
  ['cash', 'CASH'],
  ['other', 'OTHER'],
]);

export const payment = defineMapping('Payment', [
  { ours: 'number', read: 'number', codec: text() },
  { ours: 'customer', read: 'customer', write: 'customer', codec: id },
  { ours: 'receivedOn', read: 'date', write: 'date', codec: day },
  { ours: 'currency', read: 'currency', write: 'currency', codec: currency },
  { ours: 'amount', read: 'amount', write: 'amount', codec: amount },
  { ours: 'unapplied', read: 'unapplied', codec: amount },
  { ours: 'method', read: 'method', write: 'method', codec: METHODS },
  { ours: 'reference', read: 'theirReference', write: 'theirReference', codec: text(60) },
  {
    ours: 'state',
    read: 'status',
    codec: codes([
      ['received', 'RECEIVED'],
      ['void', 'VOIDED'],
    ]),
  }, // prettier-ignore
  { ours: 'applications', read: 'applied', write: 'applied', codec: listOf(application) },
]);
