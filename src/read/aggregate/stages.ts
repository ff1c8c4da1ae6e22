/**
 * The three stages of an aggregate's statement. The first gives each row's keys, currencies and values; the second counts and
 * adds them up, per key and per key and currency in one scan; the third has one row per group. Each expression stands there once.
 */
import { type Compiling, joined, type Level } from '../compile-level.ts';
import { columnSql, predicateSql } from '../predicate-sql.ts';
import type { ReadColumn, ReadRecord } from '../record.ts';
import { type Sql, sql } from '../sql.ts';
import type { AggregateRead } from './aggregate-tree.ts';
import type { Dimension } from './dimensions.ts';
import type { MoneyMeasure } from './measures.ts';
import { spanSql } from './time-bucket.ts';

/** Named columns of one stage. */
class Columns {
  private readonly names = new Map<string, string>();
  private readonly shown: Sql[] = [];
  private readonly letter: string;

  constructor(letter: string) {
    this.letter = letter;
  }

  /** The name of the column that is known under a key; made when it is first asked for. */
  of(key: string, make: () => Sql): string {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `${this.letter}${this.names.size + 1}`;
    this.names.set(key, name);
    this.shown.push(sql`${make()} as ${sql.id(name)}`);
    return name;
  }

  get list(): readonly Sql[] {
    return this.shown;
  }
}

/** Says of a row of the second stage that it is of no single currency. */
const WHOLE = 'whole';

export type Aggregating = 'sum' | 'min' | 'max' | 'count' | 'count distinct';

export class Stages {
  readonly keys: readonly string[];
  private readonly into: Compiling;
  private readonly level: Level;
  private readonly rows = new Columns('r');
  private readonly sums = new Columns('a');
  private readonly currencies: string[] = [];
  private readonly rowAlias: string;
  private readonly sumAlias: string;
  private readonly groupCurrencyAlias: string;
  private needsGroupCurrency = false;

  constructor(into: Compiling, level: Level, { keys }: Pick<AggregateRead, 'keys'>) {
    this.into = into;
    this.level = level;
    this.rowAlias = into.alias();
    this.sumAlias = into.alias();
    this.groupCurrencyAlias = into.alias();
    this.keys = keys.map(({ dimension, span }, i) =>
      this.rows.of(`key ${i}`, () => {
        const value = this.dimension(dimension);
        return span ? spanSql(value, span) : value;
      }),
    );
  }

  key(at: number): Sql {
    return this.sum(this.keys[at] ?? '');
  }

  /** How many rows, of the group or of the group and currency. */
  count(): string {
    return this.sums.of('count', () => sql`count(*)`);
  }

  distinct(dimension: Dimension): string {
    const row = this.rows.of(`dimension ${dimension.name}`, () => this.dimension(dimension));
    return this.aggregated('count distinct', row);
  }

  plain(how: Aggregating, { property }: ReadColumn): string {
    return this.aggregated(how, this.value(property));
  }

  converted(how: Aggregating, measure: MoneyMeasure): string {
    return this.aggregated(how, this.convertedValue(measure));
  }

  /** Of the amounts that no rate is known of. */
  unconverted(how: 'sum' | 'count', measure: MoneyMeasure): string {
    const value = this.value(measure.field.column.property);
    const missing = sql`${this.row(this.convertedValue(measure))} is null`;
    return this.sums.of(`${how} ${value} unconverted`, () => sql`${sql.id(how)}(${this.row(value)}) filter (where ${missing})`);
  }

  /** The currency of an amount, where the second stage is per currency. */
  currency({ field }: MoneyMeasure): string {
    const { property } = field.currency;
    const row = this.rows.of(`currency ${property}`, () => columnSql(this.level, property));
    if (!this.currencies.includes(row)) this.currencies.push(row);
    return row;
  }

  /** Whether a row of the second stage is of one currency, by the column of `currency`. */
  isOfCurrency(currency: string): Sql {
    return this.sum(this.sums.of(`of ${currency}`, () => sql`grouping(${this.row(currency)}) = 0`));
  }

  /** A column of the second stage. */
  sum(name: string): Sql {
    return sql.id(this.sumAlias, name);
  }

  /** A column of the second stage, over all currencies: of the third. */
  whole(name: string): Sql {
    return sql`max(${this.sum(name)}) filter (where ${this.sum(WHOLE)})`;
  }

  get groupCurrency(): Sql {
    this.needsGroupCurrency = true;
    return sql`(select currency from ${sql.id(this.groupCurrencyAlias)})`;
  }

