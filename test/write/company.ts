// What tests of the write engine share: commands without HTTP between, a look at the rows behind the API's back, the invariants.
import type { Principal } from '../../src/access/principal.ts';
import type { Outcome } from '../../src/write/outcome.ts';
import { withClient } from '../support/connection.ts';
import { broken as findings } from '../support/invariants.ts';
import type { World } from '../support/world.ts';

export const ISSUER = 'urn:cashgraph:local';

/** Rows of every tenant, as the cluster's administrator. */
export const rowsOf = <T>({ database }: World, text: string, values: readonly unknown[] = []): Promise<T[]> =>
  withClient(database.connection, async (client) => (await client.query(text, [...values])).rows as T[]);

export async function principalOf({ platform }: World, subject: string, tenant = 'acme'): Promise<Principal> {
  const principal = await platform.signIn.bySubject({ issuer: ISSUER, subject, tenant });
  if (!principal) throw new Error(`There is nobody called ${subject} in ${tenant}`);
  return principal;
}

/** Commands of one person, one by one and as a set. */
export async function commandsOf(world: World, subject: string, tenant?: string) {
  const principal = await principalOf(world, subject, tenant);
  const { platform } = world;
  const request = { principal, requestId: `test of ${subject}` };
  const run = (name: string, input: unknown, more: { dryRun?: boolean } = {}): Promise<Outcome> =>
    platform.write.run(platform.command(name), input, { ...request, ...more });
  return {
    run,
    /** The id of the record of a command that must not be refused, bare. */
    async make(name: string, input: unknown): Promise<string> {
      const outcome = await run(name, input);
      if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problems)}`);
      return outcome.recordId;
    },
    /** The same as one bulk call. */
    async bulk(name: string, inputs: readonly unknown[]) {
      const answer = { selectionHash: '', read: async () => null };
      const more = { operation: `bulk ${name}`, keys: new Map<number, string>(), answer };
      const outcome = await platform.write.runBulk(platform.command(name), inputs, { ...request, ...more });
      if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.problems)}`);
      return outcome.results;
    },
    set: (name: string, inputs: readonly unknown[], more: { dryRun?: boolean } = {}) =>
      platform.write.runSet(platform.command(name), inputs, { ...request, ...more }),
  };
}

/** Every invariant that doesn't hold, in all that is committed; empty when all is well. */
export async function broken({ database, platform }: World, tenantId: string): Promise<unknown[]> {
  await platform.sealer.sealed();
  return findings(database, tenantId);
}

/** Works through a list with so many workers at once; answers in the order of the list. */
export async function atOnce<T, R>(
  workers: number,
  list: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < list.length; i = next++) answers[i] = await work(list[i] as T, i);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return answers;
}

/** Makes every update of a row whose `customer_reference` is `break` fail in the database, late: when the transaction commits. */
export const breakInvoices = (world: World) =>
  rowsOf(
    world,
    `create function break_on_purpose() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$;
     create constraint trigger break_late after update on invoice deferrable initially deferred
       for each row when (new.customer_reference = 'break' and new.lifecycle = 'ISSUED') execute function break_on_purpose()`,
  );

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
