/** Exports in the graph: started after a look at what is asked for, and shown with an address that works by itself. */
import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { ReadRecord } from '../../read/catalogue.ts';
import { objectType, rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import type { ExportContext } from './context.ts';
import { cancelExport, restartExport, startExport } from './export.commands.ts';
import type { Format } from './form.ts';

function urlResolver(record: ReadRecord): Function {
  @Resolver(() => objectType(record))
  class ExportUrlResolver {
    @FieldResolver(() => String, { nullable: true })
    url(
      @Root() planned: Readonly<Record<string, unknown>>,
      @Ctx() { exports, principal }: ExportContext,
      @Info() info: GraphQLResolveInfo,
    ): string | null {
      const path = planned[info.path.key];
      return typeof path === 'string' ? exports.signed(principal, path) : null;
    }
  }
  return ExportUrlResolver;
}

export const exportResolvers = (record: ReadRecord): Function[] => [
  rootResolver(record),
  urlResolver(record),
  mutation<ExportContext>(startExport, {
    field: 'export',
    problems({ query, variables, operationName, format }, { exports, principal }) {
      return exports.problems(principal, {
        query: String(query),
        variables: (variables ?? {}) as Record<string, unknown>,
        operationName: typeof operationName === 'string' ? operationName : null,
        format: format as Format,
      });
    },
  }),
  mutation(cancelExport, { field: 'export' }),
  mutation(restartExport, { field: 'export' }),
];
