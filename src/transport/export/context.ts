/** What resolvers of exports find in the context, beside everything else. */
import type { Principal } from '../../access/principal.ts';
import type { SyncContext } from '../../sync/context.ts';
import type { Problem } from '../../write/command.ts';
import type { Format } from './form.ts';
import type { AskedExport } from './query.ts';

export interface ExportDesk {
  /** What is wrong with an export before it is even begun. @throws DomainError FORBIDDEN naming every path */
  problems(principal: Principal, asked: AskedExport & { readonly format: Format }): readonly Problem[];
  /** The address with a signature of its own; as it is on a server without a key, where it needs a token. */
  signed(principal: Principal, path: string): string;
}

export interface ExportContext extends SyncContext {
  readonly exports: ExportDesk;
}
