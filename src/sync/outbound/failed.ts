/**
 * What becomes of a push that did not go through. What the ERP will never do is refused for good, with its words, so that a person can
 * mend it; what may still come is waited for; what could not be asked is tried again for three days, and then shown.
 */
import { MappingError } from '../../connect/connector.ts';
import { ExternalError } from '../../connect/external-error.ts';
import { DomainError } from '../../kernel/errors.ts';
import { NotYet } from '../../outbox/delivery.ts';
import type { SealedEvent } from '../../outbox/event.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { NoDocument } from './document-source.ts';
import { Impossible } from './push.ts';
import { NotThereYet } from './references.ts';
import type { OutboundRequest } from './request.ts';

/** For an ERP that says it is asked too often, and not until when. */
const THROTTLED_MS = 60_000;
/** A reference may come with the next page; after a while it is shown that it doesn't, and looked for seldom. */
const REFERENCE_MS = { from: 500, to: 600_000, shownAfter: 900_000 };
const WORDS_MAX_CHARS = 2_000;

export interface FailedWork {
  readonly engines: SyncEngines;
  readonly event: SealedEvent;
  readonly request: OutboundRequest;
  readonly connection: OpenConnection;
  /** It is not tried again after this. */
  readonly isLast: boolean;
}

/** @throws what the delivery engine makes of it: NotYet, or an error after which it is tried again; nothing where it is over */
export async function failed(work: FailedWork, error: unknown): Promise<void> {
  const { connection, isLast } = work;
  if (error instanceof NotThereYet) return wait(work, error);
  if (error instanceof NoDocument || error instanceof MappingError)
    return tell(work, { command: 'refuseErpRequest', reason: 'MAPPING', message: error.message });
  if (error instanceof Impossible)
    return tell(work, { command: 'refuseErpRequest', reason: 'ERP_REFUSED', message: error.message });
  if (!(error instanceof ExternalError)) {
    if (isLast) await unreachable(work, 'Something unexpected went wrong on our side.');
    throw error;
  }
  const { kind, words, message, retryAfterMs } = error;
  if (kind === 'REJECTED') {
    const said = words || message;
    return tell(work, {
      command: 'refuseErpRequest',
      reason: 'ERP_REFUSED',
      message: `${connection.name} refused it: ${said}`,
      erpText: said,
    });
  }
  if (kind === 'THROTTLED') throw new NotYet(message, retryAfterMs ?? THROTTLED_MS);
  if (isLast) await unreachable(work, message);
  throw new DomainError('UNAVAILABLE', message, { details: retryAfterMs === null ? {} : { retryAfterMs } });
}

const unreachable = (work: FailedWork, why: string) =>
  tell(work, {
    command: 'noteErpTrouble',
    reason: 'ERP_UNREACHABLE',
    message: `${work.connection.name} could not be asked: ${why}`,
  });

/** Soon at first, then ever more seldom. */
async function wait(work: FailedWork, { message, accountId }: NotThereYet): Promise<never> {
  const { engines, event, connection } = work;
  if (accountId !== null) await askForCustomer(engines, { connection, accountId, requestId: event.requestId });
  const waitedMs = Math.max(connection.businessNow().getTime() - event.recordedAt.getTime(), 0);
  if (waitedMs >= REFERENCE_MS.shownAfter) await tell(work, { command: 'noteErpTrouble', reason: 'MISSING_REFERENCE', message });
  throw new NotYet(message, Math.min(Math.max(waitedMs / 2, REFERENCE_MS.from), REFERENCE_MS.to));
}

/** One that was here before the connection was never asked for: it is, as soon as a document needs it and the ERP's own customers are known. */
async function askForCustomer(
  { write, command, systemPrincipal }: SyncEngines,
  { connection, accountId, requestId }: { connection: OpenConnection; accountId: string; requestId: string },
): Promise<void> {
  const principal = await systemPrincipal(connection.tenantId);
  const input = { accountId, connectionId: connection.id };
  const outcome = await write.run(command('askErpForCustomer'), input, { principal, requestId });
  const [problem] = outcome.ok ? [] : outcome.problems;
  if (problem && problem.code !== 'WRONG_STATE' && problem.code !== 'ERP_AUTHORITY')
    throw new DomainError(problem.code, problem.message);
}

interface Trouble {
  readonly command: 'refuseErpRequest' | 'noteErpTrouble';
  readonly reason: string;
  readonly message: string;
  readonly erpText?: string;
}

/** @throws DomainError when it can't be written: then the push is tried again, and comes to the same */
async function tell({ engines, event, request }: FailedWork, { command, reason, message, erpText }: Trouble): Promise<void> {
  const input = {
    id: request.id,
    reason,
    message: message.slice(0, WORDS_MAX_CHARS),
    erpText: erpText?.slice(0, WORDS_MAX_CHARS) ?? null,
  };
  const principal = await engines.systemPrincipal(event.tenantId);
  const observing = { connectionId: request.connectionId, code: request.connection };
  const { requestId } = event;
  const [outcome] = await engines.write.runSet(engines.command(command), [input], { principal, requestId, observing });
  if (!outcome || outcome.ok) return;
  const [problem] = outcome.problems;
  throw outcome.fault ?? new DomainError(problem?.code ?? 'INTERNAL', problem?.message ?? 'It was not written.');
}
