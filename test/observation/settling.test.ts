// What an ERP sets against each other: payments of money and of nothing, discounts, cash sales, refunds; what does not fit, and is made up for.
import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Books, openBooks, type Person, startWorld } from '../support/world.ts';
import { invoiceInput, noteInput, observe, observeAll, paymentInput, rowsOf } from './observing.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
let books: Books;
let party: { legalEntityId: string; accountId: string };
let admin: Person;

beforeAll(async () => {
  books = await openBooks(world);
  party = { legalEntityId: bare(books.legalEntityId), accountId: bare(books.accountId) };
  admin = await world.as('admin');
});

const invoice = async (more: object = {}) => (await observe(world, 'observeInvoice', invoiceInput(party, { ...more }))).recordId;
const note = async (more: object = {}) => (await observe(world, 'observeCreditNote', noteInput(party, { ...more }))).recordId;
const pay = async (more: object = {}) => (await observe(world, 'observePayment', paymentInput(party, { ...more }))).recordId;
const to = (recordId: string, amount: string, discount?: string) => ({
  kind: 'Invoice',
  recordId,
  amount,
  ...(discount ? { discount } : {}),
});
const of = (recordId: string, amount: string) => ({ kind: 'CreditNote', recordId, amount });

const SHOWN = {
  invoice: { prefix: 'inv', fields: 'status open { amount } paid { amount } credited { amount } discounted { amount }' },
  payment: { prefix: 'pay', fields: 'status number amount { amount } unapplied { amount }' },
  creditNote: { prefix: 'cn', fields: 'status open { amount }' },
} as const;
async function shown(record: keyof typeof SHOWN, id: string): Promise<Record<string, string>> {
  const { prefix, fields } = SHOWN[record];
  const answer = await admin.ask(`query($id: ID!) { ${record}(id: $id) { ${fields} } }`, { id: `${prefix}_${id}` });
  const plain = (value: unknown) =>
    typeof value === 'object' && value ? (value as { amount: string }).amount : (value as string);
  return Object.fromEntries(Object.entries(answer[record] as object).map(([key, value]) => [key, plain(value)]));
}

const holds = async () => expect(await broken(world.database, world.tenantId)).toEqual([]);

