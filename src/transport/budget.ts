/**
 * What each login and each tenant may spend: buckets that fill up again by the second, in the memory of this process and bounded in number.
 * A bucket that is dropped comes back full, so only those unused for longest are.
 */
import type { Limits } from '../config.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';

/** As clients see it in `extensions.cost`. */
export interface Throttle {
  readonly maximum: number;
  readonly available: number;
  readonly restorePerSecond: number;
}

export interface Budgets {
  /**
   * Takes what an operation costs from the bucket of the login and from that of its tenant, or from neither.
   * @returns the state of the login's bucket
   * @throws DomainError RATE_LIMITED with the seconds to wait
   */
  spend(principal: Principal, cost: number): Throttle;
  /** Before any work is done for who has nothing left. @throws DomainError RATE_LIMITED */
  requireSome(principal: Principal): void;
}

interface Rates {
  readonly maximum: number;
  readonly restorePerSecond: number;
}

interface Bucket {
  available: number;
  atMs: number;
}

type BudgetLimits = Pick<
  Limits,
  | 'budgetPrincipalMaxCost'
  | 'budgetPrincipalPerSecondCost'
  | 'budgetTenantMaxCost'
  | 'budgetTenantPerSecondCost'
  | 'budgetsMaxCount'
>;

export function createBudgets(limits: BudgetLimits, clock: Clock): Budgets {
  const { budgetsMaxCount } = limits;
  const logins = new Buckets(budgetsMaxCount, {
    maximum: limits.budgetPrincipalMaxCost,
    restorePerSecond: limits.budgetPrincipalPerSecondCost,
  });
  const tenants = new Buckets(budgetsMaxCount, {
    maximum: limits.budgetTenantMaxCost,
    restorePerSecond: limits.budgetTenantPerSecondCost,
  });
  const bothFor = ({ tenantId, actorId }: Principal, cost: number) => {
    const nowMs = clock.now().getTime();
    const own = logins.at(`${tenantId} ${actorId}`, nowMs);
    const ofTenant = tenants.at(tenantId, nowMs);
    if (own.available < cost) throw rateLimited('LOGIN', cost, logins.shown(own));
    if (ofTenant.available < cost) throw rateLimited('TENANT', cost, tenants.shown(ofTenant));
    return { own, ofTenant };
  };
  return {
    requireSome: (principal) => void bothFor(principal, 1),
    spend(principal, cost) {
      const { own, ofTenant } = bothFor(principal, cost);
      own.available -= cost;
      ofTenant.available -= cost;
      return logins.shown(own);
    },
  };
}

class Buckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly maxCount: number;
  private readonly rates: Rates;

  constructor(maxCount: number, rates: Rates) {
    this.maxCount = maxCount;
    this.rates = rates;
  }

  /** As it is now. */
  at(key: string, nowMs: number): Bucket {
    const { buckets, rates } = this;
    const bucket = buckets.get(key) ?? { available: rates.maximum, atMs: nowMs };
    // a clock that is set back restores nothing, and takes nothing
    const restored = (Math.max(0, nowMs - bucket.atMs) / 1_000) * rates.restorePerSecond;
    bucket.available = Math.min(rates.maximum, bucket.available + restored);
    bucket.atMs = nowMs;
    // again at the end: the first of a map is the one that was unused for longest
    buckets.delete(key);
    buckets.set(key, bucket);
    const oldest = buckets.size > this.maxCount ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return bucket;
  }

  shown({ available }: Bucket): Throttle {
    const { maximum, restorePerSecond } = this.rates;
    return { maximum, available: Math.floor(available), restorePerSecond };
  }
}

function rateLimited(budget: 'LOGIN' | 'TENANT', requested: number, throttle: Throttle): DomainError {
  const { available, restorePerSecond } = throttle;
  const retryAfterS = Math.max(1, Math.ceil((requested - available) / restorePerSecond));
  const whose = budget === 'LOGIN' ? 'your budget' : 'the budget of your tenant';
  return new DomainError(
    'RATE_LIMITED',
    `This costs ${requested}, and ${whose} holds ${available}: it restores ${restorePerSecond} a second, so try again in ${retryAfterS} s.`,
    { details: { budget, requested, retryAfterS, throttle } },
  );
}
