/** What the tax of a document is split by in the books, so that what lowers it later stands where it was. Pure. */
import { decimal } from '../../kernel/decimal.ts';
import type { TaxedTotal } from '../open-item/index.ts';
import { rateText, type TaxGroup } from './invoice.rules.ts';

/** @example taxDetail({ taxCategory: 'S', taxRate: '19.0000' }) // 'S 19' */
export const taxDetail = ({ taxCategory, taxRate }: Pick<TaxGroup, 'taxCategory' | 'taxRate'>): string =>
  `${taxCategory} ${rateText(decimal(taxRate))}`;

/** What a discount on an invoice is split by, where it lowers the tax. */
export const taxedTotalOf = ({ totalMinor }: { readonly totalMinor: bigint }, taxes: readonly TaxGroup[]): TaxedTotal => ({
  totalMinor,
  taxes: taxes.map((tax) => ({ detail: taxDetail(tax), minor: tax.taxMinor })),
});
