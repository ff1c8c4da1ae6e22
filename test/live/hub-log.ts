// A log in memory with tiny windows and pages, a schema over it, and subscribers who note what they get: for the tests of the hub.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { expect } from 'vitest';
import type { Principal } from '../../src/access/principal.ts';
import { LIMITS, type Limits } from '../../src/config-limits.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import type { LogMessage, SealedEvent } from '../../src/outbox/event.ts';
import type { EventStream, LogSubscription, Subscribe, Watch } from '../../src/outbox/tail.ts';
import type { Feed, Page, PageAsked } from '../../src/outbox/tail-feed.ts';
import type { Start } from '../../src/outbox/tail-start.ts';
import { createWindow, type TailWindow } from '../../src/outbox/tail-window.ts';
import { createFairTurns } from '../../src/transport/fair-turns.ts';
import { createTranslator } from '../../src/transport/errors.ts';
import { createHub, type Hub, type LiveSink } from '../../src/transport/live/hub.ts';
import { createLogger } from '../../src/transport/logger.ts';
import { createMetrics } from '../../src/transport/metrics.ts';

const TENANT = '018f0000-0000-7000-8000-000000000001';
const WINDOW = 20;
/** More than a window holds, so that a page can tell of what the process has not heard of yet. */
const PAGE = 25;

const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, [standard]]) => [name, standard])) as unknown as Limits;

export const person = (name: string, portal: Principal['portal'] = null): Principal => ({
  tenantId: TENANT,
  actorId: `actor-${name}`,
  personId: null,
  kind: portal ? 'PORTAL' : 'USER',
  name,
  roles: [],
  grants: new Map(),
  portal,
  expiresAt: null,
});

/** The log: what there is, what was forgotten, and what fails. */
class Log {
  readonly events: SealedEvent[] = [];
  floor = 0n;
  readonly #windows = new Set<TailWindow>();
  readonly #watches = new Set<Watch>();
  #telling: Promise<void> = Promise.resolve();

  get head(): bigint {
    return BigInt(this.events.length);
  }

  publish(some: readonly Partial<SealedEvent>[]): void {
    const made = some.map((one, i) => eventOf(this.head + BigInt(i) + 1n, one));
    this.events.push(...made);
    // the log can be read before the process hears of it
    this.#telling = this.#telling.then(async () => {
      for (let turns = (made.length % 4) * 4; turns > 0; turns--) await nextTurn();
      for (const window of this.#windows) {
        const news = this.events.filter(({ position }) => position > window.last && position <= (made.at(-1)?.position ?? 0n));
        if (news.length > 0) window.append(news);
      }
    });
  }

  close(): void {
    for (const { onClose } of this.#watches) onClose();
  }

  get watches(): number {
    return this.#watches.size;
  }

  readonly stream: Pick<EventStream, 'begin' | 'watch' | 'subscribe'> = {
    subscribe: (options) => ({ options, [Symbol.asyncIterator]: () => fail() }) as unknown as LogSubscription,
    begin: async (asked) => {
      await nextTurn();
      const start = this.#startOf(asked.after);
      (asked as Partial<Noting>).began?.(start.gap ? start.gap.from : start.cursor);
      return start;
    },
    watch: (watch) => this.#watch(watch),
  };

  #startOf(after: bigint | null): Start {
    const { head, floor } = this;
    if (after === null) return { cursor: head, gap: null, head };
    if (after > head) throw new DomainError('CURSOR_INVALID', 'The cursor is not of this log.');
    return after < floor
      ? { cursor: floor, gap: { from: after, to: floor, reason: 'PRUNED' }, head }
      : { cursor: after, gap: null, head };
  }

  #watch(watch: Watch): Feed {
    const window = createWindow({ start: watch.from, size: WINDOW });
    window.listen(watch.onEvents);
    this.#watches.add(watch);
    this.#windows.add(window);
    // what came between the beginning and now is told later, as by the real one
    this.#telling = this.#telling.then(() => {
      const late = this.events.filter(({ position }) => position > window.last);
      if (late.length > 0 && this.#windows.has(window)) window.append(late);
    });
    return {
      get last() {
        return window.last;
      },
      page: (asked) => this.#page(window, asked),
      stop: () => {
        this.#windows.delete(window);
        this.#watches.delete(watch);
      },
    };
  }

  async #page(window: TailWindow, { after }: PageAsked): Promise<Page> {
    const known = window.last;
    if (after >= window.start) return { messages: window.after(after).map(message), upTo: after > known ? after : known };
    await nextTurn();
    const events = this.events.filter(({ position }) => position > after && position > this.floor).slice(0, PAGE);
    const newest = events.at(-1)?.position ?? after;
    const upTo = events.length === PAGE || newest > known ? newest : known;
    if (this.floor <= after) return { messages: events.map(message), upTo };
    const gap = { from: after, to: this.floor, reason: 'PRUNED' } as const;
    return { messages: [{ event: null, gap }, ...events.map(message)], upTo: upTo > this.floor ? upTo : this.floor };
  }
}

