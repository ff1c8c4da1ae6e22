/** Notes what of an operation is deprecated, for HTTP and sockets alike. Where a schema deprecates nothing, it does nothing. */
import type { GraphQLSchema } from 'graphql';
import type { Principal } from '../../access/principal.ts';
import { clientNameIn, createUsageCounter, type UsageCounterOptions } from './counter.ts';
import { createDeprecations, type Used } from './deprecations.ts';

export interface Usage {
  /** @param says headers, or the parameters of a socket's connection */
  note(principal: Principal, used: Used, says: (name: string) => unknown): void;
  close(): Promise<void>;
}

const NOTHING: Usage = { note: () => {}, close: async () => {} };

export function createUsage(
  schema: GraphQLSchema,
  { save, ...options }: Omit<UsageCounterOptions, 'save'> & { readonly save: UsageCounterOptions['save'] | undefined },
): Usage {
  const deprecations = save ? createDeprecations(schema) : null;
  if (!deprecations || !save) return NOTHING;
  const counter = createUsageCounter({ save, ...options });
  return {
    note(principal, used, says) {
      const coordinates = deprecations(used);
      if (coordinates.length > 0) counter.count(principal, clientNameIn(says), coordinates);
    },
    close: () => counter.close(),
  };
}
