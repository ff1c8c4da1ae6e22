/**
 * Outbound deliveries: one record for each delivery and order that it delivers. Their items are numbered `000010` and so are the items of
 * orders that they name, which are `10` in the order. They have a date of their last change, and none until the first one.
 */
import {
  type Assembled,
  type AssembleContext,
  type Canonical,
  defineMapping,
  type JsonObject,
  MappingError,
  padded,
  sapDay,
  type SourceRecord,
  text,
  plain,
} from '../../src/connect/index.ts';
import { isAbove } from './amounts.ts';
import { salesOrganizations, servedOrganizations } from './companies.ts';
import { dayAt, given, keyAt, neededAmount, neededKey, restOf, rowsAt, textAt } from './fields.ts';
import { amongOf, nextOf } from './keyset.ts';
import { all, any, day } from './literals.ts';
import { ordersThere } from './orders.ts';
import { ETAG } from './query.ts';
import { type Lister, recordOf, type Source } from './reading.ts';
import { fromReference } from './reference.ts';
import { rowsOf } from './rows.ts';
import type { Settings } from './settings.ts';
import { type Context, systemDay } from './system.ts';

export const DELIVERIES = 'A_OutbDeliveryHeader';
const FIELDS = [
  'DeliveryDocument',
  'DeliveryDocumentType',
  'SalesOrganization',
  'SoldToParty',
  'ShipToParty',
  'CreationDate',
  'LastChangeDate',
  'DeliveryDate',
  'PlannedGoodsIssueDate',
  'ActualGoodsMovementDate',
  'ProofOfDeliveryDate',
  'OverallPickingStatus',
  'OverallGoodsMovementStatus',
  'OverallProofOfDeliveryStatus',
  'OverallDelivReltdBillgStatus',
  'DeliveryBlockReason',
  'ShippingPoint',
  'MeansOfTransport',
  'BillOfLading',
];
const ITEM_FIELDS = [
  'DeliveryDocumentItem',
  'Material',
  'ActualDeliveryQuantity',
  'DeliveryQuantityUnit',
  'ReferenceSDDocument',
  'ReferenceSDDocumentItem',
  'ReferenceSDDocumentCategory',
];

const lister: Lister = {
  async list(context, asked) {
    const organizations = await servedOrganizations(context);
    if (organizations.length === 0) return { keys: [], after: null };
    const of = await amongOf(context, {
      service: 'delivery',
      set: DELIVERIES,
      field: 'SalesOrganization',
      values: organizations,
    });
    const from = asked.since === null ? null : day(systemDay(context, asked.since));
    const changed = from === null ? null : any([`LastChangeDate ge ${from}`, `CreationDate ge ${from}`]);
    return nextOf(context, { service: 'delivery', set: DELIVERIES, by: ['DeliveryDocument'], filter: all(of, changed) }, asked);
  },
};

export const deliverySource: Source = { listers: [lister], load: loadDeliveries };

export async function loadDeliveries(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const rows = await rowsOf(context, {
    service: 'delivery',
    set: DELIVERIES,
    fields: [...FIELDS, context.config.deliveryReference],
    expand: { to_DeliveryDocumentItem: ITEM_FIELDS },
    by: ['DeliveryDocument'],
    keys: keys.map((key) => [key]),
  });
  const organizations = await salesOrganizations(context);
  const served = new Set(await servedOrganizations(context));
  const own = rows.filter((row) => served.has(textAt(row, 'SalesOrganization') ?? ''));
  const records = own.flatMap((row) => recordsOf(row, organizations.get(textAt(row, 'SalesOrganization') ?? '') ?? ''));
  const orders = await ordersThere(context, records.map(orderOf));
  return records.filter((record) => orders.has(orderOf(record)));
}

const orderOf = ({ raw }: SourceRecord): string => neededKey(raw, 'SalesOrder');

