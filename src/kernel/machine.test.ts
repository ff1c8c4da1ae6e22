import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type ActionOf,
  allowedActions,
  defineMachine,
  type MachineDefinition,
  mermaid,
  type StateOf,
  transition,
} from './machine.ts';

const invoice = defineMachine({
  record: 'Invoice',
  states: ['DRAFT', 'ISSUED', 'CANCELLED', 'VOIDED'],
  initial: 'DRAFT',
  rows: [
    { on: 'ISSUE', from: 'DRAFT', to: 'ISSUED', when: 'hasLines', emits: ['invoice.issued'], description: 'Issue it.' },
    { on: 'CANCEL', from: 'DRAFT', to: 'CANCELLED', emits: ['invoice.cancelled'], description: 'Drop the draft.' },
    {
      on: 'VOID',
      from: ['DRAFT', 'ISSUED'],
      to: 'VOIDED',
      emits: ['invoice.voided'],
      description: 'The ERP has voided it.',
      observed: true,
    },
  ],
});

type Loose = MachineDefinition<string, string>;
const row = { on: 'GO', from: 'A', to: 'B', emits: ['x.gone'], description: 'Go.' };
const base: Loose = { record: 'X', states: ['A', 'B'], initial: 'A', rows: [row] };
const defining = (change: Partial<Loose>) => () => defineMachine({ ...base, ...change });

describe('a machine that is not sound stops the start with a sentence', () => {
  it.each<[string, Partial<Loose>, string]>([
    ['an unknown state', { rows: [{ ...row, to: 'C' }] }, 'row GO (A → C) names the unknown state C.'],
    ['an unknown state in a list', { rows: [{ ...row, from: ['A', 'C'] }] }, 'row GO (C → B) names the unknown state C.'],
    ['an unknown first state', { initial: 'C' }, 'the initial state C is not one of its states.'],
    ['an unreachable state', { states: ['A', 'B', 'C', 'D'] }, 'no way leads from A to C, D.'],
    [
      'two states that reach only each other',
      {
        states: ['A', 'B', 'C', 'D'],
        rows: [row, { ...row, from: 'C', to: 'D' }, { ...row, from: 'D', to: 'C' }],
      },
      'no way leads from A to C, D.',
    ],
    ['a row without events', { rows: [{ ...row, emits: [] }] }, 'row GO (A → B) emits no event'],
    ['a row without a description', { rows: [{ ...row, description: ' ' }] }, 'row GO (A → B) has no description.'],
    ['a row written twice', { rows: [row, row] }, 'row GO (A → B) is written twice.'],
    ['two rows without a guard', { rows: [row, { ...row, to: 'A' }] }, 'rows GO (A → B) and GO (A → A) have no guard'],
    [
      'the same guard twice',
      {
        rows: [
          { ...row, when: 'g' },
          { ...row, to: 'A', when: 'g' },
        ],
      },
      'rows GO (A → B) and GO (A → A) have the same guard g.',
    ],
    ['a state listed twice', { states: ['A', 'B', 'A'] }, 'a state is listed twice.'],
    ['a state in small letters', { states: ['A', 'B', 'c'] }, 'state c is not in UPPER_SNAKE_CASE.'],
    ['an action in small letters', { rows: [{ ...row, on: 'go' }] }, 'action go is not in UPPER_SNAKE_CASE.'],
  ])('%s', (_, change, sentence) => expect(defining(change)).toThrow(`Machine X: ${sentence}`));

  it('but one unguarded row beside guarded ones is sound', () => {
    expect(
      defining({
        rows: [
          { ...row, when: 'g' },
          { ...row, to: 'A' },
        ],
      }),
    ).not.toThrow();
  });
});

