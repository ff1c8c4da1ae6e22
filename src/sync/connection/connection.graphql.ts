/** Connections in the graph: mostly a list. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { dismissSyncIssue, replayConnection, syncConnection } from './ask.commands.ts';
import { ConnectorsResolver } from './connectors.graphql.ts';
import { createConnection } from './create.commands.ts';
import { retryErpRequest } from './erp-request.commands.ts';
import { operationResolvers } from './operations.graphql.ts';
import { SyncProgressResolver } from './progress.graphql.ts';
import { pauseConnection, resumeConnection, setAuthority, updateConnection } from './settings.commands.ts';

export const connectionResolvers = (roots: readonly ReadRecord[]): Function[] => [
  ...roots.map((record) => rootResolver(record)),
  ...[createConnection, updateConnection, pauseConnection, resumeConnection, syncConnection, replayConnection].map((definition) =>
    mutation(definition, { field: 'connection' }),
  ),
  mutation(setAuthority, { field: 'authority' }),
  mutation(dismissSyncIssue, { field: 'syncIssue' }),
  mutation(retryErpRequest, { field: 'erpRequest' }),
  ...operationResolvers,
  ConnectorsResolver,
  SyncProgressResolver,
];
