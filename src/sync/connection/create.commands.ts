/** Setting up a connection to an ERP: its settings are checked as its connector wants them, and its credentials sealed, never to be shown. */
import { AUTHORITY_KINDS, type Connector } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import { formed, idOf, int, jsonObject, list, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { loadEntities } from '../../o2c/party/index.ts';
import { type CommandContext, command, type Decision, type RowChange, type Tx } from '../../write/command.ts';
import { KINDS } from '../inbound/kinds.ts';
import { Authority, Connection } from './connection.entity.ts';
import { authorityEvent, connectionEvent, connectorNamed, settingsProblems } from './connection.rules.ts';

/** What credentials are sealed for. */
export const CREDENTIALS_FIELD = 'credentials';
const SERVED_MAX_COUNT = 100;
const EVERY_DEFAULT_S = 60;

export const everyS = optional(int({ min: 10, max: 86_400 })).describe('How often what has changed is read, in seconds.');
export const config = jsonObject.describe('Its settings, by the schema that `connectors` shows.');
export const credentials = jsonObject.describe(
  'What it signs in with, by the schema that `connectors` shows. It is sealed and never shown again.',
);

const input = object('CreateConnectionInput', {
  code: formed(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'must be of a-z, 0-9 and -, begin with a letter or digit, and have at most 40 characters',
  ).describe('Its code, unique in the group. It is part of its webhook address and stays.'),
  name: text().describe('What it is called.'),
  connector: text({ max: 100 }).describe('The connector that it works with, as `connectors` names it.'),
  legalEntityIds: list(idOf('le'), { min: 1, max: SERVED_MAX_COUNT }).describe('The legal entities that it serves.'),
  config,
  credentials,
  syncEveryS: everyS,
});

interface Served {
  readonly legalEntityId: string;
  readonly name: string;
}

async function facts(tx: Tx, inputs: readonly { readonly code: string; readonly legalEntityIds: readonly string[] }[]) {
  const ids = inputs.flatMap((i) => i.legalEntityIds);
  const { entities } = await loadEntities(tx, ids);
  const served = await tx.rows<Served>(sql`
    select s.legal_entity_id as "legalEntityId", c.name from connection_legal_entity s
    join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id where s.legal_entity_id = any(${sql.uuids(ids)})`);
  const authorities = await tx.load(Authority, sql`t.legal_entity_id = any(${sql.uuids(ids)})`);
  const used = await tx.load(
    Connection,
    sql`t.code = any(${sql.typed(
      inputs.map((i) => i.code),
      'text[]',
    )})`,
  );
  return {
    entities,
    served,
    codes: new Set(used.map((c) => c.code)),
    said: new Set(authorities.map((a) => `${a.legalEntityId} ${a.recordKind}`)),
  };
}
type Facts = Awaited<ReturnType<typeof facts>>;

export const createConnection = command({
  name: 'createConnection',
  description:
    'Sets up a connection to an ERP for legal entities that none serves yet, and begins to read it. Who has authority over what is as its connector proposes, unless it was said before.',
  permission: 'connections:manage',
  record: 'Connection',
  input,
  facts,
  decide(known, wanted, context): Decision {
    const connector = connectorNamed(context.connectors, wanted.connector);
    const problems = settingsProblems(connector, wanted, context);
    if (problems.length > 0) return { refused: problems };
    if (known.codes.has(wanted.code))
      throw new DomainError('ALREADY_EXISTS', 'A connection with this code exists already.', { path: ['code'] });
    const entityIds = [...new Set(wanted.legalEntityIds)];
    requireFree(known, entityIds);
    const id = context.newId();
    const connection = {
      ...owner(context),
      id,
      code: wanted.code,
      name: wanted.name,
      connector: connector.name,
      lifecycle: 'ACTIVE',
      config: wanted.config,
      sealedCredentials: context.seal(JSON.stringify(wanted.credentials), { recordId: id, field: CREDENTIALS_FIELD }),
      credentialsVersion: 1,
      syncEveryS: wanted.syncEveryS ?? EVERY_DEFAULT_S,
      version: 1,
      createdAt: context.now,
    };
    const authorities = entityIds.flatMap((entityId) => proposed(known, { connector, entityId }, context));
    return {
      recordId: id,
      rows: [
        { op: 'insert', entity: 'Connection', values: connection },
        ...entityIds.map((legalEntityId) => serving(context, id, legalEntityId)),
        ...authorities.map((values): RowChange => ({ op: 'insert', entity: 'Authority', values })),
        ...streamsOf(connector, id, context),
      ],
      events: [connectionEvent('connection.created', connection), ...authorities.map(authorityEvent)],
    };
  },
});

const owner = ({ tenant }: CommandContext) => ({ tenantId: tenant.id });

/** @throws NOT_FOUND, ALREADY_EXISTS that names the field */
function requireFree({ entities, served }: Facts, entityIds: readonly string[]): void {
  entityIds.forEach((id, i) => {
    const path = ['legalEntityIds', String(i)];
    const entity = entities.get(id);
    if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path });
    const other = served.find((s) => s.legalEntityId === id);
    if (!other) return;
    throw new DomainError(
      'ALREADY_EXISTS',
      `${entity.code} is served by ${other.name} already: each legal entity has one connection at most.`,
      {
        path,
      },
    );
  });
}

const serving = (context: CommandContext, connectionId: string, legalEntityId: string): RowChange => ({
  op: 'insert',
  entity: 'ConnectionLegalEntity',
  values: { ...owner(context), id: context.newId(), connectionId, legalEntityId },
});

function proposed({ said }: Facts, { connector, entityId }: { connector: Connector; entityId: string }, context: CommandContext) {
  return AUTHORITY_KINDS.filter((kind) => !said.has(`${entityId} ${kind}`)).map((recordKind) => ({
    ...owner(context),
    id: context.newId(),
    legalEntityId: entityId,
    recordKind,
    side: connector.authority[recordKind] ?? 'PLATFORM',
    version: 1,
    createdAt: context.now,
  }));
}

const streamsOf = ({ streams }: Connector, connectionId: string, context: CommandContext): RowChange[] =>
  streams.map(({ name, kind }) => ({
    op: 'insert',
    entity: 'SyncStream',
    values: {
      ...owner(context),
      id: context.newId(),
      connectionId,
      name,
      recordKind: KINDS[kind].record,
      isEnabled: true,
      nextRunAt: context.wallNow,
      failureCount: 0,
      version: 1,
      createdAt: context.now,
    },
  }));
