/**
 * What must always be true of the books, the documents, the log and the schema: each invariant is a query that returns no rows
 * while it holds, and else rows that name the offending records. `cashgraph doctor --invariants` runs them, and so does every
 * fault and load run. They only read, and they compute everything anew from the rows: nothing here trusts a stored sum.
 *
 * `TENANT` queries run in the role `app` under `app.tenant_id`, so row-level security is what narrows them to the tenant;
 * `SYSTEM` ones run in the role `system` and look at the whole database. Numbers are those of the list of invariants;
 * one number can have several queries, so name and number together are the key.
 */
import type { ChainResult } from '../outbox/chain.ts';
import { type Sql, sql } from '../read/sql.ts';
import type { Invariant } from './invariant.ts';
import { allocationInvariants } from './invariants-allocations.ts';
import { billingInvariants } from './invariants-billing.ts';
import { bookInvariants } from './invariants-books.ts';
import { creditInvariants } from './invariants-credit.ts';
import { deliveryInvariants } from './invariants-delivery.ts';
import { documentInvariants } from './invariants-documents.ts';
import { dutyInvariants } from './invariants-duties.ts';
import { fulfilmentInvariants } from './invariants-fulfilment.ts';
import { moneyInvariants } from './invariants-money.ts';
import { orderInvariants } from './invariants-order.ts';
import { schemaInvariants } from './invariants-schema.ts';
import { syncInvariants } from './invariants-sync.ts';
import { webhookInvariants } from './invariants-webhooks.ts';

export type Rows = (source: Sql) => Promise<readonly Record<string, unknown>[]>;

export interface RunInvariants {
  readonly tenantId: string;
  /** Runs a statement in the role `app`, with `app.tenant_id` set to the tenant. */
  readonly rows: Rows;
  /** Runs a statement in the role `system`; without it the invariants of the whole database are left out. */
  readonly systemRows?: Rows;
  /** `verifyChain` of the tenant; without it the hashes are left out. */
  readonly verify?: (tenantId: string) => Promise<ChainResult>;
}

export interface Finding {
  readonly number: number;
  readonly name: string;
  readonly offending: readonly Record<string, unknown>[];
}

/** How many offending rows each invariant names: enough to see what is wrong, and never the whole table. */
const SHOWN = 50;

export const invariants: readonly Invariant[] = [
  ...bookInvariants,
  ...moneyInvariants,
  ...allocationInvariants,
  ...documentInvariants,
  ...billingInvariants,
  ...dutyInvariants,
  ...fulfilmentInvariants,
  ...creditInvariants,
  ...orderInvariants,
  ...deliveryInvariants,
  ...syncInvariants,
  ...webhookInvariants,
  ...schemaInvariants,
].sort((a, b) => a.number - b.number);

/** The invariants that don't hold, with the records that break them; empty when all is well. */
export async function runInvariants({ rows, systemRows, verify, tenantId }: RunInvariants): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { number, name, scope, sql: query } of invariants) {
    const run = scope === 'SYSTEM' ? systemRows : rows;
    if (!run) continue;
    const offending = await run(sql`select * from (${query}) offending limit ${sql.number(SHOWN)}`);
    if (offending.length > 0) findings.push({ number, name, offending });
  }
  const chain = await verify?.(tenantId);
  if (chain && !chain.ok) {
    const { position, fault, reason } = chain;
    findings.push({
      number: 35,
      name: 'chain-verifies',
      offending: [{ record: 'event', id: position.toString(), fault, reason }],
    });
  }
  return findings;
}
