/** A growing buffer of JSON, and how the texts of Postgres's columns are written into it. Makes no string for any value. */
import { CURRENCIES } from '../../kernel/currency.ts';

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_T = 0x54;
const LETTER_U = 0x75;
const LETTER_Z = 0x5a;
const SPACE = 0x20;
/** `09:30:00` */
const TIME_BYTES = 8;
const WORD_BYTES = 4;
/** Up to here a loop costs less than a call. */
const WORDS_MAX_BYTES = 96;
/** A control character takes six bytes. */
const ESCAPED_BYTES = 6;
/** More than any value takes that isn't copied from a column. */
const ROOM_BYTES = 64;

/** What stands after the backslash, as Postgres writes it; 0: as it is; `u`: as four digits. */
const ESCAPES = new Uint8Array(256);
for (let code = 0; code < SPACE; code++) ESCAPES[code] = LETTER_U;
for (const [code, letter] of [
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const)
  ESCAPES[code] = letter.charCodeAt(0);
const NOTHING = Buffer.alloc(0);
const HEX = Buffer.from('0123456789abcdef');

/** Decimals by currency, from the three letters of its code. */
const EXPONENTS = new Uint8Array(26 * 26 * 26).fill(2);
const currencyAt = (a: number, b: number, c: number): number => (a - 65) * 676 + (b - 65) * 26 + (c - 65);
for (const { code, exponent } of CURRENCIES)
  EXPONENTS[currencyAt(code.charCodeAt(0), code.charCodeAt(1), code.charCodeAt(2))] = exponent;

const BASE64 = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Buffers that have been grown already: new memory costs more than what is written into it. */
const spare: Buffer[] = [];
const SPARE_MAX = 16;
const SPARE_BYTES_MAX = 2 * 1024 * 1024;
const START_BYTES = 16 * 1024;

/** Bytes, and a view of the same ones: four of them at once cost as much as one. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export const viewed = (bytes: Buffer): Bytes => ({ bytes, view: viewOf(bytes) });

/** A text of ours, with bytes behind it that may be read along. */
export interface Text extends Bytes {
  readonly length: number;
}

export function textOf(text: string): Text {
  const bytes = Buffer.from(`${text}${' '.repeat(WORD_BYTES)}`);
  return { bytes, view: viewOf(bytes), length: bytes.length - WORD_BYTES };
}

const NULL = textOf('null');

export class JsonBytes implements Bytes {
  bytes = spare.pop() ?? Buffer.allocUnsafe(START_BYTES);
  view = viewOf(this.bytes);
  length = 0;

  /** What was written, as bytes of their own. Nothing is written afterwards. */
  finish(): Buffer {
    const { bytes, length } = this;
    const finished = Buffer.allocUnsafe(length);
    bytes.copy(finished, 0, 0, length);
    this.bytes = NOTHING;
    this.length = 0;
    if (spare.length < SPARE_MAX && bytes.length <= SPARE_BYTES_MAX) spare.push(bytes);
    return finished;
  }

  byte(byte: number): void {
    if (this.length === this.bytes.length) this.room(1);
    this.bytes[this.length++] = byte;
  }

  literal(text: Text): void {
    this.raw(text, 0, text.length);
  }

  /** Bytes as they are. */
  raw({ bytes, view: from }: Bytes, start: number, length: number): void {
    if (this.length + length + WORD_BYTES > this.bytes.length) this.room(length + WORD_BYTES);
    if (length > WORDS_MAX_BYTES || start + length + WORD_BYTES > bytes.length) {
      bytes.copy(this.bytes, this.length, start, start + length);
    } else {
      const { view: to } = this;
      // also beyond the end: what comes next is written over it
      for (let read = start, put = this.length; read < start + length; read += WORD_BYTES, put += WORD_BYTES)
        to.setInt32(put, from.getInt32(read, true), true);
    }
    this.length += length;
  }

  /** A text without anything to escape, and its closing quote. */
  safe(from: Bytes, start: number, length: number): void {
    this.raw(from, start, length);
    this.byte(QUOTE);
  }

  /** A text, and its closing quote. */
  text({ bytes, view: from }: Bytes, start: number, length: number): void {
    this.room(length * ESCAPED_BYTES + 1);
    const { view: to } = this;
    const end = start + length;
    let read = start;
    let put = this.length;
    for (; read + WORD_BYTES <= end; read += WORD_BYTES, put += WORD_BYTES) {
      const word = from.getInt32(read, true);
      if (hasEscape(word)) break;
      to.setInt32(put, word, true);
    }
    for (; read < end; read++) {
      const byte = bytes[read] as number;
      if (ESCAPES[byte] === 0) this.bytes[put++] = byte;
      else put = escaped(this.bytes, put, byte);
    }
    this.bytes[put++] = QUOTE;
    this.length = put;
  }

  /** `1234` in a currency with two decimals is `12.34`. */
  money({ bytes: from }: Bytes, start: number, { length, exponent }: { length: number; exponent: number }): void {
    this.room(length + ROOM_BYTES);
    const { bytes } = this;
    let to = this.length;
    let at = start;
    const end = start + length;
    if (from[at] === MINUS) {
      bytes[to++] = MINUS;
      at += 1;
    }
    const whole = end - at - exponent;
    if (whole <= 0) {
      bytes[to++] = ZERO;
      bytes[to++] = POINT;
      for (let zeros = whole; zeros < 0; zeros++) bytes[to++] = ZERO;
    }
    for (const point = end - exponent; at < end; at++) {
      if (at === point && whole > 0) bytes[to++] = POINT;
      bytes[to++] = from[at] as number;
    }
    bytes[to++] = QUOTE;
    this.length = to;
  }

  /** `2026-01-31 09:30:00.1239+00` with so many decimals of the second, cut off: `2026-01-31T09:30:00.123Z`, and the closing quote. */
  instant({ bytes: from }: Bytes, start: number, decimals: number): void {
    this.room(ROOM_BYTES);
    const { bytes } = this;
    let to = this.length;
    let at = start;
    while (from[at] !== SPACE) bytes[to++] = from[at++] as number;
    bytes[to++] = LETTER_T;
    at += 1;
    for (const end = at + TIME_BYTES; at < end; at++) bytes[to++] = from[at] as number;
    bytes[to++] = POINT;
    let digits = decimals;
    if (from[at] === POINT) for (at += 1; digits > 0 && isDigit(from[at]); digits--) bytes[to++] = from[at++] as number;
    for (; digits > 0; digits--) bytes[to++] = ZERO;
    bytes[to++] = LETTER_Z;
    bytes[to++] = QUOTE;
    this.length = to;
  }

  /** `1.2500` is `1.25`, and the closing quote. */
  trimmed(from: Bytes, start: number, length: number): void {
    const { bytes } = from;
    let point = start;
    let end = start + length;
    while (point < end && bytes[point] !== POINT) point += 1;
    while (end > point + 1 && bytes[end - 1] === ZERO) end -= 1;
    if (end === point + 1) end = point;
    this.safe(from, start, end - start);
  }

  /** What was written since `start`, as base64 for addresses, in its place. */
  encode(start: number): void {
    const { length } = this;
    this.room(length * 2);
    const { bytes } = this;
    let to = length;
    for (let at = start; at < length; at += 3) {
      const left = length - at;
      const word =
        ((bytes[at] as number) << 16) |
        (left > 1 ? (bytes[at + 1] as number) << 8 : 0) |
        (left > 2 ? (bytes[at + 2] as number) : 0);
      bytes[to++] = BASE64[word >> 18] as number;
      bytes[to++] = BASE64[(word >> 12) & 63] as number;
      if (left > 1) bytes[to++] = BASE64[(word >> 6) & 63] as number;
      if (left > 2) bytes[to++] = BASE64[word & 63] as number;
    }
    bytes.copyWithin(start, length, to);
    this.length = start + to - length;
  }

  /** Null after all, where the quote of a text has been written. */
  insteadOfQuote(): void {
    this.length -= 1;
    this.literal(NULL);
  }

  /** There is room for so many bytes more. */
  room(size: number): void {
    if (this.length + size > this.bytes.length) this.grow(size);
  }

  private grow(size: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + size));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }
}

function escaped(bytes: Buffer, at: number, byte: number): number {
  const escape = ESCAPES[byte] as number;
  let to = at;
  bytes[to++] = BACKSLASH;
  bytes[to++] = escape;
  if (escape !== LETTER_U) return to;
  bytes[to++] = ZERO;
  bytes[to++] = ZERO;
  bytes[to++] = HEX[byte >> 4] as number;
  bytes[to++] = HEX[byte & 15] as number;
  return to;
}

/** Whether one of four bytes is a quote, a backslash or a control character. */
function hasEscape(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const lowest = ((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
  return (lowest & 0x80808080) !== 0;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

/** Postgres's infinity has no form among instants: it's shown as null. */
export const isInfinite = (from: Buffer, start: number): boolean => !isDigit(from[start]);

/** The decimals of the currency whose code stands there. */
export const exponentAt = (bytes: Buffer, at: number): number =>
  EXPONENTS[currencyAt(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)] ?? 2;
