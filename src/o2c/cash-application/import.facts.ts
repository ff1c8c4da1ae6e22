/** What reading in a page of documents needs, and what both kinds share: the documents known already, accounts, books, rates. */
import { localDate } from '../../kernel/clock.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { DomainError } from '../../kernel/errors.ts';
import { amount, currencyInput, idOf, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import type { CommandContext, RowChange, Tx } from '../../write/command.ts';
import { loadRates, rateOf, type Rates } from '../catalogue/index.ts';
import { requireOpen } from '../ledger/index.ts';
import { type AccountRow, CustomerAccount, ExternalRef, type LegalEntityRow, loadEntities, seriesKey } from '../party/index.ts';
import type { PAYMENT_METHODS } from '../payment/index.ts';

/** Files of different legal entities may use one id for different documents. */
export const connectionOf = (legalEntityId: string) => `import ${legalEntityId}`;
export const refKey = (connection: string, externalId: string) => `${connection} ${externalId}`;
export const texts = (list: readonly string[]) => sql.typed([...new Set(list)], 'text[]');

export interface Imported {
  readonly legalEntityId: string;
  readonly externalId: string;
  readonly customerNumber: string;
  readonly currency: string;
}

export const importedFields = {
  legalEntityId: idOf('le').describe('The legal entity whose books it is in.'),
  externalId: text({ max: 200 }).describe('What tells it from all others of its kind; a known one changes nothing.'),
  customerNumber: text({ max: 40 }).describe("The customer's number at the legal entity."),
  amount: amount().describe('The amount.'),
  currency: currencyInput.describe('Its currency.'),
};

/** The documents known already, the accounts, the books, and the rates of the given days. */
export async function importFacts(
  tx: Tx,
  kind: 'Invoice' | 'Payment',
  inputs: readonly (Imported & { readonly days: readonly string[] })[],
  groupCurrency: string,
) {
  const refs = await tx.load(
    ExternalRef,
    sql`t.connection = any(${texts(inputs.map((i) => connectionOf(i.legalEntityId)))}) and t.record_kind = ${kind} and t.external_id = any(${texts(inputs.map((i) => i.externalId))})`,
  );
  const accounts = await tx.load(CustomerAccount, sql`t.number = any(${texts(inputs.map((i) => i.customerNumber))})`);
  const { entities, series } = await loadEntities(
    tx,
    inputs.map((i) => i.legalEntityId),
  );
  const wanted = inputs.flatMap(({ legalEntityId, currency, days }) => {
    const base = entities.get(legalEntityId)?.functionalCurrency ?? groupCurrency;
    return days.flatMap((on) => [base, groupCurrency].map((to) => ({ from: currency, to, on })));
  });
  return {
    known: new Map(refs.map((r) => [refKey(r.connection, r.externalId), r.recordId])),
    accounts: new Map(accounts.map((a) => [`${a.legalEntityId} ${a.number}`, a])),
    entities,
    series,
    rates: await loadRates(tx, wanted),
  };
}
export type Facts = Awaited<ReturnType<typeof importFacts>>;

export function partiesOf(facts: Facts, input: Imported): { account: AccountRow; entity: LegalEntityRow } {
  const entity = facts.entities.get(input.legalEntityId);
  if (!entity) throw new DomainError('NOT_FOUND', 'There is no such legal entity.', { path: ['legalEntityId'] });
  const account = facts.accounts.get(`${entity.id} ${input.customerNumber}`);
  if (!account)
    throw new DomainError(
      'NOT_FOUND',
      `The customer ${input.customerNumber} has no account with ${entity.code}. Import customers first.`,
      { path: ['customerNumber'] },
    );
  return { account, entity };
}

/** What is read in has happened, in books that are open. @throws EFFECTIVE_DATE_INVALID, PERIOD_CLOSED */
export function requirePast(entity: LegalEntityRow, day: string, { now, path }: { now: Date; path: string }): void {
  const today = localDate(now, entity.timeZone);
  if (day > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; ${path} must not be a later day.`, { path: [path] });
  requireOpen({ code: entity.code, closedThrough: entity.closedThrough }, day, path);
}

export const refRow = (
  context: CommandContext,
  recordKind: 'Invoice' | 'Payment',
  { legalEntityId, externalId }: Imported,
  recordId: string,
): RowChange => ({
  op: 'insert',
  entity: 'ExternalRef',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    connection: connectionOf(legalEntityId),
    recordKind,
    externalId,
    recordId,
    createdAt: context.now,
  },
});

export interface Received {
  readonly context: CommandContext;
  readonly facts: Facts;
  readonly account: AccountRow;
  readonly entity: LegalEntityRow;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly receivedOn: string;
  readonly number: unknown;
  readonly method: (typeof PAYMENT_METHODS)[number];
  readonly reference: string | null;
}

export const ratesOf = (
  rates: Rates,
  context: CommandContext,
  { from, base, on }: { from: string; base: string; on: string },
) => ({
  rate: rateOf(rates, from, base, on),
  groupRate: rateOf(rates, from, context.tenant.groupCurrency, on),
});

/** An imported payment as it stands when it came: nothing applied yet. */
export function paymentOf({
  context,
  facts,
  account,
  entity,
  currency,
  amountMinor,
  receivedOn,
  number,
  method,
  reference,
}: Received) {
  return {
    id: context.newId(),
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'IMPORTED',
    lifecycle: 'RECEIVED',
    status: 'UNAPPLIED',
    number,
    method,
    reference,
    bankAccount: null,
    currency,
    amountMinor,
    openMinor: amountMinor,
    baseCurrency: entity.functionalCurrency,
    ...ratesOf(facts.rates, context, { from: currency, base: entity.functionalCurrency, on: receivedOn }),
    receivedOn,
    version: 1,
    createdAt: context.now,
  } as const;
}

/** The values of the one update that settling gives: for a row that is not written yet. */
export const setOf = (rows: readonly RowChange[]): Readonly<Record<string, unknown>> => {
  const [row] = rows;
  return row?.op === 'update' ? row.set : {};
};

/** The slot is a new id: each payment draws its own number. */
export const seriesNumber = (facts: Facts, legalEntityId: string, context: CommandContext) =>
  drawn(facts.series.get(seriesKey(legalEntityId, 'PAYMENT')) ?? '', { slot: context.newId() }, 'TEXT');
