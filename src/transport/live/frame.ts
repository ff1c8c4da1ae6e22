/**
 * WebSocket frames of `next` messages, made once for all sockets on which the stream has the same id. A server's frames are whole,
 * unmasked and uncompressed here, so that a frame is its length and its text.
 */

const TEXT = 0x81;
const TAIL = '}';
const SHORT_MAX = 125;
const MIDDLE_MAX = 0xffff;

/** What was made last: the members of a group follow each other with the same list, and often with the same id. */
const last: { id: string; payloads: readonly Buffer[] | null; frames: Buffer } = {
  id: '',
  payloads: null,
  frames: Buffer.alloc(0),
};

/** @example framesOf('1', [Buffer.from('{"data":{"tick":"0"}}')]) // the frame of {"id":"1","type":"next","payload":{"data":{"tick":"0"}}} */
export function framesOf(id: string, payloads: readonly Buffer[]): Buffer {
  if (last.payloads === payloads && last.id === id) return last.frames;
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const headBytes = Buffer.byteLength(head);
  let size = 0;
  for (const { length } of payloads) size += headerBytes(headBytes + length + 1) + headBytes + length + 1;
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const payload of payloads) {
    at = writeHeader(frames, at, headBytes + payload.length + 1);
    at += frames.write(head, at);
    at += payload.copy(frames, at);
    at += frames.write(TAIL, at);
  }
  Object.assign(last, { id, payloads, frames });
  return frames;
}

const headerBytes = (length: number): number => (length <= SHORT_MAX ? 2 : length <= MIDDLE_MAX ? 4 : 10);

function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = TEXT;
  if (length <= SHORT_MAX) {
    frames[at + 1] = length;
    return at + 2;
  }
  if (length <= MIDDLE_MAX) {
    frames[at + 1] = 126;
    return frames.writeUInt16BE(length, at + 2);
  }
  frames[at + 1] = 127;
  return frames.writeBigUInt64BE(BigInt(length), at + 2);
}
