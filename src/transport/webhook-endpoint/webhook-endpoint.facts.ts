/** What decisions about endpoints need: the endpoints themselves, how many there are, and whether what they name is there. */
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { WebhookEndpoint } from './webhook-endpoint.entity.ts';
import type { EndpointRow } from './webhook-endpoint.rules.ts';

export interface Ref {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
}

/** Those of the ids that the principal may touch, locked. */
export const lockedEndpoints = (tx: Tx, inputs: readonly Ref[]): Promise<readonly EndpointRow[]> =>
  tx.load(WebhookEndpoint, sql`t.id = any(${sql.uuids(inputs.map(({ id }) => id))})`, { lock: true });

/** @throws NOT_FOUND, VERSION_CONFLICT */
export function endpointIn(endpoints: readonly EndpointRow[], { id, expectedVersion }: Ref): EndpointRow {
  const found = endpoints.find((one) => one.id === id);
  if (!found) throw new DomainError('NOT_FOUND', 'There is no such endpoint.', { path: ['id'] });
  requireVersion(found.version, expectedVersion);
  return found;
}

/** One that isn't deleted. @throws NOT_FOUND, VERSION_CONFLICT, WRONG_STATE */
export function livingEndpointIn(endpoints: readonly EndpointRow[], ref: Ref): EndpointRow {
  const found = endpointIn(endpoints, ref);
  if (found.lifecycle !== 'DELETED') return found;
  throw new DomainError('WRONG_STATE', 'The endpoint is deleted: make another one.', { path: ['id'] });
}

export interface Setting {
  readonly count: number;
  readonly legalEntityIds: ReadonlySet<string>;
  readonly customerIds: ReadonlySet<string>;
}

interface Filters {
  readonly legalEntityId?: string | undefined;
  readonly customerId?: string | undefined;
}

/** One at a time makes an endpoint, so that nobody counts what another one is changing. */
export async function settingOf(tx: Tx, inputs: readonly Filters[]): Promise<Setting> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('webhooks ' || current_setting('app.tenant_id'), 0))`);
  const seen = async (record: 'LegalEntity' | 'Customer', ids: readonly (string | undefined)[]) => {
    const table = sql.id(record === 'Customer' ? 'customer' : 'legal_entity');
    const rows = await tx.rows<{ id: string }>(
      sql`select t.id from ${table} t where t.id = any(${sql.uuids(ids)}) and ${tx.inScope(record, 't')}`,
    );
    return new Set(rows.map(({ id }) => id));
  };
  const [counted] = await tx.rows<{ count: number }>(
    sql`select count(*)::int as count from webhook_endpoint where lifecycle <> 'DELETED'`,
  );
  return {
    count: counted?.count ?? 0,
    legalEntityIds: await seen(
      'LegalEntity',
      inputs.map((input) => input.legalEntityId),
    ),
    customerIds: await seen(
      'Customer',
      inputs.map((input) => input.customerId),
    ),
  };
}
