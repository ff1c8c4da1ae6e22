/** Connections to ERPs: settings, streams, what did not fit, what is asked of them. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { asksDerivation } from '../outbound/asks.derivation.ts';
import { dismissSyncIssue, replayConnection, syncConnection } from './ask.commands.ts';
import { Authority, Connection, ConnectionLegalEntity } from './connection.entity.ts';
import { authorityEvents, connectionEvents, erpRequestEvents, syncDriftEvents, syncIssueEvents } from './connection.events.ts';
import { connectionResolvers } from './connection.graphql.ts';
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
import { createConnection } from './create.commands.ts';
import { askErpForCustomer, noteErpTrouble, refuseErpRequest, retryErpRequest } from './erp-request.commands.ts';
import { ErpRequest } from './erp-request.entity.ts';
import { erpRequestMachine } from './erp-request.machine.ts';
import { pauseConnection, resumeConnection, setAuthority, updateConnection } from './settings.commands.ts';
import { recordSource } from './source.read.ts';
import { ErpRecord, SyncDrift, SyncIssue, SyncRun, SyncStream } from './sync.entity.ts';

const roots = [
  readRecord(Connection, connectionRead),
  readRecord(Authority, authorityRead),
  readRecord(SyncIssue, syncIssueRead),
  readRecord(ErpRequest, erpRequestRead),
  readRecord(SyncRun, syncRunRead),
  readRecord(SyncDrift, syncDriftRead),
];

export const connectionModule = defineModule({
  name: 'connection',
  entities: [Connection, ConnectionLegalEntity, Authority, SyncStream, SyncRun, ErpRecord, ErpRequest, SyncIssue, SyncDrift],
  records: [
    ...roots,
    readRecord(ConnectionLegalEntity, connectionLegalEntityRead),
    readRecord(SyncStream, syncStreamRead),
    recordSource,
  ],
  machines: [erpRequestMachine],
  postings: [],
  policy: connectionPolicy,
  events: [...connectionEvents, ...authorityEvents, ...syncIssueEvents, ...syncDriftEvents, ...erpRequestEvents],
  commands: [
    createConnection,
    updateConnection,
    pauseConnection,
    resumeConnection,
    setAuthority,
    syncConnection,
    replayConnection,
    dismissSyncIssue,
    retryErpRequest,
    refuseErpRequest,
    noteErpTrouble,
    askErpForCustomer,
  ],
  derivations: [asksDerivation],
  resolvers: connectionResolvers(roots),
});
