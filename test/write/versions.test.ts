// Lost updates are refused: by the version that a client names, by the version that a command read, and by locks where none is named.
import { expect, it } from 'vitest';
import { object, text } from '../../src/kernel/input.ts';
import { sql } from '../../src/read/sql.ts';
import { command } from '../../src/write/command.ts';
import { publicId, startWorld } from '../support/world.ts';
import { principalOf, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const admin = await world.as('admin');

it('refuses a change that was made from an old version, and names both versions', async () => {
  const { id } = await admin.do('createCustomer', { number: 'V-1', name: 'Ada' }, 'customer');
  const answers = await Promise.all(
    range(8).map((i) =>
      admin.send(
        'mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { version } userErrors { code path } } }',
        { input: { id, name: `Ada ${i}`, expectedVersion: 1 } },
      ),
    ),
  );
  const payloads = answers.map((answer) => answer.data?.updateCustomer);
  expect(payloads.filter((payload) => payload.customer).map((payload) => payload.customer.version)).toEqual([2]);
  const refused = payloads.filter((payload) => !payload.customer).map((payload) => payload.userErrors);
  expect(refused).toEqual(range(7).map(() => [{ code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'] }]));
});

it('refuses the second of two changes made from one version, even by a command that forgot to lock what it read', async () => {
  const { id } = await admin.do('createCustomer', { number: 'V-2', name: 'Bo' }, 'customer');
  let reading = 2;
  let bothRead = () => {};
  const read = new Promise<void>((resolve) => {
    bothRead = resolve;
  });
  const careless = command({
    name: 'careless',
    description: 'Changes what it read without a lock.',
    permission: 'customers:manage',
    record: 'Customer',
    input: object('CarelessInput', { segment: text() }),
    async facts(tx) {
      const rows = await tx.rows<{ version: number }>(sql`select version from customer where id = ${id.slice(4)}`);
      reading -= 1;
      if (reading === 0) bothRead();
      await read;
      return rows;
    },
    decide: ([customer], input, context) => ({
      recordId: id.slice(4),
      rows: [
        {
          op: 'update',
          entity: 'Customer',
          id: id.slice(4),
          version: customer?.version ?? 0,
          set: { segment: input.segment },
          owner: { tenantId: context.tenant.id },
        },
      ],
      events: [],
    }),
  });
  const request = { principal: await principalOf(world, 'admin'), requestId: 'careless' };
  const outcomes = await Promise.all(['a', 'b'].map((segment) => world.platform.write.run(careless, { segment }, request)));
  expect(new Set(outcomes.map((o) => (o.ok ? 'done' : o.problems[0]?.code)))).toEqual(new Set(['done', 'VERSION_CONFLICT']));
});

it('leaves a tenant its last administrator, though two take each other the role at once', async () => {
  for (const round of range(5)) {
    const tenant = `duel-${round}`;
    await world.addTenant(tenant);
    const first = await world.as('admin', tenant);
    const other = await first.do(
      'createActor',
      { kind: 'USER', name: 'Other', issuer: 'urn:cashgraph:local', subject: `other-${round}`, roles: [{ role: 'admin' }] },
      'actor',
    );
    const [{ id: own }] = (await rowsOf<{ id: string }>(
      world,
      `select a.id from actor a join tenant t using (tenant_id) where t.slug = $1 and a.subject = 'admin'`,
      [tenant],
    )) as [{ id: string }];
    const second = world.withToken(await world.tokenOf(`other-${round}`, tenant));
    await Promise.all([
      first.send(REVOKE, { input: { id: other.id } }),
      second.send(REVOKE, { input: { id: publicId('act', own) } }),
    ]);
    const admins = await rowsOf(
      world,
      `select a.id from actor a join tenant t using (tenant_id) join actor_role r on r.actor_id = a.id where t.slug = $1 and r.role = 'admin' and a.revoked_at is null`,
      [tenant],
    );
    expect(admins.length).toBeGreaterThanOrEqual(1);
  }
});

const REVOKE = 'mutation($input: RevokeActorInput!) { revokeActor(input: $input) { userErrors { code } } }';