const message = (event: SealedEvent): LogMessage => ({ event, gap: null });
const fail = (): never => {
  throw new Error('The hub must not iterate a subscription of the log.');
};

export function eventOf(position: bigint, some: Partial<SealedEvent>): SealedEvent {
  return {
    tenantId: TENANT,
    position,
    eventId: `e${position}`,
    type: 'invoice.issued',
    typeVersion: 1,
    legalEntityId: null,
    accountId: null,
    customerId: null,
    holderId: null,
    recordKind: 'Invoice',
    recordId: 'r1',
    recordVersion: 1,
    actorId: 'a',
    requestId: 'q',
    causeId: null,
    source: null,
    occurredAt: new Date(0),
    effectiveOn: null,
    recordedAt: new Date(0),
    payload: {},
    hash: '',
    ...some,
  };
}

interface Noting {
  readonly began: (cursor: bigint) => void;
}

const SCHEMA = `
  type Query { a: Int }
  type Gap { from: String! to: String! }
  type Message { cursor: String! type: String account: String gap: Gap }
  type Subscription { events(after: String, types: [String!], accountId: String, recordId: String): Message }`;
const DOCUMENT = parse(`subscription($after: String, $types: [String!], $accountId: String, $recordId: String) {
  events(after: $after, types: $types, accountId: $accountId, recordId: $recordId) { cursor type account gap { from to } } }`);

export interface Asked {
  readonly after?: bigint | null;
  readonly types?: readonly string[];
  readonly accountId?: string;
  readonly recordId?: string;
}

/** A hub over a log, with what it did. */
export class Stage {
  readonly log = new Log();
  readonly hub: Hub;
  /** How often each message was executed. */
  readonly executed = new Map<string, number>();
  /** So many executions from now on find the database away. */
  faults = 0;
  readonly #schema = buildSchema(SCHEMA);

  constructor(some: Partial<Limits> = {}) {
    const given = { ...limits, ...some };
    this.hub = createHub({
      limits: given,
      inFairTurn: createFairTurns(given),
      metrics: createMetrics(),
      translator: createTranslator({
        logger: createLogger({ level: 'silent' }),
        newErrorId: () => 'id',
        hidesSchema: false,
        errorsShownMax: given.errorsShownMax,
      }),
    });
    const field = (this.#schema.getSubscriptionType() as GraphQLObjectType).getFields()['events'];
    if (!field) throw new Error('The schema has no events.');
    field.subscribe = (_root, args: Record<string, unknown>, context: { options: Subscribe }) => {
      if (args['accountId'] === 'forbidden') throw new DomainError('FORBIDDEN', 'Not for you.');
      return this.log.stream.subscribe(context.options);
    };
    field.resolve = async (root) => this.#shown(root as LogMessage);
  }

  async #shown({ event, gap }: LogMessage) {
    if (this.faults > 0) {
      this.faults -= 1;
      throw new DomainError('UNAVAILABLE', 'The database is away.');
    }
    await nextTurn();
    const cursor = String(event ? event.position : gap.to);
    if (event) this.executed.set(cursor, (this.executed.get(cursor) ?? 0) + 1);
    if (event?.type === 'broken') throw new Error('secret');
    return { cursor, type: event?.type, account: event?.accountId, gap: gap && { from: String(gap.from), to: String(gap.to) } };
  }

