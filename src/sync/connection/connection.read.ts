/** How connections, what came by them and what was asked of an ERP are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';
import { documentParties } from '../../o2c/party/index.ts';

const ofConnection = {
  connection: { kind: 'one', record: 'Connection', by: 'connectionId', description: 'The connection.' },
} as const;

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
};
export const connectionLegalEntityRead: ReadDefinition = {
  prefix: 'cle',
  description: 'A legal entity that a connection serves.',
  resource: { permission: 'connections:read', legalEntity: 'legalEntityId' },
  order: ['id'],
  relations: { legalEntity: { kind: 'one', record: 'LegalEntity', by: 'legalEntityId', description: 'The legal entity.' } },
};
export const authorityRead: ReadDefinition = {
  prefix: 'aut',
  description: 'Who may change records of a kind in a legal entity. Where there is none, the platform may.',
  resource: { permission: 'connections:read', legalEntity: 'legalEntityId' },
  root: { one: 'authority', many: 'authorities', keys: [] },
  order: ['recordKind'],
};
export const syncStreamRead: ReadDefinition = {
  prefix: 'sst',
  description: 'One kind of records that is read from an ERP.',
  resource: { permission: 'connections:read' },
  order: ['createdAt'],
  relations: { ...ofConnection },
};
export const syncRunRead: ReadDefinition = {
  prefix: 'srn',
  description: 'One time that a stream was read.',
  resource: { permission: 'connections:read' },
  order: ['-startedAt'],
  relations: { stream: { kind: 'one', record: 'SyncStream', by: 'streamId', description: 'The stream.' } },
};
export const syncIssueRead: ReadDefinition = {
  prefix: 'iss',
  description: 'Something that came from an ERP, or was asked of it, and did not fit.',
  resource: { permission: 'sync-issues:read' },
  root: { one: 'syncIssue', many: 'syncIssues', keys: [] },
  order: ['-createdAt'],
  relations: { ...ofConnection },
};
export const syncDriftRead: ReadDefinition = {
  prefix: 'drf',
  description: 'A figure that differs between here and an ERP.',
  resource: { permission: 'connections:read' },
  order: ['-createdAt'],
  relations: { ...ofConnection },
};
export const erpRequestRead: ReadDefinition = {
  prefix: 'erq',
  description: 'What was asked of an ERP. The record that it is about changes when the ERP shows it changed.',
  resource: { permission: 'erp-requests:read', legalEntity: 'legalEntityId', account: 'accountId' },
  root: { one: 'erpRequest', many: 'erpRequests', keys: [] },
  order: ['-createdAt'],
  relations: { ...documentParties },
};
