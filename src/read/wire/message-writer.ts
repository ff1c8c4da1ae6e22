/**
 * Messages to Postgres, one behind the other in one buffer, so that everything of one turn of the event loop leaves in one
 * write. Knows the form of the messages only.
 */

const SLAB_BYTES = 64 * 1024;
/** A character of JavaScript takes at most so many bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;
const EXECUTE = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** A text, or bytes in the type's own binary form. */
export type Value = string | Uint8Array | null;

export class MessageWriter {
  private slab = Buffer.allocUnsafe(SLAB_BYTES);
  /** What is before it has been taken. */
  private start = 0;
  private end = 0;

  parse(name: string, text: string): void {
    const at = this.begin(0x50, 12 + (name.length + text.length) * BYTES_PER_CHARACTER);
    this.text(name);
    this.text(text);
    // no types of parameters: each stands in the text where it needs one
    this.int16(0);
    this.finish(at);
  }

  /** The unnamed portal over a prepared statement: results as text, and values but those that are bytes. */
  bind(statement: string, values: readonly Value[]): void {
    let size = 24 + statement.length * BYTES_PER_CHARACTER;
    for (const value of values) size += 6 + (value?.length ?? 0) * (typeof value === 'string' ? BYTES_PER_CHARACTER : 1);
    const at = this.begin(0x42, size);
    this.slab[this.end++] = 0;
    this.text(statement);
    this.formats(values);
    this.int16(values.length);
    for (const value of values) this.value(value);
    this.int16(0);
    this.finish(at);
  }

  /** Describes a prepared statement. */
  describe(name: string): void {
    this.named(0x44, name);
  }

  /** Forgets a prepared statement. */
  close(name: string): void {
    this.named(0x43, name);
  }

  execute(): void {
    this.bytes(EXECUTE);
  }

  sync(): void {
    this.bytes(SYNC);
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.slab.subarray(this.start, this.end);
    this.start = this.end;
    return taken;
  }

  private named(code: number, name: string): void {
    const at = this.begin(code, 12 + name.length * BYTES_PER_CHARACTER);
    this.slab[this.end++] = 0x53;
    this.text(name);
    this.finish(at);
  }

  private begin(code: number, size: number): number {
    this.reserve(size);
    this.slab[this.end] = code;
    this.end += 5;
    return this.end - 4;
  }

  /** The length goes where it belongs, once it is known. */
  private finish(at: number): void {
    this.slab.writeInt32BE(this.end - at, at);
  }

  /** All as text where none is said. */
  private formats(values: readonly Value[]): void {
    const hasBytes = values.some((value) => value instanceof Uint8Array);
    this.int16(hasBytes ? values.length : 0);
    if (hasBytes) for (const value of values) this.int16(value instanceof Uint8Array ? 1 : 0);
  }

  private value(value: Value): void {
    if (value === null) {
      this.end = this.slab.writeInt32BE(-1, this.end);
      return;
    }
    if (typeof value !== 'string') {
      this.end = this.slab.writeInt32BE(value.length, this.end);
      this.slab.set(value, this.end);
      this.end += value.length;
      return;
    }
    const written = this.slab.write(value, this.end + 4);
    this.slab.writeInt32BE(written, this.end);
    this.end += 4 + written;
  }

  private text(text: string): void {
    this.end += this.slab.write(text, this.end);
    this.slab[this.end++] = 0;
  }

  private int16(n: number): void {
    this.end = this.slab.writeUInt16BE(n, this.end);
  }

  private bytes(bytes: Buffer): void {
    this.reserve(bytes.length);
    bytes.copy(this.slab, this.end);
    this.end += bytes.length;
  }

  /** A slab that was handed out is never written again, so a new one takes over what is still to go. */
  private reserve(size: number): void {
    if (this.end + size <= this.slab.length) return;
    const waiting = this.end - this.start;
    const slab = Buffer.allocUnsafe(Math.max(SLAB_BYTES, (waiting + size) * 2));
    this.slab.copy(slab, 0, this.start, this.end);
    this.slab = slab;
    this.start = 0;
    this.end = waiting;
  }
}
