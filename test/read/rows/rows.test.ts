// The rows form gives what the JSON form gives, for random reads of every kind over the small catalogue.
import { afterAll, expect, it } from 'vitest';
import { readCursor } from '../../../src/read/cursor.ts';
import { eq } from '../../../src/kernel/predicate.ts';
import { NOW } from '../../../src/read/record.ts';
import type { ConnectionRead } from '../../../src/read/tree.ts';
import { createBytePool } from '../../../src/read/wire/byte-pool.ts';
import { dice } from '../../access/random-where.ts';
import { withClient } from '../../support/connection.ts';
import { freshDatabase } from '../../support/database.ts';
import { principal } from '../reading.ts';
import { ACCOUNT, CUSTOMER, ENTITY, INVOICE, seed as seedRows } from '../seed.ts';
import { catalogue } from '../small-catalogue.ts';
import { connectionForms, objectForms } from './forms.ts';
import { randomConnection, randomObject } from './random-tree.ts';

const COUNT = Number(process.env['RANDOM_ROWS'] ?? 100);
const database = await freshDatabase();
const { connection } = database;
await seedRows(database.as('app'));
await makeAwkward();
const pool = createBytePool({ connection, role: 'cashgraph_read', max: 4, statementTimeoutMs: 5_000 });
afterAll(() => pool.end());

const asked = { pool, catalogue, principal: principal({ also: ['customers:secrets', 'invoices:words'] }) };
const roots = catalogue.records.filter(({ definition }) => definition.root);

/** Values that are hard to write: what JSON escapes, what is longer than a word or a loop, numbers and instants of every form. */
async function makeAwkward(): Promise<void> {
  await withClient(connection, async (client) => {
    await client.query(`set session_replication_role = replica`);
    await client.query(`update customer set
      name = (array[E'a"\\\\b', E'\\x01\\x1f\\x7f\\b\\f\\r\\t', '', repeat('ü😀"', 40), 'plain', repeat('x', 63), repeat('y', 64), repeat('z', 65)])[1 + substr(number, 2)::int % 8],
      segment = (array[null, E'line\\nbreak', '{"no":"json"}', 'ßa'])[1 + substr(number, 2)::int % 4],
      created_at = (array['infinity'::timestamptz, '-infinity', '0044-03-15 BC', '12026-01-01', '2026-01-01 00:00:00.999999', '2026-01-01 00:00:00.9'])[1 + substr(number, 2)::int % 6]`);
    await client.query(`update invoice_line set quantity = (array[1.5000, -0.0100, 100, 12345678901.123456])[1 + line_number % 4],
      net_minor = (array[0, 5, -5, -123456, 9000000000000000000])[1 + abs(hashtext(id::text)) % 5]`);
  });
}

it('gives the same lists as the JSON form', async () => {
  let inRows = 0;
  for (let seed = 1; seed <= COUNT; seed++) {
    const d = dice(seed);
    const moment = d.roll(6) === 0 ? { asOf: '2026-02-10', knownAt: null } : NOW;
    const read = randomConnection({ dice: d, catalogue, moment }, d.pick(roots), 3);
    const { json, rows } = await connectionForms(asked, read);
    if (rows === null) continue;
    inRows += 1;
    expect(rows, `seed ${seed}`).toBe(json);
  }
  expect(inRows).toBeGreaterThan(COUNT / 2);
});

it('gives the same pages after and before any row', async () => {
  let further = 0;
  for (let seed = 1; seed <= COUNT / 3; seed++) {
    const d = dice(seed);
    const read = randomConnection({ dice: d, catalogue, moment: NOW }, catalogue.record('Invoice'), 2);
    const cursors: ConnectionRead['fields'] = [{ kind: 'edges', key: 'edges', fields: [{ kind: 'cursor', key: 'cursor' }] }];
    const { rows } = await connectionForms(asked, {
      ...read,
      page: { size: 60, isBackward: false, from: null },
      fields: cursors,
    });
    const { edges } = (JSON.parse(rows ?? '') as { list: { edges: { cursor: string }[] } }).list;
    const from = readCursor(d.pick(edges).cursor, read.mark, read.order);
    const forms = await connectionForms(asked, { ...read, page: { ...read.page, from } });
    if (forms.rows === null) continue;
    further += forms.rowCount;
    expect(forms.rows, `seed ${seed}`).toBe(forms.json);
  }
  expect(further).toBeGreaterThan(COUNT / 3);
});

it('gives the same records as the JSON form, and null for one that is not there', async () => {
  for (let seed = 1; seed <= COUNT; seed++) {
    const d = dice(seed);
    const record = d.pick(['Invoice', 'Invoice', 'Customer', 'CustomerAccount'] as const);
    const object = randomObject({ dice: d, catalogue, moment: NOW }, catalogue.record(record), 3);
    const id = { Invoice: INVOICE(1, d.roll(70)), Customer: CUSTOMER(1, d.roll(9)), CustomerAccount: ACCOUNT(1, d.roll(18)) }[
      record
    ];
    const { json, rows } = await objectForms(asked, { object, where: eq('id', id), known: null, choiceBy: null, limit: 10 });
    expect(rows, `seed ${seed}`).toBe(json);
  }
});

it('tells that more than one record fits', async () => {
  const object = randomObject({ dice: dice(1), catalogue, moment: NOW }, catalogue.record('Invoice'), 2);
  const wanted = { object, where: eq('status', 'OPEN'), known: null, choiceBy: null, limit: 10 };
  expect((await objectForms(asked, wanted)).rowCount).toBe(2);
});

it('shows nobody what another tenant or legal entity has', async () => {
  let compared = 0;
  for (const who of [{ tenant: 2 }, { grant: [ENTITY(1, 1)] }, { portal: { customers: [1], accounts: [1, 2] } }]) {
    const role = 'portal' in who ? 'cashgraph_portal' : 'cashgraph_read';
    const own = createBytePool({ connection, role, max: 2, statementTimeoutMs: 5_000 });
    for (let seed = 1; seed <= COUNT / 6; seed++) {
      const read = randomConnection({ dice: dice(seed), catalogue, moment: NOW }, catalogue.record('CustomerAccount'), 3);
      const { json, rows } = await connectionForms({ pool: own, catalogue, principal: principal(who) }, read);
      if (rows === null) continue;
      compared += 1;
      expect(rows, `seed ${seed}`).toBe(json);
    }
    await own.end();
  }
  expect(compared).toBeGreaterThan(COUNT / 6);
});
