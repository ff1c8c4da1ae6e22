/** Which price a line gets: what was agreed with the customer, else its account's list, else the default list. Pure. */
import type { PlainDate } from '../../kernel/date.ts';
import { compareDecimal, type Decimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';

/** A price as it was set: in a list, or with a customer. */
export interface Price {
  /** The customer that it was agreed with; null for a price in a list. */
  readonly customerId: string | null;
  readonly list: { readonly id: string; readonly code: string; readonly isDefault: boolean } | null;
  readonly currency: string;
  readonly minQuantity: Decimal;
  /** Decimal text without needless zeros. */
  readonly unitPrice: string;
  readonly validFrom: PlainDate;
  readonly validTo: PlainDate | null;
}

/** The prices of each product that was asked for, by its id. */
export type Prices = ReadonlyMap<string, readonly Price[]>;

/** Who buys what. */
export interface PriceWanted {
  readonly productId: string;
  readonly customerId: string;
  /** The list of the account; null: the default list of the currency. */
  readonly priceListId: string | null;
  readonly currency: string;
  readonly quantity: Decimal;
  readonly on: PlainDate;
}

export interface PriceFound {
  readonly unitPrice: string;
  /** `agreement`, `list <code>` or `default <code>`. */
  readonly priceRule: string;
}

/** The price of a line; null when nothing was set for it. A list in another currency than the order's is passed over. */
export function priceOf(prices: Prices, wanted: PriceWanted): PriceFound | null {
  const fitting = (prices.get(wanted.productId) ?? []).filter((price) => isFitting(price, wanted));
  const agreed = best(fitting.filter((price) => price.customerId === wanted.customerId));
  if (agreed) return { unitPrice: agreed.unitPrice, priceRule: 'agreement' };
  const listed = best(fitting.filter(({ list }) => list !== null && list.id === wanted.priceListId));
  if (listed) return { unitPrice: listed.unitPrice, priceRule: `list ${listed.list?.code}` };
  const usual = best(fitting.filter(({ list }) => list?.isDefault === true));
  return usual ? { unitPrice: usual.unitPrice, priceRule: `default ${usual.list?.code}` } : null;
}

const isFitting = (price: Price, { currency, quantity, on }: PriceWanted): boolean =>
  price.currency === currency &&
  compareDecimal(price.minQuantity, quantity) <= 0 &&
  price.validFrom <= on &&
  (price.validTo === null || price.validTo >= on);

/** From the largest quantity, then from the newest day. */
function best(prices: readonly Price[]): Price | undefined {
  const [first] = prices.toSorted((a, b) => compareDecimal(b.minQuantity, a.minQuantity) || (a.validFrom < b.validFrom ? 1 : -1));
  return first;
}

/** The refusal of a line that nothing prices. */
export const priceMissing = ({
  sku,
  currency,
  on,
  path,
}: {
  readonly sku: string;
  readonly currency: string;
  readonly on: PlainDate;
  readonly path: readonly string[];
}): DomainError =>
  new DomainError(
    'PRICE_MISSING',
    `There is no price of ${sku} in ${currency} for this quantity on ${on}. Set one in a price list of ${currency} (setPrice) or agree one with the customer (agreePrice).`,
    { details: { sku, currency, on }, path: [...path] },
  );
