/** What hangs on the modules' declarations alone: the catalogue, the graph, the tables, the commands. It opens nothing. */
import type { GraphQLSchema } from 'graphql';
import { modules } from './transport/modules.ts';
import { type Catalogue, createCatalogue } from './read/catalogue.ts';
import { logPositionResolver } from './read/log-position.ts';
import { buildGraph, federationResolver, nodeResolver } from './read/schema.ts';
import type { CommandDefinition } from './write/command.ts';
import { changedSubscription, eventsSubscription, SUBSCRIBED } from './write/subscription.graphql.ts';
import { type Tables, tablesOf } from './write/tables.ts';
import { auditResolver } from './write/audit.graphql.ts';

/** The graph of the modules: also what `schema/schema.graphql` is printed from. */
export async function createGraph(catalogue: Catalogue): Promise<GraphQLSchema> {
  const roots = catalogue.records.filter((record) => record.definition.root);
  return buildGraph({
    catalogue,
    resolvers: [
      ...modules.flatMap((module) => module.resolvers),
      ...Object.entries(SUBSCRIBED).map(([record, name]) => changedSubscription(catalogue.record(record), name)),
      eventsSubscription(roots),
      nodeResolver(),
      logPositionResolver(),
      federationResolver(),
      auditResolver(),
    ],
    orphans: modules.flatMap((module) => module.orphans ?? []),
  });
}

const COMMANDS = new Map(modules.flatMap((module) => module.commands).map((one) => [one.name, one]));

export function command(name: string): CommandDefinition {
  const found = COMMANDS.get(name);
  if (!found) throw new Error(`There is no command ${name}`);
  return found;
}

export const createPlatformCatalogue = (): Catalogue => createCatalogue(modules.flatMap((module) => module.records));

export interface Made {
  readonly catalogue: Catalogue;
  readonly schema: GraphQLSchema;
  readonly tables: Tables;
}

let made: Promise<Made> | undefined;

/** What hangs on the modules alone: made once, it serves every platform of the process. */
export function ofModules(): Promise<Made> {
  const make = async () => {
    const catalogue = createPlatformCatalogue();
    const tables = await tablesOf(modules.flatMap((module) => module.entities));
    return { catalogue, schema: await createGraph(catalogue), tables };
  };
  made ??= make();
  return made;
}
