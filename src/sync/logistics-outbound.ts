/**
 * Hands fulfilments to third parties: follows the log, and for each one that was released to a provider sends it a request, signed and
 * with the fulfilment's id as its key, until it has an answer. It may be asked twice and has one shipment by that key; the answer is
 * recorded by an id of its own, so that it counts once. A cancelled one is taken back the same way.
 */
import { ExternalError } from '../connect/external-error.ts';
import type { HttpAnswer, HttpClient } from '../connect/http.ts';
import { signMessage } from '../connect/signature.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { publicId } from '../kernel/ids.ts';
import type { Vault } from '../kernel/sealed.ts';
import { exponentialBackoff } from '../outbox/backoff.ts';
import type { Consumer, DeliveryAttempt } from '../outbox/delivery.ts';
import type { SealedEvent } from '../outbox/event.ts';
import { businessTime, secretsOf, type SystemRows } from './logistics-provider.ts';
import { loadShipment, type Shipment, shipmentDocument } from './shipment.ts';
import type { RecordReport, Report } from './tracking.ts';

export interface OutboundOptions {
  readonly rows: SystemRows;
  readonly record: RecordReport;
  readonly vault: Vault;
  readonly http: HttpClient;
  /** Wall time. */
  readonly clock: Clock;
}

/** The first 12 attempts take about six hours, all of them more than three days. */
const MAX_ATTEMPTS = 24;
const BACKOFF = { firstMs: 5_000, maxMs: 21_600_000 };
const REFERENCE = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

export function logisticsConsumer(options: OutboundOptions): Consumer {
  return {
    name: 'logistics',
    startAt: 'NOW',
    maxAttempts: MAX_ATTEMPTS,
    backoffMs: exponentialBackoff(BACKOFF),
    accepts: ({ type, payload: { provider, from } }) =>
      typeof provider === 'string' &&
      (type === 'fulfilment.released' || (type === 'fulfilment.cancelled' && from === 'RELEASED')),
    async deliver(event, attempt) {
      const shipment = await loadShipment(options.rows, event.tenantId, event.recordId);
      if (!shipment) return;
      const work = { options, event, attempt, shipment };
      await (event.type === 'fulfilment.cancelled' ? takeBack(work) : handOver(work));
    },
  };
}

interface Work {
  readonly options: OutboundOptions;
  readonly event: SealedEvent;
  readonly attempt: DeliveryAttempt;
  readonly shipment: Shipment;
}

async function handOver(work: Work): Promise<void> {
  const { shipment } = work;
  // answered by its webhook already, or given up before it was asked
  if (shipment.providerStatus !== 'PENDING' || shipment.lifecycle === 'CANCELLED') return;
  const path = '/shipments';
  const answer = await asked(work, { path, key: publicId('ful', shipment.fulfilmentId), body: shipmentDocument(shipment) });
  if (answer instanceof ExternalError) {
    if (answer.kind === 'REJECTED') return report(work, { kind: 'REFUSED', description: saying(answer) });
    return unanswered(work, answer);
  }
  const { reference } = (answer.body ?? {}) as { readonly reference?: unknown };
  const known = typeof reference === 'string' && REFERENCE.test(reference) ? { reference } : {};
  return report(work, { kind: 'ACCEPTED', ...known });
}

async function takeBack(work: Work): Promise<void> {
  const { shipment } = work;
  if (shipment.providerStatus === 'REFUSED') return;
  const id = publicId('ful', shipment.fulfilmentId);
  const body = JSON.stringify({ id, number: shipment.number });
  const answer = await asked(work, { path: `/shipments/${id}/cancel`, key: `${id}:cancel`, body });
  if (!(answer instanceof ExternalError) || answer.status === 404 || answer.status === 410) return; // it never had it
  if (answer.kind !== 'REJECTED' && answer.kind !== 'CONFLICT') return unanswered(work, answer);
  return report(work, { kind: 'EXCEPTION', description: `It was not cancelled there. ${saying(answer)}` });
}

const saying = ({ words, status }: ExternalError): string => words || `It answered ${status}.`;

interface Asking {
  readonly path: string;
  readonly key: string;
  readonly body: string;
}

async function asked(
  { options: { http, vault, clock }, event, attempt: { signal }, shipment: { provider } }: Work,
  { path, key, body }: Asking,
): Promise<HttpAnswer | ExternalError> {
  const now = clock.now();
  const signature = signMessage({ id: `evt_${event.eventId}`, at: now, body, secrets: secretsOf(provider, vault, now) });
  const headers = { 'idempotency-key': key, ...signature };
  try {
    return await http.send({ method: 'POST', base: provider.baseUrl, path, headers, body, signal });
  } catch (error) {
    if (error instanceof ExternalError) return error;
    throw error;
  }
}

/** @throws DomainError, so that it is tried again; when that is over, those who look at the fulfilment are told. */
async function unanswered(work: Work, error: ExternalError): Promise<never> {
  const isLast = work.attempt.attempt >= MAX_ATTEMPTS && !work.attempt.signal.aborted;
  if (isLast) await report(work, { kind: 'EXCEPTION', description: `It could not be handed over. ${error.message}` });
  const details = error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs };
  throw new DomainError('UNAVAILABLE', error.message, { details });
}

const DESCRIPTION_MAX_CHARS = 1_000;

/** @throws DomainError when it can't be recorded: then it is asked again, and answers the same */
async function report(
  { options: { record, clock }, event, shipment: { provider, fulfilmentId } }: Work,
  told: Pick<Report, 'kind' | 'description' | 'reference'>,
): Promise<void> {
  const outcome = await record({
    ...told,
    description: told.description?.slice(0, DESCRIPTION_MAX_CHARS),
    tenantId: event.tenantId,
    fulfilmentId,
    source: provider.code,
    externalId: `cashgraph:${event.eventId}`,
    occurredAt: businessTime(clock.now(), provider),
    requestId: event.requestId,
  });
  const [problem] = outcome.ok ? [] : outcome.problems;
  if (problem) throw new DomainError(problem.code, problem.message);
}
