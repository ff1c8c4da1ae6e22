/**
 * The event streams of this process: those that are open, and those that were reserved and may still be opened, each under a token that
 * nobody can guess. One sweep checks logins again, keeps connections alive and forgets reservations that nobody came for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '../../access/principal.ts';
import type { Config } from '../../config.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Randomness } from '../../kernel/random.ts';
import type { Metrics } from '../metrics.ts';
import { OpenByLogin } from '../open-by-login.ts';
import { everyInterval, recheckAll, type SignInParts } from '../recheck.ts';
import { EventStream } from './event-stream.ts';

export interface StreamsParts extends SignInParts {
  readonly config: Pick<Config, 'limits'>;
  readonly metrics: Metrics;
  readonly random: Pick<Randomness, 'bytes'>;
}

export interface Streams {
  /** @throws DomainError TOO_MANY_SOCKETS, UNAVAILABLE */
  create(principal: Principal, authorization: unknown): EventStream;
  /** The token of a new reservation. @throws DomainError TOO_MANY_SOCKETS, UNAVAILABLE */
  reserve(principal: Principal, authorization: unknown): string;
  /** Of a reservation; undefined for a token that isn't one, or is no more. */
  reserved(token: string): EventStream | undefined;
  /** Lets queries and mutations end, then ends every stream so that its client comes again. */
  close(timeoutMs: number): Promise<void>;
}

const TOKEN_BYTES = 32;

export function createStreams(parts: StreamsParts): Streams {
  const { config, metrics, random, clock } = parts;
  const { limits } = config;
  const streams = new Set<EventStream>();
  const logins = new OpenByLogin();
  const byToken = new Map<string, EventStream>();
  const reservedAtMs = new Map<EventStream, number>();
  let isClosing = false;

  measure(metrics, streams);

  const nowMs = () => clock.now().getTime();
  const make = (principal: Principal, authorization: unknown, onEnd: () => void): EventStream => {
    if (isClosing) throw new DomainError('UNAVAILABLE', 'The server is going down. Come again.');
    const most = limits.socketsPerPrincipalMax;
    if (logins.of(principal) >= most)
      throw new DomainError('TOO_MANY_SOCKETS', `This login has ${most} event streams open. Close some first.`, {
        details: { allowed: most },
      });
    const stream = new EventStream({
      principal,
      authorization,
      verifiedAtMs: nowMs(),
      limits,
      onCut: (reason) => metrics.socketCut(reason),
      onEnd: (one) => {
        if (streams.delete(one)) logins.closed(principal);
        onEnd();
      },
    });
    streams.add(stream);
    logins.opened(principal);
    return stream;
  };

  const pings = setInterval(() => {
    for (const stream of streams) stream.ping();
    for (const [stream, sinceMs] of reservedAtMs)
      if (stream.isOpen) reservedAtMs.delete(stream);
      else if (nowMs() - sinceMs > limits.streamReservationMaxMs) stream.end();
  }, limits.socketPingIntervalMs).unref();
  const rechecks = everyInterval(limits.socketRecheckIntervalMs, () =>
    recheckAll([...streams], parts, (stream, reason) => stream.finish(reason)),
  );

  return {
    create: (principal, authorization) => make(principal, authorization, () => {}),
    reserve(principal, authorization) {
      const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
      const stream = make(principal, authorization, () => {
        byToken.delete(token);
        reservedAtMs.delete(stream);
      });
      byToken.set(token, stream);
      reservedAtMs.set(stream, nowMs());
      return token;
    },
    reserved: (token) => byToken.get(token),
    async close(timeoutMs) {
      isClosing = true;
      clearInterval(pings);
      rechecks.stop();
      const deadline = AbortSignal.timeout(timeoutMs);
      const isAnswering = (stream: EventStream) => [...stream.running.values()].some(({ isShort }) => isShort);
      for (const stream of streams) if (!isAnswering(stream)) stream.finish('goingAway');
      while ([...streams].some(isAnswering) && !deadline.aborted) await sleep(10);
      for (const stream of streams) stream.finish('goingAway');
    },
  };
}

function measure(metrics: Metrics, streams: ReadonlySet<EventStream>): void {
  metrics.gauge({ name: 'event_streams', help: 'Open or reserved streams of server-sent events.', collect: () => streams.size });
  metrics.gauge({
    name: 'event_stream_operations',
    help: 'Operations running over server-sent events.',
    collect: () => [...streams].reduce((sum, { running }) => sum + running.size, 0),
  });
}
