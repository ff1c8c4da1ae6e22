/** How fresh what comes from ERPs is, as flat rows: one for each stream of each connection. */
import { count, idOf, maybe, word } from './parties.read.ts';
import type { Report } from './report.read.ts';

export const syncHealthReport: Report = {
  name: 'sync_health_rows',
  description: 'Each stream of each connection to an ERP: how far it was read, what stands in its way, what did not fit.',
  row: 'sync_health_row',
  key: { column: 'id', type: 'uuid' },
  scope: { records: ['ConnectedSystem', 'SyncIssue'], permissions: ['connections:read', 'sync-issues:read'] },
  filters: {},
  columns: [
    idOf('id', 'sst', 'The stream.'),
    idOf('connection_id', 'con', 'The connection.'),
    word('connection_code', 'Its code.'),
    word('connection_name', 'Its name.'),
    word('connector', 'By which connector, for example quickbooks.'),
    word('lifecycle', 'ACTIVE or PAUSED.'),
    word('health', 'UNKNOWN, HEALTHY, FAILING or SIGNED_OUT.'),
    word('stream', 'The name of the stream.'),
    word('record_kind', 'What it brings.'),
    { name: 'is_enabled', type: 'boolean', description: 'It is read.' },
    maybe({ name: 'last_succeeded_at', type: 'timestamptz', description: 'Up to when it was read to its end; null: never.' }),
    maybe(count('lag_s', 'How many seconds ago that is.')),
    maybe({ name: 'last_changed_at', type: 'timestamptz', description: 'When it last brought something new.' }),
    maybe(word('failure', 'Why it could not be read.')),
    maybe({ name: 'failing_since', type: 'timestamptz', description: 'Since when.' }),
    count('failure_count', 'How often in a row.'),
    count('waiting_count', 'Records that wait for one that they refer to.'),
    count('refused_count', 'Records that did not fit.'),
    count('open_issue_count', 'Issues of it that stand open.'),
    count('open_drift_count', 'Differences from the ERP that stand open, of the whole connection.'),
  ],
};
