/** A sink that gathers rows of one column of JSON as lines, in one buffer for all of them: a million rows leave no garbage behind. */
import type { RowSink } from './read.ts';

/** They hold until the next ones are gathered. */
export interface Lines {
  readonly count: number;
  /** Each with its line break. */
  readonly bytes: Buffer;
}

const START_BYTES = 64 * 1024;
/** The number of columns, then the length of the first. */
const VALUE_AT = 6;
const BREAK = 0x0a;
const SPACE = 0x20;

export class LineRows implements RowSink, Lines {
  count = 0;
  private buffer = Buffer.allocUnsafeSlow(START_BYTES);
  private length = 0;

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.count = 0;
    this.length = 0;
  }

  row(bytes: Buffer, offset: number): void {
    const start = offset + VALUE_AT;
    const value = bytes.subarray(start, start + Math.max(0, bytes.readInt32BE(start - 4)));
    // Postgres parts the items of some arrays by line breaks; in strings they are escaped
    for (let at = value.indexOf(BREAK); at >= 0; at = value.indexOf(BREAK, at + 1)) value[at] = SPACE;
    const end = this.length + value.length;
    if (end + 1 > this.buffer.length) this.grow(end + 1);
    value.copy(this.buffer, this.length);
    this.buffer[end] = BREAK;
    this.length = end + 1;
    this.count += 1;
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(bytes * 2);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** @example linesIn({ count: 2, bytes: Buffer.from('{}\n[]\n') }) // ['{}', '[]'] */
export const linesIn = ({ bytes }: Pick<Lines, 'bytes'>): string[] => bytes.toString('utf8', 0, bytes.length - 1).split('\n');
