// The seeded company: the same for the same seed, believable, and with books that add up, also after any writes.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { toMinor } from './amounts.ts';
import type { Body, EntityName, QuickBooksSimulator } from './index.ts';
import { startSimulator } from './index.ts';
import { line, START, text } from './test-client.ts';

let simulator: QuickBooksSimulator;
afterEach(() => simulator.close());

const FORMS: readonly EntityName[] = ['Invoice', 'Estimate', 'CreditMemo', 'SalesReceipt', 'RefundReceipt'];
const now = () => new Date(START);
const minor = (value: unknown) => toMinor(value, 2) ?? Number.NaN;
const parts = (body: Body, name: string) => (body[name] ?? []) as unknown as Body[];
const ref = (body: Body, name: string) => (body[name] as Body | undefined)?.value;

/** Sentences about what does not add up. */
function problems(company: QuickBooksSimulator): string[] {
  const all = (entity: EntityName): Body[] => company.all(entity);
  const found: string[] = [];
  const say = (isRight: boolean, sentence: string) => (isRight ? 0 : found.push(sentence));
  const payments = all('Payment');
  const owed = new Map<unknown, number>();
  const owe = (customer: unknown, amount: number) => owed.set(customer, (owed.get(customer) ?? 0) + amount);
  for (const form of FORMS.flatMap((entity) => all(entity))) {
    const lines = parts(form, 'Line');
    const sold = lines.filter((one) => one.DetailType === 'SalesItemLineDetail').reduce((sum, one) => sum + minor(one.Amount), 0);
    const off = lines.filter((one) => one.DetailType === 'DiscountLineDetail').reduce((sum, one) => sum + minor(one.Amount), 0);
    say(
      minor(form.TotalAmt) === sold - off + minor((form.TxnTaxDetail as Body).TotalTax),
      `form ${text(form.Id)} does not add up`,
    );
  }
  const applied = (type: string, id: unknown) =>
    payments
      .flatMap((payment) => parts(payment, 'Line'))
      .filter((one) => parts(one, 'LinkedTxn').some((link) => link.TxnType === type && link.TxnId === id))
      .reduce((sum, one) => sum + minor(one.Amount), 0);
  for (const invoice of all('Invoice')) {
    say(
      minor(invoice.Balance) === minor(invoice.TotalAmt) - applied('Invoice', invoice.Id),
      `invoice ${text(invoice.Id)} is open otherwise`,
    );
    const linked = parts(invoice, 'LinkedTxn')
      .filter(({ TxnType }) => TxnType === 'Payment')
      .map(({ TxnId }) => text(TxnId));
    const paying = payments.filter((one) =>
      parts(one, 'Line').some((each) =>
        parts(each, 'LinkedTxn').some((link) => link.TxnType === 'Invoice' && link.TxnId === invoice.Id),
      ),
    );
    say(
      [...linked].sort().join() ===
        paying
          .map(({ Id }) => text(Id))
          .sort()
          .join(),
      `invoice ${text(invoice.Id)} is linked otherwise`,
    );
    owe(ref(invoice, 'CustomerRef'), minor(invoice.Balance));
  }
  for (const memo of all('CreditMemo')) {
    say(
      minor(memo.RemainingCredit) === minor(memo.TotalAmt) - applied('CreditMemo', memo.Id),
      `memo ${text(memo.Id)} has another rest`,
    );
    owe(ref(memo, 'CustomerRef'), -minor(memo.RemainingCredit));
  }
  for (const payment of payments) {
    say(minor(payment.UnappliedAmt) >= 0, `payment ${text(payment.Id)} is over-applied`);
    owe(ref(payment, 'CustomerRef'), -minor(payment.UnappliedAmt));
  }
  for (const customer of all('Customer'))
    say(minor(customer.Balance) === (owed.get(customer.Id) ?? 0), `customer ${text(customer.Id)} owes otherwise`);
  return found;
}

