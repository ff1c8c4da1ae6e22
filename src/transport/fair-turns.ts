/**
 * Lets only so many operations run at once, and only so many of one tenant; whoever has to wait is let in tenant by tenant, so that one
 * with a thousand requests doesn't stand before another's first. Nobody waits while there is room.
 */
import type { Limits } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';

/** @throws DomainError RATE_LIMITED when too many of the tenant wait already */
export type InFairTurn = <T>(tenantId: string, work: () => Promise<T>) => Promise<T>;

type FairLimits = Pick<Limits, 'operationsMaxCount' | 'operationsPerTenantMaxCount' | 'operationsWaitingMaxCount'>;

interface Tenant {
  running: number;
  readonly waiting: (() => void)[];
}

const RETRY_AFTER_S = 1;

export function createFairTurns(limits: FairLimits): InFairTurn {
  const { operationsMaxCount, operationsPerTenantMaxCount, operationsWaitingMaxCount } = limits;
  const tenants = new Map<string, Tenant>();
  /** Those of whom somebody waits, the one whose turn it is first. */
  const queue = new Set<Tenant>();
  let running = 0;

  const mayRun = (tenant: Tenant) => running < operationsMaxCount && tenant.running < operationsPerTenantMaxCount;
  const enter = (tenant: Tenant): void => {
    running += 1;
    tenant.running += 1;
  };
  const letIn = (): void => {
    for (const tenant of queue) {
      if (running >= operationsMaxCount) return;
      if (!mayRun(tenant)) continue;
      // to the end of the queue, if more of it wait
      queue.delete(tenant);
      const next = tenant.waiting.shift();
      if (tenant.waiting.length > 0) queue.add(tenant);
      enter(tenant);
      next?.();
    }
  };
  const waitFor = (tenant: Tenant): Promise<void> => {
    if (tenant.waiting.length >= operationsWaitingMaxCount) throw tooMany(operationsWaitingMaxCount);
    return new Promise<void>((done) => {
      tenant.waiting.push(done);
      queue.add(tenant);
    });
  };
  return async (tenantId, work) => {
    const tenant = tenants.get(tenantId) ?? { running: 0, waiting: [] };
    tenants.set(tenantId, tenant);
    if (mayRun(tenant) && tenant.waiting.length === 0) enter(tenant);
    else await waitFor(tenant);
    try {
      return await work();
    } finally {
      running -= 1;
      tenant.running -= 1;
      if (tenant.running === 0 && tenant.waiting.length === 0) tenants.delete(tenantId);
      letIn();
    }
  };
}

const tooMany = (allowed: number): DomainError =>
  new DomainError('RATE_LIMITED', `${allowed} operations of your tenant are waiting already. Send fewer at once.`, {
    details: { budget: 'WAITING', retryAfterS: RETRY_AFTER_S },
  });
