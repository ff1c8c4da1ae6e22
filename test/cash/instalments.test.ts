// One payment over several instalments of an invoice, in its own currency or another: every minor unit arrives once, in the order of the due dates.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/o2c/cash-application/instalments.rules.ts';
import type { ItemRow } from '../../src/o2c/open-item/index.ts';
import { inProportion } from '../../src/o2c/open-item/index.ts';
import { text } from '../domain/history-step.ts';
import { startWorld } from '../support/world.ts';
import { broken, rowsOf } from '../write/company.ts';
import { openCash } from './company.ts';

const total = (numbers: readonly bigint[]) => numbers.reduce((a, b) => a + b, 0n);
const minors = (max: bigint) => fc.bigInt({ min: 1n, max });

describe('of one wanted amount', () => {
  const items = fc
    .array(fc.record({ open: minors(1_000_000n), offered: fc.nat(30), days: fc.nat(60) }), { minLength: 1, maxLength: 6 })
    .map((list) =>
      list.map(
        ({ open, offered, days }, i) =>
          ({
            id: `i${i}`,
            instalment: i + 1,
            dueOn: new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10),
            originalMinor: open,
            openMinor: open,
            discountMinor: 0n,
            discountUntil: '2026-01-10',
            discountOfferedMinor: (open * BigInt(offered)) / 100n,
          }) as ItemRow,
      ),
    );
  const received = fc.constantFrom('2026-01-10', '2026-01-11', null);
  const takes = fc.constantFrom(true, false, undefined);

  it('no unit of cash is lost, none of it comes twice, and no instalment gets more than it has', () => {
    fc.assert(
      fc.property(
        items,
        minors(6_000_000n),
        received,
        takes,
        minors(9_000_000n),
        (open, asked, receivedOn, takesDiscount, fromMinor) => {
          const owed = total(open.map((i) => i.openMinor));
          const minor = asked < owed ? asked : owed;
          const parts = partsOf(open, { minor, fromMinor, discountMinor: undefined, takesDiscount }, receivedOn);
          expect(total(parts.map((p) => p.minor))).toBe(minor);
          expect(total(parts.map((p) => p.fromMinor ?? 0n))).toBe(fromMinor);
          for (const p of parts) {
            expect(p.minor + p.earlyMinor).toBeLessThanOrEqual(p.item.openMinor);
            expect(p.earlyMinor).toBeLessThanOrEqual(p.item.discountOfferedMinor);
            expect(p.manualMinor).toBe(0n);
            if (receivedOn !== '2026-01-10' || takesDiscount === false) expect(p.earlyMinor).toBe(0n);
          }
          const closed = parts.slice(0, -1).map((p) => p.item.openMinor - p.minor - p.earlyMinor);
          expect(
            closed.filter((left) => left !== 0n),
            'all but the last are closed',
          ).toEqual([]);
          expect(parts.map((p) => p.item.dueOn)).toEqual(parts.map((p) => p.item.dueOn).sort());
        },
      ),
      { numRuns: 3_000, seed: 8 },
    );
  });

  it('the first so many instalments less their discounts, to the unit, are settled by it, and nothing else is by itself', () => {
    fc.assert(
      fc.property(items, fc.nat(5), fc.integer({ min: -1, max: 1 }), (open, upTo, off) => {
        const inOrder = [...open].sort((a, b) =>
          a.dueOn === b.dueOn ? a.instalment - b.instalment : a.dueOn < b.dueOn ? -1 : 1,
        );
        const first = inOrder.slice(0, upTo + 1);
        const payable = total(first.map((i) => i.openMinor - i.discountOfferedMinor));
        const minor = payable + BigInt(off);
        const offered = total(first.map((i) => i.discountOfferedMinor));
        fc.pre(minor > 0n && minor <= total(open.map((i) => i.openMinor)));
        const exact = inOrder.map((_, n) => total(inOrder.slice(0, n + 1).map((i) => i.openMinor - i.discountOfferedMinor)));
        const wanted = { minor, fromMinor: undefined, discountMinor: undefined, takesDiscount: undefined };
        const granted = total(partsOf(open, wanted, '2026-01-10').map((p) => p.earlyMinor));
        fc.pre(off === 0 || !exact.includes(minor));
        expect(granted).toBe(off === 0 ? offered : 0n);
      }),
      { numRuns: 3_000, seed: 9 },
    );
  });

  it('a discount by hand is granted to the unit, by the terms as far as they go', () => {
    fc.assert(
      fc.property(items, minors(6_000_000n), minors(100_000n), received, (open, asked, by, receivedOn) => {
        const owed = total(open.map((i) => i.openMinor));
        fc.pre(owed > 1n);
        const minor = asked < owed ? asked : owed - 1n;
        const discountMinor = by < owed - minor ? by : owed - minor;
        const parts = partsOf(open, { minor, fromMinor: undefined, discountMinor, takesDiscount: undefined }, receivedOn);
        expect(total(parts.map((p) => p.earlyMinor + p.manualMinor))).toBe(discountMinor);
        expect(total(parts.map((p) => p.minor))).toBe(minor);
        for (const p of parts) expect(p.minor + p.earlyMinor + p.manualMinor).toBeLessThanOrEqual(p.item.openMinor);
      }),
      { numRuns: 3_000, seed: 10 },
    );
  });
});

