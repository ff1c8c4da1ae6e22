/** One attempt: the message is signed, sent to an address that is judged in the connection's own look-up, and what comes back is sorted. */
import { signMessage } from '../../connect/signature.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import { isDomainError } from '../../kernel/errors.ts';
import { TRIED_FOR_MS, nextAttemptAt, PAUSES } from './retry.rules.ts';
import { exponentialBackoff } from '../../outbox/backoff.ts';
import { type Claim, type Ended, returnClaim } from './claims.ts';
import type { WebhookEngines } from './engines.ts';
import { eventIdOf, type Prefixes } from '../../outbox/public-event.ts';
import { messageOf } from './message.rules.ts';
import { answered, BODY_KEPT_BYTES, EVERY_STATUS, type Outcome, unanswered } from './outcome.rules.ts';
import { disableWebhookEndpoint } from './steps.commands.ts';
import { SECRET_FIELD } from './webhook-endpoint.rules.ts';

export interface Sending {
  readonly engines: WebhookEngines;
  readonly prefixes: Prefixes;
  /** Aborted when the claim is lost, and when the process goes down. */
  readonly signal: AbortSignal;
  readonly isStopping: () => boolean;
}

const pauseOf = exponentialBackoff(PAUSES);
const NOT_KEPT: Outcome = {
  ...unanswered(null),
  failure: 'The event is no longer kept in the log: read the record anew.',
};

/** Null: it was given back, since the process goes down. */
export async function attempt(sending: Sending, claim: Claim): Promise<Ended | null> {
  const { engines, isStopping } = sending;
  const { pool, clock } = engines;
  const startedAt = clock.now();
  const startMs = monotonicMs();
  const outcome = claim.event ? await sent(sending, claim) : NOT_KEPT;
  if (isStopping() && outcome.status === null) {
    await returnClaim(pool, claim);
    return null;
  }
  const now = clock.now();
  return { claim, outcome, startedAt, durationMs: monotonicMs() - startMs, now, ...stateAfter(claim, outcome, now) };
}

async function sent({ engines, prefixes, signal }: Sending, claim: Claim): Promise<Outcome> {
  const { http, clock, limits, onError } = engines;
  if (!claim.event) return NOT_KEPT;
  try {
    const secrets = secretsOf(engines, claim);
    const body = messageOf(claim.event, prefixes);
    const headers = signMessage({ id: eventIdOf(claim.event), at: clock.now(), body, secrets });
    const { origin, pathname, search } = new URL(claim.url);
    const answer = await http.send({
      method: 'POST',
      base: origin,
      path: `${pathname}${search}`,
      headers,
      body,
      answer: 'START',
      accept: EVERY_STATUS,
      timeoutMs: limits.webhookTimeoutMs,
      bodyMaxBytes: BODY_KEPT_BYTES,
      signal,
    });
    return answered(answer, [
      ...secrets,
      ...secrets.map((secret) => secret.slice('whsec_'.length)),
      headers['webhook-signature'],
    ]);
  } catch (error) {
    const outcome = unanswered(error);
    if (outcome.failure !== (error as Error).message && !isDomainError(error)) onError(error);
    return outcome;
  }
}

/** The newest first; the one before it while it still holds. @throws SECRET_UNREADABLE */
function secretsOf({ vault, clock }: WebhookEngines, claim: Claim): readonly string[] {
  const { tenantId, endpointId: recordId, sealedSecret, previousSealedSecret, previousSecretUntil } = claim;
  const isPreviousValid = previousSealedSecret !== null && previousSecretUntil !== null && previousSecretUntil > clock.now();
  const sealed = isPreviousValid ? [sealedSecret, previousSealedSecret] : [sealedSecret];
  return sealed.map((text) => vault.open(text, { tenantId, recordId, field: SECRET_FIELD }));
}

function stateAfter(claim: Claim, { kind, retryAfterMs }: Outcome, now: Date): Pick<Ended, 'state' | 'nextAt'> {
  if (kind === 'TAKEN') return { state: 'DELIVERED', nextAt: null };
  const { firstAttemptAt, attemptCount, purpose, event } = claim;
  const isOnce = purpose === 'TEST' || event === null;
  const nextAt = isOnce
    ? null
    : nextAttemptAt({ now, firstAttemptAt, attemptCount, pauseMs: pauseOf(attemptCount), retryAfterMs });
  return nextAt === null ? { state: 'DEAD', nextAt } : { state: 'PENDING', nextAt };
}

/** Whoever is gone, or gave nothing but failures for so long, is sent nothing more until somebody resumes it. */
export async function judge(engines: WebhookEngines, { claim, outcome, now }: Ended, failingSince: Date | null): Promise<void> {
  if (claim.purpose === 'TEST') return;
  const isGone = outcome.kind === 'GONE';
  const sinceMs = Math.max(failingSince?.getTime() ?? now.getTime(), claim.activeSince.getTime());
  const isFailing = now.getTime() - sinceMs >= TRIED_FOR_MS;
  if (!isGone && !isFailing) return;
  const { tenantId, endpointId: id } = claim;
  const text = isGone
    ? 'It answered 410 Gone.'
    : `Each attempt since ${failingSince?.toISOString() ?? ''} failed. The last: ${outcome.failure ?? ''}`;
  const principal = await engines.systemPrincipal(tenantId);
  const input = { id, reason: isGone ? 'GONE' : 'FAILING', text: text.slice(0, 1_000) };
  const done = await engines.write.run(disableWebhookEndpoint, input, { principal, requestId: 'job webhooks' });
  if (!done.ok) throw new Error(done.problems.map((problem) => problem.message).join(' '));
}
