/**
 * Which characters a printed document can show: those of the embedded font in scripts that run from left to right without
 * joining. Everything else is replaced by a box that can be seen, never left out and never drawn in a wrong order.
 */

/** Latin, Greek, Cyrillic, Armenian and Georgian with their marks; punctuation, currencies, arrows, signs of arithmetic, shapes. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x34f],
  [0x370, 0x377],
  [0x37a, 0x37f],
  [0x384, 0x38a],
  [0x38c, 0x38c],
  [0x38e, 0x3a1],
  [0x3a3, 0x3ff],
  [0x400, 0x525],
  [0x531, 0x556],
  [0x559, 0x55f],
  [0x561, 0x587],
  [0x10a0, 0x10c5],
  [0x10d0, 0x10fc],
  [0x1e00, 0x1efb],
  [0x2010, 0x2027],
  [0x202f, 0x205e],
  [0x2074, 0x208e],
  [0x20a0, 0x20b5],
  [0x20b8, 0x20ba],
  [0x20bd, 0x20bd],
  [0x210b, 0x2149],
  [0x2150, 0x215f],
  [0x2190, 0x21ff],
  [0x2200, 0x22ff],
  [0x25a0, 0x25ff],
];

/** Stands for what can't be shown. */
export const BOX = '□';

const isPrintable = (code: number): boolean => RANGES.some(([first, last]) => code >= first && code <= last);

/** @example printable('Nord 北') // 'Nord □' */
export function printable(text: string): string {
  let shown = '';
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0) ?? 0;
    // tabs and line ends have no place within a line
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) shown += ' ';
    else shown += isPrintable(code) ? character : BOX;
  }
  return shown;
}

/** Every character that can be shown, for the test that the font has them all. */
export const printableCodes = (): number[] =>
  RANGES.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