  async subscribe(principal: Principal, { after = null, ...filter }: Asked = {}): Promise<Subscriber> {
    const subscriber = new Subscriber(principal, filter);
    const { accepts } = subscriber;
    const began = (cursor: bigint): void => {
      subscriber.from = cursor;
    };
    const options: Subscribe & Noting = { tenantId: TENANT, after, ...filter, accepts, began };
    const followed = await this.hub.follow(
      {
        schema: this.#schema,
        document: DOCUMENT,
        variableValues: { ...filter, after: after === null ? null : String(after) },
        contextValue: { principal, requestId: 'q', events: this.log.stream, ownKinds: new Set(['Export']), options },
      },
      subscriber,
    );
    if ('errors' in followed) subscriber.errors = followed.errors;
    else subscriber.stop = () => followed.stop();
    return subscriber;
  }
}

export class Subscriber implements LiveSink {
  /** The place after which everything is for it. */
  from = 0n;
  readonly cursors: bigint[] = [];
  readonly gaps: { readonly from: bigint; readonly to: bigint }[] = [];
  errors: readonly { readonly message: string; readonly originalError?: unknown }[] | null = null;
  readonly shown: string[] = [];
  isEnded = false;
  isCut = false;
  isSlow = false;
  waitingBytes = 0;
  stop: () => void = () => {};
  readonly principal: Principal;
  readonly filter: Omit<Asked, 'after'>;

  constructor(principal: Principal, filter: Omit<Asked, 'after'>) {
    this.principal = principal;
    this.filter = filter;
  }

  readonly accepts = ({ accountId }: SealedEvent): boolean =>
    !this.principal.portal || (accountId !== null && this.principal.portal.accountIds.includes(accountId));

  next(payloads: readonly Buffer[]): void {
    for (const payload of payloads) {
      if (this.isSlow) this.waitingBytes += payload.length;
      const text = payload.toString();
      this.shown.push(text);
      const { data } = JSON.parse(text) as {
        data: { events: { cursor: string; gap: { from: string; to: string } | null } | null };
      };
      if (!data.events) continue;
      const { cursor, gap } = data.events;
      if (gap) this.gaps.push({ from: BigInt(gap.from), to: BigInt(gap.to) });
      else this.cursors.push(BigInt(cursor));
    }
  }

  end(errors: Parameters<LiveSink['end']>[0]): void {
    this.isEnded = true;
    this.errors = errors;
  }

  cut(): void {
    this.isCut = true;
    this.stop();
  }

  /** What it must have got up to a place: everything after its beginning that is for it, but for what it was told is missing. */
  due(events: readonly SealedEvent[], upTo: bigint): readonly bigint[] {
    const { types, accountId, recordId } = this.filter;
    return events
      .filter(
        (event) =>
          event.position > this.from &&
          event.position <= upTo &&
          (!types || types.includes(event.type)) &&
          (accountId === undefined || event.accountId === accountId) &&
          (recordId === undefined || event.recordId === recordId) &&
          this.accepts(event) &&
          !this.gaps.some(({ from, to }) => event.position > from && event.position <= to),
      )
      .map(({ position }) => position);
  }
}

export async function eventually(fits: () => boolean, timeoutMs = 5_000): Promise<void> {
  for (let ms = 0; ms < timeoutMs && !fits(); ms += 5) await sleep(5);
  expect(fits()).toBe(true);
}
