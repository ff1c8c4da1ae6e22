// A copy that is kept by `changedSince` is the report itself after any history, of ours or of an ERP; and measures foot to the books of
// every period of it. `INSIGHT_RUNS=20` runs more histories.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reports } from '../../src/o2c/insight/index.ts';
import { fieldOf } from '../../src/o2c/insight/report.graphql.ts';
import { shownName } from '../../src/o2c/insight/report.read.ts';
import { START, startCompany } from '../domain/company.ts';
import { moveOf } from '../domain/history.ts';
import { matchAllocations } from '../domain/history-check.ts';
import { history } from '../domain/history-step.ts';
import { DAY, Erp, type Op } from '../observation/erp.ts';
import { Follower } from '../observation/follower.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { type Shown, startWorld } from '../support/world.ts';

const RUNS = Number(process.env['INSIGHT_RUNS'] ?? 2);
const world = await startWorld({ now: `${START}T08:00:00.000Z`, connectors: [silentErp] });
type Row = Readonly<Record<string, Shown>>;
type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Record<string, Shown>>;
const FOLLOWED = reports.filter(({ changed }) => changed);

/** What a BI tool keeps of a report. */
class Copy {
  readonly rows = new Map<string, Row>();
  #position: string | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly name: string,
    private readonly columns: string,
  ) {}

  async refresh(): Promise<void> {
    const query = `query($after: String, $since: Cursor) { page: ${this.name}(first: 7, after: $after, changedSince: $since) { rows { ${this.columns} } cursor position } }`;
    const since = this.#position;
    for (let after: string | null = null; ; ) {
      const { page } = await this.ask(query, { after, since });
      for (const row of page.rows) this.rows.set(row.id, row);
      if (page.cursor === null) {
        this.#position = page.position;
        return;
      }
      after = page.cursor;
    }
  }
}

const copiesFor = (ask: Ask) =>
  FOLLOWED.map((report) => new Copy(ask, fieldOf(report), report.columns.map(({ name }) => shownName(name)).join(' ')));
const sorted = ({ rows }: Copy) => [...rows.values()].toSorted((a, b) => (a['id'] < b['id'] ? -1 : 1));

/** Brings copies up to date and holds them against ones that are made anew. */
async function expectFollowed(ask: Ask, copies: readonly Copy[]): Promise<void> {
  await world.platform.sealer.sealed();
  const anew = copiesFor(ask);
  for (const [i, copy] of copies.entries()) {
    await copy.refresh();
    await anew[i]?.refresh();
    expect(sorted(copy)).toEqual(anew[i] && sorted(anew[i]));
  }
}

/** As whole numbers of the smallest part that any currency here has. */
const exact = (amount: string): bigint => {
  const [whole = '0', part = ''] = amount.replace('-', '').split('.');
  return BigInt(`${amount.startsWith('-') ? '-' : ''}${whole}${part.padEnd(3, '0')}`);
};
const total = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.reduce((sum, row) => columns.reduce((of, column) => of + exact(row[column]), sum), 0n);
const OVERDUE = ['days1To30', 'days31To60', 'days61To90', 'over90'];

async function expectFooting(ask: Ask, { from, to, before }: Readonly<Record<'from' | 'to' | 'before', string>>): Promise<void> {
  const answer = await ask(
    `query($from: Date!, $to: Date!, $before: Date!) {
      measures: receivableMeasures(from: $from, to: $to, first: 1000) { rows { legalEntityCode opening sales creditSales cashReceived closing owed overdue days dso averageDaysDelinquent bestPossibleDso } }
      sales: salesRows(from: $from, to: $to, first: 1000) { rows { legalEntityCode isCashSale baseNet baseTotal totalInGroupCurrency } hasMore }
      opening: trialBalance(asOf: $before) { legalEntityCode code baseBalance }
      closing: trialBalance(asOf: $to) { legalEntityCode code baseBalance }
      ageing(asOf: $to, currency: GROUP, groupBy: LEGAL_ENTITY) { notDue ${OVERDUE.join(' ')} total }
    }`,
    { from, to, before },
  );
  expect(answer['sales'].hasMore).toBe(false);
  const rows: readonly Row[] = answer['measures'].rows;
  const sales: readonly Row[] = answer['sales'].rows;
  for (const row of rows.filter(({ legalEntityCode }) => legalEntityCode !== null)) {
    const ofEntity = (list: readonly Row[]) => list.filter((one) => one['legalEntityCode'] === row['legalEntityCode']);
    const balance = (at: string, code: string) =>
      total(
        ofEntity(answer[at]).filter((one) => one['code'] === code),
        'baseBalance',
      );
    const moved = (code: string) => balance('closing', code) - balance('opening', code);
    expect(exact(row['opening'])).toBe(balance('opening', 'RECEIVABLE'));
    expect(exact(row['closing'])).toBe(balance('closing', 'RECEIVABLE'));
    expect(exact(row['cashReceived'])).toBe(moved('CASH_CLEARING'));
    expect(total(ofEntity(sales), 'baseNet')).toBe(-moved('BILLED'));
    expect(exact(row['sales'])).toBe(total(ofEntity(sales), 'baseTotal'));
    expect(exact(row['creditSales'])).toBe(
      total(
        ofEntity(sales).filter(({ isCashSale }) => !isCashSale),
        'baseTotal',
      ),
    );
  }
  const group = rows.find(({ legalEntityCode }) => legalEntityCode === null) ?? {};
  expect(exact(group['closing'])).toBe(total(answer['ageing'], 'total'));
  expect(exact(group['overdue'])).toBe(total(answer['ageing'], ...OVERDUE));
  expect(exact(group['owed'])).toBe(total(answer['ageing'], 'notDue', ...OVERDUE));
  expect(exact(group['sales'])).toBe(total(sales, 'totalInGroupCurrency'));
  for (const { creditSales, closing, overdue, days, dso, averageDaysDelinquent } of rows) {
    const daysOf = (amount: string) => (Number(creditSales) > 0 ? (Number(amount) * days) / Number(creditSales) : null);
    for (const [shown, wanted] of [
      [dso, daysOf(closing)],
      [averageDaysDelinquent, daysOf(overdue)],
    ] as const)
      if (wanted === null) expect(shown).toBeNull();
      else expect(Math.abs(Number(shown) - wanted)).toBeLessThan(0.051 + Math.abs(wanted) / 1e9);
  }
}

