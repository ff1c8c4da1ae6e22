/** The subscription `syncProgress`: what is being read from ERPs, as it goes on. */
import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import { publicId } from '../../kernel/ids.ts';
import { DecimalScalar, enumType, objectClass } from '../../read/schema.ts';
import { uuidOf } from '../../write/report.graphql.ts';
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

@Resolver()
export class SyncProgressResolver {
  @Subscription(() => SyncProgress, {
    name: 'syncProgress',
    description:
      'Reads that are under way, then each change of those and of later ones, about once a second: the newest of each, so none is behind. Needs connections:read.',
    subscribe: ({ args, context }: { args: { connectionId?: string | null }; context: SyncContext }) => {
      requirePermission(context.principal, 'connections:read');
      const { tenantId } = context.principal;
      const { connectionId } = args;
      return context.sync.progress.follow({
        tenantId,
        ...(connectionId ? { connectionId: uuidOf('con', connectionId, 'connectionId') } : {}),
      });
    },
  })
  progress(
    @Root() { runId, connectionId, tenantId: _, ...shown }: Progress,
    @Arg('connectionId', () => ID, { nullable: true, description: 'Only of this connection.' }) _only?: string | null,
  ): object {
    return Object.assign(new SyncProgress(), {
      ...shown,
      runId: publicId('srn', runId),
      connectionId: publicId('con', connectionId),
    });
  }
}
