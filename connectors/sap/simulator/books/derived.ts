/** Sets whose rows follow wholly from others and are kept nowhere: partners, pricing elements, flows of documents. */
import type { Row } from '../model.ts';
import { type Context, textOf } from './context.ts';
import { headerPartners, PARTNER_FUNCTIONS } from './order-header.ts';
import { elementsOf } from './order-pricing.ts';
import { shown } from './refusals.ts';
import type { Values } from './table.ts';

interface Derived {
  readonly parent: string;
  /** What of its own keys is which of its parent's: ours, the parent's. */
  readonly on: readonly (readonly [string, string])[];
  rows(context: Context, parent: Row): readonly Values[];
}

const ORDER = ['SalesOrder', 'SalesOrder'] as const;
const ORDER_ITEM = ['SalesOrderItem', 'SalesOrderItem'] as const;
const BILLING = ['BillingDocument', 'BillingDocument'] as const;
const BILLING_ITEM = ['BillingDocumentItem', 'BillingDocumentItem'] as const;

const DERIVED: Readonly<Record<string, Derived>> = {
  A_SalesOrderHeaderPartner: { parent: 'A_SalesOrder', on: [ORDER], rows: (_, order) => headerPartners(order) },
  A_SalesOrderItemPrElement: {
    parent: 'A_SalesOrderItem',
    on: [ORDER, ORDER_ITEM],
    rows: (_, item) =>
      elementsOf(item, {
        keys: { SalesOrder: textOf(item, 'SalesOrder'), SalesOrderItem: textOf(item, 'SalesOrderItem') },
        quantity: textOf(item, 'RequestedQuantity'),
        unit: textOf(item, 'RequestedQuantityUnit'),
      }),
  },
  A_SalesOrderSubsqntProcFlow: { parent: 'A_SalesOrder', on: [ORDER], rows: orderFlow },
  A_SalesOrderItmSubsqntProcFlow: { parent: 'A_SalesOrderItem', on: [ORDER, ORDER_ITEM], rows: itemFlow },
  A_OutbDeliveryPartner: {
    parent: 'A_OutbDeliveryHeader',
    on: [['SDDocument', 'DeliveryDocument']],
    rows: (_, delivery) =>
      (['SoldToParty', 'ShipToParty'] as const).map((property, at) => ({
        PartnerFunction: ['SP', 'SH'][at],
        SDDocument: textOf(delivery, 'DeliveryDocument'),
        SDDocumentItem: '000000',
        Customer: textOf(delivery, property),
      })),
  },
  A_OutbDeliveryDocFlow: {
    parent: 'A_OutbDeliveryItem',
    on: [
      ['PrecedingDocument', 'DeliveryDocument'],
      ['PrecedingDocumentItem', 'DeliveryDocumentItem'],
    ],
    rows: deliveryFlow,
  },
  A_BillingDocumentItemPrcgElmnt: {
    parent: 'A_BillingDocumentItem',
    on: [BILLING, BILLING_ITEM],
    rows: (_, item) =>
      elementsOf(item, {
        keys: { BillingDocument: textOf(item, 'BillingDocument'), BillingDocumentItem: textOf(item, 'BillingDocumentItem') },
        quantity: textOf(item, 'BillingQuantity'),
        unit: textOf(item, 'BillingQuantityUnit'),
      }),
  },
  A_BillingDocumentPartner: {
    parent: 'A_BillingDocument',
    on: [BILLING],
    rows: (_, billing) =>
      PARTNER_FUNCTIONS.map(({ external, property }) => ({
        BillingDocument: textOf(billing, 'BillingDocument'),
        PartnerFunction: external,
        Customer: textOf(billing, property === 'payer' ? 'PayerParty' : property),
        Personnel: '0',
        ContactPerson: '0',
      })),
  },
};

export const isDerived = (set: string): boolean => DERIVED[set] !== undefined;

/** In the order of their keys within each parent. */
export function* derivedRows(context: Context, set: string, where: Values): Generator<Row> {
  const derived = DERIVED[set];
  if (derived === undefined) return;
  const { store } = context;
  const table = store.table(set);
  const names = Object.keys(where);
  const ofParent = Object.fromEntries(
    derived.on.filter(([ours]) => where[ours] !== undefined).map(([ours, theirs]) => [theirs, where[ours]]),
  );
  const parents = store.table(derived.parent);
  for (const parent of Object.keys(ofParent).length > 0 ? parents.related(ofParent) : parents.rows()) {
    const rows = derived.rows(context, parent).map((values) => table.row(values));
    rows.sort((a, b) => (table.keyOf(a) < table.keyOf(b) ? -1 : 1));
    for (const row of rows) if (table.matches(row, where, names)) yield row;
  }
}

interface Subsequent {
  readonly document: string;
  readonly item: string;
  /** J delivery, R goods issue, M invoice, N its cancellation. */
  readonly category: string;
  readonly level: string;
  readonly of: Row;
}

