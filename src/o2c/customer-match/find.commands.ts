/** Looking for customers that may be the same: by a person for one, by itself for all of which something is new. */
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { idOf, object } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision, type RowChange, type Tx } from '../../write/command.ts';
import type { Schedule } from '../../write/schedule.ts';
import { Customer, CustomerToCompare, loadOwnTraits, ownTraits, traitRows } from '../party/index.ts';
import { loadCandidates } from './candidates.facts.ts';
import { Finder } from './finder.rules.ts';
import { loadIdentities, loadLines, loadWeights, loadWords, lockMatches } from './identity.facts.ts';
import { CustomerMatch, CustomerMatchEvidence } from './match.entity.ts';

async function facts(tx: Tx, inputs: readonly { readonly customerId: string }[]) {
  await lockMatches(tx);
  const ids = sql.uuids(inputs.map((i) => i.customerId));
  const customers = await tx.load(Customer, sql`t.id = any(${ids})`);
  const roots = [...new Set(customers.map((c) => c.mergedIntoId ?? c.id))];
  const candidates = await loadCandidates(tx, roots);
  const around = [...new Set([...roots, ...candidates.map((c) => c.otherId)])];
  // pairs with one that another one stands for by now as well: nobody is to decide on those
  const owners = sql`array(select c.id from customer c where c.id = any(${sql.uuids(roots)}) or c.merged_into_id = any(${sql.uuids(roots)}))`;
  const known = await tx.load(CustomerMatch, sql`(t.customer_id = any(${owners}) or t.other_customer_id = any(${owners}))`, {
    lock: true,
  });
  const evidence = await tx.load(CustomerMatchEvidence, sql`t.match_id = any(${sql.uuids(known.map((m) => m.id))})`);
  const others = known.flatMap((m) => [m.customerId, m.otherCustomerId]);
  const everybody = [...new Set([...around, ...others])];
  const identities = await loadIdentities(tx, everybody);
  return {
    customers,
    traits: await loadOwnTraits(tx, customers),
    waiting: await tx.load(CustomerToCompare, sql`t.customer_id = any(${ids})`),
    finder: new Finder({
      candidates,
      identities,
      known,
      evidence,
      isInLine: await loadLines(tx, everybody),
      words: await loadWords(tx, identities),
      weights: await loadWeights(tx),
    }),
  };
}

export const findCustomerMatches = command({
  name: 'findCustomerMatches',
  description:
    'Compares a customer with all others, and proposes those that may be the same. It happens by itself soon after something of a customer changed.',
  permission: 'customers:match',
  record: 'Customer',
  input: object('FindCustomerMatchesInput', { customerId: idOf('cus').describe('The customer.') }),
  lockKey: (input) => input.customerId,
  facts,
  decide({ customers, traits, waiting, finder }, { customerId }, context): Decision {
    const customer = customers.find((c) => c.id === customerId);
    if (!customer) throw new DomainError('NOT_FOUND', 'There is no such customer.', { path: ['customerId'] });
    const looked = waiting
      .filter((one) => one.customerId === customerId)
      .map(({ id, tenantId }): RowChange => ({ op: 'delete', entity: 'CustomerToCompare', id, owner: { tenantId } }));
    // one that is older than what customers are compared by gets it now, and is looked at again with it
    const own = traitRows(context, { customerId, accountId: null }, { held: traits(customerId), now: ownTraits(customer) });
    const found = finder.find(context, customer.mergedIntoId ?? customerId);
    const rows = [...looked, ...own, ...found.rows];
    return rows.length === 0 ? { unchanged: customerId } : { recordId: customerId, rows, events: found.events };
  },
});

/** So long is waited, since a sync brings in many at once, and looking for all together takes less. */
const WAIT_MS = 30_000;

/** Each minute, so that what a sync brings in is on the worklist soon after. */
export const findSchedule: Schedule = {
  name: 'find-customer-matches',
  match: '* * * * *',
  command: findCustomerMatches,
  due: (now, limit) =>
    sql`select distinct tenant_id, customer_id as id from customer_to_compare where noted_at <= ${new Date(now.getTime() - WAIT_MS).toISOString()}
        order by 1, 2 limit ${sql.number(limit)}`,
  input: ({ id }) => ({ customerId: publicId('cus', id) }),
};
