/** Making price lists, and setting prices in them and with customers. A price that orders may have used is never changed. */
import { type Decimal, decimalText } from '../../kernel/decimal.ts';
import { currencyInput, dateInput, decimalInput, flag, idOf, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Tx } from '../../write/command.ts';
import { PriceList, Product } from './catalogue.entity.ts';
import { madeOf, requireKnown, requirePeriod } from './catalogue.rules.ts';

const figures = {
  minQuantity: optional(decimalInput({ min: '0', max: '999999999999', scale: 6 })).describe(
    'The quantity from which it holds; absent: any.',
  ),
  unitPrice: decimalInput({ min: '0', max: '999999999999', scale: 6 }).describe('The price of one without tax.'),
  validFrom: dateInput.describe('The first day on which it holds; it takes the place of an older price from then on.'),
  validTo: optional(dateInput).describe('The last day on which it holds; absent: until a newer one.'),
};

interface Figures {
  readonly minQuantity?: Decimal | undefined;
  readonly unitPrice: Decimal;
  readonly validFrom: string;
  readonly validTo?: string | undefined;
}

function figuresOf({ minQuantity, unitPrice, validFrom, validTo }: Figures) {
  requirePeriod({ validFrom, validTo });
  return {
    minQuantity: minQuantity ? decimalText(minQuantity) : '0',
    unitPrice: decimalText(unitPrice),
    validFrom,
    validTo: validTo ?? null,
  };
}

const idsOf = (rows: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(rows.map((row) => row.id));

const productsOf = async (tx: Tx, inputs: readonly { readonly productId: string }[]) =>
  idsOf(await tx.load(Product, sql`t.id = any(${sql.uuids(inputs.map((i) => i.productId))})`));

export const createPriceList = command({
  name: 'createPriceList',
  description: 'Makes a price list. Set its prices with setPrice, and give it to accounts with updateAccount.',
  permission: 'prices:manage',
  record: 'PriceList',
  input: object('CreatePriceListInput', {
    code: text({ max: 40 }).describe('A code, unique in the group; the lines that it prices show it.'),
    name: text().describe('What it is called.'),
    currency: currencyInput.describe('The currency of its prices.'),
    isDefault: optional(flag).describe('Holds for accounts without a list of their own, one per currency; absent: false.'),
  }),
  lockKey: (input) => input.code,
  facts: async () => null,
  decide(_facts, { code, name, currency, isDefault = false }, context): Change {
    const values = { code, name, currency, isDefault };
    return madeOf(context, { entity: 'PriceList', values, event: 'price_list.created', payload: values });
  },
});

export const setPrice = command({
  name: 'setPrice',
  description: 'Sets a price of a product in a list, from a quantity and a day on. A price that is set is never changed.',
  permission: 'prices:manage',
  record: 'PriceListItem',
  input: object('SetPriceInput', {
    priceListId: idOf('pl').describe('The list.'),
    productId: idOf('prd').describe('The product.'),
    ...figures,
  }),
  lockKey: (input) => `${input.priceListId} ${input.productId} ${input.validFrom}`,
  facts: async (tx, inputs) => ({
    products: await productsOf(tx, inputs),
    lists: idsOf(await tx.load(PriceList, sql`t.id = any(${sql.uuids(inputs.map((i) => i.priceListId))})`)),
  }),
  decide(facts, { priceListId, productId, ...input }, context): Change {
    requireKnown(facts.lists, priceListId, 'priceListId');
    requireKnown(facts.products, productId, 'productId');
    const values = { priceListId, productId, ...figuresOf(input) };
    return madeOf(context, { entity: 'PriceListItem', values, event: 'price.set', payload: values });
  },
});

export const agreePrice = command({
  name: 'agreePrice',
  description:
    'Sets a price of a product that was agreed with one customer; it comes before every list. A price that is agreed is never changed.',
  permission: 'prices:manage',
  record: 'CustomerPrice',
  input: object('AgreePriceInput', {
    customerId: idOf('cus').describe('The customer.'),
    productId: idOf('prd').describe('The product.'),
    currency: currencyInput.describe('The currency of the price: it holds for orders in this currency.'),
    ...figures,
  }),
  lockKey: (input) => `${input.customerId} ${input.productId} ${input.validFrom}`,
  facts: async (tx, inputs) => ({
    products: await productsOf(tx, inputs),
    customers: idsOf(
      await tx.rows<{ id: string }>(
        sql`select t.id from customer t where t.id = any(${sql.uuids(inputs.map((i) => i.customerId))}) and ${tx.inScope('Customer', 't')}`,
      ),
    ),
  }),
  decide(facts, { customerId, productId, currency, ...input }, context): Change {
    requireKnown(facts.customers, customerId, 'customerId');
    requireKnown(facts.products, productId, 'productId');
    const values = { customerId, productId, currency, ...figuresOf(input) };
    return madeOf(context, { entity: 'CustomerPrice', values, event: 'customer_price.agreed', payload: values, customerId });
  },
});