it('splits an amount in proportion to weights of either sign, exactly, and no part is a unit off its share', () => {
  const weights = fc.array(fc.bigInt({ min: -500n, max: 5_000n }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(minors(10_000_000n), weights, (minor, list) => {
      const whole = total(list);
      fc.pre(whole > 0n);
      const parts = inProportion(minor, list);
      expect(total(parts)).toBe(minor);
      parts.forEach((part, i) => {
        const off = part * whole - minor * (list[i] ?? 0n);
        expect(off < whole && off > -whole).toBe(true);
      });
    }),
    { numRuns: 3_000, seed: 11 },
  );
});

describe('through the API', async () => {
  const world = await startWorld({ now: '2026-03-02T09:00:00.000Z' });
  const instalments = [
    { instalment: 1, percent: '33.3333', netDays: 14 },
    { instalment: 2, percent: '33.3333', netDays: 30 },
    { instalment: 3, percent: '33.3334', netDays: 60 },
  ];
  const company = await openCash(world, { code: 'PARTS', reducesTax: true, terms: { netDays: 60, instalments } });
  for (const [fromCurrency, rate] of [
    ['JPY', '0.006173'],
    ['KWD', '2.988317'],
  ])
    await company.people.admin.do(
      'setExchangeRate',
      { fromCurrency, toCurrency: 'EUR', validOn: '2026-01-01', rate },
      'exchangeRate',
    );
  const partsOfInvoice = (id: string) =>
    rowsOf<{ open: string; cash: string; discount: string }>(
      world,
      'select open_minor::text as open, cash_minor::text as cash, discount_minor::text as discount from open_item where document_id = $1 order by instalment',
      [id.slice(4)],
    );

  it('a payment in another currency is spread over the instalments to the unit, and goes back the same', async () => {
    const cases = fc.record({
      owed: fc.constantFrom('EUR', 'JPY', 'KWD'),
      paid: fc.constantFrom('EUR', 'JPY', 'KWD'),
      net: fc.integer({ min: 60, max: 90_000 }),
      share: fc.integer({ min: 2, max: 100 }),
      used: fc.integer({ min: 3, max: 500_000 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ owed, paid, net, share, used }) => {
        fc.pre(owed !== paid);
        const invoiceId = await company.invoice([{ net: String(net) }], { currency: owed });
        const [row] = await rowsOf<{ minor: string }>(world, 'select total_minor::text as minor from invoice where id = $1', [
          invoiceId.slice(4),
        ]);
        const minor = (BigInt(row?.minor ?? '0') * BigInt(share)) / 100n;
        const paymentId = await company.pay(text(BigInt(used), paid), { currency: paid });
        await company.apply(paymentId, [
          { invoiceId, amount: text(minor, owed), fromAmount: text(BigInt(used), paid), takeDiscount: false },
        ]);
        const made = await company.allocations(invoiceId);
        expect(total(made.map((a) => BigInt(a.from_minor ?? '0')))).toBe(BigInt(used));
        expect(total(made.map((a) => BigInt(a.to_minor)))).toBe(minor);
        for (const a of made) {
          const off = BigInt(a.from_minor ?? '0') * minor - BigInt(a.to_minor) * BigInt(used);
          expect(off < 2n * minor && off > -2n * minor, JSON.stringify(made)).toBe(true);
        }
        await company.people.cash.do('returnPayment', { id: paymentId, reason: 'AM04' }, 'payment');
        expect((await partsOfInvoice(invoiceId)).map((i) => i.cash)).toEqual(['0', '0', '0']);
      }),
      { numRuns: 20, seed: 12 },
    );
    expect(await broken(world, world.tenantId)).toEqual([]);
  }, 120_000);

  it('one that is too small to give each instalment something is refused by its field', async () => {
    const invoiceId = await company.invoice([{ net: '1000.00' }]);
    const paymentId = await company.pay('2', { currency: 'JPY' });
    expect(await company.refused(paymentId, [{ invoiceId, amount: '1190.00', fromAmount: '2' }])).toMatchObject({
      code: 'AMOUNT_INVALID',
      path: ['input', 'allocations', '0', 'fromAmount'],
    });
  });

  it('all instalments, or the first, are settled by themselves with their discounts', async () => {
    const [first, all] = [await company.invoice([{ net: '1000.00' }]), await company.invoice([{ net: '1000.00' }])];
    // of 1,190.00 each part is 396.67, 396.66 or 396.67, of 23.80 it is 7.93 or 7.94
    await company.apply(await company.pay('388.74'), [{ invoiceId: first, amount: '388.74' }]);
    expect((await partsOfInvoice(first)).map((i) => [i.open, i.discount])).toEqual([
      ['0', '793'],
      ['39666', '0'],
      ['39667', '0'],
    ]);
    await company.apply(await company.pay('1166.20'), [{ invoiceId: all, amount: '1166.20' }]);
    expect(await company.shown(all)).toMatchObject({ status: 'PAID', discounted: { amount: '23.80' } });
    expect((await partsOfInvoice(all)).map((i) => i.open)).toEqual(['0', '0', '0']);
    expect(await broken(world, world.tenantId)).toEqual([]);
  });

  it('a payment from a file closes them in order, less the discount that it earned', async () => {
    const [part, all] = [await company.invoice([{ net: '1000.00' }]), await company.invoice([{ net: '1000.00' }])];
    const pay = async (invoiceId: string, amount: string) => {
      const { number } = await company.shown(invoiceId);
      const input = {
        legalEntityId: company.legalEntityId,
        externalId: `bank ${amount}`,
        customerNumber: 'C-PARTS',
        currency: 'EUR',
      };
      return company.people.admin.do(
        'importPayment',
        { ...input, amount, receivedOn: '2026-03-02', invoiceNumber: number },
        'payment',
        'status unapplied { amount }',
      );
    };
    expect(await pay(part, '500.00')).toMatchObject({ status: 'APPLIED' });
    expect((await partsOfInvoice(part)).map((i) => i.open)).toEqual(['0', '29333', '39667']);
    expect(await pay(all, '1166.20')).toMatchObject({ status: 'APPLIED' });
    expect(await company.shown(all)).toMatchObject({ status: 'PAID', discounted: { amount: '23.80' } });
    expect((await company.allocations(all)).map((a) => a.rule)).toContain('early-payment');
    expect(await pay(part, '700.00')).toMatchObject({ status: 'PARTIALLY_APPLIED', unapplied: { amount: '10.00' } });
    expect(await broken(world, world.tenantId)).toEqual([]);
  });
});
