// The posting rules of the registry, each as its row says: by itself in both signs, and in the books of a company to which
// everything has happened that commands can do. What posts without a rule, or a rule that nothing posts by, is found here.
import { describe, expect, it } from 'vitest';
import { LEDGER_CODES, type PostingRule } from '../../src/kernel/posting.ts';
import { modules } from '../../src/transport/modules.ts';
import { post } from '../../src/o2c/ledger/ledger.rules.ts';
import { sql } from '../../src/read/sql.ts';
import { invoiceInput, noteInput, observe, paymentInput } from '../observation/observing.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { bare, openBooks, startWorld } from '../support/world.ts';
import { done } from './lifecycle-drivers.ts';

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
const rules: readonly PostingRule[] = modules.flatMap((module) => module.postings);

/** Rules that no command reaches yet, each with its reason. */
const WAITING: Readonly<Record<string, string>> = {
  'allocation.made writeOffCredit': 'There is no command that writes off what we owe.',
  'invoice.imported tax': 'An invoice from a file has one amount without tax.',
};

const MAY_BE_BELOW_ZERO = new Set(['net', 'tax', 'fx', 'crossFx']);

const draft = (on: string) => ({
  id: 'entry',
  on,
  tenantId: 't',
  legalEntityId: 'le',
  baseCurrency: 'EUR',
  recordKind: 'X',
  recordId: 'x',
  effectiveOn: '2026-03-02',
  recordedAt: new Date(0),
  actorId: 'a',
  connectionId: null,
});

describe.each(rules.map((rule) => ({ rule, name: `${rule.on} ${rule.amount}` })))('$name', ({ rule }) => {
  it.each([1n, -1n])('posts its debit and its credit, and the other way round below zero (sign %s)', (sign) => {
    const debit = { accountId: 'd', itemId: 'item-d', detail: 'one' };
    const credit = { accountId: 'c', itemId: 'item-c', detail: 'two' };
    const [entry, transfer, ...more] = post(
      rules,
      draft(rule.on),
      [{ amount: rule.amount, minor: 5n * sign, baseMinor: 7n * sign, currency: 'JPY', debit, credit }],
      () => 'id',
    );
    const side = (code: string, at: typeof debit) => [code, at.accountId, at.detail, code === 'RECEIVABLE' ? at.itemId : null];
    const sides = [side(rule.debit, debit), side(rule.credit, credit)];
    const [first = [], second = []] = sign > 0n ? sides : sides.reverse();
    expect(entry).toMatchObject({ entity: 'JournalEntry', values: { eventType: rule.on, reversesId: null } });
    expect(transfer).toMatchObject({
      entity: 'Transfer',
      values: {
        amountMinor: 5n,
        baseMinor: 7n,
        currency: 'JPY',
        baseCurrency: 'EUR',
        entryId: 'entry',
        debitCode: first[0],
        debitAccountId: first[1],
        debitDetail: first[2],
        debitItemId: first[3],
        creditCode: second[0],
        creditAccountId: second[1],
        creditDetail: second[2],
        creditItemId: second[3],
      },
    });
    expect(more).toEqual([]);
  });

  it('names ledger codes and says what it is for', () => {
    expect(LEDGER_CODES).toContain(rule.debit);
    expect(LEDGER_CODES).toContain(rule.credit);
    expect(rule.description).toMatch(/^[A-Z].*\.$/);
    expect(modules.flatMap((m) => m.events).map((e) => e.type)).toContain(rule.on);
  });
});

it('posts nothing for an amount of nothing, and two transfers where rounding gave amount and base other signs', () => {
  const [rule] = rules;
  if (!rule) throw new Error('no rules');
  const leg = { amount: rule.amount, currency: 'JPY', debit: { accountId: 'd' }, credit: { accountId: 'c' } };
  expect(post(rules, draft(rule.on), [{ ...leg, minor: 0n, baseMinor: 0n }], () => 'id')).toHaveLength(1);
  expect(post(rules, draft(rule.on), [{ ...leg, minor: 3n, baseMinor: -1n }], () => 'id')).toHaveLength(3);
  expect(() => post(rules, draft(rule.on), [{ ...leg, amount: 'nobody', minor: 1n, baseMinor: 1n }], () => 'id')).toThrow(
    'No posting rule',
  );
});

