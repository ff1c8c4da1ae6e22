/** What resolvers of imports find in the context, beside everything else. */
import type { Principal } from '../../access/principal.ts';
import type { ExportContext } from '../export/context.ts';

export interface ImportContext extends ExportContext {
  readonly imports: {
    /** The address with a signature of its own; as it is on a server without a key, where it needs a token. */
    signed(principal: Principal, path: string): string;
  };
}
