/** A pause that ends early when there is something to do. What was told while nobody paused isn't lost: the next pause is skipped. */
export interface WakeUp {
  wake(): void;
  /** From here on only what comes is news: call it before looking for work. Returns whether it was woken. */
  reset(): boolean;
  /** Until woken, at most so long; not at all when woken since the last `reset`, or when the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let isWoken = false;
  let interrupt = (): void => {};
  return {
    wake: () => {
      isWoken = true;
      interrupt();
    },
    reset: () => {
      const wasWoken = isWoken;
      isWoken = false;
      return wasWoken;
    },
    pause: (ms, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          interrupt = () => {};
          resolve();
        };
        const timer = setTimeout(end, ms);
        interrupt = end;
        signal.addEventListener('abort', end);
        if (isWoken || signal.aborted) end();
      }),
  };
}
