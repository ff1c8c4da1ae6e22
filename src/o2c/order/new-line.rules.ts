/** A new line of an order: its product, its price by rule or by hand, its tax by the table or by hand. Pure. */
import { type Decimal, decimalText } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext } from '../../write/command.ts';
import { type PriceFound, priceMissing, priceOf, type TaxAnswer, taxOf } from '../catalogue/index.ts';
import { lineNetOf, type OrderLineRow, type OrderRow } from './line-amounts.rules.ts';
import { named, type Placing, type ProductRow, requireMayPrice } from './placing.rules.ts';

export interface LineWanted {
  readonly productId?: string | undefined;
  readonly quantity: Decimal;
  readonly unitPrice?: Decimal | undefined;
  readonly discountPercent?: Decimal | undefined;
  readonly description?: string | undefined;
  readonly unit?: string | undefined;
  readonly taxCategory?: TaxAnswer['taxCategory'] | undefined;
  readonly taxRate?: Decimal | undefined;
  readonly taxReason?: string | undefined;
  readonly isShipped?: boolean | undefined;
}

/** What rules decide unless somebody may say it by hand. */
const BY_HAND = [
  'unitPrice',
  'discountPercent',
  'description',
  'unit',
  'taxCategory',
  'taxRate',
  'taxReason',
  'isShipped',
] as const;
/** What a line without a product can't go without. */
const OF_FREE_TEXT = ['description', 'unitPrice', 'taxCategory', 'taxRate'] as const;

const TAXED: ReadonlySet<string> = new Set(['S', 'L', 'M']);
const EACH = 'C62';

interface NewLines {
  readonly order: OrderRow;
  readonly wanted: readonly LineWanted[];
  /** The input field that holds them. */
  readonly at: string;
  /** The number of the first of them. */
  readonly first: number;
}

export const linesOf = (context: CommandContext, placing: Placing, { order, wanted, at, first }: NewLines): OrderLineRow[] =>
  wanted.map((line, i) => lineOf(context, placing, { order, line, path: [at, String(i)], lineNumber: first + i }));

interface NewLine {
  readonly order: OrderRow;
  readonly line: LineWanted;
  readonly path: readonly string[];
  readonly lineNumber: number;
}

function lineOf(context: CommandContext, placing: Placing, { order, line, path, lineNumber }: NewLine): OrderLineRow {
  const given = BY_HAND.find((field) => line[field] !== undefined);
  if (given !== undefined) requireMayPrice(context, order.legalEntityId, [...path, given]);
  const product = productOf(placing, line, path);
  requireWhole(line, path);
  const row: OrderLineRow = {
    id: context.newId(),
    tenantId: order.tenantId,
    orderId: order.id,
    legalEntityId: order.legalEntityId,
    accountId: order.accountId,
    externalId: null,
    lineNumber,
    productId: product?.id ?? null,
    sku: product?.sku ?? null,
    description: line.description ?? product?.name ?? '',
    isShipped: product ? product.kind === 'GOODS' : (line.isShipped ?? false),
    unit: line.unit ?? product?.unit ?? EACH,
    quantity: decimalText(line.quantity),
    ...LINE_NOTHING_DONE,
    ...pricedAs(placing, { order, line, product, path }),
    discountPercent: line.discountPercent ? decimalText(line.discountPercent) : '0',
    currency: order.currency,
    ...taxedAs(placing, { order, line, product, path }),
    groupCurrency: order.groupCurrency,
  };
  named(path, () => lineNetOf(row, line.quantity));
  return row;
}

/** What every line begins with; its net follows when the order is settled. */
export const LINE_NOTHING_DONE = {
  isClosed: false,
  cancelledQuantity: '0',
  plannedQuantity: '0',
  releasedQuantity: '0',
  shippedQuantity: '0',
  returnedQuantity: '0',
  billedQuantity: '0',
  creditedQuantity: '0',
  netMinor: 0n,
  billedNetMinor: 0n,
  groupUnbilledMinor: 0n,
  groupDeliveredMinor: 0n,
  version: 1,
} as const;

const invalid = (path: readonly string[], must: string) =>
  new DomainError('INVALID_INPUT', `${path.join('.')} ${must}`, { path });

function productOf(placing: Placing, line: LineWanted, path: readonly string[]): ProductRow | null {
  if (line.productId === undefined) {
    const missing = OF_FREE_TEXT.find((field) => line[field] === undefined);
    if (!missing) return null;
    if (OF_FREE_TEXT.every((field) => line[field] === undefined)) {
      throw invalid([...path, 'productId'], `must name a product; a line of free text needs ${OF_FREE_TEXT.join(', ')}.`);
    }
    throw invalid([...path, missing], 'must be given for a line without a product.');
  }
  const product = placing.products.get(line.productId);
  const at = [...path, 'productId'];
  if (!product) throw new DomainError('NOT_FOUND', 'There is no such product.', { path: at });
  if (!product.isActive) throw invalid(at, `must be a product that is sold; ${product.sku} is not any more.`);
  if (line.isShipped !== undefined) throw invalid([...path, 'isShipped'], 'must be left out: the product says it.');
  return product;
}

function requireWhole({ taxCategory, taxRate, taxReason }: LineWanted, path: readonly string[]): void {
  if (taxCategory !== undefined && taxRate === undefined) throw invalid([...path, 'taxRate'], 'must be given with taxCategory.');
  if (taxCategory === undefined && (taxRate ?? taxReason) !== undefined)
    throw invalid([...path, 'taxCategory'], 'must be given with taxRate and taxReason.');
  if (taxCategory !== undefined && taxRate && !TAXED.has(taxCategory) && taxRate.coefficient !== 0n)
    throw invalid([...path, 'taxRate'], `must be 0 in the category ${taxCategory}.`);
}

interface Deciding {
  readonly order: OrderRow;
  readonly line: LineWanted;
  readonly product: ProductRow | null;
  readonly path: readonly string[];
}

function pricedAs(placing: Placing, { order, line, product, path }: Deciding): PriceFound {
  if (line.unitPrice || !product) return { unitPrice: decimalText(line.unitPrice ?? line.quantity), priceRule: 'manual' };
  const account = placing.accounts.get(order.accountId);
  const { currency, orderedOn: on } = order;
  const found = priceOf(placing.prices, {
    productId: product.id,
    customerId: account?.originCustomerId ?? '',
    priceListId: account?.priceListId ?? null,
    currency,
    quantity: line.quantity,
    on,
  });
  if (!found) throw priceMissing({ sku: product.sku, currency, on, path: [...path, 'productId'] });
  return found;
}

function taxedAs(placing: Placing, { order, line, product, path }: Deciding): TaxAnswer {
  if (line.taxCategory && line.taxRate)
    return { taxCategory: line.taxCategory, taxRate: decimalText(line.taxRate), taxReason: line.taxReason ?? null };
  const account = placing.accounts.get(order.accountId);
  const buyer = placing.buyers.get(order.accountId);
  const buyerCountry = order.shipToCountry ?? buyer?.country ?? null;
  const isAtHome = buyerCountry === (buyer?.country ?? null);
  const question = {
    sellerCountry: placing.entities.get(order.legalEntityId)?.country ?? '',
    buyerCountry,
    buyerRegion: order.shipToRegion ?? (isAtHome ? (account?.taxRegion ?? null) : null),
    isBuyerRegistered: buyer?.isRegistered ?? false,
    taxClass: product?.taxClass ?? '',
    exemption: account?.taxExemption ?? null,
    on: order.orderedOn,
  };
  return named([...path, 'productId'], () => taxOf(placing.taxRules, question));
}
