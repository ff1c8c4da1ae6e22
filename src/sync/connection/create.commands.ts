/** Setting up a connection to an ERP: its settings are checked as its connector wants them, and its credentials sealed, never to be shown. */
import type { Connector } from '../../connect/connector.ts';
import { DomainError } from '../../kernel/errors.ts';
import { formed, int, jsonObject, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type CommandContext, command, type Decision, type RowChange, type Tx } from '../../write/command.ts';
import { KINDS } from '../inbound/kinds.ts';
import { Connection } from './connection.entity.ts';
import { authorityEvent, connectionEvent, connectorNamed, settingsProblems } from './connection.rules.ts';
import { loadServed, type Wanted } from './served.facts.ts';
import { requireServable, servedInput, servingRows } from './served.rules.ts';

/** What credentials are sealed for. */
export const CREDENTIALS_FIELD = 'credentials';
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
  legalEntities: servedInput.describe('The legal entities that it serves, and which company of the ERP each of them is.'),
  config,
  credentials,
  syncEveryS: everyS,
});

async function facts(tx: Tx, inputs: readonly { readonly code: string; readonly legalEntities: readonly Wanted[] }[]) {
  const codes = inputs.map((i) => i.code);
  const used = await tx.load(Connection, sql`t.code = any(${sql.typed(codes, 'text[]')})`);
  return { ...(await loadServed(tx, inputs)), codes: new Set(used.map((c) => c.code)) };
}

export const createConnection = command({
  name: 'createConnection',
  description:
    'Sets up a connection to an ERP for legal entities that none serves yet, and begins to read it. Who has authority over what is as its connector proposes, unless it was said before.',
  permission: 'connections:manage',
  record: 'ConnectedSystem',
  input,
  facts,
  decide(known, wanted, context): Decision {
    const connector = connectorNamed(context.connectors, wanted.connector);
    const problems = settingsProblems(connector, wanted, context);
    if (problems.length > 0) return { refused: problems };
    if (known.codes.has(wanted.code))
      throw new DomainError('ALREADY_EXISTS', 'A connection with this code exists already.', { path: ['code'] });
    requireServable(known, wanted.legalEntities, null);
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
    const { rows, authorities } = servingRows(known, wanted.legalEntities, { connector, connectionId: id, context });
    return {
      recordId: id,
      rows: [{ op: 'insert', entity: 'ConnectedSystem', values: connection }, ...rows, ...streamsOf(connector, id, context)],
      events: [connectionEvent('connection.created', connection), ...authorities.map(authorityEvent)],
    };
  },
});

const owner = ({ tenant }: CommandContext) => ({ tenantId: tenant.id });

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
