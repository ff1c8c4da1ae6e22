// Giving up what a customer owes: alone up to the legal entity's limit, above it by two people, whichever way one person tries.
import { expect, it } from 'vitest';
import { startWorld } from '../support/world.ts';
import { broken } from '../write/company.ts';
import { openCash } from './company.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
const company = await openCash(world, { code: 'LIMIT', writeOffLimit: '100.00' });
const { admin, credit, cash } = company.people;
const invoice = () => company.invoice([{ net: '1000.00' }]);

const ask = (invoiceId: string, amount?: string, who = credit) =>
  who.do(
    'requestWriteOff',
    { invoiceId, reason: 'Insolvent', ...(amount === undefined ? {} : { amount }) },
    'approval',
    'id kind lifecycle amount { amount currency } recordVersion reason requestedBy { name }',
  );
const codeOf = async (answer: Promise<{ code: string }[]>) => (await answer)[0]?.code;

it('one person writes off up to the limit, and not a cent more', async () => {
  const invoiceId = await invoice();
  const [error] = await credit.refused('writeOff', { invoiceId, amount: '100.01', reason: 'Small' });
  expect(error).toMatchObject({ code: 'APPROVAL_NEEDED', path: ['input', 'amount'] });
  expect(error?.message).toContain('100.00 EUR');
  expect(error?.message).toContain('requestWriteOff');
  await credit.do('writeOff', { invoiceId, amount: '100.00', reason: 'Small' }, 'invoice');
  expect(await company.shown(invoiceId)).toMatchObject({ writtenOff: { amount: '100.00' }, open: { amount: '1090.00' } });
});

it('not in small parts either, nor by a discount beyond the terms, nor by both', async () => {
  const [invoiceId, other] = [await invoice(), await invoice()];
  await credit.do('writeOff', { invoiceId, amount: '60.00', reason: 'One' }, 'invoice');
  const [error] = await credit.refused('writeOff', { invoiceId, amount: '40.01', reason: 'Two' });
  expect(error?.code).toBe('APPROVAL_NEEDED');
  expect(error?.message).toContain('60.00 EUR are gone already');
  const paymentId = await company.pay('100.00');
  const discount = (id: string, by: string) => ({ paymentId, allocations: [{ invoiceId: id, amount: '1.00', discount: by }] });
  // the terms offer 0.02 on 1.00
  expect(await codeOf(admin.refused('applyCash', discount(invoiceId, '40.03')))).toBe('APPROVAL_NEEDED');
  expect(await codeOf(admin.refused('applyCash', discount(other, '100.03')))).toBe('APPROVAL_NEEDED');
  await admin.do('applyCash', discount(other, '100.02'), 'payment');
  expect(await codeOf(credit.refused('writeOff', { invoiceId: other, amount: '0.01', reason: 'More' }))).toBe('APPROVAL_NEEDED');
  const twice = { paymentId, allocations: ['30.00', '30.00'].map((by) => ({ invoiceId, amount: '1.00', discount: by })) };
  expect(await codeOf(admin.refused('applyCash', twice))).toBe('APPROVAL_NEEDED');
});

it('what is taken back does not count any more', async () => {
  const invoiceId = await invoice();
  await credit.do('writeOff', { invoiceId, amount: '90.00', reason: 'One' }, 'invoice');
  const [made] = await company.allocations(invoiceId);
  await cash.do('reverseAllocation', { id: `alc_${made?.id}` }, 'allocation');
  const paymentId = await company.pay('1.00');
  await admin.do('applyCash', { paymentId, allocations: [{ invoiceId, amount: '1.00', discount: '100.00' }] }, 'payment');
  await cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
  await credit.do('writeOff', { invoiceId, amount: '100.00', reason: 'Two' }, 'invoice');
  expect(await company.shown(invoiceId)).toMatchObject({ writtenOff: { amount: '100.00' }, discounted: { amount: '0.00' } });
});

it('the limit is in functional currency', async () => {
  await admin.do(
    'setExchangeRate',
    { fromCurrency: 'JPY', toCurrency: 'EUR', validOn: '2026-03-01', rate: '0.005' },
    'exchangeRate',
  );
  const invoiceId = await company.invoice([{ net: '50000' }], { currency: 'JPY' });
  expect(await codeOf(credit.refused('writeOff', { invoiceId, amount: '20002', reason: 'Small' }))).toBe('APPROVAL_NEEDED');
  await credit.do('writeOff', { invoiceId, amount: '20000', reason: 'Small' }, 'invoice');
});

