/** The columns of a statement in rows form: each once, by their place. They have no names, so that no name can be too long. */
import { type Sql, statement } from '../sql.ts';

export class Columns {
  private readonly made: (() => Sql)[] = [];
  private readonly known = new Map<string, number>();

  /** A column of a table. */
  add(column: Sql): number {
    const { text } = statement(column);
    const at = this.known.get(text) ?? this.later(() => column);
    this.known.set(text, at);
    return at;
  }

  /** One that is only made when the statement is complete. */
  later(make: () => Sql): number {
    return this.made.push(make) - 1;
  }

  get count(): number {
    return this.made.length;
  }

  all(): Sql[] {
    return this.made.map((make) => make());
  }
}
