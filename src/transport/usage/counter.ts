/**
 * Counts who uses what is deprecated: in memory while requests run, bounded, and added to the table now and then. A count that can't be
 * written waits for the next time; a process that dies loses what it hasn't written, which is some seconds of counts.
 */
import type { Principal } from '../../access/principal.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Limits } from '../../config.ts';

/** What a client says that it is. */
export interface ClientName {
  readonly name: string;
  readonly version: string;
}

export interface DeprecatedUse {
  readonly tenantId: string;
  readonly actorId: string;
  readonly client: string;
  readonly clientVersion: string;
  readonly coordinate: string;
  readonly firstUsedAt: Date;
  readonly lastUsedAt: Date;
  readonly count: number;
}

export interface UsageCounter {
  count(principal: Principal, client: ClientName, coordinates: readonly string[]): void;
  /** Writes what was counted. */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
}

export interface UsageCounterOptions {
  readonly save: (uses: readonly DeprecatedUse[]) => Promise<void>;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'usageFlushIntervalMs' | 'usageMaxCount'>;
  readonly onError: (error: unknown) => void;
}

/** So many names of clients for one login, then all others count as nameless: a name is whatever a client sends. */
const CLIENTS_OF_ONE = 20;

export function createUsageCounter({ save, clock, limits, onError }: UsageCounterOptions): UsageCounter {
  let uses = new Map<string, { -readonly [K in keyof DeprecatedUse]: DeprecatedUse[K] }>();
  const clients = new Map<string, Set<string>>();

  const known = ({ actorId }: Principal, client: ClientName): ClientName => {
    const names = clients.get(actorId) ?? new Set<string>();
    if (clients.size < limits.usageMaxCount) clients.set(actorId, names);
    const key = `${client.name} ${client.version}`;
    if (!names.has(key) && names.size >= CLIENTS_OF_ONE) return NAMELESS;
    names.add(key);
    return client;
  };
  const add = (use: DeprecatedUse): void => {
    const key = [use.tenantId, use.actorId, use.client, use.clientVersion, use.coordinate].join('\n');
    const before = uses.get(key);
    if (before) {
      before.count += use.count;
      if (use.lastUsedAt > before.lastUsedAt) before.lastUsedAt = use.lastUsedAt;
      if (use.firstUsedAt < before.firstUsedAt) before.firstUsedAt = use.firstUsedAt;
    } else if (uses.size < limits.usageMaxCount) uses.set(key, { ...use });
  };
  const flush = async (): Promise<void> => {
    if (uses.size === 0) return;
    const written = [...uses.values()];
    uses = new Map();
    try {
      await save(written);
    } catch (error) {
      written.forEach(add);
      onError(error);
    }
  };
  const timer = setInterval(() => void flush(), limits.usageFlushIntervalMs).unref();
  return {
    count(principal, client, coordinates) {
      if (coordinates.length === 0) return;
      const { name, version } = known(principal, client);
      const now = clock.now();
      const { tenantId, actorId } = principal;
      for (const coordinate of coordinates)
        add({ tenantId, actorId, client: name, clientVersion: version, coordinate, firstUsedAt: now, lastUsedAt: now, count: 1 });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

const NAMELESS: ClientName = { name: '', version: '' };
const NAME_CHARS = 100;

/** From headers, or the parameters of a socket's connection: plain text, cut to a length. */
export function clientNameIn(says: (name: string) => unknown): ClientName {
  const plain = (name: string): string => {
    const text = says(name);
    return typeof text === 'string'
      ? text
          .replaceAll(/[^\x20-\x7e]/g, '')
          .trim()
          .slice(0, NAME_CHARS)
      : '';
  };
  return { name: plain('apollographql-client-name'), version: plain('apollographql-client-version') };
}
