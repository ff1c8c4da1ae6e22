/**
 * What third parties report by webhook: who sent it is proved by the signature over the raw body, which of their fulfilments it is
 * about is looked up among their own only, and each event is recorded once by the command that people use. Whoever guesses at
 * addresses learns nothing: an unknown tenant and an unknown provider take the same way to the same answer.
 */
import { newWebhookSecret, verifyMessage } from '../connect/signature.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError, ERROR_CODES, isDomainError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import { systemRandom } from '../kernel/random.ts';
import type { Vault } from '../kernel/sealed.ts';
import { sql } from '../read/sql.ts';
import { translateDatabaseError } from '../write/database-errors.ts';
import type { Problem } from '../write/command.ts';
import { type LogisticsEvent, eventsIn, nameOf } from './logistics-event.ts';
import {
  businessTime,
  PROVIDER_COLUMNS,
  type ProviderRow,
  secretPlace,
  secretsOf,
  type SystemRows,
} from './logistics-provider.ts';
import type { RecordReport } from './tracking.ts';

export interface WebhookRequest {
  /** The slug of the tenant, as the address has it. */
  readonly tenant: string;
  /** The code of the provider, as the address has it. */
  readonly provider: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** As it came. */
  readonly body: Uint8Array;
  readonly requestId: string;
}

export interface WebhookReceipt {
  readonly recorded: number;
  /** Reported before: nothing was done again. */
  readonly known: number;
}

/** @throws DomainError NOT_FOUND, SIGNATURE_INVALID, BAD_REQUEST, UNAVAILABLE, or what refuses an event */
export type ReceiveWebhook = (request: WebhookRequest) => Promise<WebhookReceipt>;

export interface InboundOptions {
  readonly rows: SystemRows;
  readonly record: RecordReport;
  readonly vault: Vault;
  /** Wall time. */
  readonly clock: Clock;
}

const nothingThere = () => new DomainError('NOT_FOUND', 'There is nothing at this address.');

export function logisticsInbound(options: InboundOptions): ReceiveWebhook {
  const nobody = once(() => nobodyOf(options.vault));
  return async (request) => {
    try {
      const { provider, webhookId } = await senderOf(options, { request, nobody: nobody() });
      return await receive(options, { provider, webhookId, request });
    } catch (raw) {
      const error = translateDatabaseError(raw);
      // what is wrong on our side is not the sender's business, but that it should come again is
      if (isDomainError(error) && ERROR_CODES[error.code].kind === 'FAULT') throw notNow(error);
      throw error;
    }
  };
}

const notNow = (cause: unknown) =>
  new DomainError('UNAVAILABLE', 'Reports can not be taken at the moment. Send it again later.', { cause });

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** Stands in for who isn't there, so that as much is computed for nobody. */
function nobodyOf(vault: Vault): ProviderRow {
  const id = '00000000-0000-7000-8000-000000000000';
  const sealedSecret = vault.seal(newWebhookSecret(systemRandom.bytes), secretPlace({ tenantId: id, id }));
  const nothing = { previousSealedSecret: null, previousSecretUntil: null, clockOffsetMs: '0' };
  return { tenantId: id, id, code: '', baseUrl: '', sealedSecret, ...nothing };
}

interface Sender {
  readonly provider: ProviderRow;
  readonly webhookId: string;
}

async function senderOf(
  { rows, vault, clock }: InboundOptions,
  { request, nobody }: { request: WebhookRequest; nobody: ProviderRow },
): Promise<Sender> {
  const { tenant, provider: code, headers, body } = request;
  const [found] = await rows<ProviderRow>(
    sql`select ${PROVIDER_COLUMNS} from tenant t join logistics_provider p on p.tenant_id = t.tenant_id where t.slug = ${tenant} and p.code = ${code}`,
  );
  const provider = found ?? nobody;
  const now = clock.now();
  const verified = verifyMessage({ headers, body, secrets: secretsOf(provider, vault, now), now });
  if (!found) throw nothingThere();
  if (verified.ok) return { provider, webhookId: verified.id };
  throw new DomainError('SIGNATURE_INVALID', REASONS[verified.reason], { details: { reason: verified.reason } });
}