function subsequentOf({ store }: Context, item: Row): Subsequent[] {
  const number = textOf(item, 'SalesOrderItem');
  const deliveries = [...store.table('A_OutbDeliveryItem').related({ ReferenceSDDocument: item.SalesOrder ?? '' })]
    .filter((row) => shown(textOf(row, 'ReferenceSDDocumentItem')) === number)
    .map((row) => ({
      document: textOf(row, 'DeliveryDocument'),
      item: shown(textOf(row, 'DeliveryDocumentItem')),
      category: 'J',
      level: '0',
      of: row,
    }));
  const invoices = [...store.table('A_BillingDocumentItem').related({ SalesDocument: item.SalesOrder ?? '' })]
    .filter((row) => textOf(row, 'SalesDocumentItem') === number)
    .map((row) => {
      const of = store.get('A_BillingDocument', { BillingDocument: row.BillingDocument }) ?? row;
      const level = row.ReferenceSDDocumentCategory === 'J' ? '1' : '0';
      return {
        document: textOf(row, 'BillingDocument'),
        item: textOf(row, 'BillingDocumentItem'),
        category: textOf(of, 'SDDocumentCategory'),
        level,
        of,
      };
    });
  return [...deliveries, ...invoices];
}

/** One for each document, whichever items it comes from. */
function orderFlow(context: Context, order: Row): Values[] {
  const flows = new Map<string, Values>();
  for (const item of context.store.table('A_SalesOrderItem').related({ SalesOrder: order.SalesOrder ?? '' }))
    for (const { document, category, level, of } of subsequentOf(context, item)) {
      const header = category === 'J' ? context.store.get('A_OutbDeliveryHeader', { DeliveryDocument: document }) : of;
      flows.set(document, {
        SalesOrder: textOf(order, 'SalesOrder'),
        DocRelationshipUUID: uuidOf(document, '0', textOf(order, 'SalesOrder')),
        SubsequentDocument: document,
        SubsequentDocumentCategory: category,
        ProcessFlowLevel: level,
        OverallSDProcessStatus: header === undefined ? '' : textOf(header, 'OverallSDProcessStatus'),
        ...stampsOf(header ?? of),
      });
    }
  return [...flows.values()];
}

function itemFlow(context: Context, item: Row): Values[] {
  return subsequentOf(context, item).map(({ document, item: number, category, level, of }) => ({
    SalesOrder: textOf(item, 'SalesOrder'),
    SalesOrderItem: textOf(item, 'SalesOrderItem'),
    DocRelationshipUUID: uuidOf(document, number, textOf(item, 'SalesOrder')),
    SubsequentDocument: document,
    SubsequentDocumentItem: number,
    SubsequentDocumentCategory: category,
    ProcessFlowLevel: level,
    SDProcessStatus: textOf(of, 'SDProcessStatus'),
    SubsqntDocItmPrecdgDocument: textOf(item, 'SalesOrder'),
    SubsqntDocItmPrecdgDocItem: textOf(item, 'SalesOrderItem'),
    SubsqntDocItmPrecdgDocCategory: 'C',
    ...stampsOf(of),
  }));
}

const stampsOf = (row: Row): Values => ({
  CreationDate: row.CreationDate ?? null,
  CreationTime: row.CreationTime ?? '00:00:00',
  LastChangeDate: row.LastChangeDate ?? null,
});

/** Goods issue and invoices of an item of a delivery. */
function deliveryFlow({ store }: Context, item: Row): Values[] {
  const shared = {
    Deliveryversion: textOf(item, 'DeliveryVersion'),
    PrecedingDocument: textOf(item, 'DeliveryDocument'),
    PrecedingDocumentItem: textOf(item, 'DeliveryDocumentItem'),
    PrecedingDocumentCategory: 'J',
    QuantityInBaseUnit: textOf(item, 'ActualDeliveredQtyInBaseUnit'),
    SDFulfillmentCalculationRule: '+',
  };
  const issue: Values[] =
    item.GoodsMovementStatus === 'C'
      ? [
          {
            ...shared,
            Subsequentdocument: `49${textOf(item, 'DeliveryDocument').slice(2)}`,
            SubsequentDocumentItem: '000001',
            SubsequentDocumentCategory: 'R',
          },
        ]
      : [];
  const invoices = [...store.table('A_BillingDocumentItem').related({ ReferenceSDDocument: item.DeliveryDocument ?? '' })]
    .filter((row) => textOf(row, 'ReferenceSDDocumentItem') === shown(textOf(item, 'DeliveryDocumentItem')))
    .map(
      (row): Values => ({
        ...shared,
        Subsequentdocument: textOf(row, 'BillingDocument'),
        SubsequentDocumentItem: textOf(row, 'BillingDocumentItem').padStart(6, '0'),
        SubsequentDocumentCategory: textOf(
          store.get('A_BillingDocument', { BillingDocument: row.BillingDocument }) ?? row,
          'SDDocumentCategory',
        ),
      }),
    );
  return [...issue, ...invoices];
}

/** The same for the same documents. */
const uuidOf = (document: string, item: string, order: string): string =>
  `${document.slice(-8)}-${item.padStart(4, '0').slice(-4)}-4000-8000-${order.padStart(12, '0').slice(-12)}`;
