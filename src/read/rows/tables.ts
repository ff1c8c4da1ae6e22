/**
 * The statement of a rows form: one derived table per level, each joined to the rows before it. What is no plain column is worked
 * out once for each row of its level and travels once, not with each row that is joined to it.
 */
import type { Compiling, Level } from '../compile-level.ts';
import { columnsNamed, type Sql, sql } from '../sql.ts';
import { Columns } from './columns.ts';

interface Table {
  readonly level: Level;
  /** Its rows, with these columns of its own table: all that it is asked for elsewhere. */
  rows(columns: readonly string[]): Sql;
  /** In the order of the answer. */
  readonly order: readonly Sql[];
}

interface Made extends Table {
  /** Whether a level below it stands in rows too. */
  readonly hasChild: boolean;
  readonly expressions: Sql[];
  readonly expressionsAlias: string;
  /** Whether it matters which of its rows comes first. */
  isNumbered: boolean;
}

const NUMBER = '##';

export class Tables {
  readonly columns = new Columns();
  private readonly into: Compiling;
  private readonly made: Made[] = [];
  /** About the whole answer, beside its rows. */
  private readonly said: Sql[] = [];
  private readonly saidAlias: string;

  constructor(into: Compiling) {
    this.into = into;
    this.saidAlias = into.alias();
  }

  /** The next level. */
  add(table: Table, hasChild: boolean): number {
    return this.made.push({ ...table, hasChild, expressions: [], expressionsAlias: this.into.alias(), isNumbered: false }) - 1;
  }

  /** A value of one row of a level. */
  expression(at: number, value: Sql): number {
    const table = this.made[at];
    // nothing is joined to it: it's worked out once in any case
    if (!table?.hasChild) return this.columns.later(() => value);
    const name = `x${table.expressions.push(value)}`;
    return this.columns.later(() => this.once(at, sql.id(table.expressionsAlias, name)));
  }

  /** A value about the whole answer: there even where it has no row. */
  saying(value: Sql): number {
    const name = `s${this.said.push(value)}`;
    return this.columns.later(() => sql.id(this.saidAlias, name));
  }

  get saysSomething(): boolean {
    return this.said.length > 0;
  }

  statement(): Sql {
    const select = sql.join(this.columns.all());
    const terms = this.made.flatMap(({ order }) => order);
    let after = sql.join([select, ...terms]);
    let from = sql.empty;
    for (const [at, table] of [...this.made.entries()].reverse()) {
      const joined = sql.join([...table.level.joins, expressionsOf(table)], ' ');
      const { alias } = table.level;
      const columns = columnsNamed(sql.join([after, joined]), alias).filter((column) => !column.startsWith('#'));
      const rows = sql`(${numbered(table, table.rows(columns))}) ${sql.id(alias)}`;
      const joins = at > 0 ? sql`left join lateral ${rows} on true` : this.first(rows);
      from = sql`${joins} ${joined} ${from}`;
      after = sql`${after} ${from}`;
    }
    return sql`select ${select} from ${from}${terms.length > 0 ? sql` order by ${sql.join(terms)}` : sql.empty}`;
  }

  private first(rows: Sql): Sql {
    if (this.said.length === 0) return rows;
    const said = this.said.map((value, i) => sql`${value} as ${sql.id(`s${i + 1}`)}`);
    return sql`(select ${sql.join(said)}) ${sql.id(this.saidAlias)} left join ${rows} on true`;
  }

  /** Only with the first of the rows that are joined to it. */
  private once(at: number, value: Sql): Sql {
    const firsts = this.made.slice(at + 1).map((table) => {
      table.isNumbered = true;
      return sql`coalesce(${sql.id(table.level.alias, NUMBER)}, 1) = 1`;
    });
    return sql`case when ${sql.join(firsts, ' and ')} then ${value} end`;
  }
}

const numbered = ({ isNumbered, order, level }: Made, rows: Sql): Sql =>
  isNumbered
    ? sql`select *, row_number() over (order by ${sql.join(order)}) as ${sql.id(NUMBER)} from (${rows}) ${sql.id(level.alias)}`
    : rows;

/** `offset 0` keeps them from being worked out anew for each row that is joined later. */
function expressionsOf({ expressions, expressionsAlias }: Made): Sql {
  if (expressions.length === 0) return sql.empty;
  const named = expressions.map((value, i) => sql`${value} as ${sql.id(`x${i + 1}`)}`);
  return sql`left join lateral (select ${sql.join(named)} offset 0) ${sql.id(expressionsAlias)} on true`;
}
