/**
 * Life cycles as data: rows of "on this action, from that state, to this state, with these events".
 * Everything else (allowed actions, refusals, pictures, checks in SQL) is derived from the rows; a row never holds an effect.
 */
import { DomainError } from './errors.ts';
import { assertSound } from './machine-check.ts';

/** One row as it is written. `when` names a guard that `rules` compute; `observed` rows happen only by what an ERP tells. */
export interface RowDefinition<State extends string, Action extends string> {
  readonly on: Action;
  readonly from: State | readonly State[];
  readonly to: State;
  readonly when?: string;
  readonly emits: readonly string[];
  readonly description: string;
  readonly observed?: boolean;
}

/** One row with one `from`: a written row with a list of states becomes several. */
export interface Row<State extends string = string, Action extends string = string> extends RowDefinition<State, Action> {
  readonly from: State;
}

/** What is written down; `record` is the noun as people say it, for example `Invoice` or `credit note`. */
export interface MachineDefinition<State extends string, Action extends string> {
  readonly record: string;
  readonly states: readonly State[];
  readonly initial: NoInfer<State>;
  readonly rows: readonly RowDefinition<NoInfer<State>, Action>[];
}

/** The step that an action makes. */
export interface Step<State extends string = string> {
  readonly ok: true;
  readonly to: State;
  readonly emits: readonly string[];
}

/** Why an action makes no step: a sentence that names the state, and what is allowed there. */
export interface Refusal<Action extends string = string> {
  readonly ok: false;
  readonly message: string;
  readonly allowed: readonly Action[];
}

/** The facts that guards ask for, by guard name. A guard that isn't given doesn't hold. */
export type Guards = Readonly<Record<string, boolean>>;

export interface Machine<State extends string = string, Action extends string = string> {
  readonly record: string;
  readonly states: readonly State[];
  readonly initial: State;
  readonly rows: readonly Row<State, Action>[];
  /** Every action, observed ones too, in the order of the rows. */
  readonly actions: readonly Action[];
  /** The actions that a command may ask for: those with a row that isn't only observed. */
  readonly commands: readonly Action[];
  /** The step by any row, observed rows too: for `observe`. Commands go through `transition`. */
  next(state: State, action: Action, guards?: Guards): Step<State> | Refusal<Action>;
}

/** The union of a machine's states, from its literal. @example type InvoiceState = StateOf<typeof invoiceMachine> */
export type StateOf<M> = M extends Machine<infer State, string> ? State : never;
/** The union of a machine's actions. @example type InvoiceAction = ActionOf<typeof invoiceMachine> */
export type ActionOf<M> = M extends Machine<string, infer Action> ? Action : never;

/**
 * Checks the rows and makes the machine.
 * @throws Error with a sentence for an unknown or unreachable state, a row without events or a description, a duplicate row,
 *   or two rows without a guard for one action in one state
 * @example
 * const machine = defineMachine({
 *   record: 'Dispute', states: ['OPEN', 'RESOLVED'], initial: 'OPEN',
 *   rows: [{ on: 'RESOLVE', from: 'OPEN', to: 'RESOLVED', emits: ['dispute.resolved'], description: 'Settle it.' }],
 * })
 */
export function defineMachine<const State extends string, const Action extends string>(
  definition: MachineDefinition<State, Action>,
): Machine<State, Action> {
  const { record, states, initial } = definition;
  const rows = definition.rows.flatMap((row) =>
    (Array.isArray(row.from) ? (row.from as readonly State[]) : [row.from as State]).map((from) => ({ ...row, from })),
  );
  assertSound({ record, states, initial, rows });
  const machine: Machine<State, Action> = {
    record,
    states,
    initial,
    rows,
    actions: [...new Set(rows.map((row) => row.on))],
    commands: [...new Set(rows.filter((row) => !row.observed).map((row) => row.on))],
    next: (state, action, guards = {}) => stepBy(machine, rows, { state, action, guards }),
  };
  return machine;
}

/** What a transition is asked for. */
export interface TransitionRequest<State extends string, Action extends string> {
  readonly state: State;
  readonly action: Action;
  readonly guards?: Guards;
}

/**
 * The step that a command makes; observed rows don't count.
 * @throws DomainError WRONG_STATE with a sentence that names the state and what is allowed there
 * @example transition(machine, { state: 'OPEN', action: 'RESOLVE' }) // { ok: true, to: 'RESOLVED', emits: ['dispute.resolved'] }
 */
export function transition<State extends string, Action extends string>(
  machine: Machine<State, Action>,
  { state, action, guards = {} }: TransitionRequest<NoInfer<State>, NoInfer<Action>>,
): Step<State> {
  const rows = machine.rows.filter((row) => !row.observed);
  const step = stepBy(machine, rows, { state, action, guards });
  if (step.ok) return step;
  throw new DomainError('WRONG_STATE', step.message, { details: { state, action, allowed: step.allowed } });
}

/**
 * The actions that a command may ask for in a state, in the order of the rows; guards are not looked at.
 * @example allowedActions(machine, 'OPEN') // ['RESOLVE']
 */
export function allowedActions<State extends string, Action extends string>(
  machine: Machine<State, Action>,
  state: NoInfer<State>,
): Action[] {
  const rows = machine.rows.filter((row) => row.from === state && !row.observed);
  return [...new Set(rows.map((row) => row.on))];
}

/**
 * The machine as Mermaid text (stateDiagram-v2): guards in brackets, observed rows marked.
 * @example mermaid(machine) // 'stateDiagram-v2\n  [*] --> OPEN\n  OPEN --> RESOLVED: RESOLVE\n  RESOLVED --> [*]\n'
 */
export function mermaid(machine: Machine): string {
  const arrows = machine.rows.map((row) => {
    const guard = row.when === undefined ? '' : ` [${row.when}]`;
    return `  ${row.from} --> ${row.to}: ${row.on}${guard}${row.observed ? ' (observed)' : ''}`;
  });
  const ends = machine.states.filter((state) => !machine.rows.some((row) => row.from === state));
  const lines = ['stateDiagram-v2', `  [*] --> ${machine.initial}`, ...arrows, ...ends.map((end) => `  ${end} --> [*]`)];
  return `${lines.join('\n')}\n`;
}

/** The first row whose guard holds, else the row without a guard, else the reason. */
function stepBy<State extends string, Action extends string>(
  machine: Machine<State, Action>,
  rows: readonly Row<State, Action>[],
  { state, action, guards = {} }: TransitionRequest<State, Action>,
): Step<State> | Refusal<Action> {
  const here = rows.filter((row) => row.from === state && row.on === action);
  const row =
    here.find(({ when }) => when !== undefined && Object.hasOwn(guards, when) && guards[when] === true) ??
    here.find(({ when }) => when === undefined);
  if (row !== undefined) return { ok: true, to: row.to, emits: row.emits };
  const allowed = allowedActions(machine, state);
  const unmet = here.flatMap(({ when }) => when ?? []);
  const reason =
    unmet.length > 0 ? `it needs ${unmet.join(' or ')}` : `allowed there: ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}`;
  return { ok: false, message: `${machine.record}: ${action} is not possible in state ${state}; ${reason}.`, allowed };
}