describe('a payment', () => {
  it('of nothing uses credit notes for invoices; another uses them before its money', async () => {
    const [first, second, credit] = [
      await invoice(),
      await invoice(),
      await note({
        total: '59.5',
        net: '50',
        tax: '9.5',
        taxes: [{ taxCategory: 'S', taxRate: '19', taxable: '50', tax: '9.5' }],
      }),
    ];
    const zero = await pay({ amount: '0', applications: [to(first, '19'), of(credit, '19')] });
    expect(await shown('payment', zero)).toMatchObject({ status: 'APPLIED', amount: '0.00' });
    expect(await shown('invoice', first)).toMatchObject({ status: 'OPEN', open: '100.00', credited: '19.00' });
    const mixed = await pay({ amount: '200', applications: [to(first, '100'), to(second, '119'), of(credit, '40.5')] });
    expect(await shown('payment', mixed)).toMatchObject({ status: 'PARTIALLY_APPLIED', unapplied: '21.50' });
    expect(await shown('invoice', first)).toMatchObject({ status: 'PAID', credited: '59.50', paid: '59.50' });
    expect(await shown('creditNote', credit)).toEqual({ status: 'APPLIED', open: '0.00' });
    await holds();
  });

  it('uses no more of a credit note than the ERP does, and the money for the rest', async () => {
    const [id, credit] = [await invoice(), await note()];
    const payment = await pay({ amount: '99', applications: [to(id, '119'), of(credit, '20')] });
    expect(await shown('invoice', id)).toMatchObject({ status: 'PAID', credited: '20.00', paid: '99.00' });
    expect(await shown('creditNote', credit)).toMatchObject({ open: '99.00' });
    expect(await shown('payment', payment)).toMatchObject({ status: 'APPLIED' });
    await holds();
  });

  it('leaves what is set against something unknown open, and is set against one document once', async () => {
    const id = await invoice();
    const other = { kind: 'OTHER', amount: '30' };
    const payment = await pay({ amount: '100', applications: [to(id, '40'), other, to(id, '30')] });
    expect(await shown('payment', payment)).toMatchObject({ unapplied: '30.00' });
    expect(await shown('invoice', id)).toMatchObject({ open: '49.00' });
  });

  it('grants a discount, and takes it back with itself; it lowers the tax where the legal entity says so', async () => {
    await admin.do('updateLegalEntity', { id: books.legalEntityId, discountReducesTax: true }, 'legalEntity');
    const id = await invoice();
    const input = paymentInput(party, { amount: '100', applications: [to(id, '100', '19')] });
    const { recordId } = await observe(world, 'observePayment', input);
    expect(await shown('invoice', id)).toMatchObject({ status: 'PAID', paid: '100.00', discounted: '19.00' });
    const posted = await rowsOf<{ code: string; minor: string }>(
      world,
      sql`select debit_code as code, amount_minor::text as minor from transfer where debit_code in ('DISCOUNT', 'TAX')
          and entry_id in (select entry_id from allocation where via_id = ${sql.typed(recordId, 'uuid')}) order by 1`,
    );
    expect(posted).toEqual([
      { code: 'DISCOUNT', minor: '1597' },
      { code: 'TAX', minor: '303' },
    ]);
    await observe(world, 'observePayment', { ...input, recordId, state: 'VOIDED' });
    expect(await shown('invoice', id)).toMatchObject({ status: 'OPEN', open: '119.00', discounted: '0.00' });
    await holds();
  });

  it('takes what there is of a document that is not read again yet, and the rest once it is', async () => {
    const id = await invoice();
    const early = await pay({ amount: '150', applications: [to(id, '150')] });
    expect(await shown('payment', early)).toMatchObject({ unapplied: '31.00' });
    await observe(world, 'observeInvoice', invoiceInput(party, { recordId: id, net: '131', total: '150' }));
    expect(await shown('payment', early)).toMatchObject({ status: 'APPLIED' });
    expect(await shown('invoice', id)).toMatchObject({ status: 'PAID' });
    await observe(world, 'observeInvoice', invoiceInput(party, { recordId: id, net: '61', total: '80' }));
    expect(await shown('payment', early)).toMatchObject({ unapplied: '70.00' });
    await holds();
  });

  it('gets what another lets go of, in whichever order they are read', async () => {
    const id = await invoice();
    const first = paymentInput(party, { number: 'A', applications: [to(id, '119')] });
    const { recordId } = await observe(world, 'observePayment', first);
    const second = await pay({ number: 'B', applications: [to(id, '119')] });
    expect(await shown('payment', second)).toMatchObject({ status: 'UNAPPLIED' });
    await observe(world, 'observePayment', { ...first, recordId, applications: [] });
    expect(await shown('payment', second)).toMatchObject({ status: 'APPLIED' });
    expect(await shown('payment', recordId)).toMatchObject({ status: 'UNAPPLIED' });
    await holds();
  });

  it('gets the rest of a document also when both are read at the same moment', async () => {
    const id = await invoice();
    const isWaiting = async (): Promise<boolean> => {
      const [row] = await world.platform.systemRows<{ waits: boolean }>(
        sql`select exists (
            select from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted and a.datname = current_database()
          ) as waits`,
      );
      return row?.waits ?? false;
    };
    const grown = invoiceInput(party, { recordId: id, net: '131', total: '150' });
    let reading: Promise<unknown> = Promise.resolve();
    const payment = paymentInput(party, { amount: '150', applications: [to(id, '150')] });
    const [outcome] = await observeAll(world, 'observePayment', [payment], async () => {
      reading = observe(world, 'observeInvoice', grown);
      while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 5));
    });
    await reading;
    expect(await shown('payment', outcome?.ok ? outcome.recordId : '')).toMatchObject({ status: 'APPLIED' });
    expect(await shown('invoice', id)).toMatchObject({ status: 'PAID' });
    await holds();
  });

  it('is one of many in a page that are set against one invoice: all of them are written at once', async () => {
    const id = await invoice({ net: '100', total: '119' });
    const inputs = Array.from({ length: 119 }, (_, i) =>
      paymentInput(party, { number: `M-${i}`, amount: '1', applications: [to(id, '1')] }),
    );
    const outcomes = await observeAll(world, 'observePayment', inputs);
    expect(outcomes.every((o) => o.ok && o.isNew)).toBe(true);
    expect(await shown('invoice', id)).toMatchObject({ status: 'PAID', open: '0.00' });
    const times = await rowsOf<{ count: string }>(
      world,
      sql`select count(distinct xmin::text)::text as count from allocation where to_item_id in (select id from open_item where document_id = ${sql.typed(id, 'uuid')})`,
    );
    expect(times).toEqual([{ count: '1' }]);
    await holds();
  });
});

