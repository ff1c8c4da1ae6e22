// What a company needs to sell: products with prices and tax, terms with an early-payment discount, a customer with a credit limit that a
// second person granted. Made through the API, by the people who would make it.
import { openBooks, type Books, type World } from './world.ts';

export interface Trade extends Books {
  readonly pumpId: string;
  readonly filterId: string;
  readonly serviceId: string;
  readonly paymentTermsId: string;
  readonly priceListId: string;
}

export interface TradeOptions {
  /** In the currency of the books; absent: no limit. */
  readonly limit?: string;
  readonly code?: string;
  readonly currency?: string;
  readonly number?: string;
  readonly since?: string;
}

/** Asks as the order desk, grants as credit. */
export async function grantLimit(world: Pick<World, 'as'>, customerId: string, amount: string, currency = 'EUR'): Promise<void> {
  const asked = await (await world.as('order-desk')).do(
    'requestCreditLimit',
    { customerId, limit: { amount, currency }, reason: 'New customer' },
    'approval',
  );
  await (await world.as('credit')).do(
    'approveCreditLimit',
    { approvalId: asked.id, amount: { amount, currency }, reason: 'Accounts of last year seen' },
    'creditAccount',
  );
}

/** A pump at 500, a filter at 20 (from 100 on at 18), commissioning at 80 an hour; 19 % tax; 2/10 net 30. */
export async function openTrade(
  world: Pick<World, 'as'>,
  { limit, code = 'DE01', currency = 'EUR', number = 'C-1', since = '2020-01-01' }: TradeOptions = {},
): Promise<Trade> {
  const admin = await world.as('admin');
  const books = await openBooks(world, { code, currency, number });
  const { id: paymentTermsId } = await admin.do(
    'createPaymentTerms',
    { code: `2-10-N30-${code}`, name: '2/10 net 30', netDays: 30, discountDays: 10, discountPercent: '2' },
    'paymentTerms',
  );
  await admin.do('updateAccount', { id: books.accountId, paymentTermsId }, 'account');
  const product = async (sku: string, name: string, more: Record<string, unknown>): Promise<string> =>
    (await admin.do('createProduct', { sku: `${sku}-${code}`, name, unit: 'C62', ...more }, 'product')).id;
  const pumpId = await product('PUMP', 'Pump', {});
  const filterId = await product('FILTER', 'Filter', {});
  const serviceId = await product('COMMISSION', 'Commissioning', { kind: 'SERVICE', unit: 'HUR' });
  const { id: priceListId } = await admin.do(
    'createPriceList',
    { code: `LIST-${code}`, name: 'List', currency, isDefault: true },
    'priceList',
  );
  const price = (productId: string, unitPrice: string, minQuantity?: string) =>
    admin.do(
      'setPrice',
      { priceListId, productId, unitPrice, validFrom: since, ...(minQuantity ? { minQuantity } : {}) },
      'price',
    );
  await price(pumpId, '500');
  await price(filterId, '20');
  await price(filterId, '18', '100');
  await price(serviceId, '80');
  await admin.do(
    'setTaxRule',
    { sellerCountry: 'DE', taxClass: 'STANDARD', taxCategory: 'S', rate: '19', validFrom: since },
    'taxRule',
  );
  if (limit !== undefined) await grantLimit(world, books.customerId, limit, currency);
  return { ...books, pumpId, filterId, serviceId, paymentTermsId, priceListId };
}
