// Every row of the machines of documents that only an ERP can take: from its state to the other, with the event that the row says.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Machine } from '../../src/kernel/machine.ts';
import { creditNoteMachine, invoiceMachine } from '../../src/o2c/invoice/index.ts';
import { paymentMachine } from '../../src/o2c/payment/index.ts';
import { sql } from '../../src/read/sql.ts';
import { broken } from '../support/invariants.ts';
import { bare, openBooks, type Person, startWorld } from '../support/world.ts';
import { type Command, connectionOf, invoiceInput, noteInput, observe, paymentInput, rowsOf } from './observing.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
let party: { legalEntityId: string; accountId: string };
let accountId: string;
let admin: Person;

beforeAll(async () => {
  admin = await world.as('admin');
  const books = await openBooks(world);
  accountId = books.accountId;
  party = { legalEntityId: bare(books.legalEntityId), accountId: bare(books.accountId) };
  await connectionOf(world, party.legalEntityId, []);
});

const draft = async () => {
  const lines = [{ description: 'Wish', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
  return (await admin.do('draftInvoice', { accountId, lines }, 'invoice')).id as string;
};
const pending = async () =>
  (await admin.do('recordPayment', { accountId, amount: { amount: '9', currency: 'EUR' }, isPending: true }, 'payment'))
    .id as string;
const ended = async (make: () => Promise<string>, command: string, field: string) => {
  const id = await make();
  await admin.do(command, { id }, field);
  return bare(id);
};

/** How a document of a machine comes into a state, and how it is observed. */
interface Way {
  readonly machine: Machine;
  readonly command: Command;
  readonly table: string;
  input(more: object): object;
  readonly own: Readonly<Record<string, () => Promise<string>>>;
}

const WAYS: readonly Way[] = [
  {
    machine: invoiceMachine,
    command: 'observeInvoice',
    table: 'invoice',
    input: (more) => invoiceInput(party, { ...more }),
    own: { DRAFT: async () => bare(await draft()), CANCELLED: () => ended(draft, 'cancelInvoiceDraft', 'invoice') },
  },
  {
    machine: creditNoteMachine,
    command: 'observeCreditNote',
    table: 'credit_note',
    input: (more) => noteInput(party, { ...more }),
    own: {},
  },
  {
    machine: paymentMachine,
    command: 'observePayment',
    table: 'payment',
    input: (more) => paymentInput(party, { ...more }),
    own: {
      PENDING: async () => bare(await pending()),
      FAILED: () => ended(pending, 'failPayment', 'payment'),
      CANCELLED: () => ended(pending, 'cancelPayment', 'payment'),
    },
  },
];

const rows = WAYS.flatMap((way) =>
  way.machine.rows.filter((row) => row.observed).map((row) => ({ ...way, ...row, record: way.machine.record })),
);

async function reach({ command, input, own, from }: Way & { from: string }): Promise<string> {
  const make = own[from];
  if (make) return make();
  const { recordId } = await observe(world, command, input({}));
  if (from === 'VOIDED') await observe(world, command, input({ recordId, isDeleted: true }));
  return recordId;
}

describe.each(rows)('$record: $on in state $from', (row) => {
  it(`leads to ${row.to}, and tells it`, async () => {
    const recordId = await reach(row);
    await observe(world, row.command, row.input({ recordId, isDeleted: row.on === 'VOID', number: 'Another' }));
    const [now] = await rowsOf<{ lifecycle: string; version: number }>(
      world,
      sql`select lifecycle, version from ${sql.id(row.table)} where id = ${sql.typed(recordId, 'uuid')}`,
    );
    expect(now?.lifecycle).toBe(row.to);
    const told = await world.platform.systemRows<{ type: string }>(
      sql`select type from event_inbox where record_id = ${sql.typed(recordId, 'uuid')} and record_version = ${now?.version ?? 0}
          union all select type from event where record_id = ${sql.typed(recordId, 'uuid')} and record_version = ${now?.version ?? 0}`,
    );
    expect(told.map((e) => e.type)).toEqual(row.emits);
  });
});

it('leaves books that hold', async () => {
  expect(await broken(world.database, world.tenantId)).toEqual([]);
});
