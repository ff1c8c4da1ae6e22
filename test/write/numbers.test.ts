// Numbers of a series under many writers: no gap, no double, no falling date, whatever is refused, rolled back or only tried.
import { expect, it } from 'vitest';
import { openBooks, publicId, startWorld } from '../support/world.ts';
import { atOnce, breakInvoices, broken, commandsOf, range, rowsOf } from './company.ts';

const world = await startWorld({ now: '2026-06-30T09:00:00.000Z' });
const { accountId } = await openBooks(world);
const billing = await world.as('billing');
const commands = await commandsOf(world, 'billing');

const COUNT = 500;
const line = { description: 'Pump', quantity: '1', unitPrice: '100', taxCategory: 'S', taxRate: '19' };

/** One in ten fails after everything was decided or drawn: by a stale version, as a dry run, or as the database refuses the commit. */
const FATES = ['stale', 'dryRun', 'break'] as const;
const fateOf = (i: number) => (i % 10 === Math.floor(i / 10) % 10 ? FATES[Math.floor(i / 10) % 3] : 'issue');
/** Rises in four steps, with one in twenty a step back: those may come too late. */
const dayOf = (i: number) => `2026-06-1${Math.max(0, Math.floor((i * 4) / COUNT) - (i % 20 === 4 ? 1 : 0))}`;

interface Issued {
  readonly id: string;
  readonly number: string | null;
  readonly series_number: string | null;
  readonly issued_on: string | null;
}
const issued = () =>
  rowsOf<Issued>(
    world,
    `select id, number, series_number::text, issued_on::text from invoice where lifecycle = 'ISSUED' order by invoice.series_number`,
  );

it('leaves no gap, no double and no falling date in 500 issues at once, singly and in sets, a tenth of which fail late', async () => {
  await breakInvoices(world);
  const inputs = range(COUNT).map((i) => ({
    accountId,
    lines: [line],
    ...(fateOf(i) === 'break' ? { customerReference: 'break' } : {}),
  }));
  const drafts = (await commands.set('draftInvoice', inputs)).map((outcome) =>
    outcome.ok ? publicId('inv', outcome.recordId) : '',
  );
  const inputOf = (i: number) => ({
    id: drafts[i],
    issuedOn: dayOf(i),
    ...(fateOf(i) === 'stale' ? { expectedVersion: 9 } : {}),
  });

  const acknowledged = new Map<string, string>();
  const refusals: (string | undefined)[] = [];
  const one = async (i: number) => {
    const answer = await billing.send(
      'mutation($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id number } userErrors { code } } }',
      {
        input: { ...inputOf(i), dryRun: fateOf(i) === 'dryRun' },
      },
    );
    const { invoice, userErrors } = answer.data?.issueInvoice ?? {};
    if (invoice && fateOf(i) !== 'dryRun') acknowledged.set(invoice.id, invoice.number);
    else refusals.push(userErrors?.[0]?.code ?? answer.errors?.[0]?.extensions?.['code']);
  };
  const set = async (some: readonly number[]) => {
    const kept = some.filter((i) => fateOf(i) !== 'dryRun');
    const dry = await commands.set('issueInvoice', some.filter((i) => !kept.includes(i)).map(inputOf), { dryRun: true });
    const outcomes = await commands.set('issueInvoice', kept.map(inputOf));
    outcomes.forEach((outcome, n) =>
      outcome.ok ? acknowledged.set(drafts[kept[n] ?? 0] ?? '', '') : refusals.push(outcome.problems[0]?.code),
    );
    refusals.push(...dry.map(() => undefined));
  };
  // singly and in sets, side by side, so that one overtakes the other
  const work = range(COUNT / 20).flatMap((n) => [
    ...range(5).map((i) => () => one(n * 20 + i)),
    () => set(range(15).map((i) => n * 20 + 5 + i)),
  ]);
  await atOnce(24, work, (step) => step());

  const rows = await issued();
  expect(rows.map((r) => r.series_number)).toEqual(rows.map((_, i) => String(i + 1)));
  const dates = rows.map((r) => r.issued_on ?? '');
  expect(dates).toEqual([...dates].sort());
  expect(new Set(rows.map((r) => publicId('inv', r.id)))).toEqual(new Set(acknowledged.keys()));
  for (const { id, number } of rows) expect([number, '']).toContain(acknowledged.get(publicId('inv', id)));
  expect(refusals.length).toBe(COUNT - rows.length);
  expect(rows.length).toBeGreaterThan(COUNT / 4);
  expect(new Set(refusals)).toEqual(new Set(['VERSION_CONFLICT', 'EFFECTIVE_DATE_INVALID', 'INTERNAL', undefined]));

  const next = await billing.do('draftInvoice', { accountId, lines: [line] }, 'invoice');
  const { number } = await billing.do('issueInvoice', { id: next.id }, 'invoice', 'number');
  expect(number).toBe(`INV-DE01-${String(rows.length + 1).padStart(6, '0')}`);
  expect(await broken(world, world.tenantId)).toEqual([]);
});

it('numbers a set in the order given, and refuses only the inputs whose date would fall', async () => {
  const books = await openBooks(world, { code: 'FR01', number: 'C-2' });
  const days = ['2026-06-10', '2026-06-05', '2026-06-12', '2026-06-11', '2026-06-12'];
  const drafts = await commands.set(
    'draftInvoice',
    days.map(() => ({ accountId: books.accountId, lines: [line] })),
  );
  const ids = drafts.map((outcome) => (outcome.ok ? outcome.recordId : ''));
  const outcomes = await commands.set(
    'issueInvoice',
    ids.map((id, i) => ({ id: publicId('inv', id), issuedOn: days[i] })),
  );
  expect(outcomes.map((outcome) => (outcome.ok ? 'issued' : outcome.problems[0]?.code))).toEqual([
    'issued',
    'EFFECTIVE_DATE_INVALID',
    'issued',
    'EFFECTIVE_DATE_INVALID',
    'issued',
  ]);
  const rows = (await issued()).filter((r) => ids.includes(r.id));
  expect(rows.map((r) => [ids.indexOf(r.id), r.number])).toEqual([
    [0, 'INV-FR01-000001'],
    [2, 'INV-FR01-000002'],
    [4, 'INV-FR01-000003'],
  ]);
});
