/**
 * Cuts the bytes that Postgres sends into its messages. A buffer that was handed on is never written again, so whoever gets a
 * row may keep it.
 */

/** One message: its code, and where its body begins. */
export type OnMessage = (code: number, bytes: Buffer, start: number) => void;

/** Where the body that begins at `start` ends: the length stands before it. */
export const endOf = (bytes: Buffer, start: number): number => start - 4 + bytes.readInt32BE(start - 4);

/** A message's code and its length. */
export const HEADER_BYTES = 5;

export class MessageReader {
  private readonly onMessage: OnMessage;
  /** The beginning of a message whose end hasn't come yet. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private wantedBytes = HEADER_BYTES;

  constructor(onMessage: OnMessage) {
    this.onMessage = onMessage;
  }

  read(chunk: Buffer): void {
    if (this.waitingBytes === 0) return this.cut(chunk);
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    // joined once, however many chunks a long row comes in
    if (this.waitingBytes < this.wantedBytes) return;
    const joined = Buffer.concat(this.waiting, this.waitingBytes);
    this.waiting = [];
    this.waitingBytes = 0;
    this.cut(joined);
  }

  private cut(bytes: Buffer): void {
    let at = 0;
    this.wantedBytes = HEADER_BYTES;
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) {
        this.wantedBytes = end - at;
        break;
      }
      this.onMessage(bytes[at] ?? 0, bytes, at + HEADER_BYTES);
      at = end;
    }
    if (at === bytes.length) return;
    this.waiting.push(bytes.subarray(at));
    this.waitingBytes = bytes.length - at;
  }
}
