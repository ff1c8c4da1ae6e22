/** What a command gets when its transaction begins: the tenant, the clocks, reads within the scope of whoever asks. One statement. */
import { type PermissionPair, refusedOutright } from '../access/duties.ts';
import type { Permission, PolicyRow } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { scopeOf } from '../access/scope.ts';
import type { Connector } from '../connect/connector.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Randomness } from '../kernel/random.ts';
import type { Vault } from '../kernel/sealed.ts';
import type { Catalogue } from '../read/catalogue.ts';
import { predicateSql } from '../read/predicate-sql.ts';
import { sql } from '../read/sql.ts';
import type { CommandContext, Observing, Problem, ServingConnection, Tx } from './command.ts';
import type { Tables } from './tables.ts';
import { load, type Session } from './transaction.ts';

export interface OpeningEngines {
  readonly tables: Tables;
  readonly catalogue: Catalogue;
  readonly policies: readonly PolicyRow[];
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: () => string;
  readonly vault: Pick<Vault, 'seal' | 'digests'>;
  readonly allowsLoopback: boolean;
  readonly connectors: ReadonlyMap<string, Connector>;
}

export interface Opened {
  readonly context: CommandContext;
  readonly tx: Tx;
  /** The tenant's forbidden pairs. */
  readonly pairs: readonly PermissionPair[];
  /** Why the principal may not use the permission on any record; null: it may, as far as this goes. */
  readonly refused: Problem | null;
}

interface TenantRow {
  readonly group_currency: string;
  readonly is_sandbox: boolean;
  readonly clock_offset_ms: string;
  readonly pairs: readonly PermissionPair[];
  readonly serving: readonly (ServingConnection & { readonly legalEntityId: string })[];
  /** `legal entity kind`, each where a connection has authority. */
  readonly theirs: readonly string[];
}

export interface Opening {
  readonly principal: Principal;
  readonly permission: Permission;
  readonly observing: Observing | null;
  /** Several actors with equal access: what only one of them may see is out of reach. */
  readonly isShared: boolean;
}

export async function open(
  engines: OpeningEngines,
  session: Session,
  { principal, permission, observing, isShared }: Opening,
): Promise<Opened> {
  const { clock, newId, catalogue, randomness, policies, vault, allowsLoopback, connectors } = engines;
  const [tenant] = await session.rows<TenantRow>(
    sql`select group_currency, is_sandbox, clock_offset_ms::text,
          (select coalesce(json_agg(json_build_object('first', first_permission, 'second', second_permission, 'extent', extent)), '[]'::json)
           from forbidden_pair p where p.tenant_id = tenant.tenant_id and p.is_active) as pairs,
          (select coalesce(json_agg(json_build_object('legalEntityId', s.legal_entity_id, 'id', c.id, 'code', c.code, 'name', c.name, 'connector', c.connector)), '[]'::json)
           from connection_legal_entity s join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id where s.tenant_id = tenant.tenant_id) as serving,
          (select coalesce(json_agg(a.legal_entity_id || ' ' || a.record_kind), '[]'::json)
           from authority a where a.tenant_id = tenant.tenant_id and a.side = 'CONNECTION') as theirs
        from tenant where tenant_id = ${principal.tenantId}`,
  );
  if (!tenant) throw new DomainError('NOT_FOUND', 'The tenant is gone.');
  const { pairs } = tenant;
  const wallNow = clock.now();
  const clockOffsetMs = BigInt(tenant.clock_offset_ms);
  const context: CommandContext = {
    principal,
    tenant: { id: principal.tenantId, groupCurrency: tenant.group_currency, isSandbox: tenant.is_sandbox, clockOffsetMs },
    now: new Date(wallNow.getTime() + Number(clockOffsetMs)),
    wallNow,
    pairs,
    policies,
    newId,
    randomBytes: (count) => randomness.bytes(count),
    seal: (secret, place) => vault.seal(secret, { ...place, tenantId: principal.tenantId }),
    digests: (text, use) => vault.digests(text, { tenantId: principal.tenantId, use }),
    allowsLoopback,
    authority: authorityOf(tenant),
    observing,
    connectors,
    scope(record, asked) {
      const { resource } = catalogue.record(record);
      if (isShared && resource.own !== undefined) throw new Error(`${record} is each actor's own, and several ask together`);
      return scopeOf(principal, resource, asked);
    },
  };
  return { context, tx: txOf(engines, session, context), pairs, refused: refusedFor(principal, permission, pairs) };
}

/** Why the principal may not use the permission on any record; null: it may, as far as this goes. */
export function refusedFor(principal: Principal, permission: Permission, pairs: readonly PermissionPair[]): Problem | null {
  const message = refusedOutright(principal, permission, pairs);
  return message === null ? null : { code: 'DUTIES_CONFLICT', message, path: [] };
}

/** A legal entity that no connection serves is the platform's, whatever was said about it before. */
function authorityOf({ serving, theirs }: TenantRow): CommandContext['authority'] {
  const connections = new Map(serving.map(({ legalEntityId, ...connection }) => [legalEntityId, connection]));
  const isTheirs = new Set(theirs);
  return (legalEntityId, recordKind) => {
    const connection = connections.get(legalEntityId) ?? null;
    const side = connection && isTheirs.has(`${legalEntityId} ${recordKind}`) ? 'CONNECTION' : 'PLATFORM';
    return { side, connection };
  };
}

function txOf({ catalogue, tables }: OpeningEngines, session: Session, context: CommandContext): Tx {
  const inScope: Tx['inScope'] = (record, alias) => {
    const of = catalogue.record(record);
    return predicateSql({ catalogue, record: of, alias, predicate: context.scope(record) });
  };
  return {
    rows: (source) => session.rows(source),
    inScope,
    load: async (schema, where, options = {}) => {
      const entity = schema.meta.className;
      const scope = catalogue.has(entity) ? inScope(entity, 't') : sql`t.tenant_id = ${context.tenant.id}`;
      const { lock = false } = options;
      const found =
        'ids' in where
          ? { where: scope, byIds: { tenantId: context.tenant.id, ids: where.ids } }
          : { where: sql`${where} and ${scope}` };
      return (await load(session, { tables, entity, lock, ...found })) as never;
    },
  };
}
