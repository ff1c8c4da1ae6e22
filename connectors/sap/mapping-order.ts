/** Sales orders as the platform has them. Amounts are without tax but for the tax of each item; a rejected item is closed. */
import {
  amount,
  type Assembled,
  type AssembleContext,
  type Canonical,
  type Codec,
  currency,
  defineMapping,
  type JsonObject,
  listOf,
  MappingError,
  padded,
  sapDay,
  text,
  isZero,
  plain,
  plus,
  sumOf,
} from '../../src/connect/index.ts';
import { quotient, rateOf } from './amounts.ts';
import { accountId } from './companies.ts';
import { amountAt, dayAt, given, isSet, keyAt, neededKey, restOf, rowsAt, textAt } from './fields.ts';
import { ETAG } from './query.ts';
import { fromReference } from './reference.ts';
import type { Settings } from './settings.ts';
import { unitOf } from './units.ts';

type Line = Canonical<'Order'>['lines'][number];

const REFERENCE_MAX_CHARS = 35;
const DESCRIPTION_MAX_CHARS = 40;

export const orderTable = defineMapping('Order', [
  { ours: 'number', read: 'SalesOrder', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
  { ours: 'currency', read: 'TransactionCurrency', write: 'TransactionCurrency', codec: currency, only: 'CREATE' },
  { ours: 'requestedOn', read: 'RequestedDeliveryDate', write: 'RequestedDeliveryDate', codec: sapDay },
  {
    ours: 'customerReference',
    read: 'PurchaseOrderByCustomer',
    write: 'PurchaseOrderByCustomer',
    codec: text(REFERENCE_MAX_CHARS),
  },
  { ours: 'terms', read: 'CustomerPaymentTerms', write: 'CustomerPaymentTerms', codec: text(4) },
  { ours: 'net', read: 'TotalNetAmount', codec: amount },
]);
/** Numbers of materials are padded there by whatever the system says: they are sent as people write them. */
const material: Codec<string> = { decode: padded(40).decode, encode: (value) => value };

export const itemTable = defineMapping('Order.lines', [
  { ours: 'id', read: 'SalesOrderItem', codec: padded(6) },
  { ours: 'product', read: 'Material', write: 'Material', codec: material },
  { ours: 'sku', read: 'Material', codec: padded(40) },
  {
    ours: 'description',
    read: 'SalesOrderItemText',
    write: 'SalesOrderItemText',
    codec: text(DESCRIPTION_MAX_CHARS),
    otherwise: '',
  },
  { ours: 'net', read: 'NetAmount', codec: amount },
]);
const items = listOf(itemTable);

/** Where receivables go: told by the internal code, which no language changes. */
const PAYER: ReadonlySet<string> = new Set(['RG', 'PY']);

const ORDERED = ['SalesOrderDate', 'CustomerPurchaseOrderDate', 'CreationDate'] as const;

export function assembleOrder(raw: JsonObject, { config }: AssembleContext<Settings>): Assembled<'Order'> {
  const read = orderTable.read(raw);
  const payer = rowsAt(raw, 'to_Partner').find((one) =>
    PAYER.has(textAt(one, 'PartnerFunctionInternalCode') ?? textAt(one, 'PartnerFunction') ?? ''),
  );
  const orderedOn = dayAt(raw, 'SalesOrderDate') ?? dayAt(raw, 'CreationDate');
  if (orderedOn === undefined) throw new MappingError('SalesOrderDate', 'SalesOrderDate is missing.');
  const tax = sumOf(rowsAt(raw, 'to_Item').map((one) => (isRejected(one) ? '0' : (amountAt(one, 'TaxAmount') ?? '0'))));
  const customer = (payer && keyAt(payer, 'Customer')) ?? neededKey(raw, 'SoldToParty');
  const document = {
    ...read,
    customer: accountId(customer, textAt(raw, 'CompanyCode') ?? ''),
    lines: linesOf(raw, config),
    net: plain(read.net),
    tax: plain(tax),
    total: plain(plus(read.net, tax)),
    orderedOn,
    state: stateOf(raw),
  };
  const ours = fromReference(textAt(raw, config.orderReference));
  const mapped = [
    ...orderTable.fields.map((field) => field.read ?? ''),
    ...ORDERED,
    'LastChangeDateTime',
    'isWithoutProducts',
    ETAG,
  ];
  const extensions = restOf(raw, ours === undefined ? mapped : [...mapped, config.orderReference]);
  return { document, extensions, ...given({ ours }) };
}

const PRICE_DECIMALS = 9;

export const isRejected = (item: JsonObject): boolean => textAt(item, 'SalesDocumentRjcnReason') !== undefined;

function linesOf(raw: JsonObject, settings: Settings): Line[] {
  const rows = rowsAt(raw, 'to_Item');
  return items.decode(rows, 'to_Item').map((read, i): Line => {
    const row = rows[i] ?? {};
    const quantity = plain(amountAt(row, 'RequestedQuantity') ?? '0');
    const tax = amountAt(row, 'TaxAmount') ?? '0';
    return {
      ...(isSet(raw, 'isWithoutProducts') ? withoutProduct(read) : read),
      net: plain(read.net),
      quantity,
      unitPrice: isZero(quantity) ? plain(read.net) : quotient(read.net, quantity, PRICE_DECIMALS),
      taxRate: rateOf(read.net, tax),
      taxCategory: isZero(tax) ? 'O' : 'S',
      ...given({
        unit: unitOf(textAt(row, 'RequestedQuantityUnit'), settings),
        isClosed: isRejected(row) ? true : undefined,
      }),
    };
  });
}

/** Its number stays. */
export function withoutProduct<T extends { readonly product?: string | undefined }>({
  product: _product,
  ...rest
}: T): Omit<T, 'product'> {
  return rest;
}

/** An order whose items are all rejected is cancelled; one that waits for somebody's approval is open. */
function stateOf(raw: JsonObject): Canonical<'Order'>['state'] {
  const rows = rowsAt(raw, 'to_Item');
  const isAllRejected = rows.length > 0 && rows.every(isRejected);
  if (textAt(raw, 'OverallSDDocumentRejectionSts') === 'C' || isAllRejected) return 'CANCELLED';
  if (textAt(raw, 'OverallSDProcessStatus') === 'C') return 'COMPLETED';
  return textAt(raw, 'SalesDocApprovalStatus') === 'A' ? 'OPEN' : 'CONFIRMED';
}
