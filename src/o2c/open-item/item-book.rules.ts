/**
 * The open items that one decision touches. Allocations change them one after the other; at the end each changed item gives
 * one row, each allocation its row, its journal entry and its event. Pure but for its own state, which lives as long as the decision.
 *
 * open = original − Σ allocations is the only formula, in both currencies: what a part takes of the functional-currency amount
 * is its share, rounded once, and the last part takes the rest; what the two sides differ by is the realised difference.
 */
import { DomainError } from '../../kernel/errors.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { RowChange } from '../../write/command.ts';
import { post, reverse, type TransferRow } from '../ledger/index.ts';
import {
  allocationEvent,
  type AllocationPlan,
  type AllocationRow,
  exposureOf,
  isLive,
  type ItemRow,
  legsOf,
  requireFits,
  shareOf,
} from './allocation.rules.ts';
import { lastDay, openFrom, type TakenByDay } from './item-days.rules.ts';
import { allocationPostings } from './open-item.postings.ts';

export interface BookContext {
  readonly tenantId: string;
  readonly actorId: string;
  readonly now: Date;
  readonly newId: () => string;
  /** The connection by which what it makes was observed; absent: by our own authority. */
  readonly connectionId?: string | null;
}

/** Items as they were read, and what was taken of them by day. */
export interface LoadedItems {
  readonly items: readonly ItemRow[];
  readonly taken: TakenByDay;
}

export interface Reversal {
  readonly transfers: readonly TransferRow[];
  readonly effectiveOn: string;
  readonly rule: string;
  /** The entry that posts it, where the caller posts (a document that counts again). */
  readonly entryId?: string;
}

const NOTHING: LoadedItems = { items: [], taken: new Map() };

const COLUMN = {
  CASH: 'cashMinor',
  CREDIT: 'creditMinor',
  DISCOUNT: 'discountMinor',
  WRITE_OFF: 'writeOffMinor',
  RETURN: 'returnedMinor',
  REFUND: 'returnedMinor',
  VOID: 'voidedMinor',
} as const;

export class ItemBook {
  private readonly items = new Map<string, ItemRow>();
  private readonly before = new Map<string, ItemRow | null>();
  private readonly made: RowChange[] = [];
  private readonly events: EventDraft[] = [];
  private readonly taken: Map<string, ReadonlyMap<string, bigint>>;

  /** Without `loaded` it holds only what is added to it. */
  constructor(
    private readonly context: BookContext,
    loaded: LoadedItems = NOTHING,
  ) {
    this.taken = new Map(loaded.taken);
    this.bring(loaded.items, loaded.taken);
  }

  /** Items that come into play while it decides; one that it holds stays as it is. */
  bring(items: readonly ItemRow[], taken: TakenByDay): void {
    for (const item of items) {
      if (this.items.has(item.id)) continue;
      this.items.set(item.id, item);
      this.before.set(item.id, item);
      const days = taken.get(item.id);
      if (days) this.taken.set(item.id, days);
    }
  }

  /** An item that this decision makes. */
  add(item: ItemRow): void {
    this.items.set(item.id, item);
    this.before.set(item.id, null);
  }

  /** What an item says of its document beside amounts. */
  amend(id: string, set: Partial<Pick<ItemRow, 'dueOn' | 'documentNumber'>>): void {
    const item = this.item(id);
    const { dueOn = item.dueOn, documentNumber = item.documentNumber } = set;
    if (dueOn !== item.dueOn || documentNumber !== item.documentNumber) this.items.set(id, { ...item, dueOn, documentNumber });
  }

  /** Rows of an entry that the caller posted. */
  post(rows: readonly RowChange[]): void {
    this.made.push(...rows);
  }

  item(id: string): ItemRow {
    const item = this.items.get(id);
    if (!item) throw new DomainError('NOT_FOUND', 'There is no such open item.');
    return item;
  }

