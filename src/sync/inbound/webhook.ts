/**
 * What ERPs report by webhook: proved by the connector over the raw body, stored, and answered at once; the reading comes later. Whoever
 * guesses at addresses learns nothing: an unknown tenant, an unknown connection, one without webhooks and a wrong signature take the
 * same way to the same answer.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError, ERROR_CODES, isDomainError } from '../../kernel/errors.ts';
import { systemRandom } from '../../kernel/random.ts';
import { sql } from '../../read/sql.ts';
import { translateDatabaseError } from '../../write/database-errors.ts';
import { openConnection } from '../client/open.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { keepHints } from './hints.ts';

export interface ErpWebhookRequest {
  /** The slug of the tenant, as the address has it. */
  readonly tenant: string;
  /** The code of the connection, as the address has it. */
  readonly connection: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** As it came. */
  readonly body: Uint8Array;
}

/** @throws DomainError SIGNATURE_INVALID, BAD_REQUEST, UNAVAILABLE */
export type ReceiveErpWebhook = (request: ErpWebhookRequest) => Promise<{ readonly received: number }>;

export function erpWebhooks(engines: SyncEngines, wake: () => void): ReceiveErpWebhook {
  const nobody = nobodyOf(engines);
  return async (request) => {
    try {
      const connection = await senderOf(engines, request, nobody);
      const received = await keepHints(engines, connection, hintsIn(connection, request));
      if (received > 0) wake();
      return { received };
    } catch (raw) {
      const error = translateDatabaseError(raw);
      // what is wrong on our side is not the sender's business, but that it should come again is
      if (isDomainError(error) && ERROR_CODES[error.code].kind === 'FAULT')
        throw new DomainError('UNAVAILABLE', 'Webhooks can not be taken at the moment. Send it again later.', { cause: error });
      throw error;
    }
  };
}

const unproved = () => new DomainError('SIGNATURE_INVALID', 'The message is not signed with the secret of this address.');

const NOBODY = '00000000-0000-7000-8000-000000000000';
type Nobody = (body: Uint8Array) => void;

/** As much is computed for nobody: a secret is opened, and a signature over the body compared. */
function nobodyOf({ vault }: SyncEngines): Nobody {
  const place = { tenantId: NOBODY, recordId: NOBODY, field: 'credentials' };
  const secret = Buffer.from(systemRandom.bytes(32)).toString('base64');
  let sealed: string | undefined;
  return (body) => {
    sealed ??= vault.seal(secret, place);
    const digest = createHmac('sha256', vault.open(sealed, place)).update(body).digest();
    timingSafeEqual(digest, digest);
  };
}

async function senderOf(
  engines: SyncEngines,
  { tenant, connection: code, headers, body }: ErpWebhookRequest,
  nobody: Nobody,
): Promise<OpenConnection> {
  const [found] = await engines.systemRows<{ tenantId: string; connectionId: string }>(sql`
    select c.tenant_id as "tenantId", c.id as "connectionId" from tenant t join connection c on c.tenant_id = t.tenant_id
    where t.slug = ${tenant} and c.code = ${code}`);
  const connection = await openConnection(engines, found ?? { tenantId: NOBODY, connectionId: NOBODY }).catch(
    (error: unknown) => {
      if (isDomainError(error) && error.code === 'NOT_FOUND') return null;
      throw error;
    },
  );
  const webhooks = connection?.connector.webhooks;
  if (!connection || !webhooks) {
    nobody(body);
    throw unproved();
  }
  const { config, credentials, name } = connection;
  if (webhooks.verify({ headers, body }, { config, credentials, now: engines.clock.now() })) return connection;
  // the answer doesn't tell, and the operator has to know: a secret may have been changed on one side only
  engines.onError(
    new DomainError(
      'SIGNATURE_INVALID',
      `A webhook of ${name} was refused: it is not signed with the secret of its credentials.`,
    ),
  );
  throw unproved();
}

function hintsIn({ connector, config }: OpenConnection, { headers, body }: ErpWebhookRequest) {
  try {
    return connector.webhooks?.hints({ headers, body }, { config }) ?? [];
  } catch {
    throw new DomainError('BAD_REQUEST', 'The message is signed, but its body has not the form that it should have.');
  }
}
