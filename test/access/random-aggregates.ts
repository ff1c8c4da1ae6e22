// Random aggregates from the catalogue and a seed, and what comes of them by plain counting and adding over listed rows: said a
// second time in another way than the database says it.
import { localDate } from '../../src/kernel/clock.ts';
import { decimal, divideRounded } from '../../src/kernel/decimal.ts';
import { convert, money, parseMoney } from '../../src/kernel/money.ts';
import { currency, exponentOf } from '../../src/kernel/currency.ts';
import { type Dimension, dimensionsOf } from '../../src/read/aggregate/dimensions.ts';
import { type Measure, measuresOf, type MoneyMeasure } from '../../src/read/aggregate/measures.ts';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { isAllowed } from './graph.ts';
import type { Asking } from './random-where.ts';

const GROUP_CURRENCY = 'EUR';

interface Key {
  readonly dimension: Dimension;
  readonly bucket: string | null;
  readonly timeZone: string | null;
}

/** What one random aggregate asks for. */
export interface Asked {
  readonly record: ReadRecord;
  readonly keys: readonly Key[];
  readonly measures: readonly Measure[];
  readonly distinct: Dimension | null;
  /** Only groups with more rows. */
  readonly countAbove: number | null;
}

// oxlint-disable-next-line typescript/no-explicit-any -- rows and groups have the shape of their queries
type Json = any;

