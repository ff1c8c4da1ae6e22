/** Terms and items as the platform has them. */
import {
  type Assembled,
  type AssembleContext,
  amount,
  defineMapping,
  flag,
  type JsonObject,
  MappingError,
  not,
  NotOurs,
  text,
  whole,
  isZero,
  plain,
} from '../../src/connect/index.ts';
import { assembled } from './assembled.ts';
import { amountAt, textAt } from './fields.ts';
import { NO_PRODUCTS } from './lines.ts';
import type { Settings } from './settings.ts';

const isActive = { ours: 'isActive', read: 'isinactive', codec: not(flag('T', 'F')), otherwise: true } as const;

const terms = defineMapping('Terms', [
  { ours: 'code', read: 'name', codec: text() },
  { ours: 'name', read: 'name', codec: text() },
  // due at once; of terms by the day of a month SuiteQL tells no days, and documents have their own due dates either way
  { ours: 'netDays', read: 'daysuntilnetdue', codec: whole, otherwise: 0 },
  { ours: 'discountDays', read: 'daysuntilexpiry', codec: whole },
  { ours: 'discountPercent', read: 'discountpercent', codec: amount },
  isActive,
]);

export function assembleTerms(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Terms'> {
  // a percentage comes with its sign at times
  const percent = textAt(raw, 'discountpercent')?.replace(/\s*%$/, '');
  const { discountDays, discountPercent, ...read } = terms.read({ ...raw, discountpercent: percent ?? null });
  const hasDiscount = discountDays !== undefined && discountPercent !== undefined && !isZero(discountPercent);
  const document = { ...read, ...(hasDiscount ? { discountDays, discountPercent: plain(discountPercent) } : {}) };
  return assembled(raw, context, { document, tables: [terms] });
}

const SERVICES: ReadonlySet<string> = new Set(['Service', 'OthCharge', 'GiftCert', 'DwnLdItem', 'SubscriPlan']);

const product = defineMapping('Product', [
  { ours: 'sku', read: 'itemid', codec: text() },
  { ours: 'description', read: 'description', codec: text() },
  isActive,
]);

/** @throws NotOurs for what stands on lines and is sold to nobody */
export function assembleProduct(raw: JsonObject, context: AssembleContext<Settings>): Assembled<'Product'> {
  const type = textAt(raw, 'itemtype');
  if (type !== undefined && NO_PRODUCTS.has(type)) throw new NotOurs(`An item of the type ${type} is no product.`);
  // the name within its parents; the number alone where an account has no such column
  const sku = textAt(raw, 'itemid') ?? textAt(raw, 'fullname');
  if (sku === undefined) throw new MappingError('itemid', 'itemid is missing.');
  const document = {
    ...product.read({ ...raw, itemid: sku }),
    name: textAt(raw, 'displayname') ?? textAt(raw, 'fullname') ?? sku,
    kind: type !== undefined && SERVICES.has(type) ? ('SERVICE' as const) : ('GOODS' as const),
  };
  return assembled(raw, context, { document, tables: [product], mapped: ['displayname', 'fullname', 'itemtype'] });
}

/** A rate; none for zero. */
export function rateAt(raw: JsonObject): string | undefined {
  const rate = amountAt(raw, 'exchangerate');
  return rate === undefined || isZero(rate) ? undefined : plain(rate);
}
