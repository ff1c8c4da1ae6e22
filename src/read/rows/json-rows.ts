/**
 * The sink that turns rows into JSON as they come: each row is compared with the one before, so that what it begins is opened and
 * what it ends is closed. One buffer grows; no value of a column becomes an object of JavaScript's.
 */
import type { RowSink } from '../wire/byte-pool.ts';
import { type Bytes, exponentAt, isInfinite, JsonBytes, QUOTE, viewed } from './json-bytes.ts';
import { OP, type RowsLevel, type RowsPart, type RowsProgram, STEP } from './program.ts';
import { copyRow, emptyRow, isSameColumn, NOTHING, readRow, type Row } from './row.ts';
import { isTrue, NULL, word, writeCursor } from './words.ts';

export interface JsonRows extends RowSink {
  /** Records at the root; one more than shown where there are more. */
  readonly rowCount: number;
  /** `"key":…`, once all rows have come. */
  finish(): Buffer;
}

export const jsonRows = (program: RowsProgram): JsonRows => new RowsWriter(program);

/** A level while its list is written. */
interface State {
  readonly level: RowsLevel;
  /** Rows shown. */
  count: number;
  hasMore: boolean;
  /** The one shown last. */
  readonly row: Row;
  /** Where each part goes. */
  readonly outs: JsonBytes[];
  startCursor: Bytes | null;
}

const COMMA = 0x2c;
const WORD_BYTES = 4;
const SHORT_BYTES = 64;
/** More than a short value, a word beyond it and its quote. */
const ROOM_BYTES = 80;
/** `null` */
const NULL_WORD = 0x6c_6c_75_6e;

class RowsWriter implements JsonRows {
  private readonly out: JsonBytes;
  private readonly states: readonly State[];
  private readonly scratch: Row;
  /** How many levels wait for rows of the next one. */
  private open = 0;

  constructor({ columns, levels }: RowsProgram) {
    this.out = new JsonBytes();
    this.scratch = emptyRow(columns);
    this.states = levels.map((level) => ({
      level,
      count: 0,
      hasMore: false,
      row: emptyRow(0),
      outs: [this.out],
      startCursor: null,
    }));
  }

  get rowCount(): number {
    const records = this.states[1];
    return records ? records.count + (records.hasMore ? 1 : 0) : 0;
  }

  row(bytes: Buffer, offset: number): void {
    const { states, scratch: row } = this;
    readRow(row, bytes, offset);
    if (this.open === 0) this.begin(0, row);
    let depth = 1;
    while (depth < this.open && this.isSame(depth, row)) depth += 1;
    this.close(depth);
    while (depth === this.open && depth < states.length) {
      this.begin(depth, row);
      depth += 1;
    }
  }

  finish(): Buffer {
    if (this.open === 0) this.begin(0, this.scratch);
    this.close(0);
    return this.out.finish();
  }

  private isSame(depth: number, row: Row): boolean {
    const { level, row: before } = this.states[depth] as State;
    return isSameColumn(level.key, before, row);
  }

  private begin(depth: number, row: Row): void {
    const state = this.states[depth] as State;
    const { level, outs } = state;
    if (!isShown(state, row)) return;
    keep(state, row, depth < this.states.length - 1);
    for (let i = 0; i < level.parts.length; i++) {
      const part = level.parts[i] as RowsPart;
      const out = outs[i] as JsonBytes;
      if (state.count > 0) out.byte(COMMA);
      const reached = this.write({ part, out, row, level, child: this.states[depth + 1] ?? null }, 0);
      if (reached >= 0) this.openChild(depth, out);
    }
    state.count += 1;
  }

  /** The rows that come next belong to this one. */
  private openChild(depth: number, out: JsonBytes): void {
    this.open = depth + 1;
    const child = this.states[depth + 1] as State;
    child.count = 0;
    child.hasMore = false;
    child.startCursor = null;
    child.level.parts.forEach((part, i) => {
      child.outs[i] = part.isDirect ? out : new JsonBytes();
    });
  }

  private close(depth: number): void {
    while (this.open > depth) {
      this.open -= 1;
      const state = this.states[this.open] as State;
      const { level, row } = state;
      const at = level.parts.findIndex(({ childAt }) => childAt >= 0);
      const part = level.parts[at] as RowsPart;
      this.write(
        { part, out: state.outs[at] as JsonBytes, row, level, child: this.states[this.open + 1] ?? null },
        part.childAt + STEP.SIZE,
      );
    }
  }

