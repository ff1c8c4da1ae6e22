// The arithmetic of EN 16931 by properties: nets rounded per line, tax per category and rate on the rounded sum, totals are sums, and
// credit notes that together take exactly what the invoice had. Checked with whole numbers of its own, in 0, 2 and 3 decimals.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal } from '../../src/kernel/decimal.ts';
import { creditOf, leftToCredit, type TaxGroup, totalsOf } from '../../src/o2c/invoice/invoice.rules.ts';
import { EXPONENT, halfUp, total } from './books-model.ts';

const RUNS = 1_000;
const currency = fc.constantFrom('EUR', 'JPY', 'KWD');

const fixed = (whole: bigint, places: number): string => {
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** Quantity in thousandths, price in millionths, rate in hundredths of a percent. */
const line = fc.record({
  quantity: fc.bigInt({ min: -5_000n, max: 900_000n }).filter((q) => q !== 0n),
  price: fc.bigInt({ min: 0n, max: 90_000_000_000n }),
  rate: fc.constantFrom(['S', 1_900n], ['S', 700n], ['S', 550n], ['AE', 0n], ['Z', 0n], ['S', 2_000n]),
});
const lines = fc.array(line, { minLength: 1, maxLength: 12 });
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

const inputOf = ({ quantity, price, rate: [taxCategory, rate] }: Line, places = 2) => ({
  description: 'x',
  quantity: decimal(fixed(quantity, 3)),
  unitPrice: decimal(fixed(price, 6)),
  taxCategory: taxCategory,
  taxRate: decimal(places === 2 ? fixed(rate, 2) : `${fixed(rate, 2)}00`),
});

const netOf = ({ quantity, price }: Line, code: string) =>
  halfUp(quantity * price * 10n ** (EXPONENT[code] ?? 2n), 1_000_000_000n);

function expected(list: readonly Line[], code: string) {
  const groups = new Map<string, { net: bigint; rate: bigint }>();
  for (const one of list) {
    const key = one.rate.join(' ');
    groups.set(key, { rate: one.rate[1], net: (groups.get(key)?.net ?? 0n) + netOf(one, code) });
  }
  return [...groups.values()].map(({ net, rate }) => ({ net, tax: halfUp(net * rate, 10_000n) }));
}

const isOwed = (list: readonly Line[], code: string) => total(expected(list, code).map((g) => g.net + g.tax)) >= 0n;

it('rounds each line net once, taxes the rounded sum of each category and rate, and adds up', () => {
  fc.assert(
    fc.property(lines, currency, (list, code) => {
      fc.pre(isOwed(list, code));
      const totals = totalsOf(
        list.map((l) => inputOf(l)),
        code,
      );
      expect(totals.lines.map((l) => l.netMinor)).toEqual(list.map((l) => netOf(l, code)));
      expect(totals.taxes.map((t) => ({ net: t.taxableMinor, tax: t.taxMinor }))).toEqual(expected(list, code));
      expect(totals.netMinor).toBe(total(totals.lines.map((l) => l.netMinor)));
      expect(totals.taxMinor).toBe(total(totals.taxes.map((t) => t.taxMinor)));
      expect(totals.totalMinor).toBe(totals.netMinor + totals.taxMinor);
    }),
    { numRuns: RUNS, seed: 1 },
  );
});

it('takes 19, 19.0 and 19.0000 for one rate', () => {
  fc.assert(
    fc.property(lines, currency, (list, code) => {
      fc.pre(isOwed(list, code));
      const mixed = totalsOf(
        list.map((l, i) => inputOf(l, i % 2 === 0 ? 2 : 4)),
        code,
      );
      expect(mixed.taxes).toEqual(
        totalsOf(
          list.map((l) => inputOf(l)),
          code,
        ).taxes,
      );
    }),
    { numRuns: RUNS / 4, seed: 2 },
  );
});

it('refuses an invoice whose total is below zero, and nothing else', () => {
  fc.assert(
    fc.property(lines, currency, (list, code) => {
      const make = () =>
        totalsOf(
          list.map((l) => inputOf(l)),
          code,
        );
      if (isOwed(list, code)) make();
      else expect(make).toThrow(expect.objectContaining({ code: 'AMOUNT_INVALID' }) as Error);
    }),
    { numRuns: RUNS, seed: 3 },
  );
});

const portion = fc.record({
  group: fc.nat({ max: 20 }),
  share: fc.oneof(fc.bigInt({ min: 1n, max: 1_000n }), fc.constant(1_000n)),
});

it('lets the notes on an invoice add up to the invoice exactly: each takes its tax, and the last one all the rest', () => {
  fc.assert(
    fc.property(lines, currency, fc.array(portion, { maxLength: 8 }), (list, code, portions) => {
      fc.pre(isOwed(list, code));
      const { taxes } = totalsOf(
        list.map((l) => inputOf(l)),
        code,
      );
      const notes: TaxGroup[] = [];
      for (const { group, share } of portions) {
        const left = leftToCredit(taxes, notes);
        const of = left[group % left.length];
        if (!of || of.taxableMinor <= 0n) continue;
        const netMinor = (of.taxableMinor * share) / 1_000n || 1n;
        const worthLeft = total(left.map((g) => g.taxableMinor + g.taxMinor));
        const ask = () =>
          creditOf(left, [{ taxCategory: of.taxCategory, taxRate: of.taxRate, netMinor, description: null }], code);
        if (netMinor + of.taxMinor > worthLeft) continue; // a group below zero has used it up
        const [taken] = ask();
        expect(taken?.taxableMinor).toBe(netMinor);
        expect(taken?.taxMinor).toBeGreaterThanOrEqual(0n);
        expect(taken?.taxMinor).toBeLessThanOrEqual(of.taxMinor);
        if (netMinor === of.taxableMinor) expect(taken?.taxMinor).toBe(of.taxMinor);
        if (taken) notes.push(taken);
      }
      notes.push(...creditOf(leftToCredit(taxes, notes), null, code));
      for (const left of leftToCredit(taxes, notes)) expect([left.taxableMinor, left.taxMinor]).toEqual([0n, 0n]);
      expect(total(notes.map((n) => n.taxableMinor + n.taxMinor))).toBe(total(taxes.map((t) => t.taxableMinor + t.taxMinor)));
    }),
    { numRuns: RUNS, seed: 4 },
  );
});

const group = (taxCategory: string, taxRate: string, taxableMinor: bigint, taxMinor: bigint): TaxGroup => ({
  taxCategory,
  taxRate,
  taxableMinor,
  taxMinor,
});
const credited = (taxCategory: string, taxRate: string, netMinor: bigint) => ({
  taxCategory,
  taxRate,
  netMinor,
  description: null,
});

it.each([
  ['more than is left of a rate', [group('S', '19', 100n, 19n)], [credited('S', '19', 101n)], 'OVER_ALLOCATION'],
  ['a rate that the invoice has not', [group('S', '19', 100n, 19n)], [credited('S', '7', 1n)], 'OVER_ALLOCATION'],
  ['nothing', [group('S', '19', 100n, 19n)], [credited('S', '19', 0n)], 'AMOUNT_INVALID'],
  ['one rate twice', [group('S', '19', 100n, 19n)], [credited('S', '19', 60n), credited('S', '19', 60n)], 'INVALID_INPUT'],
  [
    'more than the invoice is worth, where one rate is below zero',
    [group('S', '20', 100n, 20n), group('S', '10', -30n, -3n)],
    [credited('S', '20', 100n)],
    'OVER_ALLOCATION',
  ],
])('refuses to credit %s', (_name, left, asked, code) => {
  expect(() => creditOf(left, asked, 'EUR')).toThrow(expect.objectContaining({ code }) as Error);
});
