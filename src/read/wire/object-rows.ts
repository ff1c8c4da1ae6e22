/** A sink that makes an object of each row, with its values as pg gives them. */
import pg from 'pg';
import type { RowSink } from './read.ts';

interface Column {
  readonly name: string;
  read(text: string): unknown;
}

/** What stands behind a column's name in its description: table, place, type, size, modifier and format. */
const REST_BYTES = 18;
const TYPE_AT = 6;

export class ObjectRows<T> implements RowSink {
  readonly rows: T[] = [];
  private described: readonly Column[] = [];

  columns(bytes: Buffer, offset: number): void {
    let at = offset + 2;
    this.described = Array.from({ length: bytes.readInt16BE(offset) }, (): Column => {
      const end = bytes.indexOf(0, at);
      const name = bytes.toString('utf8', at, end);
      const type = bytes.readUInt32BE(end + 1 + TYPE_AT);
      at = end + 1 + REST_BYTES;
      return { name, read: pg.types.getTypeParser(type, 'text') as Column['read'] };
    });
  }

  row(bytes: Buffer, offset: number): void {
    const row: Record<string, unknown> = {};
    let at = offset + 2;
    for (const { name, read } of this.described) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row[name] = length < 0 ? null : read(bytes.toString('utf8', at, at + length));
      at += Math.max(0, length);
    }
    this.rows.push(row as T);
  }
}
