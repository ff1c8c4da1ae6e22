/** Pages with the next one already asked for: one is written while the other is on its way, and never more than these two are held. */

export interface Ahead<T> {
  readonly item: T;
  /** When it was asked for. */
  readonly askedAt: Date;
}

export async function* ahead<T>(source: AsyncIterable<T>, now: () => Date): AsyncGenerator<Ahead<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): { readonly askedAt: Date; readonly result: Promise<IteratorResult<T>> } => {
    const askedAt = now();
    const result = iterator.next();
    // told to whoever waits for it; until then nobody does
    result.catch(() => {});
    return { askedAt, result };
  };
  let next = ask();
  try {
    for (;;) {
      const { askedAt } = next;
      const { done, value } = await next.result;
      if (done) return;
      next = ask();
      yield { item: value, askedAt };
    }
  } finally {
    await next.result.catch(() => {});
    await iterator.return?.();
  }
}
