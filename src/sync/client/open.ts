/**
 * Opens a connection: its row, its connector, its settings by their schema, its credentials by the vault, and the client that sends its
 * requests. Nothing that is opened here is ever shown: a sentence about credentials names the field, never what is in it.
 */
import type { AuthScheme } from '../../connect/auth.ts';
import { checkedBaseUrl } from '../../connect/address.ts';
import type { Connector } from '../../connect/connector.ts';
import { createErpHttp } from '../../connect/erp-client.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, ServedEntity, SyncEngines } from '../engine.ts';
import { createGate } from './gate.ts';
import { createTokenStore } from './tokens.ts';

export interface Which {
  readonly tenantId: string;
  readonly connectionId: string;
}

interface Row {
  readonly code: string;
  readonly name: string;
  readonly connector: string;
  readonly lifecycle: OpenConnection['lifecycle'];
  readonly config: Readonly<Record<string, unknown>>;
  readonly sealedCredentials: string;
  readonly credentialsVersion: number;
  readonly syncEveryS: number;
  readonly clockOffsetMs: string;
  readonly entities: readonly ServedEntity[];
}

/** @throws DomainError NOT_FOUND; NOT_CONFIGURED where the connector isn't installed or there is no key; INVALID_INPUT by a setting */
export async function openConnection(engines: SyncEngines, which: Which): Promise<OpenConnection> {
  const { clock, randomness, http, allowsLoopback } = engines;
  const { tenantId, connectionId } = which;
  const row = await rowOf(engines, which);
  const connector = engines.connectors.get(row.connector);
  if (!connector)
    throw new DomainError('NOT_CONFIGURED', `The connector ${row.connector} of ${row.name} is not installed on this server.`);
  const config = parsed(connector.config, row.config, 'config');
  const place = { tenantId, recordId: connectionId, field: 'credentials' };
  const secrets = JSON.parse(engines.vault.open(row.sealedCredentials, place)) as unknown;
  const credentials = parsed(connector.credentials, secrets, 'credentials');
  const auth = connector.auth(config, credentials);
  const baseUrls = checkedUrls({ connector, config, auth }, allowsLoopback);
  const owner = { tenantId, connectionId, name: row.name };
  const tokens = createTokenStore(engines, { ...owner, auth, credentialsVersion: row.credentialsVersion });
  const gate = createGate(engines, { ...owner, connector: connector.name, limit: connector.rateLimit(config) });
  const now = () => clock.now();
  return {
    tenantId,
    id: connectionId,
    code: row.code,
    name: row.name,
    lifecycle: row.lifecycle,
    connector,
    config,
    credentials,
    entities: row.entities,
    syncEveryS: row.syncEveryS,
    businessNow: () => new Date(clock.now().getTime() + Number(row.clockOffsetMs)),
    context: (signal) => ({
      config,
      memory: memoryOf(engines, connectionId, [row.config, row.credentialsVersion, row.entities]),
      legalEntities: row.entities.flatMap(({ externalId }) => externalId ?? []),
      http: createErpHttp({
        http,
        baseUrls,
        auth,
        tokens,
        gate,
        now,
        randomness,
        signal,
        onTrace: (trace) => engines.onTrace({ connection: row.code, ...trace }),
        ...(connector.judge ? { judge: connector.judge } : {}),
      }),
      now,
      signal,
    }),
  };
}

interface Remembered {
  readonly settings: string;
  readonly memory: object;
}

const memories = new WeakMap<SyncEngines, Map<string, Remembered>>();

/** Another one as soon as anything is set otherwise: what another user saw is nobody's any more. */
function memoryOf(engines: SyncEngines, connectionId: string, setUp: readonly unknown[]): object {
  const known = memories.get(engines) ?? new Map<string, Remembered>();
  memories.set(engines, known);
  const settings = JSON.stringify(setUp);
  const found = known.get(connectionId);
  if (found?.settings === settings) return found.memory;
  const memory = {};
  known.set(connectionId, { settings, memory });
  return memory;
}

async function rowOf(engines: SyncEngines, { tenantId, connectionId }: Which): Promise<Row> {
  const [row] = await engines.inTenant(tenantId, (session) =>
    session.rows<Row>(sql`
      select c.code, c.name, c.connector, c.lifecycle, c.config, c.sealed_credentials as "sealedCredentials",
        c.credentials_version as "credentialsVersion", c.sync_every_s as "syncEveryS", t.clock_offset_ms::text as "clockOffsetMs",
        (select coalesce(json_agg(json_build_object('id', e.id, 'code', e.code, 'functionalCurrency', e.functional_currency, 'timeZone', e.time_zone, 'externalId', s.external_id) order by e.code), '[]')
         from connection_legal_entity s join legal_entity e on e.tenant_id = s.tenant_id and e.id = s.legal_entity_id
         where s.tenant_id = c.tenant_id and s.connection_id = c.id) as entities
      from connection c join tenant t on t.tenant_id = c.tenant_id where c.tenant_id = ${tenantId} and c.id = ${connectionId}`),
  );
  if (!row) throw new DomainError('NOT_FOUND', `There is no connection ${connectionId}.`);
  return row;
}

/** @throws DomainError INVALID_INPUT that names the field; the value isn't part of it */
function parsed(schema: Connector['config'], value: unknown, name: 'config' | 'credentials'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [name, ...(issue?.path ?? []).map(String)];
  const rule = name === 'config' ? `: ${issue?.message ?? 'it is not right'}` : ' is missing or has not its form';
  throw new DomainError('INVALID_INPUT', `${path.join('.')}${rule}.`, { path });
}

interface Addressed {
  readonly connector: Connector;
  readonly config: unknown;
  readonly auth: AuthScheme;
}

/** Every address that requests of the connection go to. @throws DomainError INVALID_INPUT for one that may not be reached */
function checkedUrls({ connector, config, auth }: Addressed, allowsLoopback: boolean): readonly string[] {
  if ('tokenUrl' in auth) checkedBaseUrl(auth.tokenUrl, { allowsLoopback, path: ['config', 'tokenUrl'] });
  return connector.baseUrls(config).map((url) => checkedBaseUrl(url, { allowsLoopback, path: ['config', 'baseUrl'] }).href);
}
