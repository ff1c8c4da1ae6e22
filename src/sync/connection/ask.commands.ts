/** What a person asks the sync engine to do: to read, to map anew, to try again, to let an issue be. It is done by the engine, soon. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, list, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type Decision, type Tx } from '../../write/command.ts';
import {
  type ConnectionFacts,
  connectionFacts,
  connectionOf,
  connectionRef,
  type ConnectionRow,
  type StreamRow,
} from './connection.facts.ts';
import { connectionEvent } from './connection.rules.ts';
import { syncIssueEvent } from './erp-request.rules.ts';
import { SyncIssue } from './sync.entity.ts';

const STREAMS_MAX_COUNT = 100;
const streams = optional(list(text({ max: 100 }), { max: STREAMS_MAX_COUNT })).describe(
  'The names of the streams; absent: all that are read.',
);

export const syncConnection = command({
  name: 'syncConnection',
  description: 'Has streams of a connection read at once. Follow it by syncProgress.',
  permission: 'connections:operate',
  record: 'ConnectedSystem',
  input: object('SyncConnectionInput', {
    ...connectionRef,
    mode: choice('SyncReadMode', ['FULL', 'FULL_WITH_DELETES', 'INCREMENTAL']).describe(
      'Everything there is, or what has changed. A FULL read that lacks unusually many records removes none of them and opens an issue; with FULL_WITH_DELETES they are gone.',
    ),
    streams,
  }),
  lockKey: (input) => input.id,
  facts: connectionFacts,
  decide: (facts, input, context): Change => asked(facts, { ...input, connection: connectionOf(facts, input) }, context),
});

export const replayConnection = command({
  name: 'replayConnection',
  description: 'Has what is kept of an ERP mapped anew, without asking it: for what did not fit, after what was wrong is mended.',
  permission: 'connections:operate',
  record: 'ConnectedSystem',
  input: object('ReplayConnectionInput', { ...connectionRef, streams }),
  lockKey: (input) => input.id,
  facts: connectionFacts,
  decide: (facts, input, context): Change =>
    asked(facts, { ...input, mode: 'REPLAY', connection: connectionOf(facts, input) }, context),
});

interface Asked {
  readonly connection: ConnectionRow;
  readonly mode: Exclude<StreamRow['askedMode'], null>;
  readonly streams?: readonly string[] | undefined;
}

/** @throws WRONG_STATE, INVALID_INPUT */
function asked(facts: ConnectionFacts, { connection, mode, streams: names }: Asked, { wallNow }: CommandContext): Change {
  if (connection.lifecycle === 'PAUSED')
    throw new DomainError('WRONG_STATE', 'The connection stands still: resume it first.', { path: ['id'] });
  const own = facts.streams.filter((s) => s.connectionId === connection.id);
  names?.forEach((name, i) => {
    if (own.some((s) => s.name === name)) return;
    const sentence = `streams.${i} must be one of ${own.map((s) => s.name).join(', ')}.`;
    throw new DomainError('INVALID_INPUT', sentence, { path: ['streams', String(i)] });
  });
  const wanted = own.filter((s) => (names ? names.includes(s.name) : s.isEnabled));
  return {
    recordId: connection.id,
    rows: wanted.map(({ id, version, tenantId }) => ({
      op: 'update',
      entity: 'SyncStream',
      id,
      version,
      set: { askedMode: mode, nextRunAt: wallNow },
      owner: { tenantId },
    })),
    events: [connectionEvent('connection.read_asked', connection, { mode, streams: wanted.map((s) => s.name).join(' ') })],
  };
}

async function issueFacts(tx: Tx, inputs: readonly { readonly id: string }[]) {
  const issues = await tx.load(SyncIssue, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true });
  const connections = await tx.rows<{ id: string; code: string }>(
    sql`select t.id, t.code from connection t where t.id = any(${sql.uuids(issues.map((i) => i.connectionId))})`,
  );
  return { issues, codes: new Map(connections.map((c) => [c.id, c.code])) };
}

export const dismissSyncIssue = command({
  name: 'dismissSyncIssue',
  description: 'Says that nothing is to be done about an issue. What did not fit stays out.',
  permission: 'sync-issues:handle',
  record: 'SyncIssue',
  input: object('DismissSyncIssueInput', { id: idOf('iss').describe('The issue.') }),
  lockKey: (input) => input.id,
  facts: issueFacts,
  decide({ issues, codes }, input, context): Decision {
    const issue = issues.find((i) => i.id === input.id);
    if (!issue) throw new DomainError('NOT_FOUND', 'There is no such issue.', { path: ['id'] });
    if (issue.lifecycle === 'DISMISSED') return { unchanged: issue.id };
    if (issue.lifecycle !== 'OPEN') throw new DomainError('WRONG_STATE', 'The issue is resolved already.', { path: ['id'] });
    const { id, version, tenantId, connectionId } = issue;
    const set = { lifecycle: 'DISMISSED', resolvedAt: context.now } as const;
    const event = { ...issue, ...set, version: version + 1, connection: codes.get(connectionId) ?? '' };
    return {
      recordId: id,
      rows: [{ op: 'update', entity: 'SyncIssue', id, version, set, owner: { tenantId } }],
      events: [syncIssueEvent('sync_issue.dismissed', event)],
    };
  },
});
