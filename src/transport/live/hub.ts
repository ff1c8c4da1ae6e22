/**
 * Live streams for many: subscriptions that show the same are one group, which executes each event once. It knows no protocol; what
 * carries the messages (a WebSocket, server-sent events) is a sink. Validation, cost and masking are those of the operation's own path.
 */
import { createSourceEventStream, type ExecutionArgs, type GraphQLError } from 'graphql';
import type { Limits } from '../../config.ts';
import type { LogMessage } from '../../outbox/event.ts';
import type { EventStream, LogSubscription, Subscribe } from '../../outbox/tail.ts';
import type { Feed } from '../../outbox/tail-feed.ts';
import type { GraphContext } from '../../write/context.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import { wrapped } from '../begin-operation.ts';
import type { Translator } from '../errors.ts';
import { createFairTurns, type InFairTurn } from '../fair-turns.ts';
import type { Metrics } from '../metrics.ts';
import { type Answer, createAnswer } from './answering.ts';
import { Group } from './group.ts';
import { groupKeyOf } from './operation.ts';
import { Payloads } from './payloads.ts';
import { followPlainly } from './plain.ts';
import type { LiveSink, Pace } from './sink.ts';
import { Topics, topicsOf } from './topics.ts';

export type { LiveSink } from './sink.ts';

export type Followed = { stop(): void } | { readonly errors: readonly GraphQLError[] };

export interface Hub {
  /** Follows a subscription until `stop`, without a message to the sink then; errors of arguments, permission and cursor come back as errors. */
  follow(args: ExecutionArgs, sink: LiveSink): Promise<Followed>;
}

export interface HubParts {
  readonly limits: Limits;
  readonly inFairTurn: InFairTurn;
  readonly translator: Translator;
  readonly metrics: Metrics;
}

/** Executions of streams under way, so that a burst leaves the tenant's turns to its requests. */
const LIVE_TURNS = {
  operationsMaxCount: 32,
  operationsPerTenantMaxCount: 16,
  operationsWaitingMaxCount: Number.POSITIVE_INFINITY,
};

export const createHub = (parts: HubParts): Hub => new LiveHub(parts);

/** All that is followed of one tenant. */
interface Tenant {
  readonly id: string;
  readonly feed: Feed;
  readonly topics: Topics<Group>;
  readonly groups: Map<string, Group>;
  /** To be told when something was sealed. */
  waiting: (() => void)[];
}

class LiveHub implements Hub {
  readonly #answer: Answer;
  readonly #pace: Pace;
  readonly #payloads: Payloads;
  readonly #tenants = new Map<string, Tenant>();
  #groupsMade = 0;
  #executions = 0;
  #deliveries = 0;

