/** The golden company's other half: what it sells, an order beyond the credit limit that another person let through, its fulfilments and bills. */
import { grantLimit } from '../support/trade.ts';
import type { Person, World } from '../support/world.ts';

/** What `{{name}}` in a query stands for. */
export type Names = Readonly<Record<string, string>>;

interface Ordering {
  readonly admin: Person;
  readonly customer: string;
  readonly account: string;
  readonly german: string;
}

async function offer(admin: Person, customer: string): Promise<Names> {
  const make = async (name: string, input: object, field: string): Promise<string> =>
    (await admin.do(name, { ...input }, field)).id;
  const drill = await make(
    'createProduct',
    { sku: 'DRILL', name: 'Bohrer Ø 8', unit: 'C62', hsCode: '820750', originCountry: 'DE' },
    'product',
  );
  const visit = await make('createProduct', { sku: 'VISIT', name: 'Visit', unit: 'HUR', kind: 'SERVICE' }, 'product');
  const list = await make('createPriceList', { code: 'EUR', name: 'List', currency: 'EUR', isDefault: true }, 'priceList');
  const since = { validFrom: '2026-01-01' };
  await make('setPrice', { priceListId: list, productId: drill, unitPrice: '12.5', ...since }, 'price');
  await make('setPrice', { priceListId: list, productId: drill, unitPrice: '11', minQuantity: '100', ...since }, 'price');
  await make('setPrice', { priceListId: list, productId: visit, unitPrice: '90', ...since }, 'price');
  const agreed = await make(
    'agreePrice',
    { customerId: customer, productId: drill, currency: 'EUR', unitPrice: '9.995', minQuantity: '50', ...since },
    'price',
  );
  const taxRule = await make('setTaxRule', { sellerCountry: 'DE', taxCategory: 'S', rate: '19', ...since }, 'taxRule');
  const pair = await make(
    'setForbiddenPair',
    { firstPermission: 'invoices:issue', secondPermission: 'items:write-off', extent: 'RECORD' },
    'forbiddenPair',
  );
  const rule = await make(
    'setValidationRule',
    {
      code: 'PO',
      description: 'Every order names the purchase order of the customer.',
      stage: 'ORDER',
      field: 'customerReference',
      operator: 'IS_PRESENT',
      operands: [],
    },
    'validationRule',
  );
  const { id: provider } = await admin.do(
    'createLogisticsProvider',
    { code: 'fastship', name: 'Fastship', baseUrl: 'https://api.fastship.example' },
    'logisticsProvider',
  );
  return { drill, visit, list, agreed, taxRule, pair, rule, provider };
}

export async function orderSomething(world: World, { admin, customer, account, german }: Ordering): Promise<Names> {
  world.clock.set('2026-04-20T09:00:00.000Z');
  const offered = await offer(admin, customer);
  await grantLimit(world, customer, '1000.00');
  const desk = await world.as('order-desk');
  const lines = [
    { productId: offered['drill'], quantity: '100' },
    { productId: offered['visit'], quantity: '2' },
  ];
  const order = await desk.do(
    'placeOrder',
    { accountId: account, customerReference: 'PO 9', lines },
    'order',
    'id lines { id } holds { id }',
  );
  const ask = { holdId: order.holds[0].id, reason: 'A good customer' };
  const approval = await desk.do('requestCreditRelease', ask, 'approval', 'id amount { amount currency }');
  const granted = { approvalId: approval.id, amount: approval.amount, reason: 'Agreed' };
  await (await world.as('credit')).do('approveCreditRelease', granted, 'order');
  await desk.do('confirmOrder', { id: order.id }, 'order');
  const waiting = await desk.do(
    'placeOrder',
    { accountId: account, lines: [{ productId: offered['visit'], quantity: '1' }] },
    'order',
  );
  world.clock.set('2026-04-22T09:00:00.000Z');
  const warehouse = await world.as('warehouse');
  const some = { orderId: order.id, lines: [{ orderLineId: order.lines[0].id, quantity: '60' }] };
  const { id: fulfilment } = await warehouse.do('planFulfilment', some, 'fulfilment');
  await warehouse.do('releaseFulfilment', { id: fulfilment }, 'fulfilment');
  await warehouse.do('shipFulfilment', { id: fulfilment, carrier: 'DHL', trackingNumber: 'JD01' }, 'fulfilment');
  await warehouse.do('deliverFulfilment', { id: fulfilment, receivedBy: 'Gate 3' }, 'fulfilment');
  const billing = await world.as('billing');
  await billing.do('billOrder', { orderId: order.id }, 'invoice');
  const back = { id: fulfilment, lines: [{ orderLineId: order.lines[0].id, quantity: '10' }], reason: 'Blunt' };
  await warehouse.do('returnFulfilment', back, 'fulfilment');
  await billing.do('creditReturn', { orderId: order.id, reason: 'Blunt' }, 'order');
  return {
    ...offered,
    order: order.id,
    hold: order.holds[0].id,
    approval: approval.id,
    waiting: waiting.id,
    fulfilment,
    seller: german,
  };
}
