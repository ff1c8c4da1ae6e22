/** The arithmetic of invoices (EN 16931): nets rounded per line, tax per category and rate on the rounded sum, totals are sums. Pure. */
import { currency as toCurrency, exponentOf } from '../../kernel/currency.ts';
import { type Decimal, decimalText, multiplyDecimal, roundDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { money, moneyFrom, moneyText } from '../../kernel/money.ts';
import { taxOn } from '../catalogue/index.ts';
import { inProportion } from '../open-item/index.ts';

export interface LineInput {
  readonly description: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly taxCategory: string;
  readonly taxRate: Decimal;
}

export interface PricedLine extends LineInput {
  readonly netMinor: bigint;
  /** Of a line that bills an order. */
  readonly ordered?: OrderedFields;
}

/** What a line that bills an order has beside: as columns of the invoice line. */
export interface OrderedFields {
  readonly orderLineId: string;
  readonly fulfilmentId: string | null;
  readonly unit: string;
  readonly discountPercent: string;
  readonly taxReason: string | null;
}

export interface TaxRow {
  readonly taxCategory: string;
  /** Percent, as decimal text without needless zeros. */
  readonly taxRate: string;
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

export interface Totals {
  readonly lines: readonly PricedLine[];
  readonly taxes: readonly TaxRow[];
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
}

const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n);

/** `20.00` and `20` are one rate. */
export const rateText = (rate: Decimal): string =>
  decimalText(rate)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

/** @throws AMOUNT_INVALID when the total is negative */
export function totalsOf(lines: readonly LineInput[], currency: string): Totals {
  const { totalMinor, ...totals } = totalsOfPriced(
    lines.map((line) => ({ ...line, netMinor: netOf(line, currency) })),
    currency,
  );
  if (totalMinor < 0n) {
    throw new DomainError(
      'AMOUNT_INVALID',
      `The total is ${moneyText(money(totalMinor, currency))} ${currency}; an invoice owes nothing less than zero. Use a credit note.`,
      {
        path: ['lines'],
      },
    );
  }
  return { ...totals, totalMinor };
}

/** Quantity times price, rounded once to the currency. */
function netOf({ quantity, unitPrice }: LineInput, currency: string): bigint {
  const exact = multiplyDecimal(quantity, unitPrice);
  return moneyFrom(roundDecimal(exact, exponentOf(toCurrency(currency)), 'HALF_UP'), currency).minor;
}

/** The sums and taxes of lines of which the nets are known. */
export function totalsOfPriced(lines: readonly PricedLine[], currency: string): Totals {
  const groups = new Map<string, { taxCategory: string; taxRate: string; taxableMinor: bigint }>();
  for (const line of lines) {
    const taxRate = rateText(line.taxRate);
    const key = `${line.taxCategory} ${taxRate}`;
    const before = groups.get(key);
    groups.set(key, { taxCategory: line.taxCategory, taxRate, taxableMinor: (before?.taxableMinor ?? 0n) + line.netMinor });
  }
  const taxes = [...groups.values()].map((g) => ({ ...g, taxMinor: taxOn(money(g.taxableMinor, currency), g.taxRate).minor }));
  const netMinor = sum(lines.map((l) => l.netMinor));
  const taxMinor = sum(taxes.map((t) => t.taxMinor));
  return { lines, taxes, netMinor, taxMinor, totalMinor: netMinor + taxMinor };
}

/** @throws INVALID_INPUT that names the line */
export function requireLines(lines: readonly LineInput[]): void {
  lines.forEach((line, i) => {
    const at = (field: string, message: string) =>
      new DomainError('INVALID_INPUT', message, { path: ['lines', String(i), field] });
    if (line.quantity.coefficient === 0n) throw at('quantity', `lines.${i}.quantity must not be zero.`);
    if (line.unitPrice.coefficient < 0n)
      throw at('unitPrice', `lines.${i}.unitPrice must not be negative; a negative quantity takes something off.`);
    if (['Z', 'E', 'AE', 'K', 'G', 'O'].includes(line.taxCategory) && line.taxRate.coefficient !== 0n) {
      throw at('taxRate', `lines.${i}.taxRate must be 0 in the category ${line.taxCategory}.`);
    }
  });
}

export interface TaxGroup {
  readonly taxCategory: string;
  readonly taxRate: string;
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

export interface CreditLine {
  readonly taxCategory: string;
  readonly taxRate: string;
  readonly netMinor: bigint;
  readonly description: string | null;
}

/**
 * What a credit note takes of an invoice: the given nets with their tax, or all that is left. The note that takes the last net
 * of a group takes the rest of its tax too, so that invoice and credit notes add up to nothing.
 * @throws OVER_ALLOCATION when a group has less left
 */
export function creditOf(
  left: readonly TaxGroup[],
  lines: readonly CreditLine[] | null,
  currency: string,
): readonly (TaxGroup & { description: string | null })[] {
  if (lines === null)
    return left.filter((g) => g.taxableMinor !== 0n || g.taxMinor !== 0n).map((g) => ({ ...g, description: null }));
  const taken = lines.map((line, i) => {
    const isOfGroup = (g: { readonly taxCategory: string; readonly taxRate: string }) =>
      g.taxCategory === line.taxCategory && g.taxRate === line.taxRate;
    const group = left.find(isOfGroup);
    const path = ['lines', String(i), 'net'];
    if (lines.findIndex(isOfGroup) < i) {
      throw new DomainError(
        'INVALID_INPUT',
        `lines.${i} is the second of category ${line.taxCategory} at ${line.taxRate} %: add up the nets of one category and rate.`,
        { path: ['lines', String(i)] },
      );
    }
    if (!group || line.netMinor > group.taxableMinor) {
      throw new DomainError(
        'OVER_ALLOCATION',
        `${moneyText(money(group?.taxableMinor ?? 0n, currency))} ${currency} net of category ${line.taxCategory} at ${line.taxRate} % is left to credit, which is less than ${moneyText(money(line.netMinor, currency))}.`,
        { path },
      );
    }
    if (line.netMinor <= 0n) throw new DomainError('AMOUNT_INVALID', `lines.${i}.net must be more than zero.`, { path });
    const takesRest = line.netMinor === group.taxableMinor;
    const taxMinor = takesRest
      ? group.taxMinor
      : smaller(taxOn(money(line.netMinor, currency), line.taxRate).minor, group.taxMinor);
    return { ...line, taxableMinor: line.netMinor, taxMinor };
  });
  // a group below zero takes off what the others can give
  const most = worth(left);
  if (worth(taken) > most) {
    throw new DomainError(
      'OVER_ALLOCATION',
      `${moneyText(money(most, currency))} ${currency} with tax is left to credit, which is less than ${moneyText(money(worth(taken), currency))}.`,
      { path: ['lines'] },
    );
  }
  return taken;
}

const worth = (groups: readonly Pick<TaxGroup, 'taxableMinor' | 'taxMinor'>[]) =>
  sum(groups.map((g) => g.taxableMinor + g.taxMinor));

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/** What is left of each group after the credit notes so far. */
export function leftToCredit(taxes: readonly TaxGroup[], credited: readonly TaxGroup[]): readonly TaxGroup[] {
  return taxes.map((t) => {
    const taken = credited.filter((c) => c.taxCategory === t.taxCategory && c.taxRate === t.taxRate);
    return {
      ...t,
      taxableMinor: t.taxableMinor - sum(taken.map((c) => c.taxableMinor)),
      taxMinor: t.taxMinor - sum(taken.map((c) => c.taxMinor)),
    };
  });
}

/**
 * What is left of each group after a discount was taken as well: it took of net and tax in proportion. Crediting it again would
 * give back more than was paid.
 */
export function leftAfterDiscount(
  left: readonly TaxGroup[],
  invoice: readonly TaxGroup[],
  discountedMinor: bigint,
): readonly TaxGroup[] {
  if (discountedMinor === 0n) return left;
  const shares = inProportion(
    discountedMinor,
    invoice.flatMap((g) => [g.taxableMinor, g.taxMinor]),
  );
  return left.map((g, i) => ({
    ...g,
    taxableMinor: g.taxableMinor - (shares[2 * i] ?? 0n),
    taxMinor: g.taxMinor - (shares[2 * i + 1] ?? 0n),
  }));
}
