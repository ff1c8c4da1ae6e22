/** Changing a connection, making it stand still and go on, and saying who has authority over what. */
import { AUTHORITY_KINDS } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, object, optional, text } from '../../kernel/input.ts';
import { hashOf } from '../../kernel/hash.ts';
import { sql } from '../../read/sql.ts';
import { loadEntities } from '../../o2c/party/index.ts';
import { type Change, command, type CommandContext, type Decision, type RowChange, type Tx } from '../../write/command.ts';
import { KINDS } from '../inbound/kinds.ts';
import { Authority } from './connection.entity.ts';
import { SyncStream } from './sync.entity.ts';
import { connectionFacts, connectionOf, connectionRef, type ConnectionRow, type StreamRow } from './connection.facts.ts';
import { authorityEvent, connectionEvent, connectorNamed, settingsProblems } from './connection.rules.ts';
import { config, credentials, CREDENTIALS_FIELD, everyS } from './create.commands.ts';
import { loadServed, type ServedFacts, type Wanted } from './served.facts.ts';
import { servedChange, servedInput, servingRows } from './served.rules.ts';

function changed(connection: ConnectionRow, type: string, set: Partial<ConnectionRow>): Change {
  const { id, version, tenantId } = connection;
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'ConnectedSystem', id, version, set, owner: { tenantId } }],
    events: [connectionEvent(type, { ...connection, ...set, version: version + 1 })],
  };
}

const readAtOnce = (
  streams: readonly StreamRow[],
  { wallNow }: CommandContext,
  asked: Pick<Partial<StreamRow>, 'askedMode' | 'fullCursor' | 'fullStartedAt'> = {},
): RowChange[] =>
  streams.map(({ id, version, tenantId }) => ({
    op: 'update',
    entity: 'SyncStream',
    id,
    version,
    set: { ...asked, nextRunAt: wallNow },
    owner: { tenantId },
  }));

/** From its first page: also what is of a company that nobody asked for before. */
const ANEW = { askedMode: 'FULL', fullCursor: null, fullStartedAt: null } as const;

export const updateConnection = command({
  name: 'updateConnection',
  description:
    'Changes the name, the settings or the credentials of a connection. Credentials are given whole; tokens of earlier ones are not used again. The legal entities are given whole, too: one that is new, or gets its company, has everything read anew; one whose documents came by the connection stays. It stays with the ERP that it was set up for: another one is another connection.',
  permission: 'connections:manage',
  record: 'ConnectedSystem',
  input: object('UpdateConnectionInput', {
    ...connectionRef,
    name: optional(text()).describe('What it is called.'),
    config: optional(config).describe('Its settings, whole.'),
    credentials: optional(credentials).describe('What it signs in with from now on, whole.'),
    legalEntities: optional(servedInput).describe('The legal entities that it serves, whole.'),
    syncEveryS: everyS,
  }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) => ({ ...(await connectionFacts(tx, inputs)), ...(await loadServed(tx, inputs)) }),
  decide(facts, input, context): Decision {
    const connection = connectionOf(facts, input);
    const { id } = connection;
    const wanted = {
      config: input.config ?? (connection.config as Record<string, unknown>),
      credentials: input.credentials ?? null,
    };
    const isNewConfig = hashOf(wanted.config) !== hashOf(connection.config);
    const set: Partial<ConnectionRow> = {
      ...(input.name === undefined || input.name === connection.name ? {} : { name: input.name }),
      ...(input.syncEveryS === undefined || input.syncEveryS === connection.syncEveryS ? {} : { syncEveryS: input.syncEveryS }),
      ...(isNewConfig ? { config: wanted.config } : {}),
      ...(wanted.credentials === null
        ? {}
        : {
            sealedCredentials: context.seal(JSON.stringify(wanted.credentials), { recordId: id, field: CREDENTIALS_FIELD }),
            credentialsVersion: connection.credentialsVersion + 1,
          }),
    };
    const isAnew = isNewConfig || wanted.credentials !== null;
    if (isAnew) {
      const problems = settingsProblems(connectorNamed(context.connectors, connection.connector), wanted, context);
      if (problems.length > 0) return { refused: problems };
    }
    const served = servedAfter(facts, { connection, wanted: input.legalEntities }, context);
    if (Object.keys(set).length === 0 && served.rows.length === 0) return { unchanged: id };
    const change = changed(connection, 'connection.changed', set);
    const streams = facts.streams.filter((s) => s.connectionId === id);
    const read = served.isMore ? readAtOnce(streams, context, ANEW) : isAnew ? readAtOnce(streams, context) : [];
    return { ...change, rows: [...change.rows, ...served.rows, ...read], events: [...change.events, ...served.events] };
  },
});

interface Serving {
  readonly connection: ConnectionRow;
  /** Absent: what it serves stays. */
  readonly wanted: readonly Wanted[] | undefined;
}

