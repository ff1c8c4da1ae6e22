/** Makes the program of one part: literals that follow each other become one run of bytes. */
import { textOf } from './json-bytes.ts';
import { OP, type RowsPart, STEP } from './program.ts';

export class Ops {
  private readonly code: number[] = [];
  private literals = '';
  private pending = '';
  private childAt = -1;

  literal(text: string): void {
    this.pending += text;
  }

  /** A number, or JSON as it is. */
  raw(column: number): void {
    this.push(OP.RAW, { column });
  }

  boolean(column: number): void {
    this.push(OP.BOOLEAN, { column });
  }

  /** Between quotes, after a prefix that is the same in each row. */
  quoted(kind: number, column: number, { prefix = '', other = -1 }: { prefix?: string; other?: number } = {}): void {
    this.push(kind, { column, other, open: `"${prefix}` });
  }

  /** What `write` adds, or null where the column is. */
  object(column: number, write: () => void): void {
    const at = this.code.length;
    this.push(OP.OBJECT, { column });
    write();
    // what follows is written in either case
    if (this.pending !== '') this.push(OP.LITERAL, {});
    this.code[at + STEP.OTHER] = this.code.length;
  }

  child(): void {
    this.childAt = this.code.length;
    this.push(OP.CHILD, {});
  }

  /** What only the end of the next level tells, or the row's own cursor. */
  ofList(kind: number, other = -1): void {
    this.push(kind, { other });
  }

  done(isDirect: boolean): RowsPart {
    if (this.pending !== '') this.push(OP.LITERAL, {});
    const literals = textOf(this.literals);
    return { code: Int32Array.from(this.code), literals, childAt: this.childAt, isDirect };
  }

  private push(kind: number, { column = -1, other = -1, open = '' }: { column?: number; other?: number; open?: string }): void {
    const start = this.literals.length;
    const plainEnd = start + this.pending.length;
    // names of GraphQL's: a character is a byte
    this.literals += this.pending + open;
    this.code.push(kind, start, plainEnd, this.literals.length, column, other);
    this.pending = '';
  }
}
