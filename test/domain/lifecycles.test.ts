// Every state times every action of every machine in the registry, by its own command: what its table allows works and tells what
// the table says, everything else is refused by name; and the graph, the database and the permissions agree with the table.
import { GraphQLEnumType, type GraphQLObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowedActions, type Machine } from '../../src/kernel/machine.ts';
import { modules } from '../../src/transport/modules.ts';
import { sql } from '../../src/read/sql.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { withClient } from '../support/connection.ts';
import { type Books, openBooks, startWorld } from '../support/world.ts';
import { principalOf } from '../write/company.ts';
import { type Driver, driversOf } from './lifecycle-drivers.ts';
import { approvalDriver } from './lifecycle-approval.ts';
import { erpRequestDriver } from './lifecycle-erp-request.ts';
import { exportDriver } from './lifecycle-export.ts';
import { importDriver, uploadDriver } from './lifecycle-import.ts';
import { matchDriver } from './lifecycle-match.ts';
import { fulfilmentDriver } from './lifecycle-fulfilment.ts';
import { webhookEndpointDriver } from './lifecycle-webhook.ts';
import { holdDriver, orderDriver } from './lifecycle-order.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
const machines: readonly Machine[] = modules.flatMap((module) => module.machines);
const cases = machines.flatMap((machine) => machine.states.map((state) => ({ machine, record: machine.record, state })));
let drivers: Readonly<Record<string, Driver>>;
let books: Books;

/** What is put into the queue stays there: a job that begins at once would move its record on before it was looked at. */
const NOTHING_BEGINS = `
  create or replace function enqueue(task text, payload jsonb, key text default null, run_at timestamptz default null, queue text default null)
  returns bigint language sql as 'select 0::bigint'`;

beforeAll(async () => {
  await withClient(world.database.connection, (client) => client.query(NOTHING_BEGINS));
  books = await openBooks(world);
  drivers = {
    ...driversOf(world, books),
    approval: approvalDriver(world),
    'customer match': matchDriver(world),
    order: orderDriver(world, books),
    hold: holdDriver(world, books),
    fulfilment: fulfilmentDriver(world, books),
    'ERP request': erpRequestDriver(world, books),
    export: exportDriver(world),
    upload: uploadDriver(world),
    import: importDriver(world, books),
    'webhook endpoint': webhookEndpointDriver(world),
  };
});

function driverOf(machine: Machine): Driver {
  const driver = drivers[machine.record];
  if (!driver)
    throw new Error(
      `Write a driver for the machine of the ${machine.record}: how its states are reached and its actions asked for.`,
    );
  return driver;
}

const bare = (id: string) => id.slice(id.indexOf('_') + 1);
let asked = 0;

async function ask(machine: Machine, action: string, id: string) {
  const how = driverOf(machine).actions[action];
  if (!how) throw new Error(`The driver of the ${machine.record} has no command for ${action}.`);
  const input = await how.input(id);
  asked += 1;
  const requestId = `step ${asked}`;
  const principal = how.as ? await principalOf(world, how.as) : await world.platform.systemPrincipal(world.tenantId);
  const outcome = await world.platform.write.run(world.platform.command(how.command), input, { principal, requestId });
  const events = await world.platform.systemRows<{ type: string; record_kind: string; record_id: string }>(
    sql`select type, record_kind, record_id from event where request_id = ${requestId} union all select type, record_kind, record_id from event_inbox where request_id = ${requestId}`,
  );
  return { outcome, types: [...new Set(events.map((e) => e.type))] };
}

async function lifecycleOf({ record }: Driver, id: string): Promise<string | undefined> {
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const { table } = world.platform.catalogue.record(record);
  const [row] = await world.platform.read.rows<{ lifecycle: string }>(
    principal,
    sql`select lifecycle from ${sql.id(table)} where id = ${sql.typed(bare(id), 'uuid')}`,
  );
  return row?.lifecycle;
}

it('knows how to drive every machine, each of its states and each of its actions', () => {
  expect(Object.keys(drivers).sort()).toEqual(machines.map((m) => m.record).sort());
  for (const machine of machines) {
    expect(Object.keys(driverOf(machine).reach), machine.record).toEqual(machine.states);
    expect(Object.keys(driverOf(machine).actions), machine.record).toEqual(machine.commands);
  }
});

