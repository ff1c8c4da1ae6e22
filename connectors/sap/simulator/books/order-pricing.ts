/** What an item of an order costs: price, discounts and tax as elements of its pricing procedure. Pure; amounts are exact. */
import type { DeepRow, Row } from '../model.ts';
import { amountText, minorOf, percentOf, priced, quantityOf } from './amounts.ts';
import { UNITS } from './configuration.ts';
import { textOf } from './context.ts';
import type { Values } from './table.ts';

/** Prices of which one is in force: a price list's, or one that was typed in. */
const PRICE_CONDITIONS: ReadonlySet<string> = new Set(['PPR0', 'PR00', 'PMP0', 'PBXX']);
const PRICE_STEP = 10;
const FIRST_DISCOUNT_STEP = 100;
const TAX_STEP = 915;

/** An element beside the price: a percentage where it has no currency, else an amount. */
export interface Discount {
  readonly type: string;
  readonly rate: string;
  readonly currency: string;
}

/** What is kept with an item, under names that are none of its properties. */
export interface ItemPricing {
  readonly priceType: string;
  readonly price: string;
  readonly per: string;
  readonly taxType: string;
  readonly taxPercent: string;
  readonly taxCode: string;
  /** Of `Discount`, as JSON. */
  readonly discounts: string;
  readonly isManual: boolean;
}

export interface Net {
  readonly net: bigint;
  readonly tax: bigint;
}

const discountsOf = (item: Row): readonly Discount[] => {
  const kept = textOf(item, 'discounts');
  return kept === '' ? [] : (JSON.parse(kept) as Discount[]);
};

/** Of a quantity in thousandths. */
export function netOf(pricing: ItemPricing, quantity: bigint, currency: string): Net {
  const gross = priced(pricing.price, pricing.per, quantity, currency);
  const discounts: readonly Discount[] = pricing.discounts === '' ? [] : (JSON.parse(pricing.discounts) as Discount[]);
  const net = discounts.reduce((sum, discount) => sum + discountAmount(discount, gross, currency), gross);
  return { net, tax: percentOf(net, pricing.taxPercent) };
}

const discountAmount = ({ rate, currency }: Discount, gross: bigint, ofItem: string): bigint =>
  currency === '' ? percentOf(gross, rate) : minorOf(rate, ofItem);

/** What was given inside an item: a price that goes before that of the price list, and discounts. */
export function givenConditions(elements: readonly DeepRow[]) {
  const rows = elements.map(({ row }) => row);
  const price = rows.find((row) => PRICE_CONDITIONS.has(textOf(row, 'ConditionType')));
  const discounts = rows
    .filter((row) => row !== price && !isTax(textOf(row, 'ConditionType')))
    .map(
      (row): Discount => ({
        type: textOf(row, 'ConditionType'),
        rate: textOf(row, 'ConditionRateValue') || '0',
        currency: textOf(row, 'ConditionCurrency').replace('%', ''),
      }),
    );
  return { price, discounts };
}

const isTax = (type: string): boolean => ['MWST', 'UTXJ', 'TTX1', 'UTX1'].includes(type);

export interface Elements {
  /** Of the item, which are theirs, too. */
  readonly keys: Values;
  readonly quantity: string;
  readonly unit: string;
}

/** The elements of an item of an order, or of a billing document, which has the same pricing. */
export function elementsOf(item: Row, { keys, quantity, unit }: Elements): Values[] {
  const currency = textOf(item, 'TransactionCurrency');
  const net = minorOf(textOf(item, 'NetAmount'), currency);
  const gross = priced(textOf(item, 'price') || '0', textOf(item, 'per') || '1', quantityOf(quantity), currency);
  const codes = UNITS[unit];
  const element = (step: number, values: Values): Values => ({
    ...keys,
    PricingProcedureStep: String(step),
    PricingProcedureCounter: '1',
    TransactionCurrency: currency,
    ConditionSequentialNumber: '1',
    ...values,
  });
  const price = element(PRICE_STEP, {
    ConditionType: textOf(item, 'priceType'),
    ConditionCalculationType: 'C',
    ConditionBaseValue: quantity,
    ConditionRateValue: textOf(item, 'price') || '0',
    ConditionCurrency: currency,
    ConditionQuantity: textOf(item, 'per') || '1',
    ConditionQuantityUnit: unit,
    ConditionQuantitySAPUnit: codes?.sap,
    ConditionQuantityISOUnit: codes?.iso,
    ConditionClass: 'B',
    ConditionCategory: 'H',
    ConditionIsManuallyChanged: item.isManual === true,
    ConditionAmount: amountText(gross, currency),
  });
  const discounts = discountsOf(item).map((discount, at) =>
    element(FIRST_DISCOUNT_STEP + at, {
      ConditionType: discount.type,
      ConditionCalculationType: discount.currency === '' ? 'A' : 'B',
      ConditionBaseValue: amountText(gross, currency),
      ConditionRateValue: discount.rate,
      ConditionCurrency: discount.currency,
      ConditionQuantity: '0',
      ConditionClass: 'A',
      ConditionIsManuallyChanged: true,
      ConditionAmount: amountText(discountAmount(discount, gross, currency), currency),
    }),
  );
  const tax = element(TAX_STEP, {
    ConditionType: textOf(item, 'taxType'),
    ConditionCalculationType: 'A',
    ConditionBaseValue: amountText(net, currency),
    ConditionRateValue: textOf(item, 'taxPercent') || '0',
    ConditionQuantity: '0',
    ConditionClass: 'D',
    ConditionCategory: 'D',
    TaxCode: textOf(item, 'taxCode'),
    ConditionAmount: textOf(item, 'TaxAmount'),
  });
  return [price, ...discounts, tax];
}

/** A part of an amount: that of a quantity among the whole. */
export function shareOf(amount: bigint, quantity: bigint, whole: bigint): bigint {
  if (whole === 0n || quantity === whole) return amount;
  const units = amount * quantity * 2n + whole;
  return units >= 0n ? units / (whole * 2n) : -((-units + whole * 2n - 1n) / (whole * 2n));
}
