/** Runs what was asked for over an event stream: a subscription through the hub, anything else at once. Nothing here decides who may. */
import { execute, type ExecutionArgs, type FormattedExecutionResult, type GraphQLError } from 'graphql';
import { takeLogPosition } from '../../read/log-position.ts';
import type { GraphContext } from '../../write/context.ts';
import { type BegunOperation, wrapped } from '../begin-operation.ts';
import type { Translator } from '../errors.ts';
import type { InFairTurn } from '../fair-turns.ts';
import type { Hub } from '../live/hub.ts';
import type { ListenOptions } from '../options.ts';
import type { EventStream } from './event-stream.ts';
import { OperationSink } from './operation-sink.ts';

export interface RunParts extends Pick<ListenOptions, 'config'> {
  readonly hub: Hub;
  readonly inFairTurn: InFairTurn;
  readonly translator: Translator;
}

export interface Asked {
  readonly stream: EventStream;
  /** Null: the stream is its own. */
  readonly id: string | null;
}

/** Errors of the request as a message of the stream: a client of event streams can't read an answer with another status. */
export function refuse(parts: RunParts, asked: Asked, errors: readonly GraphQLError[]): void {
  sinkOf(parts, asked).end(errors);
}

export function runOperation(parts: RunParts, { stream, id }: Asked, { kind, args, cost }: BegunOperation): void {
  const sink = sinkOf(parts, { stream, id });
  const key = id ?? '';
  if (kind !== 'subscription') {
    // it runs to its end, whoever still waits for it
    stream.running.set(key, { isShort: true, stop: () => {} });
    void answer(parts, args).then((result) => sink.result({ ...result, extensions: { ...result.extensions, cost } }));
    return;
  }
  let stop = (): void => {
    isStopped = true;
  };
  let isStopped = false;
  stream.running.set(key, { isShort: false, stop: () => stop() });
  parts.hub.follow(args, sink).then(
    (followed) => {
      if ('errors' in followed) {
        if (!isStopped) sink.end(followed.errors);
      } else if (isStopped) followed.stop();
      else stop = () => followed.stop();
    },
    (error: unknown) => {
      if (!isStopped) sink.end([wrapped(error)]);
    },
  );
}

const sinkOf = (parts: RunParts, { stream, id }: Asked): OperationSink =>
  new OperationSink({ stream, id, show: (errors) => parts.translator.showFirst(errors) });

async function answer(parts: RunParts, args: ExecutionArgs): Promise<FormattedExecutionResult> {
  const context = args.contextValue as GraphContext;
  try {
    const result = await parts.inFairTurn(context.principal.tenantId, async () => {
      await takeLogPosition(context, args.document);
      return execute(args);
    });
    const { errors, ...rest } = result;
    return errors ? { ...rest, errors: parts.translator.showFirst(errors, context.requestId) } : rest;
  } catch (error) {
    return { errors: parts.translator.showFirst([wrapped(error)], context.requestId) };
  }
}
