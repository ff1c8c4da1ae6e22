/** Terms and items as the platform has them. */
import {
  type AssembleContext,
  type Assembled,
  amountNumber,
  bool,
  defineMapping,
  type JsonObject,
  type Mapping,
  MappingError,
  NotOurs,
  text,
  isZero,
  plain,
} from '../../src/connect/index.ts';
import { amountAt, given, instantAt, restOf, textAt } from './fields.ts';
import type { Settings } from './settings.ts';

type Context = AssembleContext<Settings>;

const LAST_DAYS_OF_MONTH = 28;
const MONTH_DAYS = 30;

const terms = defineMapping('Terms', [
  { ours: 'code', read: 'Name', codec: text() },
  { ours: 'name', read: 'Name', codec: text() },
  { ours: 'isActive', read: 'Active', codec: bool, otherwise: true },
]);

/**
 * STANDARD terms are days. DATE_DRIVEN ones name a day of the month: the end of a month is told exactly; another day becomes the
 * longest time that it can give, since the platform has no such terms. Documents carry their own due dates either way.
 */
export function assembleTerms(raw: JsonObject): Assembled<'Terms'> {
  const isDateDriven = textAt(raw, 'Type') === 'DATE_DRIVEN';
  const percent = amountAt(raw, 'DiscountPercent');
  const discountDays = daysAt(raw, 'DiscountDays');
  const hasDiscount = !isDateDriven && percent !== undefined && !isZero(percent) && discountDays !== undefined;
  const document = {
    ...terms.read(raw),
    ...(isDateDriven ? byDate(raw) : { netDays: daysAt(raw, 'DueDays') ?? 0 }),
    ...(hasDiscount ? { discountDays, discountPercent: plain(percent) } : {}),
  };
  return assembled(raw, { document, tables: [terms], mapped: isDateDriven ? [] : STANDARD_FIELDS });
}

const STANDARD_FIELDS = ['Type', 'DueDays', 'DiscountDays', 'DiscountPercent'];

function byDate(raw: JsonObject): { netDays: number; isEndOfMonth?: boolean } {
  const day = daysAt(raw, 'DayOfMonthDue');
  if (day === undefined) throw new MappingError('DayOfMonthDue', 'DayOfMonthDue is missing.');
  const tooSoonDays = daysAt(raw, 'DueNextMonthDays') ?? 0;
  return day >= LAST_DAYS_OF_MONTH ? { netDays: tooSoonDays, isEndOfMonth: true } : { netDays: MONTH_DAYS + tooSoonDays };
}

const DAYS_MAX = 999;

function daysAt(raw: JsonObject, path: string): number | undefined {
  const amount = amountAt(raw, path);
  if (amount === undefined) return undefined;
  const days = Number(plain(amount));
  if (!Number.isInteger(days) || days < 0 || days > DAYS_MAX)
    throw new MappingError(path, `${path} must be a number of days from 0 to ${DAYS_MAX}, and is ${amount}.`);
  return days;
}

/** Categories order the list, and bundles are billed by their parts: neither is a product. */
const NO_PRODUCTS: ReadonlySet<string> = new Set(['Category', 'Group', 'Bundle']);

const product = defineMapping('Product', [
  { ours: 'name', read: 'Name', codec: text() },
  { ours: 'description', read: 'Description', codec: text() },
  { ours: 'unitPrice', read: 'UnitPrice', codec: amountNumber },
  { ours: 'isActive', read: 'Active', codec: bool, otherwise: true },
]);

export function assembleProduct(raw: JsonObject, { functionalCurrency }: Context): Assembled<'Product'> {
  const type = textAt(raw, 'Type');
  if (type !== undefined && NO_PRODUCTS.has(type)) throw new NotOurs(`An item of the type ${type} is no product.`);
  const { unitPrice, ...read } = product.read(raw);
  // an item without a price comes with 0, and nothing should be sold for that by mistake
  const hasPrice = unitPrice !== undefined && !isZero(unitPrice);
  const document = {
    ...read,
    sku: textAt(raw, 'Sku') ?? textAt(raw, 'FullyQualifiedName') ?? read.name,
    kind: type === 'Service' ? ('SERVICE' as const) : ('GOODS' as const),
    ...(hasPrice ? { unitPrice, currency: functionalCurrency } : {}),
  };
  return assembled(raw, { document, tables: [product], mapped: ['Sku', 'FullyQualifiedName', 'Type'] });
}

interface Assembling<D> {
  readonly document: D;
  readonly tables: readonly Pick<Mapping<never, never>, 'fields'>[];
  /** Fields of the record that are mapped without a table. */
  readonly mapped?: readonly string[];
  readonly ours?: string | undefined;
}

/** What every mapping adds: our record, when it was made there, and what no field holds. */
export function assembled<D>(raw: JsonObject, { document, tables, mapped = [], ours }: Assembling<D>) {
  const heads = tables.flatMap(({ fields }) => fields.flatMap(({ read }) => read?.split('.')[0] ?? []));
  const extensions = restOf(raw, [...heads, ...mapped]);
  return {
    document,
    ...given({
      ours,
      createdAt: instantAt(raw, 'MetaData.CreateTime'),
      extensions: Object.keys(extensions).length === 0 ? undefined : extensions,
    }),
  };
}
