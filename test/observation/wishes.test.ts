// Wishes towards an ERP that has authority: nothing changes here, and what is wished is asked for as a whole.
import { beforeAll, describe, expect, it } from 'vitest';
import { bare, startWorld } from '../support/world.ts';
import { rowsOf } from '../write/company.ts';
import { LINES, openTheirs, type Theirs } from './theirs.ts';
import { silentErp } from './silent-erp.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
let theirs: Theirs;
beforeAll(async () => {
  theirs = await openTheirs(world);
});

describe('recordPayment', () => {
  it('is a wish: the payment waits for the ERP, outside of the books', async () => {
    const payment = await theirs.pay('50', { receivedOn: '2026-02-27' });
    expect(payment).toMatchObject({ lifecycle: 'PENDING', status: 'PENDING', receivedOn: null });
    expect(await theirs.asked(payment.id)).toEqual([
      { record_kind: 'Payment', command: 'CREATE', input: { receivedOn: '2026-02-27' } },
    ]);
    expect(await rowsOf(world, 'select from open_item where document_id = $1', [bare(payment.id)])).toEqual([]);
  });

  it('of one that is only announced is refused: there is nothing yet that the ERP could have', async () => {
    const amount = { amount: '5', currency: 'EUR' };
    expect(await theirs.admin.refused('recordPayment', { accountId: theirs.accountId, amount, isPending: true })).toMatchObject([
      { code: 'ERP_AUTHORITY' },
    ]);
  });

  it('can’t be received, failed or called off here while the ERP is asked, whoever has authority by then', async () => {
    const { id } = await theirs.pay('60');
    await theirs.asBefore(async () => {
      for (const name of ['receivePayment', 'failPayment', 'cancelPayment'])
        expect(await theirs.admin.refused(name, { id }), name).toMatchObject([
          { code: 'ERP_AUTHORITY', message: expect.stringContaining('was asked for this') },
        ]);
      await theirs.answered();
      expect(await theirs.admin.do('receivePayment', { id }, 'payment', 'lifecycle')).toEqual({ lifecycle: 'RECEIVED' });
    });
  });
});

describe('applyCash', () => {
  it('asks for the whole of what the payment shall be set against: what stands, with its discount, and what is new', async () => {
    const [first, second, third, payment] = await theirs.asBefore(async () => {
      const all = [await theirs.issued(), await theirs.issued(), await theirs.issued()] as const;
      const { id } = await theirs.pay('298');
      await theirs.apply(id, all[0], '98');
      return [...all, id];
    });
    expect(await theirs.apply(payment, second, '40')).toEqual({
      lifecycle: 'RECEIVED',
      status: 'PARTIALLY_APPLIED',
      unapplied: { amount: '200.00' },
    });
    const standing = { kind: 'Invoice', recordId: bare(first), amount: '98.00', discount: '2.00' };
    const wished = { kind: 'Invoice', recordId: bare(second), amount: '40.00' };
    expect(await theirs.asked(payment)).toEqual([
      { record_kind: 'Payment', command: 'UPDATE', input: { applications: [standing, wished] } },
    ]);
    // a second wish builds on the one that is on its way
    await theirs.apply(payment, third, '98');
    const more = { kind: 'Invoice', recordId: bare(third), amount: '98.00', discount: '2.00' };
    expect((await theirs.asked(payment))[1]?.input).toEqual({ applications: [standing, wished, more] });
    const over = { paymentId: payment, allocations: [{ invoiceId: second, amount: '60' }] };
    expect(await theirs.admin.do('applyCash', over, 'payment', 'status')).toEqual({ status: 'PARTIALLY_APPLIED' });
    expect(await theirs.admin.refused('applyCash', over)).toMatchObject([{ code: 'OVER_ALLOCATION' }]);
    expect(
      await rowsOf(world, `select from allocation where from_item_id in (select id from open_item where document_id = $1)`, [
        bare(payment),
      ]),
    ).toHaveLength(1);
  });

  it('goes with a payment that is only wished for itself, after it', async () => {
    const [invoice, other] = await theirs.asBefore(async () => [await theirs.issued(), await theirs.issued()] as const);
    const { id } = await theirs.pay('150');
    expect(await theirs.apply(id, invoice, '100')).toEqual({
      lifecycle: 'PENDING',
      status: 'PENDING',
      unapplied: { amount: '0.00' },
    });
    expect((await theirs.asked(id)).map((r) => r.command)).toEqual(['CREATE', 'UPDATE']);
    expect(
      await theirs.admin.refused('applyCash', { paymentId: id, allocations: [{ invoiceId: other, amount: '51' }] }),
    ).toMatchObject([{ code: 'OVER_ALLOCATION' }]);
  });

  it('counts what is asked for already as if it were not open any more', async () => {
    const [invoice, payment] = await theirs.asBefore(async () => [await theirs.issued(), (await theirs.pay('500')).id] as const);
    await theirs.apply(payment, invoice, '60');
    const more = { paymentId: payment, allocations: [{ invoiceId: invoice, amount: '60' }] };
    expect(await theirs.admin.refused('applyCash', more)).toMatchObject([
      { code: 'OVER_ALLOCATION', message: expect.stringContaining('asked for already') },
    ]);
    expect(await theirs.asked(payment)).toHaveLength(1);
  });

  it('of more than is open is refused as ever, and nothing is asked', async () => {
    const [invoice, payment] = await theirs.asBefore(async () => [await theirs.issued(), (await theirs.pay('500')).id]);
    expect(
      await theirs.admin.refused('applyCash', { paymentId: payment, allocations: [{ invoiceId: invoice, amount: '101' }] }),
    ).toMatchObject([{ code: 'OVER_ALLOCATION' }]);
    expect(await theirs.asked(payment)).toEqual([]);
  });
});

describe('issueInvoice', () => {
  it('is a wish with the days that it would have: the draft stays one, and is left alone until the ERP answers', async () => {
    const id = await theirs.draft();
    expect(await theirs.admin.do('issueInvoice', { id, issuedOn: '2026-03-01' }, 'invoice', 'lifecycle number')).toEqual({
      lifecycle: 'DRAFT',
      number: null,
    });
    expect(await theirs.asked(id)).toEqual([
      { record_kind: 'Invoice', command: 'CREATE', input: { issuedOn: '2026-03-01', dueOn: '2026-03-31' } },
    ]);
    const { version } = (await theirs.admin.ask('query($id: ID!) { invoice(id: $id) { version } }', { id })).invoice;
    for (const [name, input] of [
      ['issueInvoice', { id }],
      ['changeInvoiceDraft', { id, expectedVersion: version, lines: LINES }],
      ['cancelInvoiceDraft', { id }],
    ] as const)
      expect(await theirs.admin.refused(name, input), name).toMatchObject([
        { code: 'ERP_AUTHORITY', message: expect.stringContaining('was asked for this') },
      ]);
    expect(await theirs.asked(id)).toHaveLength(1);
  });

  it('of a draft that nothing is asked for can be changed and given up as ever', async () => {
    const id = await theirs.draft();
    await theirs.admin.do('changeInvoiceDraft', { id, expectedVersion: 1, customerReference: 'PO 1' }, 'invoice');
    expect(await theirs.admin.do('cancelInvoiceDraft', { id }, 'invoice', 'lifecycle')).toEqual({ lifecycle: 'CANCELLED' });
  });
});
