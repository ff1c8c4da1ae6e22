/** Which tax a line gets, by the table of tax rules: the row with the most columns that fit, then the newest. Pure. */
import type { PlainDate } from '../../kernel/date.ts';
import { type Decimal, decimal, multiplyDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { type Money, times } from '../../kernel/money.ts';

export interface TaxQuestion {
  /** The legal entity's country. */
  readonly sellerCountry: string;
  /** The country and region that is delivered to; null: not known. */
  readonly buyerCountry: string | null;
  readonly buyerRegion: string | null;
  readonly isBuyerRegistered: boolean;
  readonly taxClass: string;
  /** The VATEX code of an account that is exempt. */
  readonly exemption: string | null;
  readonly on: PlainDate;
}

export interface TaxAnswer {
  readonly taxCategory: TaxCategory;
  /** Percent, as decimal text without needless zeros. */
  readonly taxRate: string;
  /** The VATEX code of why nothing is charged. */
  readonly taxReason: string | null;
}

/** Works out the tax of a line from what was loaded for it. */
export type TaxCalculator<Loaded> = (loaded: Loaded, question: TaxQuestion) => TaxAnswer;

/** Tax on a net amount at a rate in percent, rounded half up to the currency: once, on the sum of a category and rate. */
export const taxOn = (net: Money, ratePercent: string): Money =>
  times(net, multiplyDecimal(decimal(ratePercent), decimal('0.01')));

/** UNCL5305 codes that EN 16931 allows. */
export const TAX_CATEGORIES = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'] as const;
export type TaxCategory = (typeof TAX_CATEGORIES)[number];

/** A row of the table; a null column fits everything. */
export interface TaxRow {
  readonly sellerCountry: string;
  readonly buyerCountry: string | null;
  readonly buyerRegion: string | null;
  readonly isBuyerRegistered: boolean | null;
  readonly taxClass: string | null;
  readonly taxCategory: TaxCategory;
  readonly rate: string;
  readonly reasonCode: string | null;
  readonly validFrom: PlainDate;
  readonly validTo: PlainDate | null;
}

/** The rows of each country that sells. */
export type TaxRules = readonly TaxRow[];

/** In this order they break a tie between rows with as many columns. */
const COLUMNS = ['buyerCountry', 'buyerRegion', 'isBuyerRegistered', 'taxClass'] as const;

/** The table as calculator. @throws TAX_RULE_MISSING that says which row to set */
export const taxOf: TaxCalculator<TaxRules> = (rules, question) => {
  if (question.exemption !== null) return { taxCategory: 'E', taxRate: '0', taxReason: question.exemption };
  const [row] = rules.filter((rule) => isFitting(rule, question)).sort(byRank);
  if (!row) throw missing(question);
  return { taxCategory: row.taxCategory, taxRate: row.rate, taxReason: row.reasonCode };
};

const isFitting = (row: TaxRow, question: TaxQuestion): boolean =>
  row.sellerCountry === question.sellerCountry &&
  row.validFrom <= question.on &&
  (row.validTo === null || row.validTo >= question.on) &&
  COLUMNS.every((column) => row[column] === null || row[column] === question[column]);

function byRank(a: TaxRow, b: TaxRow): number {
  const more = saidBy(b).length - saidBy(a).length;
  if (more !== 0) return more;
  if (a.validFrom !== b.validFrom) return a.validFrom < b.validFrom ? 1 : -1;
  const first = COLUMNS.find((column) => (a[column] === null) !== (b[column] === null));
  return first === undefined ? 0 : a[first] === null ? 1 : -1;
}

const saidBy = (row: TaxRow) => COLUMNS.filter((column) => row[column] !== null);

function missing({ sellerCountry, buyerCountry, buyerRegion, isBuyerRegistered, taxClass, on }: TaxQuestion): DomainError {
  const buyer = `${buyerCountry ?? 'an unknown country'}${buyerRegion === null ? '' : `, region ${buyerRegion}`}`;
  return new DomainError(
    'TAX_RULE_MISSING',
    `No row of the tax table fits a sale from ${sellerCountry} to ${buyer}, to a buyer ${isBuyerRegistered ? 'with' : 'without'} a tax number, of tax class ${taxClass}, on ${on}. Set one (setTaxRule) with sellerCountry ${sellerCountry}, ${buyerCountry === null ? 'no buyerCountry' : `buyerCountry ${buyerCountry} or none`}, taxClass ${taxClass} or none, and validFrom ${on} or before.`,
    { details: { sellerCountry, buyerCountry, buyerRegion, isBuyerRegistered, taxClass, on } },
  );
}

/** The form of a tax class, of products and of the rows that find them. */
export const TAX_CLASS = /^[A-Z][A-Z0-9_]{0,39}$/;
export const TAX_CLASS_RULE = 'must be a tax class of 1 to 40 capital letters, digits and _, for example STANDARD';

/** Categories under which nothing is charged for a reason that the invoice has to say (EN 16931), with an example of it. */
const REASONS: { readonly [C in TaxCategory]?: string } = {
  E: 'VATEX-EU-132',
  AE: 'VATEX-EU-AE',
  K: 'VATEX-EU-IC',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};

interface TaxGiven {
  readonly buyerCountry?: string | undefined;
  readonly buyerRegion?: string | undefined;
  readonly taxCategory: TaxCategory;
  readonly rate: Decimal;
  readonly reasonCode?: string | undefined;
}

/** A row says a region of its country, and a rate and a reason that its category can have. @throws INVALID_INPUT */
export function requireTaxed({ buyerCountry, buyerRegion, taxCategory, rate, reasonCode }: TaxGiven): void {
  const refuse = (field: string, rule: string) => {
    throw new DomainError('INVALID_INPUT', `${field} ${rule}.`, { path: [field] });
  };
  if (buyerRegion !== undefined && !buyerRegion.startsWith(`${buyerCountry}-`))
    refuse('buyerRegion', 'must be a region of buyerCountry, for example US-CA with US');
  const isZero = rate.coefficient === 0n;
  if (taxCategory === 'S' && isZero) refuse('rate', 'must be above 0 in category S; zero-rated is category Z');
  if (!['S', 'L', 'M'].includes(taxCategory) && !isZero) refuse('rate', `must be 0 in category ${taxCategory}`);
  const example = REASONS[taxCategory];
  if (example !== undefined && reasonCode === undefined)
    refuse('reasonCode', `must say why nothing is charged in category ${taxCategory}, for example ${example}`);
  if (example === undefined && reasonCode !== undefined) refuse('reasonCode', `must be left out in category ${taxCategory}`);
}
