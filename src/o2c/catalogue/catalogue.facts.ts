/** Prices, tax rules, terms and rates of n lines or documents, each in one statement or two. */
import { decimal, decimalText } from '../../kernel/decimal.ts';
import { type Sql, sql } from '../../read/sql.ts';
import type { RowOf, Tx } from '../../write/command.ts';
import { PaymentTerms, PaymentTermsInstalment } from './catalogue.entity.ts';
import type { Price, Prices } from './price.rules.ts';
import { rateKey, type Rates } from './rate.rules.ts';
import type { TaxRules, TaxRow } from './tax.rules.ts';
import type { Terms } from './terms.rules.ts';

interface PriceLoaded extends Omit<Price, 'minQuantity' | 'list'> {
  readonly productId: string;
  readonly listId: string | null;
  readonly code: string;
  readonly isDefault: boolean;
  readonly minQuantity: string;
}

/** Of the lines that are wanted: arrays in SQL, since who buys may be read in the same turn. */
export interface PricesWanted {
  readonly productIds: readonly string[];
  readonly customers: Sql;
  /** The lists of their accounts. */
  readonly priceLists: Sql;
  readonly currencies: Sql;
}

/**
 * All prices that could hold for the wanted products, for `priceOf`. Whoever orders is priced by the lists, whether they may see
 * them or not, so this reads beyond the scope of the actor.
 */
export async function loadPrices(tx: Tx, wanted: PricesWanted): Promise<Prices> {
  const { productIds, customers, priceLists, currencies } = wanted;
  if (productIds.length === 0) return new Map();
  const products = sql.uuids(productIds);
  const figures = sql`trim_scale(p.min_quantity)::text as "minQuantity", trim_scale(p.unit_price)::text as "unitPrice", p.valid_from::text as "validFrom", p.valid_to::text as "validTo"`;
  const rows = await tx.rows<PriceLoaded>(
    sql`select p.product_id as "productId", p.customer_id as "customerId", null::uuid as "listId", '' as code, false as "isDefault", p.currency, ${figures}
        from customer_price p
        where p.product_id = any(${products}) and p.customer_id = any(${customers})
        union all
        select p.product_id, null, l.id, l.code, l.is_default, l.currency, ${figures}
        from price_list_item p join price_list l on l.tenant_id = p.tenant_id and l.id = p.price_list_id
        where p.product_id = any(${products})
          and (l.id = any(${priceLists}) or (l.is_default and l.currency = any(${currencies})))`,
  );
  const prices = new Map<string, Price[]>();
  for (const { productId, listId, code, isDefault, minQuantity, ...price } of rows) {
    const list = listId === null ? null : { id: listId, code, isDefault };
    const known = prices.get(productId) ?? [];
    known.push({ ...price, list, minQuantity: decimal(minQuantity) });
    prices.set(productId, known);
  }
  return prices;
}

/** The tax table of the countries that sell (an array in SQL), for `taxOf`; beyond the scope of the actor, like prices. */
export const loadTaxRules = (tx: Tx, sellerCountries: Sql): Promise<TaxRules> =>
  tx.rows<TaxRow>(
    sql`select seller_country as "sellerCountry", buyer_country as "buyerCountry", buyer_region as "buyerRegion",
          is_buyer_registered as "isBuyerRegistered", tax_class as "taxClass", tax_category as "taxCategory",
          trim_scale(rate)::text as rate, reason_code as "reasonCode", valid_from::text as "validFrom", valid_to::text as "validTo"
        from tax_rule where seller_country = any(${sellerCountries})`,
  );

export type TermsRow = RowOf<typeof PaymentTerms> & Terms;

/** Payment terms with their instalments in order, by id. */
export async function loadTerms(tx: Tx, ids: readonly (string | null | undefined)[]): Promise<ReadonlyMap<string, TermsRow>> {
  const named = ids.filter((id) => typeof id === 'string');
  if (named.length === 0) return new Map();
  const wanted = sql.uuids(named);
  const [terms, parts] = await Promise.all([
    tx.load(PaymentTerms, sql`t.id = any(${wanted})`),
    tx.load(PaymentTermsInstalment, sql`t.payment_terms_id = any(${wanted})`),
  ]);
  const sorted = parts.toSorted((a, b) => a.instalment - b.instalment);
  const instalmentsOf = (id: string) => sorted.filter((part) => part.paymentTermsId === id);
  return new Map(terms.map((row) => [row.id, { ...row, instalments: instalmentsOf(row.id) }]));
}

export interface RateWanted {
  readonly from: string;
  readonly to: string;
  readonly on: string;
}

/** For each wanted pair and day the newest rate that was valid then; equal currencies need none. */
export async function loadRates(tx: Tx, wanted: readonly RateWanted[]): Promise<Rates> {
  const pairs = [...new Map(wanted.filter((w) => w.from !== w.to).map((w) => [rateKey(w.from, w.to, w.on), w])).values()];
  if (pairs.length === 0) return new Map();
  const column = (pick: (w: RateWanted) => string, type: string) => sql.typed(pairs.map(pick), type);
  const rows = await tx.rows<{ from_currency: string; to_currency: string; asked_on: string; rate: string }>(
    sql`select w.from_currency, w.to_currency, w.asked_on::text, r.rate::text
        from unnest(${column((w) => w.from, 'text[]')}, ${column((w) => w.to, 'text[]')}, ${column((w) => w.on, 'date[]')}) as w(from_currency, to_currency, asked_on)
        cross join lateral (
          select x.rate from exchange_rate x
          where x.from_currency = w.from_currency and x.to_currency = w.to_currency and x.valid_on <= w.asked_on
          order by x.valid_on desc limit 1
        ) r`,
  );
  return new Map(rows.map((r) => [rateKey(r.from_currency, r.to_currency, r.asked_on), decimalText(decimal(r.rate))]));
}
