/**
 * Who may send how much at once. A tenant has at most as many requests under way as places are free: so one that has a thousand endpoints
 * which hang takes half of the places, a second one half of the rest, and there is always one for whoever comes next. Pure.
 */

export interface Queued {
  readonly tenantId: string;
  readonly endpointId: string;
}

export interface Shares {
  /** Endpoints with something due, the one that was served longest ago first. */
  readonly queued: readonly Queued[];
  /** Requests under way, by endpoint and by tenant. */
  readonly ofEndpoint: ReadonlyMap<string, number>;
  readonly ofTenant: ReadonlyMap<string, number>;
  readonly places: number;
  readonly perEndpoint: number;
}

export interface Share extends Queued {
  readonly room: number;
}

/** One place after another: to the tenant that has the fewest, there to the endpoint that has the fewest, else to the first. */
export function sharesOf({ queued, ofEndpoint, ofTenant, places, perEndpoint }: Shares): readonly Share[] {
  const tenants = new Map(ofTenant);
  const endpoints = new Map(ofEndpoint);
  const given = new Map<string, number>();
  let free = places - [...ofTenant.values()].reduce((sum, count) => sum + count, 0);
  const countOf = (map: ReadonlyMap<string, number>, key: string) => map.get(key) ?? 0;
  for (; free > 0; free--) {
    let best: Queued | null = null;
    for (const one of queued) {
      if (countOf(endpoints, one.endpointId) >= perEndpoint || countOf(tenants, one.tenantId) >= free) continue;
      const ofBest = best === null ? Infinity : countOf(tenants, best.tenantId);
      const isFewer =
        best !== null &&
        one.tenantId === best.tenantId &&
        countOf(endpoints, one.endpointId) < countOf(endpoints, best.endpointId);
      if (countOf(tenants, one.tenantId) < ofBest || isFewer) best = one;
    }
    if (!best) break;
    const { tenantId, endpointId } = best;
    tenants.set(tenantId, countOf(tenants, tenantId) + 1);
    endpoints.set(endpointId, countOf(endpoints, endpointId) + 1);
    given.set(endpointId, countOf(given, endpointId) + 1);
  }
  return queued.flatMap((one) => {
    const room = countOf(given, one.endpointId);
    return room > 0 ? [{ ...one, room }] : [];
  });
}
