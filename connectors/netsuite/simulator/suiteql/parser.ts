/** Reads a query: SELECT with joins, grouping, unions, order and FETCH FIRST. What Oracle's dialect has and NetSuite refuses is refused here, too. */
import type { Expr, Item, Order, Query, Select, Source } from './ast.ts';
import { ExpressionParser } from './parser-expression.ts';
import { badQuery, tokensOf } from './tokens.ts';

const CLAUSES: ReadonlySet<string> = new Set(
  'FROM WHERE GROUP HAVING ORDER FETCH OFFSET LIMIT UNION INNER LEFT RIGHT FULL CROSS JOIN ON AS MINUS INTERSECT'.split(' '),
);

export function parseQuery(text: string): Query {
  const parser = new QueryParser(tokensOf(text));
  const query = parser.query();
  parser.assertEnd();
  return query;
}

class QueryParser extends ExpressionParser {
  query(): Query {
    if (this.isWord('WITH')) throw badQuery('WITH is not supported.');
    const selects = [this.#select()];
    const unionAll: boolean[] = [];
    while (this.takes('UNION')) {
      unionAll.push(this.takes('ALL'));
      selects.push(this.#select());
    }
    const orderBy = this.#orderBy();
    if (this.isWord('LIMIT')) throw badQuery("Invalid or unsupported search: unexpected 'LIMIT'.");
    let skip = 0;
    if (this.takes('OFFSET')) {
      skip = this.#count();
      if (!this.takes('ROWS')) this.takes('ROW');
    }
    const fetch = this.#fetch();
    return { selects, unionAll, orderBy, fetch, skip };
  }

  #fetch(): number | null {
    if (!this.takes('FETCH')) return null;
    if (!this.takes('FIRST')) this.expect('NEXT');
    const count = this.isWord('ROW') || this.isWord('ROWS') ? 1 : this.#count();
    if (!this.takes('ROWS')) this.expect('ROW');
    this.expect('ONLY');
    return count;
  }

  #count(): number {
    const { kind, text, source } = this.next();
    if (kind !== 'NUMBER' || !/^\d+$/.test(text)) throw badQuery(`A number of rows is expected, not ${source}.`);
    return Number(text);
  }

  #select(): Select {
    if (this.takesSign('(')) {
      const inner = this.#select();
      this.expectSign(')');
      return inner;
    }
    this.expect('SELECT');
    const isDistinct = this.takes('DISTINCT');
    if (!isDistinct) this.takes('ALL');
    const top = this.takes('TOP') ? this.#count() : null;
    const items = [this.#item()];
    while (this.takesSign(',')) items.push(this.#item());
    const from = this.takes('FROM') ? this.#from() : [];
    const where = this.takes('WHERE') ? this.expression() : null;
    const groupBy: Expr[] = [];
    if (this.takes('GROUP')) {
      this.expect('BY');
      do groupBy.push(this.expression());
      while (this.takesSign(','));
    }
    const having = this.takes('HAVING') ? this.expression() : null;
    return { isDistinct, top, items, from, where, groupBy, having };
  }

  #item(): Item {
    if (this.takesSign('*')) return { expr: null, alias: null, table: null };
    const table = this.starTable();
    if (table !== null) return { expr: null, alias: null, table };
    const expr = this.expression();
    return { expr, alias: this.#alias(), table: null };
  }

  #alias(): string | null {
    const isNamed = this.takes('AS');
    const { kind, text, source } = this.peek();
    if (kind === 'NAME' || (kind === 'WORD' && (isNamed || !CLAUSES.has(text)))) {
      this.next();
      return kind === 'NAME' ? text.toLowerCase() : source.toLowerCase();
    }
    if (isNamed) throw badQuery(`A name is expected, not ${source}.`);
    return null;
  }

  #from(): Source[] {
    const sources = [this.#source('INNER')];
    for (;;) {
      if (this.takesSign(',')) sources.push(this.#source('INNER'));
      else if (this.takes('CROSS')) {
        this.expect('JOIN');
        sources.push(this.#source('INNER'));
      } else if (this.takes('INNER') || this.isWord('JOIN')) {
        this.expect('JOIN');
        sources.push(this.#joined('INNER'));
      } else if (this.takes('LEFT')) {
        this.takes('OUTER');
        this.expect('JOIN');
        sources.push(this.#joined('LEFT'));
      } else if (this.isWord('RIGHT') || this.isWord('FULL'))
        throw badQuery('This simulator knows no RIGHT or FULL JOIN: turn it round to a LEFT JOIN.');
      else return sources;
    }
  }

  #joined(join: 'INNER' | 'LEFT'): Source {
    const source = this.#source(join);
    this.expect('ON');
    return { ...source, on: this.expression() };
  }

  #source(join: 'INNER' | 'LEFT'): Source {
    if (this.takesSign('(')) {
      const query = this.query();
      this.expectSign(')');
      return { table: null, query, alias: this.#alias() ?? '', join, on: null };
    }
    const { kind, source } = this.next();
    if (kind !== 'WORD' && kind !== 'NAME') throw badQuery(`A table is expected, not ${source}.`);
    const table = source.replaceAll('"', '').toLowerCase();
    return { table, query: null, alias: this.#alias() ?? table, join, on: null };
  }

  #orderBy(): Order[] {
    if (!this.takes('ORDER')) return [];
    this.expect('BY');
    const orders: Order[] = [];
    do {
      const expr = this.expression();
      const isDescending = this.takes('DESC');
      if (!isDescending) this.takes('ASC');
      let areNullsFirst: boolean | null = null;
      if (this.takes('NULLS')) {
        areNullsFirst = this.takes('FIRST');
        if (!areNullsFirst) this.expect('LAST');
      }
      orders.push({ expr, isDescending, areNullsFirst });
    } while (this.takesSign(','));
    return orders;
  }
}
