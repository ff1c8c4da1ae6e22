/**
 * The life of a command: what it opens is closed in reverse order, whether it ends by itself, fails half-way or is stopped.
 * Ctrl-C comes several times within milliseconds when npm and the shell pass it on, so only a second one after a second means force.
 */
import { monotonicMs } from '../kernel/clock.ts';
import { Interrupted } from './failure.ts';
import { say } from './terminal.ts';

export interface Lifetime {
  /** Closes it at the end. @throws Interrupted, after closing it, when the end has come already */
  own(close: () => Promise<unknown>): Promise<void>;
  /** Aborted when the user stops the command. */
  readonly signal: AbortSignal;
  /** Resolves when the user stops the command. */
  readonly stopped: Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const FORCE_AFTER_MS = 1_000;
const FORCED_MS = 3_000;
/** Whoever stops us kills us after ten seconds: whatever hangs by then is left to those who take over. */
const STOP_MAX_MS = 9_500;
/** What is under way may end by itself for so long; then the ground is taken from under it. */
const GRACE_MS = 1_500;

/** Runs `work` and closes what it owns. Stopped by the user: returns undefined. */
export async function withLifetime<T>(work: (life: Lifetime) => Promise<T>): Promise<T | undefined> {
  const closers: (() => Promise<unknown>)[] = [];
  const abort = new AbortController();
  const stopped = new Promise<void>((done) => abort.signal.addEventListener('abort', () => done(), { once: true }));
  const state = { isOver: false, stoppedAtMs: 0 };
  const onSignal = (): void => {
    if (!abort.signal.aborted) {
      state.stoppedAtMs = monotonicMs();
      say('Stopping …');
      setTimeout(stopHanging, STOP_MAX_MS).unref();
      abort.abort();
    } else if (monotonicMs() - state.stoppedAtMs > FORCE_AFTER_MS) force(closers);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  const life: Lifetime = {
    signal: abort.signal,
    stopped,
    async own(close) {
      if (!state.isOver) return void closers.push(close);
      await close();
      throw new Interrupted();
    },
  };
  const working = work(life);
  try {
    await Promise.race([working, stopped]);
    if (!abort.signal.aborted) return await working;
    const value = await within(GRACE_MS, working.catch(ignore));
    return value ?? undefined;
  } finally {
    state.isOver = true;
    await closeAll(closers);
    // what was being opened when the end came closes itself in `own`
    await within(FORCED_MS, working.catch(ignore));
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) {
    await close().catch((error: unknown) => say(`Closing: ${error instanceof Error ? error.message : String(error)}`));
  }
}

function stopHanging(): void {
  say(`Not everything ended within ${STOP_MAX_MS / 1_000} s; others go on with what is left.`);
  process.exit(1);
}

function force(closers: (() => Promise<unknown>)[]): void {
  void within(FORCED_MS, Promise.allSettled(closers.splice(0).map((close) => close()))).then(() => process.exit(1));
}

const ignore = (): undefined => undefined;

/** What the promise gives, or undefined when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
