/** What happens to connections and to what is asked of ERPs. Nothing of credentials is ever in an event. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const connection = z.object({ code: z.string(), name: z.string(), connector: z.string(), lifecycle: z.string() });

export const connectionEvents = defineEvents('ConnectedSystem', {
  'connection.created': { description: 'A connection was set up.', payload: connection },
  'connection.changed': { description: 'Its name, settings or credentials were changed.', payload: connection },
  'connection.paused': { description: 'It stands still.', payload: connection },
  'connection.resumed': { description: 'It works again.', payload: connection },
  'connection.read_asked': {
    description: 'Somebody asked to read streams of it at once, or to map anew what is kept of them.',
    payload: connection.extend({ mode: z.string(), streams: z.string() }),
  },
});

export const authorityEvents = defineEvents('Authority', {
  'authority.set': {
    description: 'It was said who may change records of a kind in a legal entity.',
    payload: z.object({ recordKind: z.string(), side: z.string() }),
  },
});

const issue = z.object({ connection: z.string(), reason: z.string(), recordKind: z.string(), lifecycle: z.string() });
export const syncIssueEvents = defineEvents('SyncIssue', {
  'sync_issue.opened': { description: 'Something did not fit.', payload: issue },
  'sync_issue.resolved': { description: 'It was mended, or the next try went through.', payload: issue },
  'sync_issue.dismissed': { description: 'A person said that nothing is to be done.', payload: issue },
});

const drift = z.object({ connection: z.string(), kind: z.string(), ours: z.string(), theirs: z.string(), lifecycle: z.string() });
export const syncDriftEvents = defineEvents('SyncDrift', {
  'sync_drift.found': { description: 'A figure differs between here and an ERP.', payload: drift },
  'sync_drift.resolved': { description: 'It does not any more.', payload: drift },
});

const request = z.object({
  connection: z.string(),
  recordKind: z.string(),
  recordId: z.string(),
  command: z.string(),
  lifecycle: z.string(),
  externalId: z.string().nullable(),
  erpText: z.string().nullable(),
  /** Fields there that had another value and were set by us, as `field: theirs → ours`. */
  overridden: z.string().nullable(),
});
export const erpRequestEvents = defineEvents('ErpRequest', {
  'erp_request.made': { description: 'Something is asked of an ERP.', payload: request },
  'erp_request.confirmed': { description: 'The ERP did it.', payload: request },
  'erp_request.refused': { description: 'The ERP will not do it.', payload: request },
});