describe('the seeded company', () => {
  it('has a believable history whose books add up', async () => {
    simulator = await startSimulator({ size: 400, now, seed: 7 });
    const count = (entity: EntityName, test: (body: Body) => boolean = () => true) => simulator.all(entity).filter(test).length;
    expect(count('Invoice')).toBeGreaterThan(350);
    expect(count('Invoice')).toBeLessThan(430);
    for (const entity of [
      'Customer',
      'Item',
      'Term',
      'Estimate',
      'Payment',
      'CreditMemo',
      'RefundReceipt',
      'SalesReceipt',
      'Deposit',
      'JournalEntry',
    ] as const)
      expect([entity, count(entity) > 0]).toEqual([entity, true]);
    const isLate = ({ Balance, DueDate }: Body) => Number(Balance) > 0 && text(DueDate) < '2026-05-05';
    expect(count('Invoice', isLate)).toBeGreaterThan(20);
    expect(count('Invoice', ({ Balance, TotalAmt }) => Number(Balance) > 0 && Balance !== TotalAmt)).toBeGreaterThan(5);
    expect(count('Invoice', ({ PrivateNote }) => PrivateNote === 'Voided')).toBeGreaterThan(0);
    expect(count('Invoice', ({ TxnTaxDetail }) => Number((TxnTaxDetail as Body).TotalTax) > 0)).toBeGreaterThan(50);
    expect(count('Estimate', ({ TxnStatus }) => TxnStatus === 'Closed')).toBeGreaterThan(10);
    expect(count('Payment', ({ TotalAmt, Line }) => TotalAmt === 0 && (Line as readonly Body[]).length === 2)).toBeGreaterThan(2);
    expect(count('Payment', (body) => parts(body, 'Line').length > 1 && body.TotalAmt !== 0)).toBeGreaterThan(2);
    expect(count('Payment', ({ UnappliedAmt }) => Number(UnappliedAmt) > 0)).toBeGreaterThan(0);
    expect(count('Customer', ({ Active }) => Active === false)).toBeGreaterThan(0);
    const times = simulator.all('Invoice').map(({ MetaData }) => text((MetaData as Body).CreateTime));
    expect(new Set(times).size).toBeLessThan(times.length);
    expect(Math.max(...times.map((time) => Date.parse(time)))).toBeLessThan(now().getTime());
    expect(problems(simulator)).toEqual([]);
  });

  it('is the same for the same seed and another one for another', async () => {
    const recordsOf = async (seed: string) => {
      simulator = await startSimulator({ size: 60, now, seed });
      const records = (['Customer', 'Invoice', 'Payment'] as const).map((entity) => simulator.all(entity));
      const { clientId, realmId } = simulator.access;
      await simulator.close();
      return JSON.stringify([records, clientId, realmId]);
    };
    const first = await recordsOf('a');
    expect(await recordsOf('a')).toBe(first);
    expect(await recordsOf('b')).not.toBe(first);
    simulator = await startSimulator({ size: 0, now });
    expect(simulator.all('Customer')).toEqual([]);
    expect(simulator.all('Term').length).toBeGreaterThan(3);
  });

  it('sells in euros, yen and dinars where that is wished for', async () => {
    simulator = await startSimulator({ size: 200, now, multiCurrency: true });
    const currencies = new Set(simulator.all('Invoice').map((invoice) => ref(invoice, 'CurrencyRef')));
    expect(currencies).toEqual(new Set(['EUR', 'JPY', 'KWD', 'USD']));
    for (const invoice of simulator.all('Invoice')) {
      const isForeign = ref(invoice, 'CurrencyRef') !== 'USD';
      expect(['ExchangeRate', 'HomeTotalAmt', 'HomeBalance'].map((name) => name in invoice)).toEqual([
        isForeign,
        isForeign,
        isForeign,
      ]);
      if (ref(invoice, 'CurrencyRef') === 'JPY') expect(Number.isInteger(invoice.TotalAmt)).toBe(true);
    }
    const foreign = simulator.all('Payment').filter((payment) => ref(payment, 'CurrencyRef') !== 'USD');
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.every(({ ExchangeRate }) => typeof ExchangeRate === 'number')).toBe(true);
  });
});

const STEPS = [
  'invoice',
  'memo',
  'pay',
  'credit',
  'void',
  'remove',
  'reprice',
  'void payment',
  'remove payment',
  'void memo',
  'remove memo',
  'repay',
] as const;

describe('the books', () => {
  it('add up after any writes, also refused ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(50), fc.integer({ min: 1, max: 9_999 })), { maxLength: 40 }),
        async (steps) => {
          simulator = await startSimulator({ size: 0, now });
          const { Id } = simulator.create('Customer', { DisplayName: 'A' });
          const item = simulator.create('Item', { Name: 'I', IncomeAccountRef: { value: '1' } });
          for (const [step, index, cents] of steps)
            attempt({ step, index, amount: cents / 100, customer: text(Id), item: text(item.Id) });
          const found = problems(simulator);
          await simulator.close();
          expect(found).toEqual([]);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});

interface Attempt {
  readonly step: (typeof STEPS)[number];
  readonly index: number;
  readonly amount: number;
  readonly customer: string;
  readonly item: string;
}

/** One write to one of the records that are there; a refusal changes nothing. */
function attempt({ step, index, amount, customer, item }: Attempt): void {
  const one = (entity: EntityName): string => {
    const all = simulator.all(entity);
    return text(all[index % Math.max(1, all.length)]?.Id ?? '0');
  };
  const form = { CustomerRef: { value: customer }, Line: [line(amount, item)] };
  const applied = (TxnType: string, TxnId: string) => ({ Amount: amount, LinkedTxn: [{ TxnId, TxnType }] });
  const writes: Record<(typeof STEPS)[number], () => unknown> = {
    invoice: () => simulator.create('Invoice', form),
    memo: () => simulator.create('CreditMemo', form),
    pay: () =>
      simulator.create('Payment', {
        CustomerRef: form.CustomerRef,
        TotalAmt: amount * (1 + (index % 2)),
        Line: [applied('Invoice', one('Invoice'))],
      }),
    credit: () =>
      simulator.create('Payment', {
        CustomerRef: form.CustomerRef,
        TotalAmt: 0,
        Line: [applied('Invoice', one('Invoice')), applied('CreditMemo', one('CreditMemo'))],
      }),
    repay: () => simulator.update('Payment', one('Payment'), { TotalAmt: amount, Line: [applied('Invoice', one('Invoice'))] }),
    reprice: () => simulator.update('Invoice', one('Invoice'), { Line: [line(amount, item)] }),
    void: () => simulator.void('Invoice', one('Invoice')),
    remove: () => simulator.remove('Invoice', one('Invoice')),
    'void payment': () => simulator.void('Payment', one('Payment')),
    'remove payment': () => simulator.remove('Payment', one('Payment')),
    'void memo': () => simulator.void('CreditMemo', one('CreditMemo')),
    'remove memo': () => simulator.remove('CreditMemo', one('CreditMemo')),
  };
  const before = JSON.stringify(simulator.all('Payment'));
  try {
    writes[step]();
  } catch (error) {
    expect(String(error)).toMatch(/^ApiFault: \d+ /);
    expect(JSON.stringify(simulator.all('Payment'))).toBe(before);
  }
}