it('two people write off above the limit: one asks, the other does it in the same step', async () => {
  const invoiceId = await invoice();
  const approval = await ask(invoiceId);
  expect(approval).toMatchObject({
    kind: 'WRITE_OFF',
    lifecycle: 'REQUESTED',
    amount: { amount: '1190.00', currency: 'EUR' },
    recordVersion: 2,
    reason: 'Insolvent',
    requestedBy: { name: 'credit' },
  });
  expect(await company.shown(invoiceId), 'nothing happens before').toMatchObject({ status: 'OPEN' });
  const shown = await admin.do(
    'approveWriteOff',
    { approvalId: approval.id, amount: '1190.00' },
    'invoice',
    'status open { amount }',
  );
  expect(shown).toEqual({ status: 'WRITTEN_OFF', open: { amount: '0.00' } });
  const { approval: after } = await admin.ask('query($id: ID!) { approval(id: $id) { lifecycle decidedBy { name } } }', {
    id: approval.id,
  });
  expect(after).toEqual({ lifecycle: 'APPROVED', decidedBy: { name: 'admin' } });
  expect(await codeOf(admin.refused('approveWriteOff', { approvalId: approval.id, amount: '1190.00' }))).toBe('WRONG_STATE');
  expect(await broken(world, world.tenantId)).toEqual([]);
});

it('nobody grants what they asked for, neither in person nor by an API key of theirs, nor the other way round', async () => {
  const invoiceId = await invoice();
  const made = await admin.ask('mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', {
    input: { name: 'Program', roles: [{ role: 'credit' }], expiresAt: '2027-01-01T00:00:00Z' },
  });
  const program = world.withToken(made['createApiKey'].secret);
  const own = await ask(invoiceId, '500.00', admin);
  const grant = { approvalId: own.id, amount: '500.00' };
  expect(await codeOf(admin.refused('approveWriteOff', grant))).toBe('SELF_GRANT');
  expect(await codeOf(program.refused('approveWriteOff', grant))).toBe('SELF_GRANT');
  await credit.do('approveWriteOff', grant, 'invoice');
  const byProgram = await ask(invoiceId, '200.00', program);
  expect(await codeOf(admin.refused('approveWriteOff', { approvalId: byProgram.id, amount: '200.00' }))).toBe('SELF_GRANT');
  const system = await world.platform.systemPrincipal(world.tenantId);
  const outcome = await world.platform.write.run(
    world.platform.command('approveWriteOff'),
    { approvalId: byProgram.id, amount: '200.00' },
    { principal: system, requestId: 'system' },
  );
  expect(outcome).toMatchObject({ ok: false, problems: [{ code: 'SELF_GRANT' }] });
  await credit.do('approveWriteOff', { approvalId: byProgram.id, amount: '200.00' }, 'invoice');
  expect(await company.shown(invoiceId)).toMatchObject({ writtenOff: { amount: '700.00' } });
});

it('a grant is for this amount of this version: not for more, not for less, not after the invoice has changed, not after a week', async () => {
  const invoiceId = await invoice();
  const approval = await ask(invoiceId, '500.00');
  for (const amount of ['500.01', '499.99'])
    expect(await codeOf(admin.refused('approveWriteOff', { approvalId: approval.id, amount }))).toBe('AMOUNT_INVALID');
  expect(await codeOf(credit.refused('requestWriteOff', { invoiceId, amount: '400.00', reason: 'Again' }))).toBe(
    'ALREADY_EXISTS',
  );
  await company.apply(await company.pay('100.00'), [{ invoiceId, amount: '100.00' }]);
  expect(await codeOf(admin.refused('approveWriteOff', { approvalId: approval.id, amount: '500.00' }))).toBe('VERSION_CONFLICT');
  const newer = await ask(invoiceId, '500.00');
  world.clock.set('2026-03-09T09:00:01.000Z');
  expect(await codeOf(admin.refused('approveWriteOff', { approvalId: newer.id, amount: '500.00' }))).toBe('APPROVAL_EXPIRED');
  expect(await company.shown(invoiceId)).toMatchObject({ writtenOff: { amount: '0.00' } });
});

it('asks for no more than is open, of an invoice that is issued, by somebody who may', async () => {
  const invoiceId = await invoice();
  expect(await codeOf(credit.refused('requestWriteOff', { invoiceId, amount: '1190.01', reason: 'All' }))).toBe(
    'OVER_ALLOCATION',
  );
  expect(await codeOf(credit.refused('requestWriteOff', { invoiceId, amount: '0', reason: 'All' }))).toBe('AMOUNT_INVALID');
  expect(await codeOf(admin.refused('approveWriteOff', { approvalId: `apr_${invoiceId.slice(4)}`, amount: '1' }))).toBe(
    'NOT_FOUND',
  );
  const sent = await cash.send(
    'mutation($input: RequestWriteOffInput!) { requestWriteOff(input: $input) { userErrors { code } } }',
    {
      input: { invoiceId, reason: 'All' },
    },
  );
  expect(sent.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});
