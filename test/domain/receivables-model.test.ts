// Promise 2: whatever happens to receivables in whatever order, the books are what plain arithmetic says, on every day and as known at
// any time. CASHGRAPH_HISTORIES sets how many histories, CASHGRAPH_SEED which ones; with
// CASHGRAPH_SHRINK=1 a failure is made small, with CASHGRAPH_SEEN=1 it says how often each outcome was met.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runInvariants } from '../../src/cli/invariants.ts';
import { verifyChain } from '../../src/outbox/chain.ts';
import { runPlanned } from '../support/invariants.ts';
import { startWorld } from '../support/world.ts';
import { type Company, START, startCompany } from './company.ts';
import { moveOf } from './history.ts';
import { checkDocuments, matchAllocations } from './history-check.ts';
import { checkDays, checkMemories, type Memory, remember } from './history-reports.ts';
import { history, type Step } from './history-step.ts';

const HISTORIES = Number(process.env.CASHGRAPH_HISTORIES ?? 60);
const SEED = Number(process.env.CASHGRAPH_SEED ?? 20_260_105);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ASKED_DAYS = 8;

const world = await startWorld({ now: `${START}T08:00:00.000Z` });
const seen = new Map<string, number>();
const counted = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);

async function take(company: Company, step: Step): Promise<void> {
  world.clock.advance(step.op === 'wait' ? (1 + (step.size % 40)) * DAY_MS : MINUTE_MS);
  const now = { today: world.clock.now().toISOString().slice(0, 10), at: world.clock.now().getTime(), groupCurrency: 'EUR' };
  const { books, entities, run } = company;
  const move = moveOf({ books, entities, now }, step);
  if (!move) return;
  const { name, input, expected } = move;
  const outcome = await run(name, input);
  const said = outcome.ok ? 'done' : outcome.problems.map((p) => `${p.code}: ${p.message}`).join();
  const note = `${name} ${JSON.stringify(input)} on ${now.today} gave ${said}, and should have given ${expected.codes.join(' or ') || 'done'}`;
  if (outcome.ok) expect(expected.codes, note).toEqual([]);
  else expect(expected.codes, note).toContain(outcome.problems[0]?.code);
  counted(outcome.ok ? name : `${name} ${outcome.problems[0]?.code}`);
  if (!outcome.ok) return;
  const before = books.allocations.length;
  expected.commit(`${PREFIX[name] ?? 'inv'}_${outcome.recordId}`);
  const made = books.allocations.slice(before);
  if (made.length > 0) await matchAllocations(world, company, made);
}

const PREFIX: Readonly<Record<string, string>> = { recordPayment: 'pay', issueCreditNote: 'cn' };

/** The days on which something happened, and the days around them; when there are many, evenly some of them. */
function daysOf({ books }: Company): string[] {
  const around = [...books.items.flatMap((i) => [i.on, i.dueOn]), ...books.allocations.map((a) => a.on)].sort();
  const days = [...new Set(around)];
  return days.filter((_, i) => i % Math.ceil(days.length / ASKED_DAYS) === 0 || i === days.length - 1);
}

async function expectInvariants(company: Company): Promise<void> {
  const { tenantId } = company.principal;
  const client = await world.database.as('app').connect();
  try {
    await client.query(`select set_config('app.tenant_id', $1, false)`, [tenantId]);
    const findings = await runInvariants({
      tenantId,
      rows: (source) => runPlanned(client, source),
    });
    expect(findings).toEqual([]);
  } finally {
    client.release();
  }
}

async function live(steps: readonly Step[]): Promise<void> {
  world.clock.set(`${START}T08:00:00.000Z`);
  const company = await startCompany(world);
  const memories: Memory[] = [];
  for (const [i, step] of steps.entries()) {
    await take(company, step);
    if (i % 12 === 11) {
      await checkDocuments(world, company);
      const today = world.clock.now().toISOString().slice(0, 10);
      memories.push(await remember(company, today, world.clock.now()));
    }
  }
  world.clock.advance(MINUTE_MS);
  await checkDocuments(world, company);
  await checkDays(company, daysOf(company));
  await checkMemories(company, memories);
  await expectInvariants(company);
}

it(`keeps the books that plain arithmetic says, in ${HISTORIES} random histories`, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await live(steps);
    }),
    { numRuns: HISTORIES, seed: SEED, endOnFailure: process.env.CASHGRAPH_SHRINK !== '1' },
  );
  expect(seen.size).toBeGreaterThan(0);
  if (process.env.CASHGRAPH_SEEN)
    process.stdout.write(
      `${[...seen]
        .map(([key, n]) => `${key}: ${n}`)
        .sort()
        .join('\n')}\n`,
    );
}, 600_000);

it('reaches every command and its refusals in these histories', () => {
  const commands = [
    'draftInvoice',
    'issueInvoice',
    'recordPayment',
    'applyCash',
    'applyCredit',
    'reverseAllocation',
    'returnPayment',
    'issueCreditNote',
    'writeOff',
    'closeBooks',
  ];
  expect(commands.filter((name) => !seen.has(name))).toEqual([]);
  const refusals = [
    'OVER_ALLOCATION',
    'EFFECTIVE_DATE_INVALID',
    'PERIOD_CLOSED',
    'WRONG_STATE',
    'RATE_MISSING',
    'ACCOUNT_MISMATCH',
    'CURRENCY_MISMATCH',
    'AMOUNT_INVALID',
    'NOTHING_TO_ALLOCATE',
    'DISCOUNT_NOT_AVAILABLE',
  ];
  expect(refusals.filter((code) => ![...seen.keys()].some((key) => key.endsWith(` ${code}`)))).toEqual([]);
});

it('leaves an unbroken chain of events behind', async () => {
  const companies = await world.database.as('system').query<{ tenant_id: string }>('select tenant_id from tenant');
  for (const { tenant_id } of companies.rows.slice(0, 5))
    expect(await verifyChain({ pool: world.database.as('system'), tenantId: tenant_id })).toMatchObject({ ok: true });
});
