/** How connections, what came by them and what was asked of an ERP are read. */
import { allowedActions } from '../../read/allowed-actions.ts';
import type { ComputedField, ReadDefinition } from '../../read/catalogue.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { documentParties } from '../../o2c/party/index.ts';
import { erpRequestMachine } from './erp-request.machine.ts';

const ofConnection = {
  connection: { kind: 'one', record: 'ConnectedSystem', by: 'connectionId', description: 'The connection.' },
} as const;

type Field = Pick<ComputedField, 'description' | 'type'>;

/** What the engine keeps of a connection while it works. */
const state = (column: string, field: Field, otherwise = sql`null`): ComputedField => ({
  kind: 'computed',
  ...field,
  nullable: true,
  sql: (alias) => sql`coalesce((select ${sql.id('s', column)} from connection_state s
    where s.tenant_id = ${sql.id(alias, 'tenant_id')} and s.connection_id = ${sql.id(alias, 'id')}), ${otherwise})`,
});

const always = (field: ComputedField): ComputedField => ({ ...field, nullable: false });

const HEALTH = {
  UNKNOWN: 'Nothing was asked of the ERP yet.',
  HEALTHY: 'The ERP answered the last time.',
  FAILING: 'It did not: it is tried again.',
  SIGNED_OUT: 'It takes our credentials no more: a person has to change them.',
};

/** Null for a null, which `greatest` alone would pass over. */
export const secondsSince = (then: Sql): Sql =>
  sql`case when ${then} is not null then greatest(0, extract(epoch from now() - ${then}))::int end`;

