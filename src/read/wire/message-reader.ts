/**
 * Cuts the bytes that Postgres sends into its messages. All of them come into one buffer that is written again and again, so whoever
 * gets a message has to copy what it keeps.
 */

/** One message: its code, and where its body begins. The bytes hold until it returns. */
export type OnMessage = (code: number, bytes: Buffer, start: number) => void;

/** Where the body that begins at `start` ends: the length stands before it. */
export const endOf = (bytes: Buffer, start: number): number => start - 4 + bytes.readInt32BE(start - 4);

/** A message's code and its length. */
export const HEADER_BYTES = 5;
const SLAB_BYTES = 64 * 1024;

export class MessageReader {
  private readonly onMessage: OnMessage;
  private readonly own = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** Another one than our own while a message is larger. */
  private slab = this.own;
  /** Bytes at the beginning of a message whose end hasn't come yet. */
  private waitingBytes = 0;

  constructor(onMessage: OnMessage) {
    this.onMessage = onMessage;
  }

  /** Where the bytes go that come next. */
  get room(): Buffer {
    return this.slab.subarray(this.waitingBytes);
  }

  /** So many have come there. */
  took(bytes: number): void {
    const { slab } = this;
    const end = this.waitingBytes + bytes;
    let at = 0;
    let wantedBytes = HEADER_BYTES;
    while (at + HEADER_BYTES <= end) {
      wantedBytes = 1 + slab.readInt32BE(at + 1);
      if (at + wantedBytes > end) break;
      this.onMessage(slab[at] as number, slab, at + HEADER_BYTES);
      at += wantedBytes;
      wantedBytes = HEADER_BYTES;
    }
    this.waitingBytes = end - at;
    if (wantedBytes > slab.length) this.slab = Buffer.allocUnsafeSlow(wantedBytes);
    else if (slab !== this.own && wantedBytes <= SLAB_BYTES && this.waitingBytes < SLAB_BYTES) this.slab = this.own;
    if (at > 0 || slab !== this.slab) slab.copy(this.slab, 0, at, end);
  }

  /** Bytes that came elsewhere. */
  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.copy(this.slab, this.waitingBytes, at);
      at += taken;
      this.took(taken);
    }
  }
}
