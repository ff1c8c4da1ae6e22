/**
 * A generator that can be left at any time: by itself it would keep `return()` waiting until its pending `next()` yields, which may
 * be never. `stop` must make the generator end; `done` is called once it has.
 */
export function abortable<T>(
  events: AsyncGenerator<T, undefined>,
  { stop, done }: { readonly stop: () => void; readonly done: () => void },
): AsyncIterableIterator<T, undefined> {
  const settle = async (step: Promise<IteratorResult<T, undefined>>): Promise<IteratorResult<T, undefined>> => {
    try {
      const result = await step;
      if (result.done) done();
      return result;
    } catch (error) {
      done();
      throw error;
    }
  };
  return {
    next: () => settle(events.next()),
    return: () => {
      stop();
      return settle(events.return(undefined));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
