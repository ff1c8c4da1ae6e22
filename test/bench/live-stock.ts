// graphql-ws as its documentation shows it, over our own schema: an async iterable for each subscriber, and an execution for each event
// and subscriber. Subscribers with a filter are found by a map of topics, which is far faster than asking each of them.
import { buildSchema, GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { servePeer } from './live-peer.ts';

class Channel implements AsyncIterableIterator<unknown> {
  private readonly waiting: unknown[] = [];
  private wake: ((result: IteratorResult<unknown>) => void) | null = null;
  private isOver = false;
  private readonly leave: (channel: Channel) => void;

  constructor(leave: (channel: Channel) => void) {
    this.leave = leave;
  }

  push(value: unknown): void {
    if (this.wake) {
      this.wake({ value, done: false });
      this.wake = null;
    } else this.waiting.push(value);
  }

  next(): Promise<IteratorResult<unknown>> {
    if (this.waiting.length > 0) return Promise.resolve({ value: this.waiting.shift(), done: false });
    if (this.isOver) return Promise.resolve({ value: undefined, done: true });
    return new Promise((done) => {
      this.wake = done;
    });
  }

  return(): Promise<IteratorResult<unknown>> {
    this.isOver = true;
    this.leave(this);
    this.wake?.({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

servePeer((acceptor) => {
  const byTopic = new Map<string, Set<Channel>>();
  const served: { schema: GraphQLSchema | null; argument: string | null; field: string } = {
    schema: null,
    argument: null,
    field: '',
  };
  useServer(
    {
      schema: () => {
        if (!served.schema) throw new Error('Nothing is prepared');
        return served.schema;
      },
    },
    acceptor,
  );
  return {
    prepare: ({ sdl, field, argument }) => {
      const schema = buildSchema(sdl);
      const subscription = schema.getSubscriptionType()?.getFields()[field];
      if (!subscription) throw new Error(`The schema has no subscription ${field}`);
      subscription.subscribe = (_source: unknown, args: Record<string, string>) => {
        const key = argument === null ? '' : (args[argument] ?? '');
        const channels = byTopic.get(key) ?? new Set();
        const channel = new Channel((one) => channels.delete(one));
        byTopic.set(key, channels.add(channel));
        return channel;
      };
      Object.assign(served, { schema, argument, field });
    },
    publish: (events) => {
      for (const event of events) {
        const value = { [served.field]: event.message };
        for (const channel of byTopic.get(served.argument === null ? '' : event.topic) ?? []) channel.push(value);
      }
    },
  };
});
