/** Reports about a fulfilment, folded one after the other: whatever order they come in, the last state is one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { daysOf, told, TRACKING_KINDS, type TrackingRow } from './tracking.rules.ts';

const said = fc.option(fc.constantFrom('a', 'b'), { nil: null });
const report = fc.record({
  source: fc.constantFrom('fast', 'in-house'),
  kind: fc.constantFrom(...TRACKING_KINDS),
  day: fc.integer({ min: 1, max: 4 }),
  description: said,
  reference: said,
  carrier: said,
  trackingNumber: said,
  receivedBy: said,
});
const reports = fc
  .array(report, { maxLength: 7 })
  .map((list) =>
    list.map(({ day, ...row }, i) => ({ ...row, externalId: String(i), occurredAt: new Date(Date.UTC(2026, 0, day)) })),
  ) as unknown as fc.Arbitrary<TrackingRow[]>;

const folded = (list: readonly TrackingRow[]) =>
  list.reduce<Record<string, unknown>>((state, row, i) => ({ ...state, ...told(row, list.slice(0, i)) }), {});

it('what is told of is the same in whatever order it came', () => {
  const cases = reports.chain((list) =>
    fc.record({ one: fc.constant(list), other: fc.shuffledSubarray(list, { minLength: list.length }) }),
  );
  fc.assert(
    fc.property(cases, ({ one, other }) => {
      expect(folded(other)).toEqual(folded(one));
    }),
    { numRuns: 1_000, seed: 7 },
  );
});

it('the newest answer and the newest of each field win', () => {
  const row = (day: number, more: Partial<TrackingRow>) =>
    ({
      source: 'fast',
      externalId: String(day),
      kind: 'PICKED',
      occurredAt: new Date(Date.UTC(2026, 0, day)),
      description: null,
      reference: null,
      carrier: null,
      trackingNumber: null,
      receivedBy: null,
      ...more,
    }) as TrackingRow;
  const list = [
    row(3, { kind: 'REFUSED', description: 'Full' }),
    row(1, { kind: 'ACCEPTED', description: 'Fine', reference: 'R1' }),
    row(2, { carrier: 'UPS' }),
    row(1, { externalId: 'late', carrier: 'DHL', trackingNumber: 'T1' }),
  ];
  expect(folded(list)).toEqual({
    providerStatus: 'REFUSED',
    providerText: 'Full',
    providerReference: 'R1',
    carrier: 'UPS',
    trackingNumber: 'T1',
  });
});

it('goods left on the earliest day that anybody tells, and at the latest when they arrived', () => {
  const at = (kind: TrackingRow['kind'], day: number) => ({ kind, occurredAt: new Date(Date.UTC(2026, 0, day)) }) as TrackingRow;
  const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);
  expect(daysOf([at('IN_TRANSIT', 1)], dayOf)).toEqual({ shippedOn: null, deliveredOn: null });
  expect(daysOf([at('SHIPPED', 5), at('DELIVERED', 3), at('DELIVERED', 4)], dayOf)).toEqual({
    shippedOn: '2026-01-03',
    deliveredOn: '2026-01-03',
  });
  expect(daysOf([at('SHIPPED', 2), at('DELIVERED', 3)], dayOf)).toEqual({ shippedOn: '2026-01-02', deliveredOn: '2026-01-03' });
});