it('follows our own histories, and foots to their books', async () => {
  let allocations = 0;
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      world.clock.set(`${START}T08:00:00.000Z`);
      const company = await startCompany(world);
      const copies = copiesFor(company.ask);
      for (const [i, step] of steps.entries()) {
        world.clock.advance(step.op === 'wait' ? (1 + (step.size % 40)) * 86_400_000 : 60_000);
        const now = {
          today: world.clock.now().toISOString().slice(0, 10),
          at: world.clock.now().getTime(),
          groupCurrency: 'EUR',
        };
        const { books, entities } = company;
        const move = moveOf({ books, entities, now }, step);
        const outcome = move ? await company.run(move.name, move.input) : null;
        if (move && outcome?.ok) {
          const before = books.allocations.length;
          move.expected.commit(`${{ recordPayment: 'pay', issueCreditNote: 'cn' }[move.name] ?? 'inv'}_${outcome.recordId}`);
          const made = books.allocations.slice(before);
          if (made.length > 0) await matchAllocations(world, company, made);
          allocations += made.length;
        }
        if (i % 5 === 4) await expectFollowed(company.ask, copies);
      }
      await expectFollowed(company.ask, copies);
      for (const [from, to, before] of [
        ['2026-01-01', '2026-01-31', '2025-12-31'],
        ['2026-02-01', '2026-06-30', '2026-01-31'],
        ['2020-01-01', '2030-12-31', '2019-12-31'],
      ] as const)
        await expectFooting(company.ask, { from, to, before });
    }),
    { numRuns: RUNS, seed: 20_261_122, endOnFailure: true },
  );
  expect(allocations).toBeGreaterThan(0);
}, 600_000);

it('follows an ERP that edits, voids and takes back as it likes, and customers that are renamed', async () => {
  world.clock.set('2026-06-01T09:00:00.000Z');
  const admin = await world.as('admin');
  const small = fc.nat({ max: 99 });
  const op: fc.Arbitrary<Op> = fc.tuple(small, small, small, small);
  const copies = copiesFor(admin.ask);
  let named = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 25, maxLength: 45 }), async (ops) => {
      const erp = new Erp();
      const follower = await Follower.open(world, erp);
      for (const [i, one] of ops.entries()) {
        erp.step(one);
        if (i % 8 !== 7) continue;
        for (const kind of ['Invoice', 'CreditNote', 'Payment'] as const) await follower.follow(kind, follower.changed(kind));
        const { customers } = await admin.ask('{ customers(first: 1) { nodes { id version } } }');
        const [{ id, version }] = customers.nodes;
        await admin.do('updateCustomer', { id, name: `Named ${named++}`, expectedVersion: version }, 'customer');
        await expectFollowed(admin.ask, copies);
      }
    }),
    { numRuns: RUNS, seed: 20_261_123, endOnFailure: true },
  );
  await expectFooting(admin.ask, { from: DAY(5), to: DAY(25), before: DAY(4) });
  await expectFooting(admin.ask, { from: '2020-01-01', to: '2030-12-31', before: '2019-12-31' });
  const all = await admin.ask('{ salesRows(first: 1000) { rows { isReversal } } }');
  expect(all['salesRows'].rows.filter(({ isReversal }: Row) => isReversal).length).toBeGreaterThan(0);
}, 600_000);