  get groupExponent(): Sql {
    this.needsGroupCurrency = true;
    return sql`(select exponent from ${sql.id(this.groupCurrencyAlias)})`;
  }

  /** To be called when all columns are asked for. */
  from(where: Sql): Sql {
    const { level } = this;
    const source = sql`${sql.id(level.record.table)} ${sql.id(level.alias)} ${sql.join(level.joins, ' ')}`;
    const rows = sql`select ${sql.join(this.rows.list)} from ${source} where ${where}`;
    const keys = this.keys.map((key) => this.row(key));
    const currencies = this.currencies.map((name) => this.row(name));
    const isWhole =
      currencies.length === 0 ? sql`true` : sql`grouping(${sql.join(currencies)}) = ${sql.number(2 ** currencies.length - 1)}`;
    const shown = [...keys, ...currencies, sql`${isWhole} as ${sql.id(WHOLE)}`, ...this.sums.list];
    return sql`(select ${sql.join(shown)} from (${rows}) ${sql.id(this.rowAlias)} ${this.grouping(keys)}) ${sql.id(this.sumAlias)}
      ${this.keys.length === 0 ? sql.empty : sql`group by ${sql.join(this.keys.map((key) => this.sum(key)))}`}`;
  }

  /** A named query with the currency of the business group, where it is needed. */
  named(): readonly Sql[] {
    if (!this.needsGroupCurrency) return [];
    const { catalogue, asker } = this.into;
    const alias = this.into.alias();
    const scope = predicateSql({ catalogue, record: TENANT, alias, predicate: asker.scope(tenantOf(this.level.record)) });
    const currency = sql.id(alias, 'group_currency');
    return [
      sql`${sql.id(this.groupCurrencyAlias)} as materialized (
        select ${currency} as currency, currency_exponent(${currency}) as exponent from tenant ${sql.id(alias)} where ${scope})`,
    ];
  }

  private grouping(keys: readonly Sql[]): Sql {
    if (this.currencies.length === 0) return keys.length === 0 ? sql.empty : sql`group by ${sql.join(keys)}`;
    const sets = this.currencies.map((name) => sql`(${sql.join([...keys, this.row(name)])})`);
    return sql`group by grouping sets ((${sql.join(keys)}), ${sql.join(sets)})`;
  }

  private row(name: string): Sql {
    return sql.id(this.rowAlias, name);
  }

  private value(property: string): string {
    return this.rows.of(`value ${property}`, () => columnSql(this.level, property));
  }

  /** Each row rounded once, as in ageing and exposure. What is nothing or in the group's currency needs no rate. */
  private convertedValue(measure: MoneyMeasure): string {
    const { field, conversion } = measure;
    if (conversion === null) throw new Error(`${field.name} stores no rate to the group's currency.`);
    if (conversion === 'SAME') return this.value(field.column.property);
    return this.rows.of(`converted ${field.column.property}`, () => {
      const minor = columnSql(this.level, field.column.property);
      const currency = columnSql(this.level, field.currency.property);
      const rate = columnSql(this.level, conversion.rate.property);
      return sql`case when ${minor} = 0 or ${currency} = ${this.groupCurrency} then ${minor}::numeric
        else round(${minor} * ${rate} * power(10::numeric, ${this.groupExponent} - currency_exponent(${currency}))) end`;
    });
  }

  private aggregated(how: Aggregating, row: string): string {
    const of = this.row(row);
    return this.sums.of(`${how} ${row}`, () =>
      how === 'count distinct' ? sql`count(distinct ${of})` : sql`${sql.id(how)}(${of})`,
    );
  }

  private dimension({ via, field }: Dimension): Sql {
    const at = via ? joined(this.into, this.level, via.name) : this.level;
    return columnSql(at, field.column.property);
  }
}

/** The tenant's own row, which everybody sees who may read anything of it. */
const TENANT: ReadRecord = {
  name: 'Tenant',
  table: 'tenant',
  definition: { prefix: 'tn', description: 'A business group.', resource: { permission: 'tenant:read' } },
  resource: { name: 'Tenant', permission: 'tenant:read' },
  columns: {
    tenantId: { property: 'tenantId', column: 'tenant_id', type: 'uuid', nullable: false, isSearchText: false, meta: null },
  },
};

const tenants = new WeakMap<ReadRecord, ReadRecord['resource']>();

function tenantOf(record: ReadRecord): ReadRecord['resource'] {
  const known = tenants.get(record) ?? { name: 'Tenant', permission: record.resource.permission, portal: 'ALL' };
  tenants.set(record, known);
  return known;
}
