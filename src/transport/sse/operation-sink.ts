/** One operation on an event stream: its messages in the protocol of graphql-sse. `id` is that of a stream which many share; a stream of its own has none. */
import type { FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { cursorText } from '../../outbox/event-row.ts';
import type { LiveSink } from '../live/hub.ts';
import type { EventStream } from './event-stream.ts';

export interface SinkOptions {
  readonly stream: EventStream;
  readonly id: string | null;
  readonly show: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
}

const END = '\n\n';

export class OperationSink implements LiveSink {
  readonly #stream: EventStream;
  readonly #id: string | null;
  readonly #show: SinkOptions['show'];
  readonly #head: string;
  readonly #tail: string;

  constructor({ stream, id, show }: SinkOptions) {
    this.#stream = stream;
    this.#id = id;
    this.#show = show;
    this.#head = id === null ? 'data: ' : `data: {"id":${JSON.stringify(id)},"payload":`;
    this.#tail = id === null ? END : `}${END}`;
  }

  get waitingBytes(): number {
    return this.#stream.waitingBytes;
  }

  next(payloads: readonly Buffer[], positions: readonly bigint[] = []): void {
    this.#stream.write(
      payloads.flatMap((payload, i) => {
        const position = positions[i];
        // a browser sends the last one when it comes again; of many operations on one stream it would say nothing of each
        const place = this.#id === null && position !== undefined ? `id: ${cursorText(position)}\n` : '';
        return [`event: next\n${place}${this.#head}`, payload, this.#tail];
      }),
    );
  }

  result(result: FormattedExecutionResult): void {
    this.next([Buffer.from(JSON.stringify(result))]);
    this.end(null);
  }

  end(errors: readonly GraphQLError[] | null): void {
    if (errors) this.next([Buffer.from(JSON.stringify({ errors: this.#show(errors) }))]);
    // a browser tells nobody of an event without data
    this.#stream.write([`event: complete\ndata: ${this.#id === null ? '' : JSON.stringify({ id: this.#id })}${END}`]);
    this.#stream.running.delete(this.#id ?? '');
    if (this.#id === null) this.#stream.finish();
  }

  cut(): void {
    this.#stream.cut('tooSlow');
  }
}
