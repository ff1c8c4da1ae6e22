/**
 * Columns are called as the fields of a document are, unless the settings name them otherwise; what no field has is kept beside. A row of
 * JSON may have `lines`, `taxes` and `applications` as lists; a row of CSV has one line, made of its net, and one application.
 */
import {
  amount,
  compareDecimal,
  MappingError,
  type Assembled,
  type AssembleContext,
  bool,
  codes,
  country,
  currency,
  day,
  defineMapping,
  type Decoder,
  flag,
  id,
  type JsonObject,
  listOf,
  subtractDecimal,
  decimal,
  decimalText,
  text,
} from '../../src/connect/index.ts';
import type { Settings, StreamName } from './settings.ts';

type Context = AssembleContext<Settings>;

/** As CSV and as JSON say it. */
const yes: Decoder<boolean> = {
  decode: (value, field) => (typeof value === 'string' ? flag('true', 'false') : bool).decode(value, field),
};
const one = <const Name extends string>(...names: readonly Name[]) => codes(names.map((name) => [name, name] as const));

const METHOD = one('BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER');

const productTable = defineMapping('Product', [
  { ours: 'sku', read: 'sku', codec: id },
  { ours: 'name', read: 'name', codec: text() },
  { ours: 'kind', read: 'kind', codec: one('GOODS', 'SERVICE'), otherwise: 'GOODS' },
  { ours: 'unit', read: 'unit', codec: text() },
  { ours: 'description', read: 'description', codec: text() },
  { ours: 'unitPrice', read: 'unitPrice', codec: amount },
  { ours: 'currency', read: 'currency', codec: currency },
  { ours: 'isActive', read: 'isActive', codec: yes, otherwise: true },
]);

const customerTable = defineMapping('Customer', [
  { ours: 'number', read: 'number', codec: id },
  { ours: 'name', read: 'name', codec: text() },
  { ours: 'isActive', read: 'isActive', codec: yes, otherwise: true },
  { ours: 'email', read: 'email', codec: text() },
  { ours: 'phone', read: 'phone', codec: id },
  { ours: 'taxId', read: 'taxId', codec: id },
  { ours: 'country', read: 'country', codec: country },
  { ours: 'region', read: 'region', codec: text() },
  { ours: 'currency', read: 'currency', codec: currency },
  { ours: 'parent', read: 'parent', codec: id },
  { ours: 'legalEntity', read: 'legalEntity', codec: id },
  { ours: 'party', read: 'party', codec: id },
  { ours: 'balance', read: 'balance', codec: amount },
  { ours: 'address.city', read: 'city', codec: text() },
  { ours: 'address.postalCode', read: 'postalCode', codec: id },
]);

const lines = listOf(
  defineMapping('Invoice.lines', [
    { ours: 'id', read: 'id', codec: id },
    { ours: 'product', read: 'product', codec: id },
    { ours: 'description', read: 'description', codec: text() },
    { ours: 'quantity', read: 'quantity', codec: amount },
    { ours: 'unit', read: 'unit', codec: text() },
    { ours: 'unitPrice', read: 'unitPrice', codec: amount },
    { ours: 'discountPercent', read: 'discountPercent', codec: amount },
    { ours: 'net', read: 'net', codec: amount },
    { ours: 'taxRate', read: 'taxRate', codec: amount },
    { ours: 'taxCategory', read: 'taxCategory', codec: text() },
  ]),
);
const taxes = listOf(
  defineMapping('Invoice.taxes', [
    { ours: 'taxCategory', read: 'taxCategory', codec: text() },
    { ours: 'taxRate', read: 'taxRate', codec: amount },
    { ours: 'taxable', read: 'taxable', codec: amount },
    { ours: 'tax', read: 'tax', codec: amount },
  ]),
);
const applications = listOf(
  defineMapping('Payment.applications', [
    { ours: 'kind', read: 'kind', codec: one('Invoice', 'CreditNote', 'OTHER'), otherwise: 'Invoice' },
    { ours: 'document', read: 'document', codec: id },
    { ours: 'amount', read: 'amount', codec: amount },
    { ours: 'discount', read: 'discount', codec: amount },
    { ours: 'appliedOn', read: 'appliedOn', codec: day },
  ]),
);

const BILL = [
  { ours: 'number', read: 'number', codec: id },
  { ours: 'legalEntity', read: 'legalEntity', codec: id },
  { ours: 'customer', read: 'customer', codec: id },
  { ours: 'rate', read: 'rate', codec: amount },
  { ours: 'tax', read: 'tax', codec: amount, otherwise: '0' },
  { ours: 'total', read: 'total', codec: amount },
  { ours: 'customerReference', read: 'customerReference', codec: id },
  { ours: 'memo', read: 'memo', codec: text() },
  { ours: 'issuedOn', read: 'issuedOn', codec: day },
  { ours: 'open', read: 'open', codec: amount },
  { ours: 'state', read: 'state', codec: one('ISSUED', 'VOIDED'), otherwise: 'ISSUED' },
  { ours: 'voidedOn', read: 'voidedOn', codec: day },
] as const;

