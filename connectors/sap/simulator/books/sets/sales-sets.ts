/** API_PRODUCT_SRV and API_SALES_ORDER_SRV as far as the simulated system has them. Types only; no row is known here. */
import type { Service } from '../../model.ts';
import * as order from './order-words.ts';
import * as product from './product-words.ts';
import { READ_ONLY, setOf, toMany, toOne } from './property-words.ts';

/** They have no etag of their own: their order's counts. */
const GUARDED = { guardedBy: 'to_SalesOrder' } as const;
const ITEM = ['SalesOrder', 'SalesOrderItem'];

export const PRODUCT: Service = {
  path: 'API_PRODUCT_SRV',
  namespace: 'API_PRODUCT_SRV',
  functions: [],
  sets: [
    setOf('A_Product', {
      keys: product.PRODUCT_KEYS,
      words: product.PRODUCT,
      navigations: [
        toMany('to_Description', 'A_ProductDescription', 'Product'),
        toMany('to_ProductSalesTax', 'A_ProductSalesTax', 'Product'),
        toMany('to_SalesDelivery', 'A_ProductSalesDelivery', 'Product'),
      ],
      traits: { deletable: false },
    }),
    setOf('A_ProductDescription', { keys: product.PRODUCT_DESCRIPTION_KEYS, words: product.PRODUCT_DESCRIPTION }),
    setOf('A_ProductSalesDelivery', {
      keys: product.PRODUCT_SALES_DELIVERY_KEYS,
      words: product.PRODUCT_SALES_DELIVERY,
      traits: { deletable: false },
    }),
    setOf('A_ProductSalesTax', { keys: product.PRODUCT_SALES_TAX_KEYS, words: product.PRODUCT_SALES_TAX }),
  ],
};

export const SALES_ORDER: Service = {
  path: 'API_SALES_ORDER_SRV',
  namespace: 'API_SALES_ORDER_SRV',
  functions: [],
  sets: [
    setOf('A_SalesOrder', {
      keys: order.SALES_ORDER_KEYS,
      words: order.SALES_ORDER,
      navigations: [
        toMany('to_Item', 'A_SalesOrderItem', 'SalesOrder'),
        toMany('to_Partner', 'A_SalesOrderHeaderPartner', 'SalesOrder'),
        toMany('to_SubsequentProcFlowDoc', 'A_SalesOrderSubsqntProcFlow', 'SalesOrder'),
        toMany('to_Text', 'A_SalesOrderText', 'SalesOrder'),
      ],
      traits: { etag: 'LastChangeDateTime' },
    }),
    setOf('A_SalesOrderHeaderPartner', {
      keys: order.SALES_ORDER_HEADER_PARTNER_KEYS,
      words: order.SALES_ORDER_HEADER_PARTNER,
      navigations: [toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder')],
      traits: GUARDED,
    }),
    setOf('A_SalesOrderItem', {
      keys: order.SALES_ORDER_ITEM_KEYS,
      words: order.SALES_ORDER_ITEM,
      navigations: [
        toMany('to_PricingElement', 'A_SalesOrderItemPrElement', ...ITEM),
        toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder'),
        toMany('to_ScheduleLine', 'A_SalesOrderScheduleLine', ...ITEM),
        toMany('to_SubsequentProcFlowDocItem', 'A_SalesOrderItmSubsqntProcFlow', ...ITEM),
      ],
      traits: GUARDED,
    }),
    setOf('A_SalesOrderItemPrElement', {
      keys: order.SALES_ORDER_ITEM_PR_ELEMENT_KEYS,
      words: order.SALES_ORDER_ITEM_PR_ELEMENT,
      navigations: [
        toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder'),
        toOne('to_SalesOrderItem', 'A_SalesOrderItem', ...ITEM),
      ],
      traits: GUARDED,
    }),
    setOf('A_SalesOrderItmSubsqntProcFlow', {
      keys: order.SALES_ORDER_ITM_SUBSQNT_PROC_FLOW_KEYS,
      words: order.SALES_ORDER_ITM_SUBSQNT_PROC_FLOW,
      navigations: [
        toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder'),
        toOne('to_SalesOrderItem', 'A_SalesOrderItem', ...ITEM),
      ],
      traits: READ_ONLY,
    }),
    setOf('A_SalesOrderScheduleLine', {
      keys: order.SALES_ORDER_SCHEDULE_LINE_KEYS,
      words: order.SALES_ORDER_SCHEDULE_LINE,
    }),
    setOf('A_SalesOrderSubsqntProcFlow', {
      keys: order.SALES_ORDER_SUBSQNT_PROC_FLOW_KEYS,
      words: order.SALES_ORDER_SUBSQNT_PROC_FLOW,
      navigations: [toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder')],
      traits: READ_ONLY,
    }),
    setOf('A_SalesOrderText', {
      keys: order.SALES_ORDER_TEXT_KEYS,
      words: order.SALES_ORDER_TEXT,
      navigations: [toOne('to_SalesOrder', 'A_SalesOrder', 'SalesOrder')],
    }),
  ],
};
