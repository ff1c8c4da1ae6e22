// Under the authority of an ERP every command that changes an order, an invoice, a credit note or a payment is a wish or is refused by name;
// the registry says which there are, so that none is forgotten. What belongs to us stays ours.
import { beforeAll, expect, it } from 'vitest';
import { bare, startWorld } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';
import { setAuthority } from './connection.ts';
import { LINES, openTheirs, type Theirs } from './theirs.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let theirs: Theirs;
let refused: Record<string, Record<string, unknown>>;

/** Wishes: their own test says what they ask for. */
const WISHES = ['recordPayment', 'applyCash', 'issueInvoice'];
/** Of drafts of invoices, which no ERP knows, and of orders that were made here: each order is its maker's. */
const OURS = [
  'draftInvoice',
  'changeInvoiceDraft',
  'cancelInvoiceDraft',
  'changeOrderDraft',
  'submitOrder',
  'confirmOrder',
  'changeOrder',
  'cancelOrderLines',
  'cancelOrder',
  'closeOrderShort',
  'approveCreditRelease',
];

beforeAll(async () => {
  theirs = await openTheirs(world);
  const { admin, accountId, filterId, serviceId, legalEntityId } = theirs;
  const line = (productId: string) => ({ accountId, lines: [{ productId, quantity: '1' }] });
  const made = await theirs.asBefore(async () => {
    const [open, credited] = [await theirs.issued(), await theirs.issued()];
    const payment = (await theirs.pay('130')).id;
    await theirs.apply(payment, open, '10');
    await theirs.apply(payment, credited, '100');
    const note = (await admin.do('issueCreditNote', { invoiceId: credited, reason: 'Paid twice' }, 'creditNote')).id;
    const [allocation] = await rowsOf<{ id: string }>(
      world,
      `select a.id from allocation a join open_item f on f.id = a.from_item_id where f.document_id = $1 and a.kind = 'CASH' order by a.id limit 1`,
      [bare(payment)],
    );
    const announced = { accountId, amount: { amount: '1', currency: 'EUR' }, isPending: true };
    await admin.do('updateAccount', { id: accountId, billingRule: 'ON_ORDER' }, 'account');
    const billed = await admin.do('placeOrder', line(filterId), 'order', 'id lines { id }');
    await admin.do('billOrder', { orderId: billed.id }, 'invoice');
    await admin.do('updateLegalEntity', { id: legalEntityId, writeOffLimit: { amount: '1', currency: 'EUR' } }, 'legalEntity');
    const approval = await (await world.as('credit')).do(
      'requestWriteOff',
      { invoiceId: open, amount: '5', reason: 'Gone' },
      'approval',
    );
    return {
      open,
      payment,
      note,
      billed,
      allocation: `alc_${allocation?.id}`,
      announced: (await admin.do('recordPayment', announced, 'payment')).id,
      order: (await admin.do('placeOrder', line(serviceId), 'order')).id,
      approval: approval.id,
    };
  });
  const imported = {
    legalEntityId,
    customerNumber: 'C-1',
    externalId: 'X-1',
    currency: 'EUR',
    amount: '10',
  };
  refused = {
    placeOrder: line(filterId),
    draftOrder: line(filterId),
    billOrder: { orderId: made.order },
    importInvoice: { ...imported, issuedOn: '2026-02-01', dueOn: '2026-03-01' },
    importPayment: { ...imported, receivedOn: '2026-02-01' },
    issueCreditNote: { invoiceId: made.open, reason: 'Goodwill' },
    creditReturn: {
      orderId: made.billed.id,
      reason: 'Never done',
      lines: [{ orderLineId: made.billed.lines[0].id, quantity: '1' }],
    },
    applyCredit: { creditNoteId: made.note, allocations: [{ invoiceId: made.open, amount: '1' }] },
    reverseAllocation: { id: made.allocation },
    writeOff: { invoiceId: made.open, amount: '1', reason: 'Too small' },
    approveWriteOff: { approvalId: made.approval, amount: '5' },
    returnPayment: { id: made.payment, reason: 'AM04' },
    receivePayment: { id: made.announced },
    failPayment: { id: made.announced },
    cancelPayment: { id: made.announced },
  };
});

/** Everything that holds documents and what follows from them, as one text. */
async function books(): Promise<string> {
  const documents = ['sales_order', 'order_line', 'invoice', 'invoice_line', 'credit_note', 'payment', 'open_item', 'allocation'];
  const around = [
    'hold',
    'journal_entry',
    'transfer',
    'erp_request',
    'fulfilment',
    'number_series',
    'credit_account',
    'approval',
  ];
  const texts = [...documents, ...around].map((table) =>
    rowsOf<{ text: string }>(world, `select coalesce(string_agg(t::text, ';' order by t.id), '') as text from ${table} t`),
  );
  return (await Promise.all(texts)).map(([row]) => row?.text).join('\n');
}

it('knows every command that changes such a record', () => {
  const kinds = new Set(['Order', 'Invoice', 'CreditNote', 'Payment', 'Allocation']);
  const commands = world.platform.modules.flatMap((module) => module.commands).filter((c) => kinds.has(c.record) && !c.observes);
  expect([...WISHES, ...OURS, ...Object.keys(refused)].sort()).toEqual(commands.map((c) => c.name).sort());
});

it('refuses what is no wish with the name of the ERP, and leaves nothing behind', async () => {
  const before = await books();
  for (const [name, input] of Object.entries(refused)) {
    const problems = await theirs.admin.refused(name, input);
    expect(problems, name).toEqual([
      {
        code: 'ERP_AUTHORITY',
        message: 'ERP erp has authority over this record: do it there, and it will show here.',
        path: ['input'],
      },
    ]);
  }
  expect(await books()).toBe(before);
});

it('lets the same go through where the platform has authority', async () => {
  const fields = { writeOff: 'invoice', cancelPayment: 'payment', reverseAllocation: 'allocation', draftOrder: 'order' };
  const more = { billOrder: 'invoice', importInvoice: 'invoice', importPayment: 'payment' };
  await theirs.asBefore(async () => {
    for (const [name, field] of Object.entries({ ...fields, ...more }))
      expect(await theirs.admin.do(name, refused[name] ?? {}, field), name).toEqual({ id: expect.any(String) });
  });
});

it('sets our payments against invoices of the ERP, but gives nothing of them up', async () => {
  const invoice = await theirs.asBefore(theirs.issued);
  await setAuthority(world, theirs.legalEntityId, ['Order', 'Invoice', 'CreditNote']);
  const { id } = await theirs.pay('40');
  expect(await theirs.apply(id, invoice, '40')).toMatchObject({ status: 'APPLIED' });
  const { open } = (await theirs.admin.ask('query($id: ID!) { invoice(id: $id) { open { amount } } }', { id: invoice })).invoice;
  expect(open.amount).toBe('60.00');
  const given = { invoiceId: invoice, amount: '1', reason: 'Too small' };
  expect(await theirs.admin.refused('writeOff', given)).toMatchObject([{ code: 'ERP_AUTHORITY' }]);
  expect(await theirs.admin.refused('importInvoice', { ...refused['importInvoice'], externalId: 'X-9' })).toMatchObject([
    { code: 'ERP_AUTHORITY' },
  ]);
});

it('drafts invoices for the ERP to issue', async () => {
  const id = await theirs.draft();
  expect(await theirs.admin.do('changeInvoiceDraft', { id, expectedVersion: 1, lines: LINES }, 'invoice', 'lifecycle')).toEqual({
    lifecycle: 'DRAFT',
  });
});