const invoiceTable = defineMapping('Invoice', [...BILL, { ours: 'dueOn', read: 'dueOn', codec: day }]);
const creditTable = defineMapping('CreditNote', [...BILL, { ours: 'invoice', read: 'invoice', codec: id }]);
const paymentTable = defineMapping('Payment', [
  { ours: 'number', read: 'number', codec: id },
  { ours: 'legalEntity', read: 'legalEntity', codec: id },
  { ours: 'customer', read: 'customer', codec: id },
  { ours: 'receivedOn', read: 'receivedOn', codec: day },
  { ours: 'rate', read: 'rate', codec: amount },
  { ours: 'amount', read: 'amount', codec: amount },
  { ours: 'unapplied', read: 'unapplied', codec: amount },
  { ours: 'method', read: 'method', codec: METHOD, otherwise: 'OTHER' },
  { ours: 'reference', read: 'reference', codec: id },
  { ours: 'memo', read: 'memo', codec: text() },
  { ours: 'state', read: 'state', codec: one('RECEIVED', 'VOIDED'), otherwise: 'RECEIVED' },
  { ours: 'voidedOn', read: 'voidedOn', codec: day },
]);

/** The row with our names for its columns. */
function named(raw: JsonObject, stream: StreamName, { columns }: Settings): JsonObject {
  const ours = new Map(Object.entries(columns[stream] ?? {}).map(([mine, theirs]) => [theirs, mine]));
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [ours.get(name) ?? name, value]));
}

interface Table {
  readonly fields: readonly { readonly read: string | null }[];
}

/** The document, and what of the row has no field. */
function withRest<D>(row: JsonObject, { document, table, more = [] }: { document: D; table: Table; more?: readonly string[] }) {
  const known = new Set(['id', ...more, ...table.fields.map(({ read }) => read)]);
  const rest = Object.fromEntries(Object.entries(row).filter(([name]) => !known.has(name)));
  return { document, ...(Object.keys(rest).length === 0 ? {} : { extensions: rest }) };
}

export function assembleProduct(raw: JsonObject, { config }: Context): Assembled<'Product'> {
  const row = named(raw, 'products', config);
  return withRest(row, { document: productTable.read(row), table: productTable });
}

export function assembleCustomer(raw: JsonObject, { config }: Context): Assembled<'Customer'> {
  const row = named(raw, 'customers', config);
  const read = customerTable.read(row);
  const street = row['street'];
  const address = typeof street === 'string' ? { ...read.address, lines: street.split('\n').slice(0, 10) } : read.address;
  const document = { ...read, ...(address === undefined ? {} : { address }) };
  return withRest(row, { document, table: customerTable, more: ['street'] });
}

const BILL_PARTS = ['currency', 'net', 'lines', 'taxes', 'description', 'taxRate', 'taxCategory'];

/** What invoices and credit notes have beside their table: without lines of its own, one line that comes to the net. */
function billOf(row: JsonObject, { tax, total }: { tax: string; total: string }, { functionalCurrency }: Context) {
  const net =
    row['net'] === undefined ? decimalText(subtractDecimal(decimal(total), decimal(tax))) : amount.decode(row['net'], 'net');
  const rate = row['taxRate'] === undefined ? {} : { taxRate: amount.decode(row['taxRate'], 'taxRate') };
  const category = row['taxCategory'] === undefined ? {} : { taxCategory: text().decode(row['taxCategory'], 'taxCategory') };
  const description = row['description'] === undefined ? 'As billed' : text().decode(row['description'], 'description');
  const isTaxed = row['taxes'] === undefined && compareDecimal(decimal(tax), decimal('0')) !== 0;
  if (isTaxed && row['taxRate'] === undefined) throw new MappingError('taxRate', `taxRate is missing, and the tax is ${tax}.`);
  const whole = { taxCategory: isTaxed ? 'S' : 'O', taxRate: '0', ...category, ...rate, taxable: net, tax };
  return {
    currency: row['currency'] === undefined ? functionalCurrency : currency.decode(row['currency'], 'currency'),
    net,
    lines:
      row['lines'] === undefined
        ? [{ description, quantity: '1', unitPrice: net, net, ...rate, ...category }]
        : lines.decode(row['lines'], 'lines'),
    taxes: row['taxes'] === undefined ? [whole] : taxes.decode(row['taxes'], 'taxes'),
  };
}

export function assembleInvoice(raw: JsonObject, context: Context): Assembled<'Invoice'> {
  const row = named(raw, 'invoices', context.config);
  const read = invoiceTable.read(row);
  return withRest(row, { document: { ...read, ...billOf(row, read, context) }, table: invoiceTable, more: BILL_PARTS });
}

export function assembleCreditNote(raw: JsonObject, context: Context): Assembled<'CreditNote'> {
  const row = named(raw, 'credit-notes', context.config);
  const read = creditTable.read(row);
  return withRest(row, { document: { ...read, ...billOf(row, read, context) }, table: creditTable, more: BILL_PARTS });
}

export function assemblePayment(raw: JsonObject, context: Context): Assembled<'Payment'> {
  const row = named(raw, 'payments', context.config);
  const read = paymentTable.read(row);
  const { invoice, applied = read.amount } = row;
  const single = invoice === undefined ? [] : [{ kind: 'Invoice', document: invoice, amount: applied }];
  const document = {
    ...read,
    currency: row['currency'] === undefined ? context.functionalCurrency : currency.decode(row['currency'], 'currency'),
    applications: applications.decode(row['applications'] ?? single, 'applications'),
  };
  return withRest(row, { document, table: paymentTable, more: ['currency', 'applications', 'invoice', 'applied'] });
}
