/**
 * What reports about a fulfilment say together. Reports come late, twice and in any order, so everything here is a function of
 * the set of them: the newest by its own time wins, and goods left and arrived on the earliest day that anybody tells. Pure.
 */
import type { RowOf } from '../../write/command.ts';
import type { TrackingEvent } from './fulfilment.entity.ts';
import type { FulfilmentRow } from './fulfilment.rules.ts';

export type TrackingRow = RowOf<typeof TrackingEvent>;
export type TrackingKind = TrackingRow['kind'];

export const TRACKING_KINDS = [
  'ACCEPTED',
  'REFUSED',
  'PICKED',
  'SHIPPED',
  'IN_TRANSIT',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
  'EXCEPTION',
  'RETURNED',
] as const satisfies readonly TrackingKind[];

export const isAnswer = (kind: TrackingKind): kind is 'ACCEPTED' | 'REFUSED' => kind === 'ACCEPTED' || kind === 'REFUSED';

/** By its own time; at one time by its id, so that every order of arrival gives one answer. */
function isNewer(a: TrackingRow, b: TrackingRow): boolean {
  const [atA, atB] = [a.occurredAt.getTime(), b.occurredAt.getTime()];
  return atA === atB ? `${a.externalId} ${a.source}` > `${b.externalId} ${b.source}` : atA > atB;
}

/**
 * The fields of the fulfilment that a new report sets: those that it tells of, unless a newer one has told already.
 * @example told(report, [])
 */
export function told(report: TrackingRow, others: readonly TrackingRow[]): Partial<FulfilmentRow> {
  const isNewest = (tells: (row: TrackingRow) => boolean) =>
    tells(report) && !others.some((other) => tells(other) && isNewer(other, report));
  const set: { -readonly [K in keyof FulfilmentRow]?: FulfilmentRow[K] } = {};
  for (const field of ['carrier', 'trackingNumber', 'receivedBy'] as const) {
    if (isNewest((row) => row[field] !== null)) set[field] = report[field];
  }
  if (isNewest((row) => row.reference !== null)) set.providerReference = report.reference;
  if (isAnswer(report.kind) && isNewest((row) => isAnswer(row.kind))) {
    set.providerStatus = report.kind;
    set.providerText = report.description;
  }
  return set;
}

export interface Days {
  /** What arrived left before; null: nobody tells that it left. */
  readonly shippedOn: string | null;
  readonly deliveredOn: string | null;
}

/** The days on which it left and arrived, by all reports. */
export function daysOf(reports: readonly TrackingRow[], dayOf: (instant: Date) => string): Days {
  const earliest = (kinds: readonly TrackingKind[]) =>
    reports
      .filter((r) => kinds.includes(r.kind))
      .map((r) => dayOf(r.occurredAt))
      .reduce<string | null>((first, day) => (first === null || day < first ? day : first), null);
  return { shippedOn: earliest(['SHIPPED', 'DELIVERED']), deliveredOn: earliest(['DELIVERED']) };
}

/** The earlier of two days. */
export const earlier = (a: string, b: string): string => (a < b ? a : b);
