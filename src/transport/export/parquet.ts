/**
 * Parquet with typed columns: dates as DATE, instants as TIMESTAMP in UTC, whole numbers as INT32, and exact decimals as text, since
 * amounts of several currencies have no common scale. Rows are gathered into groups of bounded size, and each goes out as it is full.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { type CellType, cellOf, type Column, nameOf, type Row, textOf } from './columns.ts';

/** So many rows are in memory at most: enough for good compression, and written within some ten milliseconds. */
const GROUP_ROWS = 5_000;

export interface ParquetFile {
  /** Bytes to write, none while a group isn't full. */
  add(row: Row): Uint8Array | null;
  /** The last group and the end of the file. */
  end(): Uint8Array;
}

export function parquetFile(columns: readonly Column[]): ParquetFile {
  const bytes = new ByteWriter();
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'cashgraph' });
  let data: unknown[][] = columns.map(() => []);
  let count = 0;

  const group = (): void => {
    if (count === 0) return;
    const columnData = columns.map((column, i) => ({ name: nameOf(column), data: data[i] ?? [] }));
    // with a writer in memory nothing waits
    void writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    data = columns.map(() => []);
    count = 0;
  };
  const taken = (): Uint8Array => {
    const out = bytes.getBytes().slice();
    // offsets in the file go on counting, the buffer begins anew
    bytes.index = 0;
    return out;
  };
  return {
    add(row) {
      columns.forEach((column, i) => data[i]?.push(valueOf(cellOf(row, column), column.type)));
      count += 1;
      if (count < GROUP_ROWS) return null;
      group();
      return taken();
    },
    end() {
      group();
      void writer.finish();
      return taken();
    },
  };
}

const ELEMENTS: Readonly<Partial<Record<CellType, Omit<SchemaElement, 'name'>>>> = {
  Boolean: { type: 'BOOLEAN' },
  Int: { type: 'INT32' },
  Date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  DateTime: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  Json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

const elementOf = (column: Column): SchemaElement => ({
  name: nameOf(column),
  repetition_type: 'OPTIONAL',
  ...(ELEMENTS[column.type] ?? { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
});

function valueOf(value: unknown, type: CellType): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'Date' || type === 'DateTime') return new Date(textOf(value));
  return type === 'Boolean' || type === 'Int' || type === 'Json' ? value : textOf(value);
}
