/** Pairs of customers in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { confirmCustomerMatch, matchCustomers } from './confirm.commands.ts';
import { findCustomerMatches } from './find.commands.ts';
import { rejectCustomerMatch } from './reject.commands.ts';
import { undoCustomerMatch } from './undo.commands.ts';

export const matchResolvers = (customerMatch: ReadRecord): Function[] => [
  rootResolver(customerMatch),
  mutation(findCustomerMatches, { field: 'customer' }),
  mutation(confirmCustomerMatch, { field: 'match' }),
  mutation(matchCustomers, { field: 'match' }),
  mutation(rejectCustomerMatch, { field: 'match' }),
  mutation(undoCustomerMatch, { field: 'match' }),
];
