// How good proposals are, on made-up companies of two ERPs of which it is known what is one: measured at the threshold, before and after people
// have decided. COMPANIES sets how many there are (200 unless told). The figures are printed.
import { expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import { silentErp } from '../observation/silent-erp.ts';
import { rowsOf } from '../write/company.ts';
import { twoBooks } from './companies.ts';
import { openTwoErps, shownAt, type TwoErps } from './group.ts';

const COUNT = Number(process.env['COMPANIES'] ?? 200);
const PAGE = 500;

const world = await startWorld({ now: '2026-03-02T09:00:00.000Z', connectors: [silentErp] });
const group = await openTwoErps(world);
const truths = new Map<string, string>();

async function sync({ erps, entities }: TwoErps, seed: string): Promise<void> {
  const books = twoBooks(seed, COUNT);
  for (const [at, companies] of [
    ['DE', books.first],
    ['US', books.second],
  ] as const) {
    for (let from = 0; from < companies.length; from += PAGE) {
      const page = companies.slice(from, from + PAGE);
      const inputs = page.map(({ name, more }, i) =>
        shownAt(entities[at], name, { ...more, fallbackNumber: `${at}-${seed}-${from + i}` }),
      );
      const outcomes = await erps[at].observe('observeCustomer', inputs);
      outcomes.forEach((outcome, i) => {
        if (!outcome.ok) throw new Error(JSON.stringify(outcome));
        truths.set(outcome.recordId, page[i]?.truth ?? '');
      });
    }
  }
}

/** What the job does each minute. */
async function find(): Promise<number> {
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const due = await rowsOf<{ id: string }>(world, 'select distinct customer_id as id from customer_to_compare order by 1');
  const startMs = performance.now();
  for (let from = 0; from < due.length; from += PAGE) {
    const inputs = due.slice(from, from + PAGE).map(({ id }) => ({ customerId: `cus_${id}` }));
    const outcomes = await world.platform.write.runSet(world.platform.command('findCustomerMatches'), inputs, {
      principal,
      requestId: `find ${from}`,
    });
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.fault ?? new Error(JSON.stringify(outcome));
  }
  return performance.now() - startMs;
}

interface Pair {
  readonly id: string;
  readonly score: string;
  readonly one: string;
  readonly other: string;
}

/** Of the companies of a seed. */
async function measured(seed: string) {
  const rows = await rowsOf<Pair>(
    world,
    `select m.id, m.score::text, a.id as one, b.id as other from customer_match m
     join customer_account a on a.origin_customer_id = m.customer_id join customer_account b on b.origin_customer_id = m.other_customer_id
     where m.lifecycle = 'PROPOSED'`,
  );
  const ofSeed = rows.filter(({ one, other }) => truths.get(one)?.startsWith(seed) && truths.get(other)?.startsWith(seed));
  const right = ofSeed.filter(({ one, other }) => truths.get(one) === truths.get(other));
  const counts = new Map<string, number>();
  for (const truth of truths.values()) if (truth.startsWith(seed)) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const wanted = [...counts.values()].filter((count) => count === 2).length;
  return { proposed: ofSeed, right, precision: right.length / ofSeed.length, recall: right.length / wanted, wanted };
}

const tell = (figures: string) => process.stdout.write(`${figures}\n`);
const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;

test('proposals are right and whole enough for a worklist, and deciding on them makes the next ones no worse', async () => {
  await sync(group, 'one');
  const tookMs = await find();
  const one = await measured('one');
  tell(
    `${one.wanted} companies are in both of ${truths.size} accounts: ${one.proposed.length} pairs proposed in ${Math.round(tookMs)} ms, precision ${percent(one.precision)}, recall ${percent(one.recall)}`,
  );
  expect(one.precision).toBeGreaterThan(0.9);
  expect(one.recall).toBeGreaterThan(0.85);

  // the same companies, without a single decision, are what learning is held against
  await sync(group, 'two');
  await find();
  const unlearnt = await measured('two');
  const admin = await world.platform.systemPrincipal(world.tenantId);
  const isRight = new Set(one.right.map(({ id }) => id));
  const decided = [...one.proposed.filter(({ id }) => !isRight.has(id)), ...one.right.slice(0, 40)];
  for (const { id } of decided) {
    const command = world.platform.command(isRight.has(id) ? 'confirmCustomerMatch' : 'rejectCustomerMatch');
    const outcome = await world.platform.write.run(command, { id: `cm_${id}` }, { principal: admin, requestId: `decide ${id}` });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  }
  // everything is looked at anew with what was learnt
  await rowsOf(
    world,
    'insert into customer_to_compare (tenant_id, id, customer_id, noted_at) select tenant_id, gen_random_uuid(), id, now() from customer',
  );
  await find();
  const learnt = await measured('two');
  tell(
    `of others ${unlearnt.wanted}: precision ${percent(unlearnt.precision)}, recall ${percent(unlearnt.recall)}; after ${decided.length} decisions ${percent(learnt.precision)}, ${percent(learnt.recall)}`,
  );
  expect(learnt.precision).toBeGreaterThanOrEqual(unlearnt.precision - 0.005);
  expect(learnt.recall).toBeGreaterThanOrEqual(unlearnt.recall - 0.005);
}, 120_000);