describe.each(cases)('$record in state $state', ({ machine, state }) => {
  const make = () => (driverOf(machine).reach[state] ?? (() => Promise.reject(new Error(`No way to ${state}`))))();

  it.each([...machine.commands])('%s does what its row says, or is refused with what is allowed', async (action) => {
    const id = await make();
    expect(await lifecycleOf(driverOf(machine), id)).toBe(state);
    const row = machine.rows.find((r) => r.from === state && r.on === action && !r.observed);
    const { outcome, types } = await ask(machine, action, id);
    if (row) {
      expect(outcome).toMatchObject({ ok: true, isNew: true });
      expect(types).toEqual(expect.arrayContaining([...row.emits]));
      expect(await lifecycleOf(driverOf(machine), id)).toBe(row.to);
      return;
    }
    const allowed = allowedActions(machine, state);
    const message = `${machine.record}: ${action} is not possible in state ${state}; allowed there: ${allowed.join(', ') || 'nothing'}.`;
    expect(outcome).toEqual({ ok: false, problems: [{ code: 'WRONG_STATE', message, path: expect.any(Array) }] });
    expect(types).toEqual([]);
    expect(await lifecycleOf(driverOf(machine), id)).toBe(state);
  });

  it('offers each role in allowedActions what state and permission allow', async () => {
    const driver = driverOf(machine);
    const id = await make();
    const { resource, definition } = world.platform.catalogue.record(driver.record);
    const rolesOf = (permission: string) => world.platform.policies.find((p) => p.permission === permission)?.roles ?? [];
    const permission = (action: string) => world.platform.command(driver.actions[action]?.command ?? '').permission;
    for (const role of ['admin', 'billing', 'cash', 'credit', 'analyst', 'integration', 'warehouse'] as const) {
      const person = await world.as(role);
      const answer = await person.send(`query($id: ID!) { ${definition.root?.one}(id: $id) { lifecycle allowedActions } }`, {
        id,
      });
      if (!rolesOf(resource.permission).includes(role)) {
        expect(answer.errors?.[0]?.extensions?.code, role).toBe('FORBIDDEN');
        continue;
      }
      // of those that show to one person alone, it is this one
      if (resource.own !== undefined && role !== 'admin') {
        expect(answer.data?.[definition.root?.one ?? ''], role).toBeNull();
        continue;
      }
      const wanted = allowedActions(machine, state).filter((action) => rolesOf(permission(action)).includes(role));
      expect(answer.data?.[definition.root?.one ?? ''], role).toEqual({ lifecycle: state, allowedActions: wanted });
    }
  });
});

describe.each(machines.map((machine) => ({ machine, record: machine.record })))('the states of the $record', ({ machine }) => {
  it('are those of the column in the database', async () => {
    const { table } = world.platform.catalogue.record(driverOf(machine).record);
    const [row] = await world.platform.systemRows<{ definition: string }>(
      sql`select pg_get_constraintdef(oid) as definition from pg_constraint where conname = ${`${table}_lifecycle_known`}`,
    );
    expect([...(row?.definition ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual(machine.states);
  });

  it('are those of the enum in the graph, and its actions those that a command may ask for', () => {
    const { record } = driverOf(machine);
    const type = world.platform.schema.getType(record) as GraphQLObjectType;
    const valuesOf = (field: string) => {
      let named = type.getFields()[field]?.type;
      while (named && 'ofType' in named) named = named.ofType;
      return named instanceof GraphQLEnumType ? named.getValues().map((v) => v.name) : [];
    };
    expect(valuesOf('lifecycle')).toEqual(machine.states);
    expect(valuesOf('allowedActions')).toEqual(machine.commands);
  });
});

it('offers nothing in a legal entity that a role is not for', async () => {
  const admin = await world.as('admin');
  const other = await openBooks(world, { code: 'FR01', number: 'C-2' });
  const roles = [{ role: 'analyst' }, { role: 'billing', legalEntityId: other.legalEntityId }];
  await admin.do(
    'createActor',
    { kind: 'USER', name: 'Two hats', issuer: 'urn:cashgraph:local', subject: 'two-hats', roles },
    'actor',
  );
  const twoHats = world.withToken(await world.tokenOf('two-hats'));
  const actionsIn = async ({ accountId }: Books) => {
    const lines = [{ description: 'x', quantity: '1', unitPrice: '1', taxCategory: 'Z', taxRate: '0' }];
    const { id } = await admin.do('draftInvoice', { accountId, lines }, 'invoice');
    return (await twoHats.ask('query($id: ID!) { invoice(id: $id) { allowedActions } }', { id })).invoice;
  };
  expect(await actionsIn(other)).toEqual({ allowedActions: ['EDIT', 'ISSUE', 'CANCEL'] });
  expect(await actionsIn(books)).toEqual({ allowedActions: [] });
});
