/** What a noun hands to the platform: everything it declares, so that engines, contracts and tests iterate over the registry. */
import type { PolicyRow } from '../access/policy.ts';
import type { Machine } from '../kernel/machine.ts';
import type { PostingRule } from '../kernel/posting.ts';
import type { EventDefinition } from '../outbox/event.ts';
import type { ReadRecord } from '../read/catalogue.ts';
import type { CommandDefinition } from './command.ts';
import type { Derivation } from './derivation.ts';
import type { Schedule, Upkeep } from './schedule.ts';
import type { DownloadKind } from './download.ts';

export interface Module {
  readonly name: string;
  /** MikroORM entities, what others refer to first. */
  readonly entities: readonly { readonly meta: { readonly className: string } }[];
  readonly records: readonly ReadRecord[];
  readonly machines: readonly Machine[];
  readonly postings: readonly PostingRule[];
  readonly policy: readonly PolicyRow[];
  readonly events: readonly EventDefinition[];
  readonly commands: readonly CommandDefinition[];
  readonly derivations?: readonly Derivation[];
  readonly schedules?: readonly Schedule[];
  readonly upkeep?: readonly Upkeep[];
  readonly downloads?: readonly DownloadKind[];
  /** type-graphql resolver classes, and object types that no field names. */
  readonly resolvers: readonly Function[];
  readonly orphans?: readonly Function[];
}

export const defineModule = (module: Module): Module => module;
