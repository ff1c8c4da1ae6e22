// Ordinary reads at a steady rate, whatever the answers take: what a reader waits for is counted from the moment at which it would have
// asked, so that a server that stands still is not spared the reads of that time.
import { setTimeout as wait } from 'node:timers/promises';

export interface Waits {
  readonly count: number;
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Reading {
  readonly port: number;
  readonly token: string;
  readonly documents: readonly string[];
  readonly perSecond: number;
  /** They end when it does. */
  readonly until: Promise<unknown>;
}

export async function pacedReads({ port, token, documents, perSecond, until }: Reading): Promise<Waits> {
  const times: number[] = [];
  const state = { isOver: false, refused: 0 };
  until.then(
    () => (state.isOver = true),
    () => (state.isOver = true),
  );
  const read = async (query: string, due: number): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    if (!response.ok || text.includes('"errors"')) state.refused += 1;
    times.push(performance.now() - due);
  };
  const start = performance.now();
  const under: Promise<void>[] = [];
  for (let n = 0; !state.isOver; n++) {
    const due = start + (n * 1_000) / perSecond;
    const leftMs = due - performance.now();
    if (leftMs > 0) await wait(leftMs);
    under.push(read(documents[n % documents.length] ?? '', Math.max(due, start)));
  }
  await Promise.all(under);
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { count: times.length, refused: state.refused, p50Ms: at(0.5), p99Ms: at(0.99) };
}
