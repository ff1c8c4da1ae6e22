/** Connections to ERPs: settings, streams, what did not fit, what is asked of them. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { Authority, Connection, ConnectionLegalEntity } from './connection.entity.ts';
import { authorityEvents, connectionEvents, erpRequestEvents, syncDriftEvents, syncIssueEvents } from './connection.events.ts';
import { connectionPolicy } from './connection.policy.ts';
import {
  authorityRead,
  connectionLegalEntityRead,
  connectionRead,
  erpRequestRead,
  syncDriftRead,
  syncIssueRead,
  syncRunRead,
  syncStreamRead,
} from './connection.read.ts';
import { ErpRequest } from './erp-request.entity.ts';
import { erpRequestMachine } from './erp-request.machine.ts';
import { ErpRecord, SyncDrift, SyncIssue, SyncRun, SyncStream } from './sync.entity.ts';

export { Authority, Connection, ConnectionLegalEntity } from './connection.entity.ts';
export { ErpRequest } from './erp-request.entity.ts';
export { ErpRecord, SyncDrift, SyncIssue, SyncRun, SyncStream } from './sync.entity.ts';

export const connectionModule = defineModule({
  name: 'connection',
  entities: [Connection, ConnectionLegalEntity, Authority, SyncStream, SyncRun, ErpRecord, ErpRequest, SyncIssue, SyncDrift],
  records: [
    readRecord(Connection, connectionRead),
    readRecord(ConnectionLegalEntity, connectionLegalEntityRead),
    readRecord(Authority, authorityRead),
    readRecord(SyncStream, syncStreamRead),
    readRecord(SyncRun, syncRunRead),
    readRecord(SyncIssue, syncIssueRead),
    readRecord(SyncDrift, syncDriftRead),
    readRecord(ErpRequest, erpRequestRead),
  ],
  machines: [erpRequestMachine],
  postings: [],
  policy: connectionPolicy,
  events: [...connectionEvents, ...authorityEvents, ...syncIssueEvents, ...syncDriftEvents, ...erpRequestEvents],
  commands: [],
  resolvers: [],
});
