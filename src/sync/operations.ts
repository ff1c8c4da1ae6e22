/**
 * What is asked of an ERP while somebody waits: does the connection work, do the figures agree, does a record fit now. Each has a time
 * limit, and fails with a sentence that a person can act on. Who may ask is decided by whoever calls.
 */
import { ExternalError, type FailureKind } from '../connect/external-error.ts';
import { secondsText } from '../kernel/duration.ts';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import { openConnection, type Which } from './client/open.ts';
import type { SyncEngines } from './engine.ts';
import { checkedWarnings } from './checked.ts';
import { replay } from './inbound/replay.ts';
import { reconcile } from './reconcile/reconcile.ts';

const CHECK_TIMEOUT_MS = 20_000;
const RECONCILE_TIMEOUT_MS = 120_000;

export interface Operations {
  /** Asks the ERP who it is, and keeps what it says. @throws DomainError ERP_UNREACHABLE, ERP_SIGN_IN_REFUSED, ERP_REFUSED, and what opening throws */
  check(which: Which): Promise<void>;
  /** Compares figures; differences are kept. @throws the same */
  reconcile(which: Which): Promise<void>;
  /** Maps one record anew, as it is kept. */
  replay(which: Which, record: { readonly stream: string; readonly externalId: string }): Promise<void>;
}

export const createOperations = (engines: SyncEngines): Operations => ({
  check: (which) => check(engines, which),
  reconcile: async (which) => {
    const done = await within(RECONCILE_TIMEOUT_MS, (signal) => reconcile(engines, { ...which, signal }));
    if (done) return;
    const sentence = 'The connection stands still, or its figures are being compared already.';
    throw new DomainError('WRONG_STATE', sentence, { path: ['id'] });
  },
  replay: async (which, { stream, externalId }) => {
    await replay(engines, { ...which, stream, externalIds: [externalId] });
  },
});

async function check(engines: SyncEngines, which: Which): Promise<void> {
  const connection = await openConnection(engines, which);
  try {
    const checked = await within(CHECK_TIMEOUT_MS, (signal) => connection.connector.check(connection.context(signal)));
    await engines.inTenant(which.tenantId, async (session) => {
      const [before] = await session.rows<{ company: string | null }>(
        sql`select company from connection_state where connection_id = ${which.connectionId}`,
      );
      const warnings = JSON.stringify([...checked.warnings, ...checkedWarnings(connection, checked, before?.company ?? null)]);
      await session.change(sql`
        insert into connection_state (tenant_id, connection_id, health, company, warnings, checked_at)
        values (${which.tenantId}, ${which.connectionId}, 'HEALTHY', ${checked.company}, ${sql.typed(warnings, 'jsonb')}, ${engines.clock.now().toISOString()})
        on conflict (tenant_id, connection_id) do update set health = 'HEALTHY', company = excluded.company, warnings = excluded.warnings,
          failure = null, failing_since = null, failure_count = 0, breaker_until = null, checked_at = excluded.checked_at`);
    });
  } catch (error) {
    await noteFailure(engines, which, error);
    throw error;
  }
}

async function noteFailure(engines: SyncEngines, { tenantId, connectionId }: Which, error: unknown): Promise<void> {
  if (!(error instanceof DomainError)) return;
  const now = engines.clock.now().toISOString();
  const health = error.code === 'ERP_SIGN_IN_REFUSED' ? 'SIGNED_OUT' : 'FAILING';
  // requests that fail are counted where they are sent
  await engines.inTenant(tenantId, (session) =>
    session.change(sql`
      insert into connection_state as s (tenant_id, connection_id, health, failure, failing_since, checked_at)
      values (${tenantId}, ${connectionId}, ${health}, ${error.message}, ${now}, ${now})
      on conflict (tenant_id, connection_id) do update set failure = excluded.failure, checked_at = excluded.checked_at,
        health = case s.health when 'SIGNED_OUT' then s.health else excluded.health end,
        failing_since = coalesce(s.failing_since, excluded.failing_since)`),
  );
}

export const ERP_CODES: Readonly<Record<FailureKind, ErrorCode>> = {
  RETRYABLE: 'ERP_UNREACHABLE',
  THROTTLED: 'ERP_UNREACHABLE',
  UNKNOWN_OUTCOME: 'ERP_UNREACHABLE',
  AUTH: 'ERP_SIGN_IN_REFUSED',
  CONFLICT: 'ERP_REFUSED',
  REJECTED: 'ERP_REFUSED',
  FORBIDDEN: 'ERP_REFUSED',
};

/** @throws DomainError for whatever the ERP, or the way to it, made of it */
export async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work(signal), late]);
  } catch (error) {
    if (signal.aborted) throw new DomainError('ERP_UNREACHABLE', `The ERP did not answer within ${secondsText(timeoutMs)}.`);
    if (error instanceof ExternalError)
      throw new DomainError(ERP_CODES[error.kind], error.message, { details: { kind: error.kind } });
    throw error;
  } finally {
    late.catch(() => {});
  }
}
