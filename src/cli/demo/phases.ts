/**
 * What is done on a day of the demo's trade, in which order, by whom. Orders, credit and rules plan moves, each in a phase of a day;
 * the moves of one phase become one set of its command.
 */
import type { Role } from '../../access/policy.ts';
import type { PlainDate } from '../../kernel/date.ts';
import { type Step, type StepInput, stepOf } from './step.ts';

interface PhaseRow {
  readonly by: Role;
  readonly command: string;
  readonly readsOrders?: true;
}

const PHASES = {
  policy: { by: 'admin', command: 'updateLegalEntity' },
  rule: { by: 'admin', command: 'setValidationRule' },
  askLimit: { by: 'order-desk', command: 'requestCreditLimit' },
  grantLimit: { by: 'credit', command: 'approveCreditLimit' },
  classify: { by: 'credit', command: 'setRiskClass' },
  block: { by: 'credit', command: 'blockCredit' },
  place: { by: 'integration', command: 'placeOrder' },
  placeByHand: { by: 'order-desk', command: 'placeOrder' },
  draft: { by: 'order-desk', command: 'draftOrder' },
  submit: { by: 'order-desk', command: 'submitOrder' },
  hold: { by: 'credit', command: 'placeHold' },
  unhold: { by: 'order-desk', command: 'releaseHold', readsOrders: true },
  askRelease: { by: 'order-desk', command: 'requestCreditRelease', readsOrders: true },
  grantRelease: { by: 'credit', command: 'approveCreditRelease', readsOrders: true },
  confirm: { by: 'order-desk', command: 'confirmOrder' },
  cancel: { by: 'order-desk', command: 'cancelOrder' },
  plan: { by: 'warehouse', command: 'planFulfilment', readsOrders: true },
  release: { by: 'warehouse', command: 'releaseFulfilment' },
  ship: { by: 'warehouse', command: 'shipFulfilment' },
  track: { by: 'warehouse', command: 'recordTracking' },
  deliver: { by: 'warehouse', command: 'deliverFulfilment' },
  takeBack: { by: 'warehouse', command: 'returnFulfilment', readsOrders: true },
  bill: { by: 'billing', command: 'billOrder' },
  credit: { by: 'billing', command: 'creditReturn' },
  close: { by: 'order-desk', command: 'closeOrderShort' },
  pay: { by: 'cash', command: 'recordPayment', readsOrders: true },
  apply: { by: 'cash', command: 'applyCash', readsOrders: true },
} as const satisfies Readonly<Record<string, PhaseRow>>;

export type Phase = keyof typeof PHASES;

export interface Move {
  readonly on: PlainDate;
  readonly phase: Phase;
  readonly input: StepInput;
}

/** The hour before that of documents by hand, when it is the same day in Tokyo, Berlin and New York too. A minute for each phase. */
const instantOf = (day: PlainDate, phase: number): Date => new Date(`${day}T12:${String(phase).padStart(2, '0')}:00Z`);

/** The moves of one day as steps, in the order of their phases. */
export const stepsOfDay = (day: PlainDate, moves: readonly Move[]): readonly (Step | null)[] =>
  Object.entries(PHASES).map(([name, phase], index) =>
    stepOf({
      at: instantOf(day, index),
      ...phase,
      inputs: moves.filter((move) => move.phase === name).map(({ input }) => input),
    }),
  );
