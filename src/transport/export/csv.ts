/**
 * CSV by RFC 4180: a header, CRLF, quotes where they are needed, UTF-8. What a spreadsheet would take for a formula begins with an
 * apostrophe, so that opening a file never runs anything; numbers stay numbers, negative ones too, and amounts are exact decimals.
 */
import { type CellType, cellOf, type Column, nameOf, type Row, textOf } from './columns.ts';

/** By the mark at its beginning Excel knows that it is UTF-8; everybody else skips it. */
const BOM = '\u{feff}';
/** A cell that begins so may run: also full-width forms, which some spreadsheets take for the same. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;
/** Types whose texts can't be anything else than what they say. */
const HARMLESS: ReadonlySet<CellType> = new Set([
  'Decimal',
  'Int',
  'Boolean',
  'Date',
  'DateTime',
  'ID',
  'Enum',
  'Currency',
  'Cursor',
]);

export const csvHeader = (columns: readonly Column[]): string =>
  `${BOM}${columns.map((column) => quoted(harmless(nameOf(column)))).join(',')}\r\n`;

export const csvRow = (columns: readonly Column[], row: Row): string =>
  `${columns.map((column) => cell(cellOf(row, column), column.type)).join(',')}\r\n`;

/** Nothing for null. */
function cell(value: unknown, type: CellType): string {
  if (value === null || value === undefined) return '';
  const text = type === 'Json' ? JSON.stringify(value) : textOf(value);
  return quoted(HARMLESS.has(type) ? text : harmless(text));
}

const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
