// Knows where one HTTP answer ends, for the processes that make load: they read no more of it than they must.
const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Knows where one answer ends: by its length, or by the last of its chunks. */
export class Answer {
  status = 0;
  private head: Buffer = Buffer.alloc(0);
  private isHeadDone = false;
  private left = 0;
  private isChunked = false;

  /** True with its last byte. */
  take(chunk: Buffer): boolean {
    if (this.isHeadDone) return this.takeBody(chunk);
    this.head = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return false;
    const text = this.head.toString('latin1', 0, end);
    this.status = Number(text.slice(9, 12));
    this.isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    this.left = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    this.isHeadDone = true;
    return this.takeBody(this.head.subarray(end + HEAD_END.length));
  }

  private takeBody(chunk: Buffer): boolean {
    // nobody asks before the answer is whole, so that nothing can follow its last chunk
    if (this.isChunked) return chunk.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
    this.left -= chunk.length;
    return this.left <= 0;
  }
}
