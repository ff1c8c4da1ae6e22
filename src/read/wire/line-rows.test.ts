import { describe, expect, it } from 'vitest';
import { LineRows, linesIn } from './line-rows.ts';

function dataRow(text: string): Buffer {
  const value = Buffer.from(text);
  const row = Buffer.alloc(6 + value.length);
  row.writeInt16BE(1, 0);
  row.writeInt32BE(value.length, 2);
  value.copy(row, 6);
  return row;
}

describe('rows gathered as lines', () => {
  it('are one line each, also where the database broke one, and begin anew when they are cleared', () => {
    const rows = new LineRows();
    const texts = Array.from({ length: 400 }, (_, n) => JSON.stringify({ n, text: `Zeile\n"${'ü'.repeat(n)}` }));
    for (let round = 0; round < 2; round++) {
      rows.clear();
      for (const text of texts) rows.row(dataRow(text.replace(',', ',\n')), 0);
      expect(rows.count).toBe(texts.length);
      expect(linesIn(rows).map((line) => JSON.parse(line) as unknown)).toEqual(texts.map((text) => JSON.parse(text) as unknown));
    }
    rows.clear();
    expect(rows.bytes).toHaveLength(0);
  });
});
