/** What resolvers about connections get beside the engines: the connectors, what goes on, and what can be asked of an ERP at once. */
import type { Connector } from '../connect/connector.ts';
import type { Freshness } from '../read/engine.ts';
import type { GraphContext } from '../write/context.ts';
import type { Operations } from './operations.ts';
import type { ProgressFeed } from './progress.ts';

export interface SyncContext extends GraphContext {
  readonly fresh: Freshness;
  readonly sync: {
    readonly connectors: ReadonlyMap<string, Connector>;
    readonly progress: ProgressFeed;
    readonly operations: Operations;
  };
}