export const connectionRead: ReadDefinition = {
  prefix: 'con',
  description: 'A connection to an ERP, which serves one or more legal entities.',
  resource: { permission: 'connections:read' },
  root: { one: 'connection', many: 'connections', keys: [['code']] },
  order: ['code'],
  relations: {
    legalEntities: {
      kind: 'many',
      record: 'ConnectionLegalEntity',
      by: 'connectionId',
      order: ['id'],
      connection: false,
      description: 'The legal entities that it serves.',
    },
    streams: {
      kind: 'many',
      record: 'SyncStream',
      by: 'connectionId',
      order: ['createdAt'],
      connection: false,
      description: 'What is read by it.',
    },
    runs: {
      kind: 'many',
      record: 'SyncRun',
      by: 'connectionId',
      order: ['-startedAt'],
      connection: true,
      description: 'Each time that something was read.',
    },
    issues: {
      kind: 'many',
      record: 'SyncIssue',
      by: 'connectionId',
      order: ['-createdAt'],
      connection: true,
      description: 'What did not fit.',
    },
    drift: {
      kind: 'many',
      record: 'SyncDrift',
      by: 'connectionId',
      order: ['-createdAt'],
      connection: true,
      description: 'Where the figures here and there differ.',
    },
    requests: {
      kind: 'many',
      record: 'ErpRequest',
      by: 'connectionId',
      order: ['-createdAt'],
      connection: true,
      description: 'What was asked of the ERP.',
    },
  },
  computed: {
    health: always(
      state('health', { description: 'Whether it works.', type: { enum: 'ConnectionHealth', values: HEALTH } }, sql`'UNKNOWN'`),
    ),
    company: state('company', { description: 'The company there, as the ERP calls it.', type: 'String' }),
    warnings: {
      ...state(
        'warnings',
        { description: 'What will not work, and what to do about it, as it was checked last.', type: 'String' },
        sql`'[]'::jsonb`,
      ),
      list: true,
      nullable: false,
    },
    failure: state('failure', { description: 'Why it does not work, in a sentence; null: it does.', type: 'String' }),
    failingSince: state('failing_since', { description: 'Since when.', type: 'DateTime' }),
    failureCount: always(state('failure_count', { description: 'How many requests failed in a row.', type: 'Int' }, sql`0`)),
    breakerUntil: state('breaker_until', {
      description: 'Until when nothing is sent, since too many requests failed in a row; null: requests go.',
      type: 'DateTime',
    }),
    checkedAt: state('checked_at', { description: 'When it was checked last.', type: 'DateTime' }),
    reconciledAt: state('reconciled_at', { description: 'When figures were compared last.', type: 'DateTime' }),
    lagS: {
      kind: 'computed',
      description: 'How many seconds the stream that is furthest behind is behind the ERP; null: one was never read to its end.',
      type: 'Int',
      nullable: true,
      sql: (
        alias,
      ) => sql`(select case when count(*) = count(s.last_succeeded_at) then ${secondsSince(sql`min(s.last_succeeded_at)`)} end
        from sync_stream s where s.tenant_id = ${sql.id(alias, 'tenant_id')} and s.connection_id = ${sql.id(alias, 'id')} and s.is_enabled)`,
    },
  },
};
export const connectionLegalEntityRead: ReadDefinition = {
  prefix: 'cle',
  description: 'A legal entity that a connection serves.',
  resource: { permission: 'connections:read', legalEntity: 'legalEntityId' },
  order: ['id'],
  relations: {
    legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity.' },
    authorities: {
      kind: 'many',
      record: 'Authority',
      by: 'legalEntityId',
      of: 'legalEntityId',
      order: ['recordKind'],
      connection: false,
      description: 'Who may change what in it.',
    },
  },
};
export const authorityRead: ReadDefinition = {
  prefix: 'aut',
  description: 'Who may change records of a kind in a legal entity. Where there is none, the platform may.',
  resource: { permission: 'connections:read', legalEntity: 'legalEntityId' },
  root: { one: 'authority', many: 'authorities', keys: [['legalEntityId', 'recordKind']] },
  order: ['recordKind'],
  relations: { legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity.' } },
};

/** Counted in the rows of one stream: dearer than a column. */
const COUNT_COST = 5;
const countOf = (description: string, from: (alias: string) => Sql): ComputedField => ({
  kind: 'computed',
  description,
  type: 'Int',
  cost: COUNT_COST,
  sql: (alias) => sql`(select count(*)::int from ${from(alias)})`,
});
const recordsOf = (alias: string): Sql => sql`erp_record r where r.tenant_id = ${sql.id(alias, 'tenant_id')}
  and r.connection_id = ${sql.id(alias, 'connection_id')} and r.stream = ${sql.id(alias, 'name')}`;

export const syncStreamRead: ReadDefinition = {
  prefix: 'sst',
  description: 'One kind of records that is read from an ERP.',
  resource: { permission: 'connections:read' },
  order: ['createdAt'],
  relations: {
    ...ofConnection,
    runs: {
      kind: 'many',
      record: 'SyncRun',
      by: 'streamId',
      order: ['-startedAt'],
      connection: true,
      description: 'Each time that it was read.',
    },
    issues: {
      kind: 'many',
      record: 'SyncIssue',
      by: 'streamId',
      order: ['-createdAt'],
      connection: true,
      description: 'What did not fit of it.',
    },
  },
  computed: {
    lagS: {
      kind: 'computed',
      description: 'How many seconds it is behind the ERP; null: it was never read to its end.',
      type: 'Int',
      nullable: true,
      sql: (alias) => secondsSince(sql.id(alias, 'last_succeeded_at')),
    },
    recordCount: countOf('How many records of the ERP are known.', recordsOf),
    waitingCount: countOf(
      'How many of them wait for a record that they refer to.',
      (alias) => sql`${recordsOf(alias)} and r.state = 'WAITING'`,
    ),
    refusedCount: countOf('How many of them did not fit.', (alias) => sql`${recordsOf(alias)} and r.state = 'REFUSED'`),
    openIssueCount: {
      ...countOf(
        'How many issues of it stand open.',
        (
          alias,
        ) => sql`sync_issue i where i.tenant_id = ${sql.id(alias, 'tenant_id')} and i.connection_id = ${sql.id(alias, 'connection_id')}
          and i.stream_id = ${sql.id(alias, 'id')} and i.lifecycle = 'OPEN'`,
      ),
      permission: 'sync-issues:read',
    },
  },
};
export const syncRunRead: ReadDefinition = {
  prefix: 'srn',
  description: 'One time that a stream was read.',
  resource: { permission: 'connections:read' },
  root: { one: 'syncRun', many: 'syncRuns', keys: [] },
  order: ['-startedAt'],
  relations: {
    ...ofConnection,
    stream: { kind: 'one', record: 'SyncStream', by: 'streamId', description: 'The stream.' },
  },
};

/** Our own record, of whatever kind: its prefix goes by the kind. */
const ofRecord: ComputedField = {
  kind: 'computed',
  description: 'The record here that it is about; null: there is none yet.',
  type: 'ID',
  nullable: true,
  sql: (
    alias,
  ) => sql`case ${sql.id(alias, 'record_kind')} when 'PaymentTerms' then 'pt_' when 'Product' then 'prd_' when 'CustomerAccount' then 'acc_'
    when 'Order' then 'ord_' when 'Fulfilment' then 'ful_' when 'Invoice' then 'inv_' when 'CreditNote' then 'cn_' when 'Payment' then 'pay_' end || ${sql.id(alias, 'record_id')}`,
};

export const syncIssueRead: ReadDefinition = {
  prefix: 'iss',
  description: 'Something that came from an ERP, or was asked of it, and did not fit.',
  resource: { permission: 'sync-issues:read' },
  root: { one: 'syncIssue', many: 'syncIssues', keys: [] },
  order: ['-createdAt'],
  relations: {
    ...ofConnection,
    stream: { kind: 'one', record: 'SyncStream', by: 'streamId', description: 'The stream, of what was read.' },
    request: { kind: 'one', record: 'ErpRequest', by: 'erpRequestId', description: 'The request, of what was asked of the ERP.' },
  },
  computed: { recordId: ofRecord },
};
export const syncDriftRead: ReadDefinition = {
  prefix: 'drf',
  description: 'A figure that differs between here and an ERP.',
  resource: { permission: 'connections:read' },
  root: { one: 'syncDrift', many: 'syncDrifts', keys: [] },
  order: ['-createdAt'],
  relations: {
    ...ofConnection,
    legalEntity: {
      kind: 'one',
      record: 'LegalEntity',
      by: 'legalEntityId',
      description: 'The legal entity; null: all that the connection serves.',
    },
    account: { kind: 'one', record: 'CustomerAccount', by: 'accountId', description: 'The account, of a balance.' },
  },
};
export const erpRequestRead: ReadDefinition = {
  prefix: 'erq',
  description: 'What was asked of an ERP. The record that it is about changes when the ERP shows it changed.',
  resource: { permission: 'erp-requests:read', legalEntity: 'legalEntityId', account: 'accountId' },
  root: { one: 'erpRequest', many: 'erpRequests', keys: [] },
  order: ['-createdAt'],
  relations: {
    ...documentParties,
    ...ofConnection,
    askedBy: { kind: 'one', record: 'Actor', by: 'askedById', description: 'Who asked.' },
  },
  computed: {
    recordId: { ...ofRecord, nullable: false, description: 'The record that it is about.' },
    allowedActions: allowedActions({
      machine: erpRequestMachine,
      enumName: 'ErpRequestAction',
      permissions: { RETRY: 'sync-issues:handle' },
    }),
  },
};
