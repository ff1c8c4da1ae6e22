/**
 * A stream on a WebSocket, between the protocol and the hub: the hub writes its messages straight to the socket, and the protocol
 * waits on an iterable that never yields, only ends.
 */
import type { GraphQLError } from 'graphql';
import type { LiveSink } from './live/hub.ts';
import type { Connection } from './socket-connection.ts';

export class SocketStream implements LiveSink {
  readonly #connection: Connection;
  readonly #id: string;
  readonly #ending = new Ending();

  constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.#id = id;
  }

  get waitingBytes(): number {
    return this.#connection.waitingBytes;
  }

  next(payloads: readonly Buffer[]): void {
    this.#connection.sendPayloads(this.#id, payloads);
  }

  end(errors: readonly GraphQLError[] | null): void {
    this.#ending.finish(errors?.[0] ?? null);
  }

  cut(): void {
    this.#connection.cut('tooSlow');
  }

  /** What the protocol waits for; when it stops waiting, the stream is followed no more. */
  until(followed: { stop(): void }): AsyncGenerator<never, undefined> {
    this.#ending.followed = followed;
    return this.#ending;
  }
}

const OVER: IteratorResult<never, undefined> = { done: true, value: undefined };

/** Whether or not anybody waits for it yet. */
function failed(reason: GraphQLError): Promise<never> {
  const failure = Promise.reject<never>(reason);
  failure.catch(() => {});
  return failure;
}

/** As small as can be, since there is one for each stream: one promise for whoever waits. */
class Ending implements AsyncGenerator<never, undefined> {
  followed: { stop(): void } | null = null;
  #end: ((end: IteratorResult<never, undefined> | Promise<never>) => void) | null = null;
  #ended: Promise<IteratorResult<never, undefined>> | null = null;

  finish(reason: GraphQLError | null): void {
    const end = reason ? failed(reason) : OVER;
    if (this.#end) this.#end(end);
    else this.#ended ??= Promise.resolve(end);
    this.#end = null;
  }

  next(): Promise<IteratorResult<never, undefined>> {
    this.#ended ??= new Promise((end) => {
      this.#end = end;
    });
    return this.#ended;
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.followed?.stop();
    this.finish(null);
    return Promise.resolve(OVER);
  }

  throw(): Promise<IteratorResult<never, undefined>> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
