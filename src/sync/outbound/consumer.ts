/**
 * Delivers requests to ERPs, one after the other for each record that they are about: the record's document is made as it is now, sent by
 * the connection's connector, and the ERP's answer is taken like anything that is read from it, in one transaction with the request's
 * confirmation. Whatever ends the process in between, the next try finds what was done. What an ERP refuses is shown with its words and
 * holds up no other record.
 */
import { isDomainError } from '../../kernel/errors.ts';
import { exponentialBackoff } from '../../outbox/backoff.ts';
import { type Consumer, type DeliveryAttempt, NotYet } from '../../outbox/delivery.ts';
import type { SealedEvent } from '../../outbox/event.ts';
import type { Session } from '../../write/transaction.ts';
import { openConnection } from '../client/open.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { takeRecords } from '../inbound/take.ts';
import { confirm } from './confirm.ts';
import { documentOf, type OutboundDocument } from './documents.ts';
import { differingText } from './differing.ts';
import { failed } from './failed.ts';
import { overriddenText } from './overridden.ts';
import { assembledOf, type Effect, findOurs, Impossible, loadKnown, pushOnce } from './push.ts';
import { countTry, loadRequest, type OutboundRequest } from './request.ts';

/** The first 14 attempts take about nine hours, all of them more than three days. */
const MAX_ATTEMPTS = 26;
const BACKOFF = { firstMs: 2_000, maxMs: 21_600_000 };
const PAUSED_MS = 60_000;
/** Until an operator has installed a connector, or set a key. */
const UNUSABLE_MS = 300_000;

export function erpConsumer(engines: SyncEngines): Consumer {
  return {
    name: 'erp',
    startAt: 'BEGINNING',
    maxAttempts: MAX_ATTEMPTS,
    backoffMs: exponentialBackoff({ ...BACKOFF, random: engines.randomness }),
    accepts: ({ type }) => type === 'erp_request.made',
    subjectOf: ({ payload, recordId }) => (typeof payload['recordId'] === 'string' ? payload['recordId'] : recordId),
    deliver: (event, attempt) => deliver(engines, event, attempt),
  };
}

interface Work {
  readonly engines: SyncEngines;
  readonly event: SealedEvent;
  readonly attempt: DeliveryAttempt;
  readonly request: OutboundRequest;
  readonly connection: OpenConnection;
}

async function deliver(engines: SyncEngines, event: SealedEvent, attempt: DeliveryAttempt): Promise<void> {
  const { tenantId } = event;
  const request = await engines.inTenant(tenantId, (session) => loadRequest(session, event.recordId));
  // answered already, or asked again since: a later event is its own delivery
  if (request?.lifecycle !== 'SENT' || request.version !== event.recordVersion) return;
  if (request.isPaused) throw new NotYet(`${request.connectionName} is paused.`, PAUSED_MS);
  const connection = await opened(engines, { tenantId, connectionId: request.connectionId });
  const work = { engines, event, attempt, request, connection };
  try {
    await push(work);
  } catch (error) {
    if (attempt.signal.aborted) throw error;
    await failed({ ...work, isLast: attempt.attempt >= MAX_ATTEMPTS }, error);
  }
}

async function opened(engines: SyncEngines, which: { tenantId: string; connectionId: string }): Promise<OpenConnection> {
  try {
    return await openConnection(engines, which);
  } catch (error) {
    if (isDomainError(error) && error.code !== 'UNAVAILABLE') throw new NotYet(error.message, UNUSABLE_MS);
    throw error;
  }
}

async function push(work: Work): Promise<void> {
  const { engines, event, attempt, request, connection } = work;
  const now = connection.businessNow();
  const { made, known, by } = await engines.inTenant(event.tenantId, async (session) => {
    const document = await documentOf({ session, connection, request, now });
    const pushed = pushOf(connection, document);
    return { made: document, by: pushed, known: await loadKnown(session, { ...request, stream: pushed.stream.name }) };
  });
  const tries = await engines.inTenant(event.tenantId, (session) => countTry(session, request));
  if (tries === null) return;
  await attempt.check(engines.pool); // a process that was stopped here for long sends nothing any more
  const entity = connection.entities.find((one) => one.id === request.legalEntityId);
  const readAt = engines.clock.now();
  const pushing = {
    ...by,
    ...made,
    context: connection.context(attempt.signal),
    functionalCurrency: entity?.functionalCurrency ?? '',
    command: isEmptied(made) ? 'VOID' : request.command,
    key: request.id,
    attempt: tries,
    known,
  } as const;
  const effect = await pushOnce(made.isBeside ? { ...pushing, known: await findOurs(pushing) } : pushing);
  const there = effect && assembledOf(pushing, effect.record.raw);
  const differs = made.isBeside ? null : differingText(connection.name, made.document, there);
  await taken(work, { stream: by.stream.name, readAt, isBeside: made.isBeside, differs }, effect);
}

/** A credit note that is set against nothing any more. */
const isEmptied = ({ isBeside, document }: OutboundDocument): boolean =>
  isBeside && 'applications' in document && document.applications.length === 0;

/** @throws Impossible where its connector has nothing to do with records of the kind any more */
function pushOf({ connector, name }: OpenConnection, { kind }: OutboundDocument) {
  const found = connector.pushes.find((one) => one.kind === kind);
  const stream = connector.streams.find((one) => one.name === found?.stream);
  if (!found || !stream) throw new Impossible(`${name} takes no ${kind} from here.`);
  return { push: found, stream };
}

interface Answered {
  readonly stream: string;
  readonly readAt: Date;
  readonly isBeside: boolean;
  /** How what the ERP made differs from what it was asked for. */
  readonly differs: string | null;
}

/** The answer, as if it had been read; in its transaction the request is confirmed. */
async function taken(
  { engines, event, request, connection }: Work,
  { isBeside, differs, ...from }: Answered,
  effect: Effect | null,
): Promise<void> {
  const { tenantId, requestId } = event;
  const principal = await engines.systemPrincipal(tenantId);
  const overridden = overriddenText(effect?.overridden ?? []);
  const confirmed = (session: Session) =>
    confirm(engines, session, {
      tenantId,
      principal,
      request,
      externalId: effect?.record.externalId ?? null,
      overridden,
      differs,
      requestId,
      now: connection.businessNow(),
    });
  if (!effect) return engines.inTenant(tenantId, confirmed);
  const { record } = effect;
  const { recordId, accountId } = request;
  let isConfirmed = false;
  await takeRecords(engines, connection, {
    ...from,
    records: [record],
    ...(isBeside ? {} : { link: { externalId: record.externalId, recordId, accountId } }),
    async alongside(session) {
      await confirmed(session);
      isConfirmed = true;
    },
  });
  if (!isConfirmed) throw new Error(`The answer to the request ${request.id} was taken without confirming it`);
}
