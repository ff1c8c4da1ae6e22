/** Credit in the graph. */
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { blockCredit, setRiskClass, unblockCredit } from './block.commands.ts';
import { ExposureResolver } from './exposure.graphql.ts';
import { approveCreditLimit, requestCreditLimit } from './limit.commands.ts';

export const creditResolvers = (creditAccount: ReadRecord): Function[] => [
  rootResolver(creditAccount),
  ExposureResolver,
  mutation(requestCreditLimit, { field: 'approval' }),
  mutation(approveCreditLimit, { field: 'creditAccount' }),
  mutation(blockCredit, { field: 'creditAccount' }),
  mutation(unblockCredit, { field: 'creditAccount' }),
  mutation(setRiskClass, { field: 'creditAccount' }),
];
