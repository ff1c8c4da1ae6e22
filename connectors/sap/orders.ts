/**
 * Sales orders with their items and partners. Whose order it is says the payer, where receivables go. An order that is under way is read again
 * each time, since deliveries and invoices change its statuses without a stamp.
 */
import type { JsonObject, SourceRecord } from '../../src/connect/index.ts';
import { salesOrganizations, servedOrganizations } from './companies.ts';
import { isObject, neededKey, rowsAt, textAt } from './fields.ts';
import { amongOf, nextOf } from './keyset.ts';
import { all, any, instant } from './literals.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import { rowsOf } from './rows.ts';
import { type Context, isOpen, setOf } from './system.ts';

export const ORDERS = 'A_SalesOrder';
const FIELDS = [
  'SalesOrder',
  'SalesOrderType',
  'SalesOrganization',
  'DistributionChannel',
  'OrganizationDivision',
  'SoldToParty',
  'CreationDate',
  'LastChangeDateTime',
  'PurchaseOrderByCustomer',
  'CustomerPurchaseOrderDate',
  'SalesOrderDate',
  'TotalNetAmount',
  'TransactionCurrency',
  'RequestedDeliveryDate',
  'HeaderBillingBlockReason',
  'DeliveryBlockReason',
  'IncotermsClassification',
  'CustomerPaymentTerms',
  'OverallSDProcessStatus',
  'TotalCreditCheckStatus',
  'OverallTotalDeliveryStatus',
  'OverallOrdReltdBillgStatus',
  'OverallSDDocumentRejectionSts',
  'SalesDocApprovalStatus',
];
/** Filled in the items that are made from here; in those that people add there it is empty. */
export const OWN_ITEM = 'UnderlyingPurchaseOrderItem';
const ITEM_FIELDS = [
  'SalesOrderItem',
  'HigherLevelItem',
  'SalesOrderItemCategory',
  'SalesOrderItemText',
  'Material',
  'RequestedQuantity',
  'RequestedQuantityUnit',
  'NetAmount',
  'TaxAmount',
  'ProductionPlant',
  'SalesDocumentRjcnReason',
  'SDProcessStatus',
  'DeliveryStatus',
  'OrderRelatedBillingStatus',
  OWN_ITEM,
];
const PARTNER_FIELDS = ['PartnerFunction', 'PartnerFunctionInternalCode', 'Customer'];

const lister: Lister = {
  async list(context, asked) {
    const organizations = await servedOrganizations(context);
    if (organizations.length === 0) return { keys: [], after: null };
    const of = await amongOf(context, { service: 'order', set: ORDERS, field: 'SalesOrganization', values: organizations });
    const filter = all(of, asked.since === null ? null : await changed(context, asked.since));
    return nextOf(context, { service: 'order', set: ORDERS, by: ['SalesOrder'], filter }, asked);
  },
};

async function changed(context: Context, since: string): Promise<string> {
  const hasStatus = (await setOf(context, 'order', ORDERS))?.fields.get('OverallSDProcessStatus')?.isFilterable === true;
  const stamp = `LastChangeDateTime ge ${instant(since)}`;
  return context.config.rereadsOpenOrders && hasStatus ? any([stamp, "OverallSDProcessStatus ne 'C'"]) : stamp;
}

export const orderSource: Source = { listers: [lister], load: loadOrders };

export async function loadOrders(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const rows = await rowsOf(context, {
    service: 'order',
    set: ORDERS,
    fields: [...FIELDS, context.config.orderReference],
    expand: { to_Item: ITEM_FIELDS, to_Partner: PARTNER_FIELDS },
    by: ['SalesOrder'],
    keys: keys.map((key) => [key]),
  });
  const organizations = await salesOrganizations(context);
  const served = new Set(await servedOrganizations(context));
  const products = await productsBeside(context);
  return rows
    .filter((row) => served.has(textAt(row, 'SalesOrganization') ?? ''))
    .map((row) => orderRecord({ ...row, ...products }, organizations.get(textAt(row, 'SalesOrganization') ?? '') ?? ''));
}

/** Where no products are read, no document is to wait for one. */
export const productsBeside = async (context: Context): Promise<JsonObject> =>
  (await isOpen(context, 'product')) ? {} : { isWithoutProducts: true };

/** Which of these orders are there for us: documents name archived ones, requests for credit memos, and those of other companies, too. */
export async function ordersThere(context: Context, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  if (numbers.length === 0 || !(await isOpen(context, 'order'))) return new Set();
  const keys = [...new Set(numbers)].map((number) => [number]);
  const fields = ['SalesOrder', 'SalesOrganization'];
  const rows = await rowsOf(context, { service: 'order', set: ORDERS, fields, by: ['SalesOrder'], keys });
  const served = new Set(await servedOrganizations(context));
  const ours = rows.filter((row) => served.has(textAt(row, 'SalesOrganization') ?? ''));
  return new Set(ours.map((row) => neededKey(row, 'SalesOrder')));
}

/** Items in their order, and the company beside. */
export function orderRecord(row: JsonObject, company: string): SourceRecord {
  const items = rowsAt(row, 'to_Item').toSorted(
    (a, b) => Number(textAt(a, 'SalesOrderItem')) - Number(textAt(b, 'SalesOrderItem')),
  );
  const partners = rowsAt(row, 'to_Partner').toSorted((a, b) =>
    (textAt(a, 'PartnerFunction') ?? '') < (textAt(b, 'PartnerFunction') ?? '') ? -1 : 1,
  );
  return recordOf(neededKey(row, 'SalesOrder'), {
    ...row,
    CompanyCode: company,
    to_Item: items,
    to_Partner: partners.filter(isObject),
  });
}
