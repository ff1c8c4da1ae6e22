/** A stream of its own kind, which isn't of the log (the progress of a sync): it is iterated for its one subscriber, at that one's pace. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { type LiveSink, type Pace, untilTaken } from './sink.ts';

export interface PlainStream {
  readonly source: AsyncIterable<unknown>;
  readonly sink: LiveSink;
  readonly answer: (message: unknown, isOver: () => boolean) => Promise<string>;
  readonly pace: Pace;
  readonly wrapped: (error: unknown) => GraphQLError;
}

/** `stop` says nothing to the sink. */
export function followPlainly(stream: PlainStream): { stop(): void } {
  const { sink, answer, pace, wrapped } = stream;
  const source = stream.source[Symbol.asyncIterator]();
  let isOver = false;
  const close = (errors: readonly GraphQLError[] | null): void => {
    if (isOver) return;
    stop();
    sink.end(errors);
  };
  const stop = (): void => {
    isOver = true;
    // one that waits for its next message can say no more than that it is over
    source.return?.().catch(() => {});
  };
  const over = () => isOver;
  const follow = async (): Promise<void> => {
    for (let step = await source.next(); !step.done && !isOver; step = await source.next()) {
      const text = await answer(step.value, over);
      if (isOver) return;
      sink.next([Buffer.from(text)]);
      await nextTurn();
      await untilTaken(sink, { pace, waiting: () => 0, isOver: over });
    }
  };
  follow().then(
    () => close(null),
    (error: unknown) => close([wrapped(error)]),
  );
  return { stop };
}
