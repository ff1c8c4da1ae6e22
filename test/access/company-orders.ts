// The second half of a company of the stage: what it sells at which price, who may owe how much, and on each account every record
// from the order to the credit note of goods that came back, finished and waiting. Made through the API, like the first half.
import type { Person, Shown, World } from '../support/world.ts';

export interface Selling {
  readonly slug: string;
  /** By code, by number, and by both: `C-1 DE01`. */
  readonly entities: Readonly<Record<string, string>>;
  readonly customers: Readonly<Record<string, string>>;
  readonly accounts: Readonly<Record<string, string>>;
  /** Amounts differ by it. */
  readonly scale: number;
  readonly mark: (customer?: string, entity?: string) => string;
}

/** Whose credit, suspicions and figures nobody of a customer may read: no customer has this name. */
const NOT_FOR_CUSTOMERS = 'staff';

interface Team {
  readonly admin: Person;
  readonly desk: Person;
  readonly credit: Person;
}

export async function openOrders(world: World, selling: Selling): Promise<void> {
  const { slug, customers, accounts } = selling;
  const team = {
    admin: await world.as('admin', slug),
    desk: await world.as('order-desk', slug),
    credit: await world.as('credit', slug),
  };
  const offer = await openOffer(team.admin, selling);
  for (const [number, customerId] of Object.entries(customers)) await openCredit(team, selling, { number, customerId });
  for (const place of Object.keys(accounts)) await tradeOn(team, selling, { place, ...offer });
}

interface Offer {
  readonly goods: string;
  readonly service: string;
  readonly providerId: string;
}

/** Prices in lists and with customers, taxes, terms with parts, rules, a forbidden pair, a third party. */
async function openOffer(admin: Person, { scale, mark, entities, customers, accounts }: Selling): Promise<Offer> {
  const halves = { firstPermission: 'taxes:manage', secondPermission: 'rates:manage', extent: 'RECORD' };
  await admin.do('setForbiddenPair', halves, 'forbiddenPair');
  const instalments = ['40', '60'].map((percent, i) => ({ instalment: i + 1, percent, netDays: 10 + 20 * i }));
  await admin.do('createPaymentTerms', { code: 'PARTS', name: `In parts ${mark()}`, netDays: 30, instalments }, 'paymentTerms');
  const product = async (sku: string, more: object): Promise<string> =>
    (await admin.do('createProduct', { sku, name: `${sku} ${mark()}`, unit: 'C62', ...more }, 'product')).id;
  const goods = await product('PUMP', {});
  const service = await product('SERVICE', { kind: 'SERVICE', unit: 'HUR' });
  const list = { code: 'LIST', name: `List ${mark(NOT_FOR_CUSTOMERS)}`, currency: 'EUR', isDefault: true };
  const { id: priceListId } = await admin.do('createPriceList', list, 'priceList');
  const validFrom = '2026-01-01';
  for (const [i, productId] of [goods, service].entries())
    await admin.do('setPrice', { priceListId, productId, unitPrice: `${scale}0${i}`, validFrom }, 'price');
  for (const [i, customerId] of Object.values(customers).entries()) {
    const price = { customerId, productId: goods, currency: 'EUR', unitPrice: `${scale}${i}.5`, validFrom };
    await admin.do('agreePrice', price, 'price');
  }
  for (const sellerCountry of ['DE', 'FR'])
    await admin.do('setTaxRule', { sellerCountry, taxCategory: 'S', rate: '19', validFrom }, 'taxRule');
  for (const [code, id] of Object.entries(entities)) {
    await admin.do('updateLegalEntity', { id, writeOffLimit: { amount: `${scale * 5}`, currency: 'EUR' } }, 'legalEntity');
    const rule = { code: `OF-${code}`, stage: 'ORDER', field: 'currency', operator: 'EQ', operands: ['EUR'], legalEntityId: id };
    await admin.do('setValidationRule', { ...rule, description: `Euros ${mark()}` }, 'validationRule');
  }
  const provider = { code: 'carrier', name: `Carrier ${mark(NOT_FOR_CUSTOMERS)}`, baseUrl: 'https://carrier.example' };
  const { id: providerId } = await admin.do('createLogisticsProvider', provider, 'logisticsProvider');
  for (const id of Object.values(accounts)) await admin.do('updateAccount', { id, priceListId }, 'account');
  return { goods, service, providerId };
}

