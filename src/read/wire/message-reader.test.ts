import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, HEADER_BYTES, MessageReader } from './message-reader.ts';

interface Message {
  readonly code: number;
  readonly body: Uint8Array;
}

/** Some are larger than the buffer. */
const bodies = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc.record({ length: fc.nat(300_000), byte: fc.nat(255) }).map(({ length, byte }) => Buffer.alloc(length, byte)),
  },
);
const messages = fc.array(fc.record({ code: fc.integer({ min: 1, max: 255 }), body: bodies }), { maxLength: 30 });

const wired = ({ code, body }: Message): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES + body.length);
  bytes[0] = code;
  bytes.writeInt32BE(4 + body.length, 1);
  bytes.set(body, HEADER_BYTES);
  return bytes;
};

interface Seen {
  readonly code: number;
  readonly body: string;
}

describe('what reads the messages of the database', () => {
  const seenBy = (feed: (reader: MessageReader) => void): Seen[] => {
    const seen: Seen[] = [];
    feed(
      new MessageReader((code, bytes, start) =>
        seen.push({ code, body: bytes.subarray(start, endOf(bytes, start)).toString('hex') }),
      ),
    );
    return seen;
  };

  it('gives each message once and whole, wherever the bytes are cut and however they come', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 20 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(wired));
        const expected = sent.map(({ code, body }) => ({ code, body: Buffer.from(body).toString('hex') }));
        const pieces = (take: (at: number, size: number) => number) => {
          for (let at = 0, n = 0; at < bytes.length; n++) at += take(at, cuts[n % cuts.length] ?? 1);
        };
        const read = seenBy((reader) =>
          pieces((at, size) => {
            const piece = Buffer.from(bytes.subarray(at, at + size));
            reader.read(piece);
            return piece.length;
          }),
        );
        const took = seenBy((reader) =>
          pieces((at, size) => {
            const taken = bytes.copy(reader.room, 0, at, at + size);
            reader.took(taken);
            return taken;
          }),
        );
        expect(read).toEqual(expected);
        expect(took).toEqual(expected);
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});