const REASONS = {
  UNSIGNED: 'The message is not signed: send webhook-id, webhook-timestamp and webhook-signature as Standard Webhooks says.',
  WRONG: 'The signature is not right: sign `id.timestamp.body` with the shared secret of this address.',
  STALE: 'The message was signed more than five minutes ago, or ahead of the time: sign each attempt anew.',
};

interface Received extends Sender {
  readonly request: WebhookRequest;
}

async function receive(options: InboundOptions, { provider, webhookId, request }: Received): Promise<WebhookReceipt> {
  const events = eventsIn(request.body);
  const counts = { recorded: 0, known: 0 };
  const refused: { index: number; problem: Problem }[] = [];
  for (const [index, event] of events.entries()) {
    const key = `webhook-${sha256(JSON.stringify([provider.id, webhookId, index]))}`;
    const problem = await recordOne(options, { provider, event, requestId: request.requestId, key, counts });
    if (problem) refused.push({ index, problem });
  }
  const [first] = refused;
  if (first) throw refusal(first, refused.length, events.length);
  return counts;
}

interface One {
  readonly provider: ProviderRow;
  readonly event: LogisticsEvent;
  readonly requestId: string;
  readonly key: string;
  readonly counts: { recorded: number; known: number };
}

/** What is wrong with it; null when it is recorded, now or before. */
async function recordOne(
  { rows, record }: InboundOptions,
  { provider, event, requestId, key, counts }: One,
): Promise<Problem | null> {
  const { fulfilmentId, problem } = await fulfilmentOf(rows, provider, event);
  if (problem) return problem;
  const { id, occurredAt, fulfilmentId: _id, fulfilmentNumber: _number, ...told } = event;
  const outcome = await record({
    ...told,
    tenantId: provider.tenantId,
    fulfilmentId,
    source: provider.code,
    externalId: id,
    occurredAt: businessTime(occurredAt, provider),
    requestId,
    idempotencyKey: key,
  });
  if (outcome.ok) {
    counts[outcome.isNew ? 'recorded' : 'known'] += 1;
    return null;
  }
  const [found] = outcome.problems;
  if (found?.code !== 'IDEMPOTENCY_KEY_REUSED') return found ?? null;
  counts.known += 1; // this message was taken before, whatever it says now
  return null;
}

type Found =
  | { readonly fulfilmentId: string; readonly problem?: never }
  | { readonly fulfilmentId?: never; readonly problem: Problem };

/** Among the provider's own. Two legal entities may use one number. */
async function fulfilmentOf(rows: SystemRows, { tenantId, id }: ProviderRow, event: LogisticsEvent): Promise<Found> {
  const { field, value } = nameOf(event);
  const column = sql.id('f', { fulfilmentId: 'id', fulfilmentNumber: 'number', reference: 'provider_reference' }[field]);
  const found = await rows<{ id: string }>(
    sql`select f.id from fulfilment f where f.tenant_id = ${tenantId} and f.provider_id = ${id} and ${column} = ${value} order by f.id limit 2`,
  );
  const [only] = found;
  if (only && found.length === 1) return { fulfilmentId: only.id };
  const sentence = only
    ? `${field} names more than one fulfilment of yours: name it by fulfilmentId.`
    : `${field} names no fulfilment that you were asked to carry out.`;
  return { problem: { code: 'INVALID_INPUT', message: sentence, path: [field] } };
}

/** Fields of the command and of the event, where their names differ. */
const FIELDS: Readonly<Record<string, string>> = { externalId: 'id', id: 'fulfilmentId' };

function refusal({ index, problem }: { index: number; problem: Problem }, count: number, total: number): DomainError {
  // of an event only its id can be taken: the database says so, which knows no fields
  const field = problem.path[0] ?? (problem.code === 'ALREADY_EXISTS' ? 'externalId' : undefined);
  const path = ['events', String(index), ...(field === undefined ? [] : [FIELDS[field] ?? field])];
  const others = total === 1 ? '' : ` ${count} of ${total} events were refused; the others are recorded.`;
  return new DomainError(problem.code, `${path.join('.')}: ${problem.message}${others}`, { path });
}