  /**
   * Follows the ops from one on; gives where it stopped: at a child, or -1 at the end. Short pieces are copied right here, word by word and
   * beyond their ends (what comes next is written over it): a call for each would cost more than its bytes.
   */
  private write(writing: Writing, first: number): number {
    const { part, out, row } = writing;
    const { code, literals } = part;
    const { at, view: from } = row;
    const readable = from.byteLength - WORD_BYTES;
    let { view: to, length: n } = out;
    for (let step = first; step < code.length; step += STEP.SIZE) {
      const kind = code[step] as number;
      const column = code[step + STEP.COLUMN] as number;
      const length = column < 0 ? 0 : (at[column * 2 + 1] as number);
      const start = column < 0 ? 0 : (at[column * 2] as number);
      const literal = code[step + STEP.START] as number;
      const literalEnd = code[step + (length < 0 ? STEP.PLAIN_END : STEP.END)] as number;
      if (n + literalEnd - literal + ROOM_BYTES > to.byteLength) {
        out.length = n;
        out.room(literalEnd - literal + ROOM_BYTES);
        to = out.view;
      }
      for (let read = literal, put = n; read < literalEnd; read += WORD_BYTES, put += WORD_BYTES)
        to.setInt32(put, literals.view.getInt32(read, true), true);
      n += literalEnd - literal;
      if (length < 0) {
        to.setInt32(n, NULL_WORD, true);
        n += WORD_BYTES;
        if (kind === OP.OBJECT) step = (code[step + STEP.OTHER] as number) - STEP.SIZE;
      } else if (kind <= OP.SAFE && length <= SHORT_BYTES && start + length <= readable) {
        for (let read = start, put = n; read < start + length; read += WORD_BYTES, put += WORD_BYTES)
          to.setInt32(put, from.getInt32(read, true), true);
        n += length;
        if (kind === OP.SAFE) to.setUint8(n++, QUOTE);
      } else if (kind !== OP.OBJECT) {
        out.length = n;
        if (kind === OP.CHILD) return step;
        this.other(writing, step, { start, length });
        n = out.length;
        to = out.view;
      }
    }
    out.length = n;
    return -1;
  }

  private other({ part, out, row, level, child }: Writing, step: number, { start, length }: Span): void {
    const { bytes, at } = row;
    const kind = part.code[step] as number;
    const other = part.code[step + STEP.OTHER] as number;
    switch (kind) {
      case OP.TEXT:
        return out.text(row, start, length);
      case OP.RAW:
        return out.raw(row, start, length);
      case OP.SAFE:
        return out.safe(row, start, length);
      case OP.BOOLEAN:
        return word(out, isTrue(bytes[start]));
      case OP.INSTANT:
        return isInfinite(bytes, start) ? out.insteadOfQuote() : out.instant(row, start, 3);
      case OP.MONEY:
        if ((at[other * 2 + 1] as number) < 0) return out.insteadOfQuote();
        return out.money(row, start, { length, exponent: exponentAt(bytes, at[other * 2] as number) });
      case OP.TRIMMED:
        return out.trimmed(row, start, length);
      case OP.CURSOR:
        if (level.cursor) writeCursor(out, level.cursor, row);
        return;
      default:
        if (child) ofChild({ kind, other }, out, child);
    }
  }
}

interface Span {
  readonly start: number;
  readonly length: number;
}

interface Writing {
  readonly part: RowsPart;
  readonly out: JsonBytes;
  readonly row: Row;
  readonly level: RowsLevel;
  readonly child: State | null;
}

function isShown(state: State, { bytes, at }: Row): boolean {
  const { key, further, size } = state.level;
  if (key >= 0 && (at[key * 2 + 1] as number) < 0) return false;
  if (further >= 0 ? isTrue(bytes[at[further * 2] as number]) : state.count === size) {
    state.hasMore = true;
    return false;
  }
  return true;
}

/** What the end of the list, or of the row, will need. */
function keep(state: State, row: Row, hasChildren: boolean): void {
  const { level } = state;
  if (level.keepsEdges && level.cursor && state.count === 0) {
    const cursor = new JsonBytes();
    writeCursor(cursor, level.cursor, row);
    state.startCursor = viewed(cursor.finish());
  }
  if (!hasChildren && !level.keepsEdges) return;
  copyRow(row, state.row);
}

/** What the list says at its end. */
function ofChild({ kind, other }: { readonly kind: number; readonly other: number }, out: JsonBytes, child: State): void {
  const { level, row, count, startCursor } = child;
  const isEmpty = count === 0;
  if (kind === OP.MORE) word(out, child.hasMore);
  else if (kind === OP.LIST) {
    const list = viewed(child.outs[other]?.finish() ?? NOTHING.bytes);
    out.raw(list, 0, list.bytes.length);
  } else if (kind === OP.NONE || kind === OP.START_CURSOR || kind === OP.END_CURSOR) {
    if (isEmpty) out.literal(NULL);
    else if (kind === OP.START_CURSOR && startCursor) out.raw(startCursor, 0, startCursor.bytes.length);
    else if (kind === OP.END_CURSOR && level.cursor) writeCursor(out, level.cursor, row);
  }
}
