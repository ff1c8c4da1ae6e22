// What becomes of one document that an ERP shows: its figures, its dates, its events; wishes that come true, and what stays ours.
import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/read/sql.ts';
import { broken } from '../support/invariants.ts';
import { bare, type Books, openBooks, type Person, startWorld } from '../support/world.ts';
import { connectionOf, invoiceInput, noteInput, observe, observeAll, paymentInput, rowsOf } from './observing.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-06-01T09:00:00.000Z', connectors: [silentErp] });
let books: Books;
let party: { legalEntityId: string; accountId: string };
/** Where the platform has authority over everything. */
let ours: Books;
let oursParty: typeof party;
let admin: Person;

beforeAll(async () => {
  books = await openBooks(world);
  party = { legalEntityId: bare(books.legalEntityId), accountId: bare(books.accountId) };
  admin = await world.as('admin');
  ours = await openBooks(world, { code: 'DE02', number: 'C-9' });
  oursParty = { legalEntityId: bare(ours.legalEntityId), accountId: bare(ours.accountId) };
  await connectionOf(world, party.legalEntityId);
  await connectionOf(world, oursParty.legalEntityId, []);
});

const invoiceOf = async (id: string) =>
  (
    await admin.ask(
      `query($id: ID!) { invoice(id: $id) { origin lifecycle status number version issuedOn dueOn rate groupRate account { id }
         net { amount } tax { amount } total { amount } open { amount } baseTotal { amount } lines { description quantity net { amount } } } }`,
      { id: `inv_${id}` },
    )
  )['invoice'];

interface Told {
  readonly type: string;
  readonly record_version: number;
  readonly occurred_at: string;
  readonly source: string;
  readonly payload: Record<string, string | null>;
}
const toldOf = async (id: string) =>
  (
    await world.platform.systemRows<Told>(
      sql`select type, record_version, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as occurred_at, source, payload from (
            select type, record_version, occurred_at, source, payload, record_id, 0 as part, position as place from event
            union all select type, record_version, occurred_at, source, payload, record_id, 1, id from event_inbox
          ) e where record_id = ${sql.typed(id, 'uuid')} order by record_version, part, place`,
    )
  ).map((e) => ({ ...e, to: e.payload['to'] }));

const refused = async (name: Parameters<typeof observeAll>[1], input: object) => {
  const [outcome] = await observeAll(world, name, [input]);
  if (outcome?.ok !== false) throw new Error('It was not refused');
  return outcome.problems[0];
};

