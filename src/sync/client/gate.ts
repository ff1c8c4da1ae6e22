/** What stands before each request to an ERP, for all processes together: the rate budget, and the breaker that lets a failing ERP rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimit } from '../../connect/connector.ts';
import type { Gate } from '../../connect/erp-http.ts';
import { ExternalError } from '../../connect/external-error.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { SyncEngines } from '../engine.ts';
import { failing, passage, recovered } from './health.ts';
import { createPlaces } from './places.ts';
import { block, takePlace } from './rate-budget.ts';

export interface GateOwner {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly name: string;
  readonly connector: string;
  readonly limit: RateLimit;
}

/** With a quarter of all requests failing by chance, it opens once in some 65,000 requests. */
const OPENS_AFTER_COUNT = 8;
const PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 300_000;
/** For the one request that goes to see whether an ERP is well again. */
const PROBE_MS = 90_000;
/** Longer than this nobody waits for a place: the work is put off. */
const WAIT_MAX_MS = 60_000;
const LOOK_AGAIN_MS = { from: 20, to: 1_000 };

type GateEngines = Pick<SyncEngines, 'pool' | 'randomness' | 'leaseTtlMs' | 'onError'>;

export function createGate({ pool, randomness, leaseTtlMs: placeTtlMs, onError }: GateEngines, owner: GateOwner): Gate {
  const key = `${owner.connector}:${owner.limit.key}`;
  const { limit } = owner;
  const places = createPlaces({ pool, key, placeTtlMs, onError });
  let isTroubled = true;
  return {
    async enter(signal) {
      const state = await passage(pool, owner, PROBE_MS);
      isTroubled = state.isTroubled;
      if (state.isOpen) {
        const since = state.failingSince?.toISOString() ?? 'a while ago';
        const sentence = `${owner.name} is not asked, since it has been failing since ${since}: ${state.failure ?? 'no answer came'}`;
        throw new ExternalError(sentence, { kind: 'RETRYABLE', retryAfterMs: state.openForMs });
      }
      places.add(await placeFor(owner, signal, { take: () => takePlace(pool, { key, limit, placeTtlMs }), randomness }));
    },
    leave: () => places.leave(),
    throttled: (retryAfterMs) => block(pool, key, retryAfterMs ?? owner.limit.pauseMs),
    async answered() {
      if (!isTroubled) return;
      isTroubled = false;
      await recovered(pool, owner);
    },
    async failed(error) {
      isTroubled = true;
      const { tenantId, connectionId } = owner;
      const pause = { opensAfterCount: OPENS_AFTER_COUNT, pauseMs: PAUSE_MS, pauseMaxMs: PAUSE_MAX_MS };
      await failing(pool, { tenantId, connectionId, why: error.message, ...pause });
    },
  };
}

interface Taking extends Pick<SyncEngines, 'randomness'> {
  take(): ReturnType<typeof takePlace>;
}

async function placeFor({ name }: GateOwner, signal: AbortSignal, { take, randomness }: Taking): Promise<string> {
  const startMs = monotonicMs();
  for (let lookMs = LOOK_AGAIN_MS.from; ; lookMs = Math.min(lookMs * 2, LOOK_AGAIN_MS.to)) {
    const { place, waitMs } = await take();
    if (place !== undefined) return place;
    const [chance = 0] = randomness.bytes(1);
    const pauseMs = Math.max(waitMs, lookMs) * (1 + chance / 1_024);
    if (monotonicMs() - startMs + waitMs > WAIT_MAX_MS)
      throw new ExternalError(`${name} may be asked again later: its limit of requests is reached.`, {
        kind: 'THROTTLED',
        retryAfterMs: Math.ceil(waitMs),
      });
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw new ExternalError(`A request to ${name} was given up before it was sent.`, { kind: 'RETRYABLE' });
    });
  }
}