  /** The items that stand for a document, as they are now. */
  of(documentId: string): readonly ItemRow[] {
    return [...this.items.values()]
      .filter((i) => i.documentId === documentId && isLive(i))
      .sort((a, b) => a.instalment - b.instalment);
  }

  /** Every item as it is once this is written, and what was taken of each. */
  after(): LoadedItems {
    const items = [...this.items.values()].map((item) => {
      const before = this.before.get(item.id);
      return before && before !== item ? { ...item, version: before.version + 1 } : item;
    });
    return { items, taken: this.taken };
  }

  /** The first day from which that much of an item is open. */
  openFrom(id: string, minor: bigint): string {
    return openFrom(this.item(id), this.taken, minor);
  }

  /** The last day on which something happened to an item. */
  lastDay(id: string): string {
    return lastDay(this.item(id), this.taken);
  }

  /** @throws OVER_ALLOCATION, EFFECTIVE_DATE_INVALID, ACCOUNT_MISMATCH, AMOUNT_INVALID */
  allocate(plan: AllocationPlan): AllocationRow {
    const to = plan.toId ? this.item(plan.toId) : null;
    const from = plan.fromId ? this.item(plan.fromId) : null;
    const root = to ?? from;
    if (!root) throw new Error('An allocation has a side');
    const fromMinor = plan.fromMinor ?? plan.minor;
    requireFits(plan, { to, from, fromMinor });
    this.requireOpen(plan.effectiveOn, [to && this.openFrom(to.id, plan.minor), from && this.openFrom(from.id, fromMinor)]);
    const toBase = to ? shareOf(to, plan.minor) : null;
    const fromBase = from ? shareOf(from, fromMinor) : null;
    const row: AllocationRow = {
      id: this.context.newId(),
      tenantId: this.context.tenantId,
      legalEntityId: root.legalEntityId,
      accountId: root.accountId,
      kind: plan.kind,
      toItemId: to?.id ?? null,
      toMinor: to ? plan.minor : null,
      toCurrency: to?.currency ?? null,
      toBaseMinor: toBase,
      fromItemId: from?.id ?? null,
      fromAccountId: from?.accountId ?? null,
      fromMinor: from ? fromMinor : null,
      fromCurrency: from?.currency ?? null,
      fromBaseMinor: fromBase,
      baseCurrency: root.baseCurrency,
      effectiveOn: plan.effectiveOn,
      recordedAt: this.context.now,
      rule: plan.rule,
      evidence: plan.evidence ?? null,
      actorId: this.context.actorId,
      entryId: plan.entryId ?? this.context.newId(),
      reversesId: null,
      withId: plan.withId ?? null,
      viaId: plan.viaId ?? null,
      connectionId: this.context.connectionId ?? null,
    };
    if (!plan.entryId) {
      const legs = legsOf(row, { to, from, taxed: plan.taxed });
      this.made.push(...post(allocationPostings, this.entryOf(row), legs, this.context.newId));
    }
    this.take(row, 1n);
    return row;
  }

  /** Takes an allocation back, with the very amounts that it took. */
  reverse(allocation: AllocationRow, { transfers, effectiveOn, rule, entryId }: Reversal): AllocationRow {
    const minus = (n: bigint | null | undefined) => (n === null || n === undefined ? null : -n);
    const row: AllocationRow = {
      ...allocation,
      id: this.context.newId(),
      toMinor: minus(allocation.toMinor),
      toBaseMinor: minus(allocation.toBaseMinor),
      fromMinor: minus(allocation.fromMinor),
      fromBaseMinor: minus(allocation.fromBaseMinor),
      effectiveOn,
      recordedAt: this.context.now,
      rule,
      evidence: null,
      actorId: this.context.actorId,
      entryId: entryId ?? this.context.newId(),
      reversesId: allocation.id,
      connectionId: this.context.connectionId ?? null,
    };
    if (entryId === undefined) {
      const entry = { ...this.entryOf(row), on: 'allocation.reversed', reversesId: allocation.entryId };
      this.made.push(...reverse(entry, transfers, this.context.newId));
    }
    this.take(row, -1n);
    return row;
  }

