/** Setting the tax table. A row that documents may have used is never changed: a newer one takes its place. */
import { decimalText } from '../../kernel/decimal.ts';
import {
  choice,
  countryInput,
  dateInput,
  decimalInput,
  flag,
  formed,
  object,
  optional,
  regionInput,
  vatexInput,
} from '../../kernel/input.ts';
import { type Change, command } from '../../write/command.ts';
import { madeOf, requirePeriod } from './catalogue.rules.ts';
import { requireTaxed, TAX_CATEGORIES, TAX_CLASS, TAX_CLASS_RULE } from './tax.rules.ts';

export const setTaxRule = command({
  name: 'setTaxRule',
  description:
    'Sets a row of the tax table from a day on. What is absent fits everything; the row with the most fields that fit a sale decides, then the newest.',
  permission: 'taxes:manage',
  record: 'TaxRule',
  input: object('SetTaxRuleInput', {
    sellerCountry: countryInput.describe("The legal entity's country, ISO 3166-1 alpha-2."),
    buyerCountry: optional(countryInput).describe('The country that is delivered to; absent: any.'),
    buyerRegion: optional(regionInput).describe('The region that is delivered to, ISO 3166-2; absent: any.'),
    isBuyerRegistered: optional(flag).describe('Whether the buyer has a tax registration number; absent: either.'),
    taxClass: optional(formed(TAX_CLASS, TAX_CLASS_RULE)).describe('The tax class of the product; absent: any.'),
    taxCategory: choice('TaxCategory', TAX_CATEGORIES).describe('The VAT category code (UNCL5305) that it gives.'),
    rate: decimalInput({ min: '0', max: '100', scale: 4 }).describe('The rate that it gives, in percent.'),
    reasonCode: optional(vatexInput).describe('Why nothing is charged, for the categories E, AE, K, G and O.'),
    validFrom: dateInput.describe('The first day on which it holds; it takes the place of an older row from then on.'),
    validTo: optional(dateInput).describe('The last day on which it holds; absent: until a newer one.'),
  }),
  lockKey: (input) => `${input.sellerCountry} ${input.buyerCountry} ${input.buyerRegion} ${input.taxClass} ${input.validFrom}`,
  facts: async () => null,
  decide(_facts, input, context): Change {
    requirePeriod(input);
    requireTaxed(input);
    const values = {
      sellerCountry: input.sellerCountry,
      buyerCountry: input.buyerCountry ?? null,
      buyerRegion: input.buyerRegion ?? null,
      isBuyerRegistered: input.isBuyerRegistered ?? null,
      taxClass: input.taxClass ?? null,
      taxCategory: input.taxCategory,
      rate: decimalText(input.rate),
      reasonCode: input.reasonCode ?? null,
      validFrom: input.validFrom,
      validTo: input.validTo ?? null,
    };
    return madeOf(context, { entity: 'TaxRule', values, event: 'tax_rule.set', payload: values });
  },
});