/** What it serves from now on. `isMore`: something of the ERP that was passed over is wanted now. */
function servedAfter(facts: ServedFacts, { connection, wanted }: Serving, context: CommandContext) {
  if (!wanted) return { rows: [], events: [], isMore: false };
  const { gone, put } = servedChange(facts, wanted, connection.id);
  const connector = put.length === 0 ? null : connectorNamed(context.connectors, connection.connector);
  const added = connector && servingRows(facts, put, { connector, connectionId: connection.id, context });
  const { tenantId } = connection;
  const rows: RowChange[] = gone.map(({ id, legalEntityId }) => ({
    op: 'delete',
    entity: 'ConnectionLegalEntity',
    id,
    owner: { tenantId, legalEntityId },
  }));
  return {
    rows: [...rows, ...(added?.rows ?? [])],
    events: (added?.authorities ?? []).map(authorityEvent),
    isMore: added !== null,
  };
}

export const pauseConnection = command({
  name: 'pauseConnection',
  description: 'Makes a connection stand still: nothing is read, and what is asked of the ERP waits.',
  permission: 'connections:operate',
  record: 'ConnectedSystem',
  input: object('PauseConnectionInput', connectionRef),
  lockKey: (input) => input.id,
  facts: connectionFacts,
  decide(facts, input): Decision {
    const connection = connectionOf(facts, input);
    if (connection.lifecycle === 'PAUSED') return { unchanged: connection.id };
    return changed(connection, 'connection.paused', { lifecycle: 'PAUSED' });
  },
});

export const resumeConnection = command({
  name: 'resumeConnection',
  description: 'Makes a connection work again, from where it stood.',
  permission: 'connections:operate',
  record: 'ConnectedSystem',
  input: object('ResumeConnectionInput', connectionRef),
  lockKey: (input) => input.id,
  facts: connectionFacts,
  decide(facts, input, context): Decision {
    const connection = connectionOf(facts, input);
    if (connection.lifecycle === 'ACTIVE') return { unchanged: connection.id };
    const streams = facts.streams.filter((s) => s.connectionId === connection.id);
    const change = changed(connection, 'connection.resumed', { lifecycle: 'ACTIVE' });
    return { ...change, rows: [...change.rows, ...readAtOnce(streams, context)] };
  },
});

async function authorityFacts(tx: Tx, inputs: readonly { readonly legalEntityId: string }[]) {
  const ids = inputs.map((i) => i.legalEntityId);
  const { entities } = await loadEntities(tx, ids);
  const streams = await tx.load(
    SyncStream,
    sql`t.last_started_at is not null and t.connection_id in (
      select s.connection_id from connection_legal_entity s where s.legal_entity_id = any(${sql.uuids(ids)}))`,
    { lock: true },
  );
  return {
    entities,
    streams,
    authorities: await tx.load(Authority, sql`t.legal_entity_id = any(${sql.uuids(ids)})`, { lock: true }),
  };
}

export const setAuthority = command({
  name: 'setAuthority',
  description:
    'Says who may change records of a kind in a legal entity: from then on. What was changed before stays as it is; an ERP that gets authority is followed from then on, with what is kept of it.',
  permission: 'connections:manage',
  record: 'Authority',
  input: object('SetAuthorityInput', {
    legalEntityId: idOf('le').describe('The legal entity.'),
    recordKind: choice('AuthorityKind', AUTHORITY_KINDS).describe('The kind of records.'),
    side: choice('AuthoritySide', ['PLATFORM', 'CONNECTION']).describe('Who may change them.'),
  }),
  lockKey: (input) => `${input.legalEntityId} ${input.recordKind}`,
  facts: authorityFacts,
  decide({ entities, authorities, streams }, { legalEntityId, recordKind, side }, context): Decision {
    if (!entities.has(legalEntityId))
      throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
    const { connection } = context.authority(legalEntityId, recordKind);
    if (side === 'CONNECTION' && connection === null)
      throw new DomainError('WRONG_STATE', 'No connection serves this legal entity: set one up first.', { path: ['side'] });
    const before = authorities.find((a) => a.legalEntityId === legalEntityId && a.recordKind === recordKind);
    if (before?.side === side) return { unchanged: before.id };
    const owner = { tenantId: context.tenant.id, legalEntityId };
    const id = before?.id ?? context.newId();
    const version = (before?.version ?? 0) + 1;
    const row: RowChange = before
      ? { op: 'update', entity: 'Authority', id, version: before.version, set: { side }, owner }
      : { op: 'insert', entity: 'Authority', values: { ...owner, id, recordKind, side, version, createdAt: context.now } };
    // what was passed over is taken from what is kept
    const isPassedOver = side === 'CONNECTION' && Object.values(KINDS).some((kind) => kind.authority === recordKind);
    const passedOver = streams.filter(
      (s) => isPassedOver && s.connectionId === connection?.id && s.recordKind === recordKind && !s.askedMode?.startsWith('FULL'),
    );
    const rows = [row, ...readAtOnce(passedOver, context, { askedMode: 'REPLAY' })];
    return { recordId: id, rows, events: [authorityEvent({ id, version, legalEntityId, recordKind, side })] };
  },
});
