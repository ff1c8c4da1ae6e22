/** Words and cursors as JSON. */
import { isInfinite, type JsonBytes, QUOTE, textOf } from './json-bytes.ts';
import { type CursorProgram, TERM } from './program.ts';
import type { Row } from './row.ts';

export const NULL = textOf('null');
const WORDS = { true: textOf('true'), false: textOf('false'), separator: textOf(', '), end: textOf(']') };
const LETTER_T = 0x74;

/** Postgres says `t` or `f`. */
export const isTrue = (byte: number | undefined): boolean => byte === LETTER_T;

export const word = (out: JsonBytes, is: boolean): void => {
  out.literal(is ? WORDS.true : WORDS.false);
};

/** The same text as `cursorSql` makes. */
export function writeCursor(out: JsonBytes, { prefix, terms }: CursorProgram, row: Row): void {
  const { bytes, at } = row;
  out.byte(QUOTE);
  const from = out.length;
  out.literal(prefix);
  for (const { kind, column } of terms) {
    out.literal(WORDS.separator);
    const start = at[column * 2] as number;
    const length = at[column * 2 + 1] as number;
    if (length < 0 || (kind === TERM.INSTANT && isInfinite(bytes, start))) out.literal(NULL);
    else if (kind === TERM.RAW) out.raw(row, start, length);
    else if (kind === TERM.BOOLEAN) word(out, isTrue(bytes[start]));
    else {
      out.byte(QUOTE);
      if (kind === TERM.TEXT) out.text(row, start, length);
      else out.instant(row, start, 6);
    }
  }
  out.literal(WORDS.end);
  out.encode(from);
  out.byte(QUOTE);
}
