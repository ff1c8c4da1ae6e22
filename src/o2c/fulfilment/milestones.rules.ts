/** The days of an ERP's delivery, and which steps of it become known: one event each, at the time at which it happened there. Pure. */
import { localDate } from '../../kernel/clock.ts';
import type { LegalEntityRow } from '../party/index.ts';
import type { FulfilmentShown } from './fulfilment-shown.commands.ts';
import { fulfilmentMachine } from './fulfilment.machine.ts';
import type { FulfilmentRow } from './fulfilment.rules.ts';

type State = FulfilmentRow['lifecycle'];

/** Where and when it is looked at. */
export interface Placed {
  readonly entity: LegalEntityRow;
  readonly now: Date;
}

const dayNow = ({ occurredAt }: FulfilmentShown, { entity, now }: Placed) => localDate(occurredAt ?? now, entity.timeZone);

/** The days that a step has; one that the ERP leaves out is the day on which it showed the step first. */
export function stepDays(
  shown: FulfilmentShown,
  { before, lifecycle, placed }: { readonly before: FulfilmentRow | null; readonly lifecycle: State; readonly placed: Placed },
): Pick<FulfilmentRow, 'shippedOn' | 'deliveredOn'> {
  if (lifecycle !== 'SHIPPED' && lifecycle !== 'DELIVERED') return { shippedOn: null, deliveredOn: null };
  const shippedOn = shown.shippedOn ?? shown.deliveredOn ?? before?.shippedOn ?? dayNow(shown, placed);
  return { shippedOn, deliveredOn: lifecycle === 'DELIVERED' ? (shown.deliveredOn ?? before?.deliveredOn ?? shippedOn) : null };
}

export interface Milestone {
  readonly type: string;
  readonly from: State | null;
  readonly to: State;
  /** The day on which it counts. */
  readonly on: string | null;
  /** Null: when it is recorded here. */
  readonly at: Date | null;
}

export interface Revealed {
  readonly before: FulfilmentRow | null;
  readonly after: FulfilmentRow;
  /** Something else of it is new than its step. */
  readonly isEdited: boolean;
  readonly shown: FulfilmentShown;
  readonly placed: Placed;
}

const REACHED: Readonly<Record<string, State>> = {
  'fulfilment.released': 'RELEASED',
  'fulfilment.shipped': 'SHIPPED',
  'fulfilment.delivered': 'DELIVERED',
};

/** What is revealed, in the order in which it happened. */
export function milestonesOf({ before, after, isEdited, shown, placed }: Revealed): readonly Milestone[] {
  const first = { from: null, to: 'PLANNED', on: null, at: shown.occurredAt } as const;
  const steps: Milestone[] = before ? [] : [{ ...first, type: 'fulfilment.observed' }];
  let from: State = before?.lifecycle ?? 'PLANNED';
  const step = fulfilmentMachine.next(from, 'FOLLOW', { [after.lifecycle]: true });
  for (const type of step.ok ? step.emits : []) {
    const to = REACHED[type] ?? after.lifecycle;
    const day = to === 'SHIPPED' ? after.shippedOn : to === 'DELIVERED' ? after.deliveredOn : null;
    steps.push({ type, from, to, on: day, at: timeOf(day, shown, placed) });
    from = to;
  }
  if (before && isEdited) steps.push({ type: 'fulfilment.changed', from, to: after.lifecycle, on: null, at: shown.occurredAt });
  return steps;
}

/** A day that is over by the ERP's time of the change: some time of it; else that time. */
function timeOf(day: string | null, shown: FulfilmentShown, placed: Placed): Date | null {
  if (day === null || day >= dayNow(shown, placed)) return shown.occurredAt;
  const noon = new Date(`${day}T12:00:00.000Z`);
  // noon in UTC is the next day already in the far east
  return localDate(noon, placed.entity.timeZone) === day ? noon : new Date(`${day}T00:00:00.000Z`);
}