describe('an invoice of an ERP', () => {
  it('has one event for each version, at the time of the ERP, with the connection as its source', async () => {
    const at = (hour: string) => ({ occurredAt: `2026-01-1${hour}:00:00+01:00` });
    const { recordId } = await observe(world, 'observeInvoice', invoiceInput(party, { number: 'E-1', ...at('0T09') }));
    const applications = [{ kind: 'Invoice', recordId, amount: '119' }];
    await observe(world, 'observePayment', paymentInput(party, { number: 'EP-1', applications, ...at('2T10') }));
    const edited = invoiceInput(party, { number: 'E-1', recordId, net: '200', total: '219', ...at('3T11') });
    await observe(world, 'observeInvoice', edited);
    await observe(world, 'observeInvoice', { ...edited, isDeleted: true, ...at('4T12') });
    const told = await toldOf(recordId);
    expect(told.map(({ type, record_version, to, occurred_at }) => [record_version, type, to, occurred_at])).toEqual([
      [1, 'invoice.observed', 'OPEN', '2026-01-10 08:00'],
      [2, 'invoice.paid', 'PAID', '2026-01-12 09:00'],
      [3, 'invoice.edited', 'PAID', '2026-01-13 10:00'],
      [4, 'invoice.partially_paid', 'PARTIALLY_PAID', '2026-01-13 10:00'],
      [5, 'invoice.voided', 'VOIDED', '2026-01-14 11:00'],
    ]);
    expect(new Set(told.map((e) => e.source))).toEqual(new Set(['qb0']));
    expect(await invoiceOf(recordId)).toMatchObject({ status: 'VOIDED', total: { amount: '219.00' }, open: { amount: '0.00' } });
    expect(await observe(world, 'observeInvoice', { ...edited, isDeleted: true })).toMatchObject({ isNew: false });
    await observe(world, 'observeInvoice', edited);
    expect((await toldOf(recordId)).slice(5).map((e) => [e.type, e.to])).toEqual([
      ['invoice.reinstated', 'OPEN'],
      ['invoice.partially_paid', 'PARTIALLY_PAID'],
    ]);
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });

  it('keeps the figures that are there, and tells what net and tax are not the total', async () => {
    const { recordId } = await observe(
      world,
      'observeInvoice',
      invoiceInput(party, { net: '100.004', tax: '19', total: '118.50' }),
    );
    expect(await invoiceOf(recordId)).toMatchObject({
      net: { amount: '99.50' },
      tax: { amount: '19.00' },
      total: { amount: '118.50' },
      lines: [{ description: 'Pump', net: { amount: '100.00' } }],
    });
    expect((await toldOf(recordId))[0]?.payload['difference']).toBe('0.50');
  });

  it('is posted anew where only its taxes differ, and what is owed stays as it is', async () => {
    const input = invoiceInput(party, { number: 'T-1' });
    const { recordId } = await observe(world, 'observeInvoice', input);
    await observe(world, 'observePayment', paymentInput(party, { applications: [{ kind: 'Invoice', recordId, amount: '119' }] }));
    const taxes = [{ taxCategory: 'S', taxRate: '7', taxable: '111.21', tax: '7.79' }];
    await observe(world, 'observeInvoice', { ...input, recordId, net: '111.21', tax: '7.79', taxes });
    const posted = await rowsOf<{ code: string; detail: string; minor: string }>(
      world,
      sql`select code, detail, sum(minor)::text as minor from (
            select credit_code as code, credit_detail as detail, amount_minor as minor, entry_id from transfer
            union all select debit_code, debit_detail, -amount_minor, entry_id from transfer
          ) t where entry_id in (select id from journal_entry where record_id = ${sql.typed(recordId, 'uuid')})
          group by 1, 2 having sum(minor) <> 0 order by 1, 2`,
    );
    expect(posted).toEqual([
      { code: 'BILLED', detail: null, minor: '11121' },
      { code: 'RECEIVABLE', detail: null, minor: '-11900' },
      { code: 'TAX', detail: 'S 7', minor: '779' },
    ]);
    expect(await invoiceOf(recordId)).toMatchObject({ status: 'PAID', tax: { amount: '7.79' } });
  });

  it('has tax that no row tells in a row of its own, and a line without words a sign for them', async () => {
    const lines = [{ quantity: '1', unitPrice: '1', net: '1' }];
    const { recordId } = await observe(world, 'observeInvoice', invoiceInput(party, { lines, taxes: [] }));
    const rows = await rowsOf<{ tax_category: string; tax_minor: string }>(
      world,
      sql`select tax_category, tax_minor::text from invoice_tax where invoice_id = ${sql.typed(recordId, 'uuid')}`,
    );
    expect(rows).toEqual([{ tax_category: 'ZZ', tax_minor: '1900' }]);
    expect((await invoiceOf(recordId)).lines).toMatchObject([{ description: '–' }]);
  });

  it('moves to another customer with all that it owes', async () => {
    const { id: customerId } = await admin.do('createCustomer', { number: 'C-2', name: 'Other' }, 'customer');
    const to = await admin.do(
      'openAccount',
      { customerId, legalEntityId: books.legalEntityId, number: 'C-2', currency: 'EUR' },
      'account',
    );
    const { recordId } = await observe(world, 'observeInvoice', invoiceInput(party, { number: 'M-1' }));
    const { recordId: noteId } = await observe(world, 'observeCreditNote', noteInput(party, { invoiceId: recordId }));
    await observe(world, 'observeInvoice', invoiceInput(party, { number: 'M-1', recordId, accountId: bare(to.id) }));
    expect(await invoiceOf(recordId)).toMatchObject({ account: { id: to.id }, open: { amount: '119.00' } });
    const { statement } = await admin.ask(
      'query($id: ID!) { statement(accountId: $id, from: "2026-01-01", asOf: "2026-01-31") { balance } }',
      {
        id: to.id,
      },
    );
    expect(statement).toEqual([{ balance: '119.00' }]);
    const { creditNote } = await admin.ask('query($id: ID!) { creditNote(id: $id) { invoice { id } } }', { id: `cn_${noteId}` });
    expect(creditNote.invoice).toBeNull();
  });

  it('is followed into a period that is closed here, and by an ERP alone', async () => {
    await admin.do('closeBooks', { id: books.legalEntityId, through: '2026-03-31' }, 'legalEntity');
    await observe(world, 'observeInvoice', invoiceInput(party, { issuedOn: '2026-02-01' }));
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });

  it.each([
    [{ total: '-1' }, 'AMOUNT_INVALID', ['total']],
    [{ accountId: '01900000-0000-7000-8000-000000000000' }, 'NOT_FOUND', ['accountId']],
    [{ issuedOn: '0001-01-01' }, 'EFFECTIVE_DATE_INVALID', ['issuedOn']],
    [{ lines: [{ quantity: '1', unitPrice: '1', net: '1', taxRate: '101' }] }, 'INVALID_INPUT', ['lines', '0', 'taxRate']],
    [{ currency: 'NZD' }, 'RATE_MISSING', ['currency']],
  ])('is refused where our tables have no place for it: %j', async (more, code, path) => {
    expect(await refused('observeInvoice', invoiceInput(party, more))).toMatchObject({ code, path });
  });
});