  constructor({ limits, inFairTurn, translator, metrics }: HubParts) {
    const { socketBufferMaxBytes, socketStallTimeoutMs: stallMs, streamWaitingMaxCount: waitingMaxCount } = limits;
    this.#pace = { bytes: socketBufferMaxBytes / 4, stallMs, waitingMaxCount };
    this.#payloads = new Payloads(limits.liveCacheMaxBytes);
    this.#answer = createAnswer({
      inFairTurn,
      inLiveTurn: createFairTurns(LIVE_TURNS),
      translator,
      onExecuted: () => {
        this.#executions += 1;
      },
    });
    this.#measure(metrics);
  }

  async follow(given: ExecutionArgs, sink: LiveSink): Promise<Followed> {
    // the caller needn't keep them
    const args = { ...given };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return { errors: source.errors ?? [] };
    if (!isOfLog(source)) return this.#followPlainly(source, args, sink);
    const { events } = args.contextValue as GraphContext;
    try {
      const start = await events.begin(source.options);
      return this.#groupOf({ args, options: source.options, events, head: start.head }).join(sink, start);
    } catch (error) {
      return { errors: [shown(error)] };
    }
  }

  #followPlainly(source: AsyncIterable<unknown>, args: ExecutionArgs, sink: LiveSink): Followed {
    const answer = (message: unknown, isOver: () => boolean) => this.#answer(args, message, isOver);
    return followPlainly({ source, sink, answer, pace: this.#pace, wrapped: shown });
  }

  #groupOf({ args, options, events, head }: Grouping): Group {
    const key = groupKeyOf(args, options);
    const tenant = this.#tenantOf(options.tenantId, events, head);
    const known = tenant.groups.get(key);
    if (known) return known;
    const { portal } = (args.contextValue as GraphContext).principal;
    const topics = topicsOf(options, portal);
    const group: Group = new Group({
      feed: tenant.feed,
      filter: options,
      accepts: options.accepts,
      payload: this.#payloadsOf(args, () => group.size === 0),
      pace: this.#pace,
      advanced: () => new Promise((done) => tenant.waiting.push(done)),
      onDelivered: (count) => {
        this.#deliveries += count;
      },
      onEmpty: () => {
        tenant.groups.delete(key);
        tenant.topics.delete(group, topics);
        if (tenant.groups.size > 0) return;
        tenant.feed.stop();
        this.#tenants.delete(tenant.id);
      },
      shown: (error) => [shown(error)],
    });
    tenant.groups.set(key, group);
    tenant.topics.add(group, topics);
    return group;
  }

  #tenantOf(id: string, events: EventStream, head: bigint): Tenant {
    const known = this.#tenants.get(id);
    if (known) return known;
    const topics = new Topics<Group>();
    const groups = new Map<string, Group>();
    const feed = events.watch({
      tenantId: id,
      from: head,
      onEvents: (some) => {
        for (const event of some) topics.find(event, (group) => group.offer(event));
        for (const wake of tenant.waiting.splice(0)) wake();
      },
      onClose: () => {
        for (const group of groups.values()) group.end();
      },
    });
    const tenant: Tenant = { id, feed, topics, groups, waiting: [] };
    this.#tenants.set(id, tenant);
    return tenant;
  }

  /** The answers of one group: each is made once, and kept for a while. */
  #payloadsOf(args: ExecutionArgs, isOver: () => boolean): (message: LogMessage) => Promise<Buffer> {
    const group = (this.#groupsMade += 1);
    const running = new Map<string, Promise<Buffer>>();
    return (message) => {
      const { event, gap } = message;
      const key = `${group} ${event ? event.position : `${gap.from}-${gap.to}`}`;
      const kept = this.#payloads.get(key);
      if (kept !== undefined) return Promise.resolve(Buffer.from(kept));
      const made =
        running.get(key) ??
        this.#answer(args, message, isOver)
          .then((text) => {
            this.#payloads.put(key, text);
            return Buffer.from(text);
          })
          .finally(() => running.delete(key));
      running.set(key, made);
      return made;
    };
  }

  #measure(metrics: Metrics): void {
    const groups = () => [...this.#tenants.values()].flatMap((tenant) => [...tenant.groups.values()]);
    metrics.gauge({ name: 'live_groups', help: 'Groups of streams that are shown the same.', collect: () => groups().length });
    metrics.gauge({
      name: 'live_subscribers',
      help: 'Streams of the log.',
      collect: () => groups().reduce((sum, { size }) => sum + size, 0),
    });
    metrics.counter({ name: 'live_executions', help: 'Messages executed for streams.', collect: () => this.#executions });
    metrics.counter({ name: 'live_deliveries', help: 'Messages sent to streams.', collect: () => this.#deliveries });
  }
}

interface Grouping {
  readonly args: ExecutionArgs;
  readonly options: Subscribe;
  readonly events: EventStream;
  readonly head: bigint;
}

const isOfLog = (source: object): source is LogSubscription => 'options' in source;

const shown = (error: unknown): GraphQLError => wrapped(translateDatabaseError(error));