/** One for each order. What was delivered without one, such as a transfer between plants, is no fulfilment of anything. */
export function recordsOf(row: JsonObject, company: string): readonly SourceRecord[] {
  const items = rowsAt(row, 'to_DeliveryDocumentItem').filter(isOfOrder);
  const orders = [...new Set(items.map((item) => neededKey(item, 'ReferenceSDDocument')))].sort();
  return orders.map((order) => {
    const own = items.filter((item) => keyAt(item, 'ReferenceSDDocument') === order);
    const sorted = own.toSorted((a, b) => Number(textAt(a, 'DeliveryDocumentItem')) - Number(textAt(b, 'DeliveryDocumentItem')));
    const raw = { ...row, CompanyCode: company, SalesOrder: order, to_DeliveryDocumentItem: sorted };
    return recordOf(deliveryId(neededKey(row, 'DeliveryDocument'), order), raw);
  });
}

/** The category of an order is C; releases without that field have orders only. */
const isOfOrder = (item: JsonObject): boolean =>
  keyAt(item, 'ReferenceSDDocument') !== undefined && (textAt(item, 'ReferenceSDDocumentCategory') ?? 'C') === 'C';

export const deliveryId = (delivery: string, order: string): string => `${delivery}/${order}`;

const table = defineMapping('Delivery', [
  { ours: 'number', read: 'DeliveryDocument', codec: padded(10) },
  { ours: 'legalEntity', read: 'CompanyCode', codec: text() },
  { ours: 'order', read: 'SalesOrder', codec: padded(10) },
  { ours: 'plannedOn', read: 'PlannedGoodsIssueDate', codec: sapDay },
  { ours: 'trackingNumber', read: 'BillOfLading', codec: text() },
  { ours: 'carrier', read: 'MeansOfTransport', codec: text() },
]);

export function assembleDelivery(raw: JsonObject, { config }: AssembleContext<Settings>): Assembled<'Delivery'> {
  const state = stateOf(raw);
  const issuedOn = dayAt(raw, 'ActualGoodsMovementDate');
  const isShipped = state === 'SHIPPED' || state === 'DELIVERED';
  if (isShipped && issuedOn === undefined)
    throw new MappingError('ActualGoodsMovementDate', 'ActualGoodsMovementDate is missing.');
  const document = {
    ...table.read(raw),
    state,
    lines: linesOf(raw),
    ...given({
      shippedOn: isShipped ? issuedOn : undefined,
      deliveredOn: state === 'DELIVERED' ? (dayAt(raw, 'ProofOfDeliveryDate') ?? issuedOn) : undefined,
    }),
  };
  const ours = fromReference(textAt(raw, config.deliveryReference));
  const byCode = ['ActualGoodsMovementDate', 'ProofOfDeliveryDate', 'CreationDate', 'LastChangeDate', ETAG];
  const mapped = [
    ...table.fields.map(({ read }) => read ?? ''),
    ...byCode,
    ...(ours === undefined ? [] : [config.deliveryReference]),
  ];
  return { document, extensions: restOf(raw, mapped), ...given({ ours }) };
}

/** In the order's numbers of items. Batches of one item are told one by one; an item of nothing is not on its way. */
const linesOf = (raw: JsonObject): Canonical<'Delivery'>['lines'] =>
  rowsAt(raw, 'to_DeliveryDocumentItem')
    .filter((item) => isAbove(neededAmount(item, 'ActualDeliveryQuantity'), '0'))
    .map((item) => ({
      id: neededKey(item, 'DeliveryDocumentItem'),
      orderLine: neededKey(item, 'ReferenceSDDocumentItem'),
      quantity: plain(neededAmount(item, 'ActualDeliveryQuantity')),
    }));

/** Letters: A not yet, B in part, C completely; none: not relevant. */
function stateOf(raw: JsonObject): Canonical<'Delivery'>['state'] {
  const is = (field: string, letter: string) => textAt(raw, field) === letter;
  if (!is('OverallGoodsMovementStatus', 'C'))
    return is('OverallPickingStatus', 'C') || is('OverallPickingStatus', 'B') ? 'RELEASED' : 'PLANNED';
  return is('OverallProofOfDeliveryStatus', 'C') ? 'DELIVERED' : 'SHIPPED';
}
