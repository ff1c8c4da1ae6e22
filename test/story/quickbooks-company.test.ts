// A whole company of eighteen months comes from QuickBooks into the books: with estimates, cash sales, credit memos, refunds, voids, deposits,
// journal entries and names that are not used any more. Nothing is refused, the books hold, and both agree on what everybody owes.
import { expect, it } from 'vitest';
import { broken } from '../support/invariants.ts';
import { startQuickBooksWorld } from '../support/quickbooks.ts';
import type { Shown } from '../support/world.ts';

const SIZE = Number(process.env['SIZE'] ?? 300);
const SEED = process.env['RANDOM_SEED'] ?? 's1';

const { world, connectionId, settled } = await startQuickBooksWorld({ seed: SEED, size: SIZE, multiCurrency: true });
const admin = await world.as('admin');

it(`reads a company of about ${SIZE} invoices whole, and agrees with it`, async () => {
  await settled();
  const { connection } = await admin.ask(
    `query($id: ID!) { connection(id: $id) {
      issues(first: 20) { nodes { reason recordKind externalId field message lifecycle } }
      streams { name recordCount waitingCount openIssueCount failure } } }`,
    { id: connectionId },
  );
  expect(connection.issues.nodes.filter((issue: Shown) => issue.lifecycle === 'OPEN')).toEqual([]);
  for (const stream of connection.streams) expect(stream).toMatchObject({ waitingCount: 0, openIssueCount: 0, failure: null });
  expect(await broken(world.database, world.tenantId)).toEqual([]);
  const selection = 'drift(first: 20) { nodes { kind stream ours theirs cause lifecycle } }';
  await admin.do('reconcileConnection', { id: connectionId }, 'connection');
  const { drift } = await admin.do('reconcileConnection', { id: connectionId }, 'connection', selection);
  expect(drift.nodes.filter((one: Shown) => one.lifecycle === 'OPEN')).toEqual([]);
}, 120_000);