  private requireOpen(effectiveOn: string, days: readonly (string | null)[]): void {
    const earliest = days.reduce<string>((latest, day) => (day !== null && day > latest ? day : latest), '');
    if (effectiveOn >= earliest) return;
    throw new DomainError(
      'EFFECTIVE_DATE_INVALID',
      `It can't count before ${earliest}, the first day from which that much of both documents is open.`,
      { path: ['effectiveOn'] },
    );
  }

  private take(row: AllocationRow, sign: 1n | -1n): void {
    if (row.toItemId) this.change(row.toItemId, { row, minor: row.toMinor ?? 0n, base: row.toBaseMinor ?? 0n });
    if (row.fromItemId) this.change(row.fromItemId, { row, minor: -(row.fromMinor ?? 0n), base: -(row.fromBaseMinor ?? 0n) });
    this.made.push({ op: 'insert', entity: 'Allocation', values: { ...row } });
    this.events.push(allocationEvent(row, sign === 1n ? 'allocation.made' : 'allocation.reversed'));
  }

  private change(id: string, { row, minor, base }: { row: AllocationRow; minor: bigint; base: bigint }): void {
    const item = this.item(id);
    const openMinor = item.openMinor - minor;
    const column = COLUMN[row.kind];
    const days = new Map(this.taken.get(id));
    this.taken.set(id, days.set(row.effectiveOn, (days.get(row.effectiveOn) ?? 0n) + (item.originalMinor < 0n ? -minor : minor)));
    this.items.set(id, {
      ...item,
      openMinor,
      baseOpenMinor: item.baseOpenMinor - base,
      groupOpenMinor: exposureOf(item, openMinor),
      [column]: item[column] + minor,
      settledOn: openMinor === 0n ? lastDay(item, this.taken) : null,
    });
  }

  private entryOf(row: AllocationRow) {
    return {
      id: row.entryId,
      on: 'allocation.made',
      tenantId: row.tenantId,
      legalEntityId: row.legalEntityId,
      baseCurrency: row.baseCurrency,
      recordKind: 'Allocation',
      recordId: row.id,
      effectiveOn: row.effectiveOn,
      recordedAt: row.recordedAt,
      actorId: row.actorId,
      connectionId: row.connectionId,
    };
  }

  /** Everything that changed: entries, items (one row each), allocations. */
  rows(): RowChange[] {
    const items = [...this.items.values()].flatMap((item): RowChange[] => {
      const before = this.before.get(item.id);
      if (before === item) return [];
      if (!before) return [{ op: 'insert', entity: 'OpenItem', values: { ...item } }];
      const { openMinor, cashMinor, creditMinor, discountMinor, writeOffMinor, returnedMinor, voidedMinor } = item;
      const { baseOpenMinor, groupOpenMinor, settledOn, dueOn, documentNumber } = item;
      const isAmended = dueOn !== before.dueOn || documentNumber !== before.documentNumber;
      return [
        {
          op: 'update',
          entity: 'OpenItem',
          id: item.id,
          version: before.version,
          set: {
            openMinor,
            cashMinor,
            creditMinor,
            discountMinor,
            writeOffMinor,
            returnedMinor,
            voidedMinor,
            baseOpenMinor,
            groupOpenMinor,
            settledOn,
            ...(isAmended ? { dueOn, documentNumber } : {}),
          },
          was: { groupOpenMinor: before.groupOpenMinor },
          owner: { tenantId: item.tenantId, legalEntityId: item.legalEntityId, accountId: item.accountId },
        },
      ];
    });
    return [...this.made, ...items];
  }

  allocationEvents(): readonly EventDraft[] {
    return this.events;
  }
}
