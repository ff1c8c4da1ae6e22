/**
 * The pieces of work in the background as one: begun together and ended together. Once they are to end they are never begun, also when
 * the end comes while they begin; it waits for that.
 */
interface Work {
  start(): Promise<void> | void;
  stop(): Promise<void>;
}

export function createBackground(works: readonly Work[]): { start(): Promise<void>; stop(): Promise<void> } {
  let starting: Promise<unknown> = Promise.resolve();
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await starting.catch(() => {}); // whoever started it is told
    await Promise.allSettled(works.map((work) => work.stop()));
  };
  return {
    async start() {
      if (stopping) return;
      starting = Promise.all(works.map(async (work) => work.start()));
      await starting;
    },
    stop: () => (stopping ??= stop()),
  };
}
