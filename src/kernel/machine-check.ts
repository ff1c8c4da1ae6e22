/**
 * What makes the rows of a life cycle sound; run once when a machine is defined, so that a mistake stops the start.
 * It only reads the rows.
 */

interface CheckedRow {
  readonly on: string;
  readonly from: string;
  readonly to: string;
  readonly when?: string;
  readonly emits: readonly string[];
  readonly description: string;
}

interface CheckedMachine {
  readonly record: string;
  readonly states: readonly string[];
  readonly initial: string;
  readonly rows: readonly CheckedRow[];
}

const NAME = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/**
 * @throws Error with a sentence that names the record and the row at fault
 * @example assertSound({ record: 'Dispute', states: ['OPEN'], initial: 'OPEN', rows: [] })
 */
export function assertSound(machine: CheckedMachine): void {
  const fail = (sentence: string): never => {
    throw new Error(`Machine ${machine.record}: ${sentence}`);
  };
  checkStates(machine, fail);
  for (const row of machine.rows) checkRow(machine, row, fail);
  checkTwins(machine, fail);
  checkReach(machine, fail);
}

type Fail = (sentence: string) => never;

function checkStates({ states, initial }: CheckedMachine, fail: Fail): void {
  const bad = states.find((state) => !NAME.test(state));
  if (bad !== undefined) fail(`state ${bad} is not in UPPER_SNAKE_CASE.`);
  if (new Set(states).size !== states.length) fail('a state is listed twice.');
  if (!states.includes(initial)) fail(`the initial state ${initial} is not one of its states.`);
}

function checkRow({ states }: CheckedMachine, row: CheckedRow, fail: Fail): void {
  if (!NAME.test(row.on)) fail(`action ${row.on} is not in UPPER_SNAKE_CASE.`);
  for (const state of [row.from, row.to]) {
    if (!states.includes(state)) fail(`row ${nameOf(row)} names the unknown state ${state}.`);
  }
  if (row.emits.length === 0) fail(`row ${nameOf(row)} emits no event, so nobody could learn of it.`);
  if (row.description.trim() === '') fail(`row ${nameOf(row)} has no description.`);
}

/** One action in one state: at most one row per guard, and one without. */
function checkTwins({ rows }: CheckedMachine, fail: Fail): void {
  const seen = new Map<string, CheckedRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.on, row.from, row.when ?? null]);
    const twin = seen.get(key);
    if (twin !== undefined && twin.to === row.to) fail(`row ${nameOf(row)} is written twice.`);
    if (twin !== undefined && row.when === undefined) {
      fail(`rows ${nameOf(twin)} and ${nameOf(row)} have no guard, so it is open which one is taken.`);
    }
    if (twin !== undefined) fail(`rows ${nameOf(twin)} and ${nameOf(row)} have the same guard ${row.when}.`);
    seen.set(key, row);
  }
}

function checkReach({ states, initial, rows }: CheckedMachine, fail: Fail): void {
  const reached = new Set([initial]);
  // a Set visits what is added while it is walked
  for (const state of reached) {
    for (const row of rows) if (row.from === state) reached.add(row.to);
  }
  const lost = states.filter((state) => !reached.has(state));
  if (lost.length > 0) fail(`no way leads from ${initial} to ${lost.join(', ')}.`);
}

function nameOf(row: CheckedRow): string {
  return `${row.on} (${row.from} → ${row.to})`;
}
