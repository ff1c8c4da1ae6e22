/** Holds the platform's reports against the reference books: as of any day, and as they were known at any time. */
import { expect } from 'vitest';
import { type Books, BUCKETS, EXPONENT, total } from './books-model.ts';
import type { Company } from './company.ts';
import { text } from './history-step.ts';

const AGEING = `legalEntityCode currency ${BUCKETS.join(' ')} total`;
const TAKEN = ['paidByCash', 'credited', 'discounted', 'writtenOff', 'returned', 'voided'];
const ITEMS = ['open', 'original', ...TAKEN].map((name) => `${name} { byCurrency { currency sum } }`).join(' ');
const TRIAL = 'legalEntityCode code currency baseCurrency debit credit balance baseBalance';

interface Trial {
  readonly legalEntityCode: string;
  readonly code: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly balance: string;
  readonly baseBalance: string;
}

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.join(' | ')).sort();

const minorOf = (amount: string, currency: string): bigint => {
  const [whole = '0', part = ''] = amount.split('.');
  return (
    BigInt(whole.replace('-', '') + part.padEnd(Number(EXPONENT[currency] ?? 2n), '0')) * (amount.startsWith('-') ? -1n : 1n)
  );
};

function expectTrial(rows: readonly Trial[], ageing: ReturnType<Books['ageing']>, note: string): void {
  const sums = new Map<string, bigint>();
  const count = (key: string, minor: bigint) => sums.set(key, (sums.get(key) ?? 0n) + minor);
  for (const r of rows) {
    count(`${r.legalEntityCode} in ${r.currency}`, minorOf(r.balance, r.currency));
    if (r.currency === r.baseCurrency) expect(r.balance, `${note} ${r.code}`).toBe(r.baseBalance);
    count(`${r.legalEntityCode} in base`, minorOf(r.baseBalance, r.baseCurrency));
  }
  expect(
    [...sums].filter(([, sum]) => sum !== 0n),
    note,
  ).toEqual([]);
  const control = rows
    .filter((r) => r.code === 'RECEIVABLE' && minorOf(r.balance, r.currency) !== 0n)
    .map((r) => [`${r.legalEntityCode} ${r.currency}`, r.balance]);
  const open = [...ageing]
    .map(([key, group]) => [key, text(total(Object.values(group)), key.slice(-3))])
    .filter(([key = '', sum = '']) => minorOf(sum, key.slice(-3)) !== 0n);
  expect(sorted(control), note).toEqual(sorted(open));
}

type Sums = Readonly<Record<string, { readonly byCurrency: readonly { readonly currency: string; readonly sum: string }[] }>>;
type ItemGroup = { readonly key: { readonly legalEntityCode: string } } & Sums;

/** The items added up: open is the reference's, and what was at first is that and all that was taken of it, of whatever kind. */
function expectItems(groups: readonly ItemGroup[], ageing: ReturnType<Books['ageing']>, note: string): void {
  const sumOf = (group: Sums, name: string, currency: string) =>
    minorOf(group[name]?.byCurrency.find((one) => one.currency === currency)?.sum ?? '0', currency);
  const open = groups.flatMap((group) =>
    (group['open']?.byCurrency ?? []).map(({ currency }) => [
      `${group.key.legalEntityCode} ${currency}`,
      sumOf(group, 'open', currency),
      sumOf(group, 'original', currency) - TAKEN.reduce((sum, name) => sum + sumOf(group, name, currency), 0n),
    ]),
  );
  const wanted = [...ageing].map(([key, group]) => [key, total(Object.values(group)), total(Object.values(group))]);
  const isThere = ([, sum]: readonly unknown[]) => sum !== 0n;
  expect(sorted(open.filter(isThere)), note).toEqual(sorted(wanted.filter(isThere)));
}

/** Ageing and trial balance as of each day, as they are known now: the buckets of the reference, and the control account. */
export async function checkDays({ ask, books }: Company, days: readonly string[]): Promise<void> {
  const parts = days.map(
    (day, i) =>
      `a${i}: ageing(asOf: "${day}", groupBy: LEGAL_ENTITY) { ${AGEING} } t${i}: trialBalance(asOf: "${day}") { ${TRIAL} }
        o${i}: openItemsAggregate(asOf: "${day}", groupBy: [{ field: LEGAL_ENTITY_CODE }]) { groups { key { legalEntityCode } ${ITEMS} } }`,
  );
  const answer = await ask(`{ ${parts.join(' ')} }`);
  for (const [i, day] of days.entries()) {
    const ageing = books.ageing(day);
    expectAgeing(answer[`a${i}`], ageing, day);
    expectTrial(answer[`t${i}`], ageing, day);
    expectItems(answer[`o${i}`].groups, ageing, day);
  }
}

function expectAgeing(rows: readonly Record<string, string>[], ageing: ReturnType<Books['ageing']>, note: string): void {
  const shown = rows.map((r) => [`${r.legalEntityCode} ${r.currency}`, ...BUCKETS.map((b) => r[b]), r.total]);
  const wanted = [...ageing].map(([key, group]) => [
    key,
    ...BUCKETS.map((b) => text(group[b], key.slice(-3))),
    text(total(Object.values(group)), key.slice(-3)),
  ]);
  expect(sorted(shown), note).toEqual(sorted(wanted));
}

/** What was asked at some moment, to be asked again when more is known. */
export interface Memory {
  readonly asOf: string;
  readonly knownAt: string;
  readonly answer: unknown;
}

const REMEMBERED = `query($asOf: Date!, $knownAt: DateTime) {
  ageing(asOf: $asOf, knownAt: $knownAt, groupBy: ACCOUNT) { accountNumber ${AGEING} }
  trialBalance(asOf: $asOf, knownAt: $knownAt) { ${TRIAL} }
  openItems(first: 500, asOf: $asOf, knownAt: $knownAt) {
    nodes { documentNumber open { amount } paidByCash { amount } credited { amount } settledOn }
  }
}`;

export const remember = async ({ ask }: Company, asOf: string, at: Date): Promise<Memory> => ({
  asOf,
  knownAt: at.toISOString(),
  answer: await ask(REMEMBERED, { asOf }),
});

export async function checkMemories({ ask }: Company, memories: readonly Memory[]): Promise<void> {
  for (const { asOf, knownAt, answer } of memories)
    expect(await ask(REMEMBERED, { asOf, knownAt }), `${asOf} as known at ${knownAt}`).toEqual(answer);
}
