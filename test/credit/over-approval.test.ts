// The demand that credit fits holds by itself, whatever a command looked at before: two that fit alone and not together are not both written.
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { CommandDefinition, RowChange } from '../../src/write/command.ts';
import { bare, startWorld } from '../support/world.ts';
import { atOnce, principalOf, range } from '../write/company.ts';
import { exposures, openGroup, wrongExposure } from './group.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { database, platform } = world;
const group = await openGroup(world);
const principal = await principalOf(world, 'admin');

/** Adds an open item to an account, and demands that credit fits without ever looking: as a command does that looked too early. */
const owing = (
  accountKey: string,
  minor: bigint,
  rowsBefore: (newId: () => string) => RowChange[] = () => [],
): CommandDefinition => ({
  name: 'oweForTest',
  description: 'Owes.',
  permission: 'invoices:issue',
  record: 'OpenItem',
  input: z.object({}),
  facts: async () => null,
  decide(_facts, _input, context) {
    const id = context.newId();
    const accountId = bare(group.accounts[accountKey] ?? accountKey);
    const values = {
      id,
      tenantId: context.tenant.id,
      legalEntityId: bare(group.entities[accountKey.endsWith('US') ? 'US' : 'DE'] ?? ''),
      accountId,
      kind: 'DEBIT',
      documentKind: 'Invoice',
      documentId: context.newId(),
      documentNumber: 'X',
      instalment: 1,
      dueOn: '2026-06-30',
      effectiveOn: '2026-06-30',
      recordedAt: context.now,
      currency: 'EUR',
      originalMinor: minor,
      openMinor: minor,
      baseCurrency: 'EUR',
      baseOriginalMinor: minor,
      baseOpenMinor: minor,
      groupCurrency: 'EUR',
      groupRate: '1',
      groupOpenMinor: minor,
      version: 1,
    };
    return {
      recordId: id,
      rows: [...rowsBefore(context.newId), { op: 'insert', entity: 'OpenItem', values }],
      events: [],
      demands: [{ of: 'credit', subject: accountId }],
    };
  },
});

const owe = async (accountKey: string, minor: bigint): Promise<boolean> => {
  try {
    return (await platform.write.run(owing(accountKey, minor), {}, { principal, requestId: 'test' })).ok;
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFLICT_RETRY' });
    return false;
  }
};

test('of 60 additions of 100 by 20 at once against a limit of 1,000 two levels up, over two legal entities, 10 are written', async () => {
  await group.limit('H', '1000');
  const places = ['S1 DE', 'S1 US', 'S2 DE', 'S2 US'];
  const done = await atOnce(20, range(60), (i) => owe(places[i % places.length] ?? '', 10_000n));
  expect(done.filter(Boolean)).toHaveLength(10);
  expect((await exposures(database))['H']).toBe(100_000);
  expect(await wrongExposure(database)).toEqual([]);
});

test('what doesn’t fit leaves nothing, and what takes nothing more is written beyond a limit too', async () => {
  expect(await owe('S1 DE', 1n)).toBe(false);
  expect(await owe('M2 DE', -10_000n)).toBe(true);
  expect(await owe('S1 DE', 10_000n)).toBe(true);
  expect((await exposures(database))['H']).toBe(100_000);
});

test('a customer, its account and its first document come in one transaction, under a parent that is there', async () => {
  const before = await exposures(database);
  const [customerId, accountId] = [crypto.randomUUID(), crypto.randomUUID()];
  const rows = (): RowChange[] => [
    {
      op: 'insert',
      entity: 'Customer',
      values: {
        id: customerId,
        tenantId: world.tenantId,
        number: 'NEW',
        name: 'New',
        searchName: 'new',
        parentId: bare(group.customers['M2'] ?? ''),
        version: 1,
        createdAt: world.clock.now(),
      },
    },
    {
      op: 'insert',
      entity: 'CustomerAccount',
      values: {
        id: accountId,
        tenantId: world.tenantId,
        legalEntityId: bare(group.entities['DE'] ?? ''),
        customerId,
        originCustomerId: customerId,
        number: 'NEW',
        currency: 'EUR',
        version: 1,
        createdAt: world.clock.now(),
      },
    },
  ];
  await group.limit('H', '1100');
  const definition = owing(`acc_${accountId}`, 9_999n, rows);
  expect(await platform.write.run(definition, {}, { principal, requestId: 'test' })).toMatchObject({ ok: true });
  const { H, M2 } = await exposures(database);
  expect(await exposures(database)).toMatchObject({ NEW: 9_999 });
  expect([H, M2]).toEqual([(before['H'] ?? 0) + 9_999, (before['M2'] ?? 0) + 9_999]);
  expect(await wrongExposure(database)).toEqual([]);
});