describe('a document in another currency', () => {
  it('has the rate of the ERP, else ours of the day, and keeps it', async () => {
    const rate = (value: string, validOn: string) =>
      admin.do('setExchangeRate', { fromCurrency: 'USD', toCurrency: 'EUR', validOn, rate: value }, 'exchangeRate');
    await rate('0.90', '2026-01-01');
    const dollars = { currency: 'USD', number: 'U-1' };
    const told = await observe(world, 'observeInvoice', invoiceInput(party, { ...dollars, rate: '0.95' }));
    const byDay = await observe(world, 'observeInvoice', invoiceInput(party, dollars));
    expect(await invoiceOf(told.recordId)).toMatchObject({ rate: '0.95', baseTotal: { amount: '113.05' } });
    expect(await invoiceOf(byDay.recordId)).toMatchObject({ rate: '0.9', baseTotal: { amount: '107.10' } });
    await rate('0.80', '2026-01-05');
    const again = await observe(world, 'observeInvoice', invoiceInput(party, { ...dollars, recordId: byDay.recordId }));
    expect(again.isNew).toBe(false);
    const payment = {
      currency: 'USD',
      rate: '0.85',
      amount: '119',
      applications: [{ kind: 'Invoice', recordId: told.recordId, amount: '119' }],
    };
    await observe(world, 'observePayment', paymentInput(party, payment));
    expect(await invoiceOf(told.recordId)).toMatchObject({ status: 'PAID' });
    const { trialBalance } = await admin.ask(
      'query($le: ID!) { trialBalance(legalEntityId: $le) { code currency baseBalance } }',
      {
        le: books.legalEntityId,
      },
    );
    expect(trialBalance).toContainEqual({ code: 'FX', currency: 'USD', baseBalance: '11.90' });
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});

describe('a wish', () => {
  it('is the invoice or the payment that the ERP made of it, with its number', async () => {
    const lines = [{ description: 'Wished', quantity: '2', unitPrice: '50', taxCategory: 'S', taxRate: '19' }];
    const { id } = await admin.do('draftInvoice', { accountId: ours.accountId, lines }, 'invoice');
    const { recordId } = await observe(world, 'observeInvoice', invoiceInput(oursParty, { recordId: bare(id), number: 'QB-77' }));
    expect(recordId).toBe(bare(id));
    expect(await invoiceOf(recordId)).toMatchObject({ origin: 'OBSERVED', status: 'OPEN', number: 'QB-77', version: 2 });
    expect((await toldOf(recordId)).map((e) => e.type)).toEqual(['invoice.drafted', 'invoice.issued']);
    const pay = (isPending: boolean) =>
      admin.do('recordPayment', { accountId: ours.accountId, amount: { amount: '50', currency: 'EUR' }, isPending }, 'payment');
    const wished = await pay(true);
    const given = await pay(true);
    await admin.do('failPayment', { id: given.id }, 'payment');
    for (const { id: paymentId } of [wished, given]) {
      const input = paymentInput(oursParty, {
        recordId: bare(paymentId),
        number: '4711',
        amount: '60',
        receivedOn: '2026-05-02',
      });
      await observe(world, 'observePayment', input);
      const { payment } = await admin.ask(
        'query($id: ID!) { payment(id: $id) { origin lifecycle number receivedOn amount { amount } unapplied { amount } } }',
        { id: paymentId },
      );
      expect(payment).toEqual({
        origin: 'OBSERVED',
        lifecycle: 'RECEIVED',
        number: '4711',
        receivedOn: '2026-05-02',
        amount: { amount: '60.00' },
        unapplied: { amount: '60.00' },
      });
      expect((await toldOf(bare(paymentId))).at(-1)).toMatchObject({ type: 'payment.received' });
    }
  });

  it('of a record that is not made yet becomes one with the id that it was given', async () => {
    const recordId = '01900000-0000-7000-8000-00000000aaaa';
    expect(await observe(world, 'observeCreditNote', noteInput(oursParty, { recordId }))).toEqual({ recordId, isNew: true });
  });
});

describe('what was issued here', () => {
  it('stays as it is, whatever the ERP shows of it, and is told so', async () => {
    const lines = [{ description: 'Ours', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' }];
    const { id } = await admin.do('draftInvoice', { accountId: ours.accountId, lines }, 'invoice');
    const { number } = await admin.do('issueInvoice', { id, issuedOn: '2026-05-01' }, 'invoice', 'number');
    const same = invoiceInput(oursParty, { recordId: bare(id), issuedOn: '2026-05-01', number: 'QB-1' });
    expect(await observe(world, 'observeInvoice', same)).toMatchObject({ isNew: false });
    const problem = await refused('observeInvoice', { ...same, total: '100' });
    expect(problem).toMatchObject({ code: 'WRONG_STATE', path: ['total'], message: expect.stringContaining(number) });
    expect(await refused('observeInvoice', { ...same, state: 'VOIDED' })).toMatchObject({ code: 'WRONG_STATE', path: ['state'] });
    const note = await admin.do('issueCreditNote', { invoiceId: id, reason: 'Damaged' }, 'creditNote');
    const gone = noteInput(oursParty, { recordId: bare(note.id), isDeleted: true });
    expect(await refused('observeCreditNote', gone)).toMatchObject({ code: 'WRONG_STATE', path: ['state'] });
    const { id: payId } = await admin.do(
      'recordPayment',
      { accountId: ours.accountId, amount: { amount: '5', currency: 'EUR' } },
      'payment',
    );
    await admin.do('returnPayment', { id: payId, reason: 'AM04' }, 'payment');
    const bounced = paymentInput(oursParty, { recordId: bare(payId), amount: '5' });
    expect(await observe(world, 'observePayment', bounced)).toMatchObject({ isNew: false });
    expect(await refused('observePayment', { ...bounced, amount: '6' })).toMatchObject({ code: 'WRONG_STATE' });
    expect(await broken(world.database, world.tenantId)).toEqual([]);
  });
});