/** A limit that a second person granted, another that one asked for, a risk class; C-3 is blocked for a moment. */
async function openCredit(
  { desk, credit }: Team,
  { scale, mark }: Selling,
  { number, customerId }: { number: string; customerId: string },
): Promise<void> {
  const reason = mark(NOT_FOR_CUSTOMERS);
  const amount = (text: string) => ({ amount: text, currency: 'EUR' });
  const granted = amount(`${scale * (number === 'C-1' ? 900_000 : 100_000)}`);
  const asked = await desk.do('requestCreditLimit', { customerId, limit: granted, reason }, 'approval');
  await credit.do('approveCreditLimit', { approvalId: asked.id, amount: granted, reason }, 'creditAccount');
  await desk.do('requestCreditLimit', { customerId, limit: amount(`${scale * 950_000}`), reason }, 'approval');
  await credit.do('setRiskClass', { customerId, riskClass: reason }, 'creditAccount');
  if (number === 'C-3')
    for (const name of ['blockCredit', 'unblockCredit']) await credit.do(name, { customerId, reason }, 'creditAccount');
}

interface Place extends Offer {
  /** `C-1 DE01` */
  readonly place: string;
}

/** An order that went all the way and partly back, a draft, one that a suspicion holds, and one that waits for a second person. */
async function tradeOn(team: Team, { accounts, mark, scale }: Selling, offer: Place): Promise<void> {
  const { admin, desk, credit } = team;
  const [customer, entity] = offer.place.split(' ');
  const text = mark(customer, entity);
  const order = (name: string, quantity: string): Promise<Shown> => {
    const lines = [
      { productId: offer.goods, quantity },
      { productId: offer.service, quantity: '1', description: text },
    ];
    const input = { accountId: accounts[offer.place], shipToName: text, customerReference: `${text} ${name} ${quantity}`, lines };
    return desk.do(name, input, 'order', 'id lines { id } holds { id kind }');
  };
  await order('draftOrder', '1');
  const done = await order('placeOrder', '4');
  await fulfilled(admin, { order: done, text, providerId: offer.providerId });
  const waiting = await order('placeOrder', '1000000');
  const creditHold = waiting.holds.find((hold: Shown) => hold.kind === 'CREDIT');
  await desk.do('requestCreditRelease', { holdId: creditHold.id, reason: mark(NOT_FOR_CUSTOMERS, entity) }, 'approval');
  const held = { orderId: waiting.id, stage: 'ORDER' };
  await desk.do('placeHold', { ...held, kind: 'MANUAL', reason: text }, 'hold');
  await desk.do('placeHold', { ...held, kind: 'FRAUD', reason: mark(NOT_FOR_CUSTOMERS, entity) }, 'hold');
  const where = `{ accountId: { eq: "${accounts[offer.place]}" } paid: { currency: "EUR", gt: "0" } }`;
  const { invoices } = await credit.ask(`{ invoices(where: ${where}) { nodes { id } } }`);
  const wish = { invoiceId: invoices.nodes[0].id, amount: `${scale * 6}`, reason: mark(NOT_FOR_CUSTOMERS, entity) };
  await credit.do('requestWriteOff', wish, 'approval');
}

/** Half of it is shipped, billed and in part returned and credited; the rest is planned with a third party. */
async function fulfilled(
  admin: Person,
  { order, text, providerId }: { order: Shown; text: string; providerId: string },
): Promise<void> {
  const [goods] = order.lines;
  const lines = (quantity: string) => [{ orderLineId: goods.id, quantity }];
  const { id } = await admin.do('planFulfilment', { orderId: order.id, lines: lines('2') }, 'fulfilment');
  await admin.do('releaseFulfilment', { id }, 'fulfilment');
  await admin.do('shipFulfilment', { id, carrier: text }, 'fulfilment');
  const report = { id, source: 'in-house', externalId: id, kind: 'IN_TRANSIT', occurredAt: '2026-01-10T09:00:00.000Z' };
  await admin.do('recordTracking', { ...report, description: text }, 'fulfilment');
  await admin.do('billOrder', { orderId: order.id }, 'invoice');
  await admin.do('returnFulfilment', { id, lines: lines('1'), reason: text }, 'fulfilment');
  await admin.do('creditReturn', { orderId: order.id, reason: text }, 'order');
  await admin.do('planFulfilment', { orderId: order.id, lines: lines('1'), providerId }, 'fulfilment');
}