export function randomAggregate(asking: Asking, record: ReadRecord): Asked {
  const { dice: d, graph, permissions } = asking;
  const { catalogue } = graph;
  const open = dimensionsOf(record, (name) => catalogue.record(name)).filter(({ field, via }) => {
    const holder = via ? catalogue.record(via.relation.record) : record;
    const isOpen = !via || isAllowed(graph, record, via.name, permissions);
    return isOpen && isAllowed(graph, holder, field.name, permissions) && permissions.has(holder.resource.permission);
  });
  const measures = measuresOf(record).filter(({ name }) => isAllowed(graph, record, name, permissions));
  const picked = new Set(open.length === 0 ? [] : Array.from({ length: d.roll(4) }, () => d.pick(open)));
  return {
    record,
    keys: [...picked].map((dimension) => ({
      dimension,
      bucket: dimension.time === null ? null : d.pick(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR']),
      timeZone: dimension.time === 'DATE_TIME' ? d.pick(['UTC', 'Asia/Tokyo', 'America/New_York']) : null,
    })),
    measures: measures.filter(() => d.roll(2) === 0),
    distinct: open.length > 0 && d.roll(2) === 0 ? d.pick(open) : null,
    countAbove: d.roll(4) === 0 ? d.roll(3) : null,
  };
}

/** The arguments without page, where and moment. */
export function argumentsOf({ keys, countAbove }: Asked): string[] {
  const terms = keys.map(
    ({ dimension, bucket, timeZone }) =>
      `{ field: ${dimension.constant}${bucket === null ? '' : `, bucket: ${bucket}`}${timeZone === null ? '' : `, timeZone: "${timeZone}"`} }`,
  );
  return [
    ...(keys.length === 0 ? [] : [`groupBy: [${terms.join(', ')}]`]),
    ...(countAbove === null ? [] : [`having: { count: { gt: ${countAbove} } }`]),
  ];
}

const FIGURES = 'count sum avg min max';

export function groupSelection({ keys, measures, distinct }: Asked): string {
  const shown = measures.map((measure) => {
    if (measure.kind === 'number') return `${measure.name} { ${FIGURES} }`;
    if (measure.kind === 'time') return `${measure.name} { count min max }`;
    const converted = `inGroupCurrency { currency ${FIGURES} unconverted { currency count sum } }`;
    return `${measure.name} { byCurrency { currency ${FIGURES} } ${measure.conversion ? converted : ''} }`;
  });
  const key = keys.length === 0 ? '' : `key { ${keys.map(({ dimension }) => dimension.name).join(' ')} }`;
  return `${key} count ${distinct ? `countDistinct(field: ${distinct.constant})` : ''} ${shown.join(' ')}`;
}

/** What has to be listed of each row to count by hand. */
export function rowSelection({ record, keys, measures, distinct }: Asked): string {
  const dimensions = [...keys.map(({ dimension }) => dimension), ...(distinct ? [distinct] : [])];
  const own = new Set(dimensions.flatMap(({ via, field }) => (via ? [] : [field.name])));
  for (const { kind, name } of measures) own.add(kind === 'money' ? `${name} { amount currency }` : name);
  if (record.columns.groupRate) own.add('groupRate');
  const related = dimensions.flatMap(({ via, field }) => (via ? [`${via.name} { ${field.name} }`] : []));
  return ['id', ...own, ...related].join(' ');
}

/** The groups, in no order. */
export function groupsByHand(asked: Asked, rows: readonly Json[]): Json[] {
  const { keys, countAbove } = asked;
  const groups = new Map<string, { key: Json; rows: Json[] }>();
  if (keys.length === 0) groups.set('', { key: {}, rows: [] });
  for (const row of rows) {
    const key = Object.fromEntries(keys.map((one) => [one.dimension.name, keyOf(one, row)]));
    const name = keys.length === 0 ? '' : JSON.stringify(key);
    const group = groups.get(name) ?? { key, rows: [] };
    groups.set(name, group);
    group.rows.push(row);
  }
  return [...groups.values()]
    .filter((group) => countAbove === null || group.rows.length > countAbove)
    .map((group) => ({ ...(keys.length === 0 ? {} : { key: group.key }), ...figuresOf(asked, group.rows) }));
}

const valueOf = ({ via, field }: Dimension, row: Json): Json => (via ? row[via.name]?.[field.name] : row[field.name]) ?? null;

function keyOf({ dimension, bucket, timeZone }: Key, row: Json): Json {
  const value = valueOf(dimension, row);
  if (value === null || bucket === null) return value;
  return firstDay(timeZone === null ? value : localDate(new Date(value), timeZone), bucket);
}

function firstDay(day: string, bucket: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const text = (y: number, m: number) => `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-01`;
  if (bucket === 'YEAR') return text(year, 1);
  if (bucket === 'QUARTER') return text(year, month - ((month - 1) % 3));
  if (bucket === 'MONTH') return text(year, month);
  const at = new Date(`${day}T00:00:00Z`);
  if (bucket === 'WEEK') at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}

function figuresOf({ measures, distinct }: Asked, rows: readonly Json[]): Json {
  const values = distinct ? new Set(rows.map((row) => valueOf(distinct, row)).filter((value) => value !== null)) : null;
  return {
    count: rows.length,
    ...(values ? { countDistinct: values.size } : {}),
    ...Object.fromEntries(measures.map((measure) => [measure.name, measureOf(measure, rows)])),
  };
}

function measureOf(measure: Measure, rows: readonly Json[]): Json {
  const given = rows.filter((row) => row[measure.name] !== null);
  if (measure.kind === 'money') return moneyOf(measure, given);
  const values = given.map((row) => row[measure.name]);
  if (measure.kind === 'time') {
    const sorted = [...values].sort((a, b) => (a < b ? -1 : 1));
    return { count: values.length, min: sorted[0] ?? null, max: sorted.at(-1) ?? null };
  }
  return numbersOf(values.map(String));
}

const SCALE = 6;

/** All at six decimals, which no number here has more of. */
function numbersOf(texts: readonly string[]): Json {
  const values = texts.map((text) => {
    const { coefficient, scale } = decimal(text);
    return coefficient * 10n ** BigInt(SCALE - scale);
  });
  const shown = (value: bigint | null) => (value === null ? null : trimmed(value));
  const sum = values.reduce((all, one) => all + one, 0n);
  return {
    count: values.length,
    sum: trimmed(sum),
    avg: shown(averageOf(sum, values.length)),
    min: shown(least(values)),
    max: shown(greatest(values)),
  };
}

function trimmed(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(SCALE + 1, '0');
  const text = `${sign}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  return text.replace(/\.?0+$/, '');
}

const averageOf = (sum: bigint, count: number): bigint | null =>
  count === 0 ? null : divideRounded(sum, BigInt(count), 'HALF_UP');
const least = (values: readonly bigint[]): bigint | null =>
  values.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null);
const greatest = (values: readonly bigint[]): bigint | null =>
  values.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null);

function moneyOf({ name, conversion }: MoneyMeasure, rows: readonly Json[]): Json {
  const amounts = rows.map((row) => ({ ...minorOf(row[name]), rate: row.groupRate ?? null }));
  const byCurrency = currenciesOf(amounts).map((code) => {
    const minors = amounts.filter((one) => one.code === code).map(({ minor }) => minor);
    return { currency: code, ...amountsOf(minors, code) };
  });
  if (!conversion) return { byCurrency };
  const converted = amounts.map((one) => inGroup(one));
  const missing = amounts.filter((_, i) => converted[i] === null);
  const inGroupCurrency = {
    currency: GROUP_CURRENCY,
    ...amountsOf(
      converted.filter((one) => one !== null),
      GROUP_CURRENCY,
    ),
    unconverted: currenciesOf(missing).map((code) => {
      const minors = missing.filter((one) => one.code === code).map(({ minor }) => minor);
      const { count, sum } = amountsOf(minors, code);
      return { currency: code, count, sum };
    }),
  };
  return { byCurrency, inGroupCurrency };
}

interface Amount {
  readonly minor: bigint;
  readonly code: string;
}

const minorOf = ({ amount, currency: code }: Json): Amount => ({ minor: parseMoney(amount, currency(code)).minor, code });
const currenciesOf = (amounts: readonly Amount[]): string[] => [...new Set(amounts.map(({ code }) => code))].sort();

function inGroup({ minor, code, rate }: Amount & { readonly rate: string | null }): bigint | null {
  if (minor === 0n || code === GROUP_CURRENCY) return minor;
  return rate === null ? null : convert(money(minor, currency(code)), decimal(rate), GROUP_CURRENCY).minor;
}

function amountsOf(minors: readonly bigint[], code: string): Json {
  const exponent = exponentOf(currency(code));
  const shown = (minor: bigint | null): string | null => {
    if (minor === null) return null;
    const sign = minor < 0n ? '-' : '';
    const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, '0');
    return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  };
  const sum = minors.reduce((all, one) => all + one, 0n);
  return {
    count: minors.length,
    sum: shown(sum),
    avg: shown(averageOf(sum, minors.length)),
    min: shown(least(minors)),
    max: shown(greatest(minors)),
  };
}
