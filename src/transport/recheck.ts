/**
 * Who is on a connection that stays open, and that this still holds: an expired or revoked login, or one whose access has changed, ends its
 * streams within a sweep. Sweeps look at all connections instead of a timer each.
 */
import { accessKeyOf, type Principal } from '../access/principal.ts';
import type { Clock } from '../kernel/clock.ts';
import { isDomainError } from '../kernel/errors.ts';
import type { Authenticator } from './authenticate.ts';
import type { Logger } from './logger.ts';

/** A connection, as far as its login goes. */
export interface SignedIn {
  /** The header text that was sent at the start; kept to check again that it still holds. */
  readonly authorization: unknown;
  principal: Principal | null;
  verifiedAtMs: number;
}

export interface SignInParts {
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type Refused = 'expired' | 'unauthorized' | 'accessChanged' | 'tryLater';

const AT_ONCE = 50;
/** Credentials that couldn't be checked for this long, for example while the database is away, count as gone. */
const UNCHECKED_MAX_MS = 45_000;

/** Null when the credentials hold; else why the connection has to end. */
export async function signInto(connection: SignedIn, parts: SignInParts): Promise<Refused | null> {
  try {
    const before = connection.principal;
    const principal = await parts.authenticator.authenticate(connection.authorization);
    if (before && hasChanged(before, principal)) return 'accessChanged';
    connection.principal = principal;
    connection.verifiedAtMs = parts.clock.now().getTime();
    return null;
  } catch (error) {
    if (isDomainError(error) && error.code === 'TOKEN_EXPIRED') return 'expired';
    if (isDomainError(error) && error.code === 'UNAUTHENTICATED') return 'unauthorized';
    parts.logger.warn({ err: error }, 'a login could not be checked');
    return 'tryLater';
  }
}

/** Streams were started with these rights: when they change, the client has to start again. */
const hasChanged = (before: Principal, now: Principal): boolean =>
  before.actorId !== now.actorId || String(before.roles) !== String(now.roles) || accessKeyOf(before) !== accessKeyOf(now);

/** Ends those whose login no longer holds. */
export async function recheckAll<C extends SignedIn>(
  connections: readonly C[],
  parts: SignInParts,
  end: (connection: C, reason: Refused) => void,
): Promise<void> {
  const recheck = async (connection: C): Promise<void> => {
    if (connection.principal === null) return;
    const refused = await signInto(connection, parts);
    if (refused === null) return;
    const uncheckedMs = parts.clock.now().getTime() - connection.verifiedAtMs;
    if (refused !== 'tryLater' || uncheckedMs > UNCHECKED_MAX_MS) end(connection, refused);
  };
  for (let at = 0; at < connections.length; at += AT_ONCE)
    await Promise.all(connections.slice(at, at + AT_ONCE).map((connection) => recheck(connection)));
}

/** The next run begins an interval after the last one ended, however long it took. */
export function everyInterval(intervalMs: number, run: () => Promise<void>): { stop(): void } {
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const next = (): void => {
    timer = setTimeout(() => void run().finally(() => isStopped || next()), intervalMs).unref();
  };
  next();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
