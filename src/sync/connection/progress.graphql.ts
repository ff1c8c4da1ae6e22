/** The subscription `syncProgress`: what is being read from ERPs, as it goes on. */
import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { publicId } from '../../kernel/ids.ts';
import { parseCursor } from '../../outbox/event-row.ts';
import { CursorScalar, DecimalScalar, enumType, objectClass } from '../../read/schema.ts';
import { uuidOf } from '../../write/report.graphql.ts';
import { messageFields } from '../../write/subscription-message.graphql.ts';
import type { SyncContext } from '../context.ts';
import type { Progress } from '../progress.ts';

const SyncProgress = objectClass({
  name: 'SyncProgress',
  description: 'How far a stream is read, or how that ended.',
  fields: [
    { name: 'runId', type: () => ID, description: 'The run.' },
    { name: 'connectionId', type: () => ID, description: 'The connection.' },
    { name: 'connection', type: () => String, description: 'Its code.' },
    { name: 'stream', type: () => String, description: 'The name of the stream.' },
    { name: 'mode', type: () => enumType('SyncRunMode', ['FULL', 'INCREMENTAL', 'REPLAY']), description: 'What is read.' },
    {
      name: 'state',
      type: () => enumType('SyncRunState', ['RUNNING', 'DONE', 'FAILED', 'STOPPED']),
      description: 'How it goes: with another than RUNNING it is the last message of the run.',
    },
    { name: 'readCount', type: () => Int, description: 'Records read so far.' },
    { name: 'changedCount', type: () => Int, description: 'Records of them that were new or changed.' },
    { name: 'totalCount', type: () => Int, nullable: true, description: 'About how many it has, where the ERP says so.' },
    { name: 'rowsPerSecond', type: () => DecimalScalar, description: 'Records a second since the run began.' },
  ],
});

const SyncProgressMessage = objectClass({
  name: 'SyncProgressMessage',
  description: 'How far a stream is read. The newest of each run is told, so that nothing is ever missing: there is no gap.',
  fields: messageFields({ type: () => SyncProgress, description: 'How far it is.' }),
});

@Resolver()
export class SyncProgressResolver {
  @Subscription(() => SyncProgressMessage, {
    name: 'syncProgress',
    description:
      'Reads that are under way, then each change of those and of later ones, about once a second: the newest of each, so none is behind. With `after` also the last read of each stream that has ended since. Needs connections:read.',
    subscribe: ({ args, context }: { args: { connectionId?: string | null; after?: string | null }; context: SyncContext }) => {
      requirePermission(context.principal, 'connections:read');
      const { tenantId } = context.principal;
      const { connectionId, after } = args;
      return context.sync.progress.follow({
        tenantId,
        ...(after ? { after: parseCursor(after) } : {}),
        ...(connectionId ? { connectionId: uuidOf('con', connectionId, 'connectionId') } : {}),
      });
    },
  })
  progress(
    @Root() { runId, connectionId, tenantId: _, position, ...shown }: Progress,
    @Arg('connectionId', () => ID, { nullable: true, description: 'Only of this connection.' }) _only?: string | null,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'The `cursor` of the last message that came.' }) _after?:
      | string
      | null,
  ): object {
    const event = Object.assign(new SyncProgress(), {
      ...shown,
      runId: publicId('srn', runId),
      connectionId: publicId('con', connectionId),
    });
    return Object.assign(new SyncProgressMessage(), { cursor: position, event, gap: null });
  }
}