describe('a step', () => {
  it('is made by the row whose guard holds, else by the one without a guard', () => {
    const rows = [
      { ...row, when: 'first' },
      { ...row, to: 'C', when: 'second' },
      { ...row, to: 'A' },
    ];
    const machine = defineMachine<string, string>({ ...base, states: ['A', 'B', 'C'], rows });
    const to = (guards: Record<string, boolean>) => transition(machine, { state: 'A', action: 'GO', guards }).to;
    expect([to({ first: true, second: true }), to({ second: true }), to({}), to({ second: false })]).toEqual([
      'B',
      'C',
      'A',
      'A',
    ]);
  });

  it('says which events it emits', () => {
    expect(transition(invoice, { state: 'DRAFT', action: 'CANCEL' })).toEqual({
      ok: true,
      to: 'CANCELLED',
      emits: ['invoice.cancelled'],
    });
  });

  it('is refused with the state and what is allowed there', () => {
    const refuse = () => transition(invoice, { state: 'CANCELLED', action: 'ISSUE' });
    expect(refuse).toThrow('Invoice: ISSUE is not possible in state CANCELLED; allowed there: nothing.');
    const fromIssued = invoice.next('CANCELLED', 'VOID');
    expect(fromIssued).toEqual({ ok: false, message: expect.stringContaining('VOID is not possible'), allowed: [] });
    expect(refuse).toThrow(
      expect.objectContaining({ code: 'WRONG_STATE', details: { state: 'CANCELLED', action: 'ISSUE', allowed: [] } }),
    );
  });

  it('is refused with the guard that it needs, also when the guard only looks like a property', () => {
    expect(() => transition(invoice, { state: 'DRAFT', action: 'ISSUE' })).toThrow(
      'Invoice: ISSUE is not possible in state DRAFT; it needs hasLines.',
    );
    const guards = Object.create({ hasLines: true }) as Record<string, boolean>;
    expect(invoice.next('DRAFT', 'ISSUE', guards).ok).toBe(false);
  });
});

describe('an observed row', () => {
  it('happens by what an ERP tells, never by a command', () => {
    expect(invoice.next('ISSUED', 'VOID')).toMatchObject({ ok: true, to: 'VOIDED' });
    expect(() => transition(invoice, { state: 'ISSUED', action: 'VOID' })).toThrow('allowed there: nothing');
  });

  it('is never offered', () => {
    expect(allowedActions(invoice, 'DRAFT')).toEqual(['ISSUE', 'CANCEL']);
    expect(allowedActions(invoice, 'ISSUED')).toEqual([]);
    expect(invoice.commands).toEqual(['ISSUE', 'CANCEL']);
    expect(invoice.actions).toEqual(['ISSUE', 'CANCEL', 'VOID']);
  });
});

describe('what is derived from the rows', () => {
  it('is every step that is allowed, and no other: all states by all actions', () => {
    for (const state of invoice.states) {
      for (const action of invoice.actions) {
        const possible = invoice.next(state, action, { hasLines: true }).ok;
        expect(possible).toBe(invoice.rows.some((one) => one.from === state && one.on === action));
        if (allowedActions(invoice, state).includes(action)) expect(possible).toBe(true);
      }
    }
  });

  it('never leaves the states, whatever sequence of actions is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...invoice.actions)), fc.boolean(), (actions, hasLines) => {
        let state = invoice.initial;
        for (const action of actions) {
          const step = invoice.next(state, action, { hasLines });
          if (step.ok) state = step.to;
        }
        expect(invoice.states).toContain(state);
      }),
    );
  });

  it('is a Mermaid picture with guards, observed rows and ends', () => {
    expect(mermaid(invoice)).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> DRAFT',
        '  DRAFT --> ISSUED: ISSUE [hasLines]',
        '  DRAFT --> CANCELLED: CANCEL',
        '  DRAFT --> VOIDED: VOID (observed)',
        '  ISSUED --> VOIDED: VOID (observed)',
        '  CANCELLED --> [*]',
        '  VOIDED --> [*]',
        '',
      ].join('\n'),
    );
  });

  it('has the unions of states and actions as types', () => {
    expectTypeOf<StateOf<typeof invoice>>().toEqualTypeOf<'DRAFT' | 'ISSUED' | 'CANCELLED' | 'VOIDED'>();
    expectTypeOf<ActionOf<typeof invoice>>().toEqualTypeOf<'ISSUE' | 'CANCEL' | 'VOID'>();
    // @ts-expect-error a state that doesn't exist is a type error
    expect(invoice.next('PAID', 'ISSUE').ok).toBe(false);
  });
});
