/** From the rows of a whole operation's statement to the bytes of its answer, without a string or an object in between. */
import { jsonRows } from '../rows/json-rows.ts';
import type { RowSink } from '../wire/byte-pool.ts';
import { AMBIGUOUS } from './root.ts';
import type { Template } from './template.ts';

export interface AnswerSink extends RowSink {
  /** The JSON object of all root fields; null where a natural key fits several records, which the ordinary path names. */
  finish(): readonly Buffer[] | null;
}

export const answerSink = (template: Template): AnswerSink =>
  template.program ? new RowsAnswer(template, template.program) : new JsonAnswer(template);

const NULL = Buffer.from('null');
const LENGTH_BYTES = 4;

/** What stands around the values of root fields, made once for a template: the text before each, and the end. */
const frames = new WeakMap<Template, readonly Buffer[]>();

function frameOf(template: Template): readonly Buffer[] {
  const known = frames.get(template);
  if (known) return known;
  const pieces: string[] = [];
  let text = '{';
  template.roots.forEach(({ key, text: fixed }, i) => {
    if (i > 0) text += ',';
    // rows come with their key
    if (fixed === null && template.program === null) text += `${JSON.stringify(key)}:`;
    if (fixed !== null) text += `${JSON.stringify(key)}:${fixed}`;
    else {
      pieces.push(text);
      text = '';
    }
  });
  const frame = [...pieces, `${text}}`].map((piece) => Buffer.from(piece));
  frames.set(template, frame);
  return frame;
}

class RowsAnswer implements AnswerSink {
  private readonly template: Template;
  private readonly rows: ReturnType<typeof jsonRows>;

  constructor(template: Template, program: NonNullable<Template['program']>) {
    this.template = template;
    this.rows = jsonRows(program);
  }

  row(bytes: Buffer, offset: number): void {
    this.rows.row(bytes, offset);
  }

  finish(): readonly Buffer[] | null {
    if (this.template.isOne && this.rows.rowCount > 1) return null;
    return framed(this.template, [this.rows.finish()]);
  }
}

/** One row: a column of JSON text for each root field. */
class JsonAnswer implements AnswerSink {
  private readonly template: Template;
  private values: readonly Buffer[] = [];

  constructor(template: Template) {
    this.template = template;
  }

  row(bytes: Buffer, offset: number): void {
    let at = offset + 2;
    this.values = Array.from({ length: bytes.readInt16BE(offset) }, () => {
      const length = bytes.readInt32BE(at);
      at += LENGTH_BYTES;
      if (length < 0) return NULL;
      at += length;
      return Buffer.from(bytes.subarray(at - length, at));
    });
  }

  finish(): readonly Buffer[] | null {
    const isAmbiguous = this.values.some((value) => value.length === 1 && value.toString('latin1') === AMBIGUOUS);
    return isAmbiguous ? null : framed(this.template, this.values);
  }
}

const framed = (template: Template, values: readonly Buffer[]): readonly Buffer[] => {
  const frame = frameOf(template);
  return frame.flatMap((piece, i) => {
    const value = values[i];
    return value ? [piece, value] : [piece];
  });
};
