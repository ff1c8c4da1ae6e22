/** The places that one connection has at its ERP in this process: kept while requests are under way, one as good as the other. */
import type { Pool } from '../../outbox/connection.ts';
import { leavePlace, renewPlace } from './rate-budget.ts';

export interface Places {
  add(place: string): void;
  /** One of them, if there is any. */
  leave(): Promise<void>;
}

export interface PlacesOptions {
  readonly pool: Pool;
  readonly key: string;
  readonly placeTtlMs: number;
  readonly onError: (error: unknown) => void;
}

const RENEWALS_PER_PLACE = 3;

export function createPlaces({ pool, key, placeTtlMs, onError }: PlacesOptions): Places {
  let held: string[] = [];
  let renewing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const renewAll = async (): Promise<void> => {
    const renewed: string[] = [];
    const before = held;
    held = [];
    // one that is lost isn't counted any more: its request ends by itself
    for (const place of before) {
      const again = await renewPlace(pool, { key, placeTtlMs }, place).catch((error: unknown) => {
        onError(error);
        return place;
      });
      if (again !== null) renewed.push(again);
    }
    held.push(...renewed);
  };

  return {
    add(place) {
      held.push(place);
      timer ??= setInterval(() => {
        renewing ??= renewAll().finally(() => {
          renewing = null;
        });
      }, placeTtlMs / RENEWALS_PER_PLACE).unref();
    },
    async leave() {
      await renewing;
      const place = held.shift();
      if (held.length === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      if (place !== undefined) await leavePlace(pool, key, place);
    },
  };
}
