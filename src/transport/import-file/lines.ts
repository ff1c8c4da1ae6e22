/** A stream of bytes as lines, none longer than a limit: a file without line ends must not fill the memory. */

export class TooLong extends Error {}

/** @throws TooLong */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = chunk.subarray(from, end);
      yield textOf(rest.length === 0 ? line : Buffer.concat([rest, line]));
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(from)]);
    if (rest.length > maxBytes) throw new TooLong();
  }
  if (rest.length > 0) yield textOf(rest);
}

const textOf = (line: Buffer): string => line.toString('utf8').replace(/\r$/, '');