describe('a cash sale', () => {
  it('is an invoice and its payment, which change and end together', async () => {
    const input = invoiceInput(party, { number: 'S-1', paidBy: 'CARD' });
    const { recordId } = await observe(world, 'observeInvoice', input);
    const paymentOf = async () => {
      const where = { invoiceId: { eq: `inv_${recordId}` } };
      const { payments } = await admin.ask(
        'query($where: PaymentWhere) { payments(where: $where) { nodes { status number method receivedOn amount { amount } } } }',
        { where },
      );
      return payments.nodes;
    };
    const sale = { status: 'APPLIED', number: 'S-1', method: 'CARD', receivedOn: '2026-01-10', amount: { amount: '119.00' } };
    expect(await shown('invoice', recordId)).toMatchObject({ status: 'PAID', paid: '119.00' });
    expect(await paymentOf()).toEqual([sale]);
    await observe(world, 'observeInvoice', { ...input, recordId, net: '31', total: '50', issuedOn: '2026-01-11' });
    expect(await shown('invoice', recordId)).toMatchObject({ status: 'PAID', paid: '50.00' });
    expect(await paymentOf()).toEqual([{ ...sale, receivedOn: '2026-01-11', amount: { amount: '50.00' } }]);
    await observe(world, 'observeInvoice', { ...input, recordId, isDeleted: true });
    expect(await paymentOf()).toMatchObject([{ status: 'VOIDED' }]);
    await holds();
  });
});

describe('a refund', () => {
  it('closes its credit note by what was paid out, and opens it again where the ERP says that it was not', async () => {
    const input = noteInput(party, { refundedBy: 'CHEQUE' });
    const { recordId } = await observe(world, 'observeCreditNote', input);
    expect(await shown('creditNote', recordId)).toEqual({ status: 'APPLIED', open: '0.00' });
    const { refundedBy: _, ...kept } = input as typeof input & { refundedBy: string };
    await observe(world, 'observeCreditNote', { ...kept, recordId });
    expect(await shown('creditNote', recordId)).toEqual({ status: 'OPEN', open: '119.00' });
    await observe(world, 'observeCreditNote', { ...input, recordId, net: '50', total: '69' });
    expect(await shown('creditNote', recordId)).toEqual({ status: 'APPLIED', open: '0.00' });
    await holds();
  });
});

describe('a statement', () => {
  it('shows what the ERP took back neither as owed nor as taken back, unless it is asked for as it was known then', async () => {
    const account = await admin.do('createCustomer', { number: 'ST', name: 'St' }, 'customer');
    const own = await admin.do(
      'openAccount',
      { customerId: account.id, legalEntityId: books.legalEntityId, number: 'ST', currency: 'EUR' },
      'account',
    );
    const mine = { ...party, accountId: bare(own.id) };
    const lines = async (knownAt?: string) =>
      (
        await admin.ask(
          'query($id: ID!, $knownAt: DateTime) { statement(accountId: $id, from: "2026-01-01", asOf: "2026-05-31", knownAt: $knownAt) { kind effectiveOn amount balance } }',
          { id: own.id, knownAt },
        )
      )['statement'];
    const { recordId } = await observe(world, 'observeInvoice', invoiceInput(mine));
    const applications = [to(recordId, '119')];
    const payment = await observe(world, 'observePayment', paymentInput(mine, { applications }));
    const before = await lines();
    world.clock.advance(120_000);
    const knownAt = new Date(world.clock.now().getTime() - 60_000).toISOString();
    await observe(world, 'observeInvoice', invoiceInput(mine, { recordId, net: '181', total: '200', issuedOn: '2026-01-12' }));
    await observe(world, 'observePayment', paymentInput(mine, { recordId: payment.recordId, isDeleted: true }));
    expect(await lines()).toEqual([{ kind: 'INVOICE', effectiveOn: '2026-01-12', amount: '200.00', balance: '200.00' }]);
    world.clock.advance(120_000);
    expect(await lines(knownAt)).toEqual(before);
  });
});