/** Everything that commands can do to money, across two currencies and a change of rates. */
async function everything(): Promise<void> {
  const { accountId, legalEntityId } = await openBooks(world);
  const make = (name: string, input: Record<string, unknown>, prefix: string) => done(world, name, input, prefix);
  await make('updateLegalEntity', { id: legalEntityId, discountReducesTax: true }, 'le');
  for (const [validOn, rate] of [
    ['2026-01-01', '0.0062'],
    ['2026-02-01', '0.0059'],
  ])
    await make('setExchangeRate', { fromCurrency: 'JPY', toCurrency: 'EUR', validOn, rate }, 'xr');
  const invoice = async (currency: string, unitPrice: string, issuedOn: string) => {
    const line = { description: 'x', quantity: '1', unitPrice, taxCategory: 'S', taxRate: '19' };
    const id = await make('draftInvoice', { accountId, currency, lines: [line] }, 'inv');
    await make('issueInvoice', { id, issuedOn }, 'inv');
    return id;
  };
  const pay = (amount: string, currency: string) => make('recordPayment', { accountId, amount: { amount, currency } }, 'pay');
  const yen = await invoice('JPY', '10000', '2026-01-15');
  const euro = await invoice('EUR', '1000', '2026-01-20');
  const yenPayment = await pay('5000', 'JPY');
  await make('applyCash', { paymentId: yenPayment, allocations: [{ invoiceId: yen, amount: '5000' }] }, 'pay');
  const euroPayment = await pay('500.00', 'EUR');
  await make(
    'applyCash',
    {
      paymentId: euroPayment,
      allocations: [
        { invoiceId: yen, amount: '3000', fromAmount: '20.00' },
        { invoiceId: euro, amount: '400.00', discount: '10.00' },
      ],
    },
    'pay',
  );
  await make(
    'issueCreditNote',
    { invoiceId: euro, reason: 'Damaged', lines: [{ taxCategory: 'S', taxRate: '19', net: '100.00' }] },
    'cn',
  );
  await make('writeOff', { invoiceId: euro, reason: 'Small' }, 'inv');
  await make('returnPayment', { id: yenPayment, reason: 'AM04' }, 'pay');
  const imported = { legalEntityId, customerNumber: 'C-1', amount: '10.00', currency: 'EUR' };
  await make(
    'importInvoice',
    { ...imported, externalId: 'i1', issuedOn: '2026-02-01', dueOn: '2026-02-02', settledOn: '2026-02-03' },
    'inv',
  );
  const party = { legalEntityId: bare(legalEntityId), accountId: bare(accountId) };
  await observe(world, 'observeInvoice', invoiceInput(party));
  await observe(world, 'observeCreditNote', noteInput(party, { refundedBy: 'CARD' }));
  await observe(world, 'observePayment', paymentInput(party));
}

it('posts everything that happens by a rule, and by every rule that a command reaches', async () => {
  await everything();
  const transfers = await postedTransfers();
  const keyed = (on: string, debit: string, credit: string) => `${on}: ${debit} to ${credit}`;
  const keysOf = (r: PostingRule) => [
    keyed(r.on, r.debit, r.credit),
    ...(MAY_BE_BELOW_ZERO.has(r.amount) ? [keyed(r.on, r.credit, r.debit)] : []),
  ];
  const allowed = new Set(rules.flatMap(keysOf));
  const posted = new Set(transfers.map((t) => keyed(t.on, t.debit, t.credit)));
  expect([...posted].filter((key) => !allowed.has(key))).toEqual([]);
  const unused = rules.filter((r) => !keysOf(r).some((key) => posted.has(key)));
  expect(unused.map((r) => `${r.on} ${r.amount}`)).toEqual(Object.keys(WAITING));
});

it('takes an entry back by its own transfers with the sides swapped', async () => {
  const rows = await reversed();
  expect(rows.length).toBeGreaterThan(0);
  for (const { before, after } of rows) expect(after).toEqual(before);
});

interface Posted {
  readonly on: string;
  readonly debit: string;
  readonly credit: string;
}

async function asked<T>(source: ReturnType<typeof sql>): Promise<readonly T[]> {
  return world.platform.read.rows<T>(await world.platform.systemPrincipal(world.tenantId), source);
}

const postedTransfers = () =>
  asked<Posted>(
    sql`select distinct e.event_type as on, t.debit_code as debit, t.credit_code as credit from transfer t join journal_entry e on e.id = t.entry_id where e.reverses_id is null`,
  );

const transfersOf = (side: 'debit' | 'credit', other: 'debit' | 'credit', entry: string) => sql`
  (select json_agg(json_build_array(t.${sql.id(`${side}_code`)}, t.${sql.id(`${side}_item_id`)}, t.${sql.id(`${other}_code`)}, t.${sql.id(`${other}_item_id`)}, t.currency, t.amount_minor, t.base_minor)
    order by t.amount_minor, t.base_minor) from transfer t where t.entry_id = e.${sql.id(entry)})`;

const reversed = () =>
  asked<{ before: unknown; after: unknown }>(
    sql`select ${transfersOf('debit', 'credit', 'reverses_id')} as before, ${transfersOf('credit', 'debit', 'id')} as after from journal_entry e where e.reverses_id is not null`,
  );
