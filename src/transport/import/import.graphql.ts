/** Uploads and imports in the graph. Addresses are signed as they are read. */
import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { ReadRecord } from '../../read/catalogue.ts';
import { objectType, rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import type { ImportContext } from './context.ts';
import { cancelImport, createUpload, deleteUpload, startImport } from './import.commands.ts';

type Planned = Readonly<Record<string, unknown>>;

function signed(planned: Planned, { imports, principal }: ImportContext, info: GraphQLResolveInfo): string | null {
  const path = planned[info.path.key];
  return typeof path === 'string' ? imports.signed(principal, path) : null;
}

function uploadUrls(record: ReadRecord): Function {
  @Resolver(() => objectType(record))
  class UploadUrlResolver {
    @FieldResolver(() => String, { nullable: true })
    url(@Root() planned: Planned, @Ctx() context: ImportContext, @Info() info: GraphQLResolveInfo): string | null {
      return signed(planned, context, info);
    }
  }
  return UploadUrlResolver;
}

function reportUrls(record: ReadRecord): Function {
  @Resolver(() => objectType(record))
  class ReportUrlResolver {
    @FieldResolver(() => String, { nullable: true })
    reportCsvUrl(@Root() planned: Planned, @Ctx() context: ImportContext, @Info() info: GraphQLResolveInfo): string | null {
      return signed(planned, context, info);
    }

    @FieldResolver(() => String, { nullable: true })
    reportJsonlUrl(@Root() planned: Planned, @Ctx() context: ImportContext, @Info() info: GraphQLResolveInfo): string | null {
      return signed(planned, context, info);
    }
  }
  return ReportUrlResolver;
}

export interface ImportRecords {
  readonly upload: ReadRecord;
  readonly import: ReadRecord;
  readonly refusal: ReadRecord;
}

export const importResolvers = (records: ImportRecords): Function[] => [
  ...Object.values(records).map((record: ReadRecord) => rootResolver(record)),
  uploadUrls(records.upload),
  reportUrls(records.import),
  mutation(createUpload, { field: 'upload' }),
  mutation(deleteUpload, { field: 'upload' }),
  mutation(startImport, { field: 'import' }),
  mutation(cancelImport, { field: 'import' }),
];
