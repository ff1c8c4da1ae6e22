/** What a third party is told of a fulfilment: a document of its own, the same for every provider, and nothing of prices or credit. */
import { publicId } from '../kernel/ids.ts';
import { sql } from '../read/sql.ts';
import { PROVIDER_COLUMNS, type ProviderRow, type SystemRows } from './logistics-provider.ts';

export interface ShipmentLine {
  readonly lineNumber: number;
  readonly sku: string | null;
  readonly description: string;
  /** UN/ECE Recommendation 20. */
  readonly unit: string;
  readonly quantity: string;
  readonly hsCode: string | null;
  readonly originCountry: string | null;
}

export interface Shipment {
  readonly fulfilmentId: string;
  readonly number: string;
  readonly lifecycle: string;
  readonly providerStatus: string;
  readonly orderNumber: string;
  readonly customerReference: string | null;
  readonly requestedOn: string | null;
  readonly plannedOn: string | null;
  readonly shipToName: string | null;
  readonly shipToAddress: string | null;
  readonly shipToCountry: string | null;
  readonly shipToRegion: string | null;
  readonly lines: readonly ShipmentLine[];
  readonly provider: ProviderRow;
}

type Row = ProviderRow & Omit<Shipment, 'provider'>;

/** A fulfilment that a third party carries out; null when there is none of this id. */
export async function loadShipment(rows: SystemRows, tenantId: string, fulfilmentId: string): Promise<Shipment | null> {
  const [row] = await rows<Row>(sql`
    select ${PROVIDER_COLUMNS}, f.id as "fulfilmentId", f.number, f.lifecycle, f.provider_status as "providerStatus", f.planned_on::text as "plannedOn",
      o.number as "orderNumber", o.customer_reference as "customerReference", o.requested_on::text as "requestedOn",
      o.ship_to_name as "shipToName", o.ship_to_address as "shipToAddress", o.ship_to_country as "shipToCountry", o.ship_to_region as "shipToRegion",
      (select json_agg(json_build_object('lineNumber', ol.line_number, 'sku', ol.sku, 'description', ol.description, 'unit', ol.unit,
          'quantity', trim_scale(l.quantity)::text, 'hsCode', pr.hs_code, 'originCountry', pr.origin_country) order by ol.line_number)
        from fulfilment_line l
        join order_line ol on ol.tenant_id = l.tenant_id and ol.id = l.order_line_id
        left join product pr on pr.tenant_id = ol.tenant_id and pr.id = ol.product_id
        where l.tenant_id = f.tenant_id and l.fulfilment_id = f.id) as lines
    from fulfilment f
    join sales_order o on o.tenant_id = f.tenant_id and o.id = f.order_id
    join logistics_provider p on p.tenant_id = f.tenant_id and p.id = f.provider_id
    join tenant t on t.tenant_id = f.tenant_id
    where f.tenant_id = ${tenantId} and f.id = ${fulfilmentId}`);
  return row ? { ...row, provider: row } : null;
}

/** As JSON, which is signed as it stands. */
export const shipmentDocument = (shipment: Shipment): string =>
  JSON.stringify({
    id: publicId('ful', shipment.fulfilmentId),
    number: shipment.number,
    orderNumber: shipment.orderNumber,
    customerReference: shipment.customerReference,
    requestedOn: shipment.requestedOn,
    plannedOn: shipment.plannedOn,
    shipTo: {
      name: shipment.shipToName,
      address: shipment.shipToAddress,
      country: shipment.shipToCountry,
      region: shipment.shipToRegion,
    },
    lines: shipment.lines,
  });
