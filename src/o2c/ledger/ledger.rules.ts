/** From posting rules and named amounts to journal entries. Pure; an entry can't be unbalanced, since each transfer is one amount with two sides. */
import { DomainError } from '../../kernel/errors.ts';
import { addDays } from '../../kernel/date.ts';
import type { LedgerCode, PostingRule } from '../../kernel/posting.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';

/** Where one side of an amount stands. */
export interface Side {
  readonly accountId: string;
  /** For RECEIVABLE: the open item. */
  readonly itemId?: string;
  /** What the code is split by: a tax category and rate, a bank account. */
  readonly detail?: string;
}

/** An amount that a posting rule names. Negative amounts swap the sides. */
export interface Leg {
  readonly amount: string;
  readonly minor: bigint;
  readonly baseMinor: bigint;
  readonly currency: string;
  readonly debit: Side;
  readonly credit: Side;
}

export interface EntryDraft {
  readonly id: string;
  readonly on: string;
  readonly tenantId: string;
  readonly legalEntityId: string;
  readonly baseCurrency: string;
  readonly recordKind: string;
  readonly recordId: string;
  readonly effectiveOn: string;
  readonly recordedAt: Date;
  readonly actorId: string;
  /** The connection by which it was observed; null: by our own authority. */
  readonly connectionId: string | null;
  readonly reversesId?: string;
}

/** The head of an entry that a command makes now. */
export const entryOf = (
  { newId, now, principal, observing }: Pick<CommandContext, 'newId' | 'now' | 'principal' | 'observing'>,
  entry: Omit<EntryDraft, 'id' | 'recordedAt' | 'actorId' | 'connectionId'>,
): EntryDraft => ({
  ...entry,
  id: newId(),
  recordedAt: now,
  actorId: principal.actorId,
  connectionId: observing?.connectionId ?? null,
});

export interface TransferRow {
  readonly debitCode: string;
  readonly debitDetail: string | null;
  readonly debitAccountId: string;
  readonly debitItemId: string | null;
  readonly creditCode: string;
  readonly creditDetail: string | null;
  readonly creditAccountId: string;
  readonly creditItemId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly baseCurrency: string;
  readonly baseMinor: bigint;
}

const swapped = (t: TransferRow): TransferRow => ({
  ...t,
  debitCode: t.creditCode,
  debitDetail: t.creditDetail,
  debitAccountId: t.creditAccountId,
  debitItemId: t.creditItemId,
  creditCode: t.debitCode,
  creditDetail: t.debitDetail,
  creditAccountId: t.debitAccountId,
  creditItemId: t.debitItemId,
});

function transferOf(rule: PostingRule, leg: Leg, baseCurrency: string): TransferRow {
  const isNegative = leg.minor < 0n || (leg.minor === 0n && leg.baseMinor < 0n);
  const sign = isNegative ? -1n : 1n;
  const { debit, credit } = leg;
  const transfer: TransferRow = {
    debitCode: rule.debit,
    debitDetail: debit.detail ?? null,
    debitAccountId: debit.accountId,
    debitItemId: itemOf(rule.debit, debit),
    creditCode: rule.credit,
    creditDetail: credit.detail ?? null,
    creditAccountId: credit.accountId,
    creditItemId: itemOf(rule.credit, credit),
    currency: leg.currency,
    amountMinor: leg.minor * sign,
    baseCurrency,
    baseMinor: leg.baseMinor * sign,
  };
  return isNegative ? swapped(transfer) : transfer;
}

const itemOf = (code: LedgerCode, { itemId }: Side): string | null => (code === 'RECEIVABLE' ? (itemId ?? null) : null);

/** Rounding can leave a small amount and its base amount with opposite signs: then they are two transfers. Nothing makes none. */
function ofOneSign(leg: Leg): readonly Leg[] {
  const { minor, baseMinor } = leg;
  if (minor === 0n && baseMinor === 0n) return [];
  return minor !== 0n && baseMinor !== 0n && minor > 0n !== baseMinor > 0n
    ? [
        { ...leg, baseMinor: 0n },
        { ...leg, minor: 0n },
      ]
    : [leg];
}

/** The rows of one entry by the posting rules. Amounts of nothing post nothing. */
export function post(rules: readonly PostingRule[], draft: EntryDraft, legs: readonly Leg[], newId: () => string): RowChange[] {
  const transfers = legs.flatMap(ofOneSign).map((leg) => {
    const rule = rules.find((r) => r.on === draft.on && r.amount === leg.amount);
    if (!rule) throw new Error(`No posting rule for the amount ${leg.amount} of ${draft.on}`);
    return transferOf(rule, leg, draft.baseCurrency);
  });
  return entryRows(draft, transfers, newId);
}

/** The entry that takes another back: the same transfers with their sides swapped. */
export const reverse = (
  draft: EntryDraft & { readonly reversesId: string },
  transfers: readonly TransferRow[],
  newId: () => string,
): RowChange[] => entryRows(draft, transfers.map(swapped), newId);

function entryRows(draft: EntryDraft, transfers: readonly TransferRow[], newId: () => string): RowChange[] {
  const { id, on, baseCurrency: _, reversesId, ...rest } = draft;
  const { tenantId, legalEntityId, effectiveOn, recordedAt } = draft;
  return [
    { op: 'insert', entity: 'JournalEntry', values: { ...rest, id, eventType: on, reversesId: reversesId ?? null } },
    ...transfers.map(
      (t): RowChange => ({
        op: 'insert',
        entity: 'Transfer',
        values: { ...t, id: newId(), tenantId, entryId: id, legalEntityId, effectiveOn, recordedAt },
      }),
    ),
  ];
}

export interface Books {
  readonly code: string;
  readonly closedThrough: string | null;
}

/** @throws PERIOD_CLOSED that names the first open day */
export function requireOpen(books: Books, effectiveOn: string, path: string): void {
  if (books.closedThrough !== null && effectiveOn <= books.closedThrough) {
    throw new DomainError(
      'PERIOD_CLOSED',
      `The books of ${books.code} are closed through ${books.closedThrough}. Use ${addDays(books.closedThrough, 1)} or a later day.`,
      { path: [path] },
    );
  }
}

export interface ReversalAsked {
  /** The day of what is taken back. */
  readonly originalOn: string;
  /** Absent: today. */
  readonly asked: string | undefined;
  readonly today: string;
  readonly path: string;
}

/** The day on which a reversal counts: as asked, never before the original or after today, and moved to the first open day. */
export function reversalDay(books: Books, { originalOn, asked: wanted, today, path }: ReversalAsked): string {
  const asked = wanted ?? today;
  if (asked < originalOn) {
    throw new DomainError(
      'EFFECTIVE_DATE_INVALID',
      `A reversal can't count before ${originalOn}, the day of what it takes back.`,
      { path: [path] },
    );
  }
  if (asked > today)
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; a reversal can't count on a later day.`, {
      path: [path],
    });
  return books.closedThrough !== null && asked <= books.closedThrough ? addDays(books.closedThrough, 1) : asked;
}
