// Who may grant what, when, and for which version: every combination, against one sentence.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Principal } from '../../access/principal.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext } from '../../write/command.ts';
import { type ApprovalRow, grant, newApproval } from './approval.rules.ts';

const PEOPLE = ['ann', 'bob', 'eve'] as const;
const NOW = Date.parse('2026-03-01T09:00:00Z');
const WEEK = 7 * 86_400_000;

const by = (personId: string | null, now = NOW): CommandContext =>
  ({
    principal: { personId, actorId: personId === null ? 'system' : `key of ${personId}` } as Principal,
    tenant: { id: 'tenant' },
    now: new Date(now),
    newId: () => 'approval',
  }) as CommandContext;

const asked = (requester: string, lastEditorId: string, recordVersion: number): ApprovalRow => {
  const wish = {
    kind: 'CREDIT_LIMIT',
    recordKind: 'CreditAccount',
    recordId: 'account',
    recordVersion,
    legalEntityId: null,
    accountId: null,
    customerId: 'customer',
    currency: 'EUR',
    amountMinor: 100n,
    reason: 'It grows',
    lastEditorId,
  } as const;
  const [row] = newApproval(by(requester), wish).rows;
  if (row?.op !== 'insert') throw new Error('No approval was made');
  return row.values as unknown as ApprovalRow;
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'granted';
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

it('is granted by a third person, in time, for the version that was asked for, and by nothing else', () => {
  const someone = fc.constantFrom(...PEOPLE);
  const cases = fc.record({
    requester: someone,
    editor: someone,
    granter: fc.option(someone),
    asked: fc.integer({ min: 1, max: 3 }),
    now: fc.integer({ min: 1, max: 3 }),
    lifecycle: fc.constantFrom('REQUESTED', 'REQUESTED', 'REQUESTED', 'APPROVED', 'REJECTED', 'EXPIRED'),
    afterMs: fc.constantFrom(0, 1, WEEK - 1, WEEK, WEEK + 1, 10 * WEEK),
  });
  const seen = new Set<string>();
  fc.assert(
    fc.property(cases, ({ requester, editor, granter, lifecycle, afterMs, ...version }) => {
      const approval = { ...asked(requester, editor, version.asked), lifecycle } as ApprovalRow;
      const code = codeOf(() => grant(by(granter, NOW + afterMs), approval, { recordVersion: version.now, reason: null }));
      const isThird = granter !== null && granter !== requester && granter !== editor;
      const wanted =
        lifecycle !== 'REQUESTED'
          ? 'WRONG_STATE'
          : afterMs >= WEEK
            ? 'APPROVAL_EXPIRED'
            : version.now !== version.asked
              ? 'VERSION_CONFLICT'
              : isThird
                ? 'granted'
                : 'SELF_GRANT';
      seen.add(code);
      expect(code).toBe(wanted);
    }),
    { numRuns: 2_000, seed: 23 },
  );
  expect([...seen].sort()).toEqual(['APPROVAL_EXPIRED', 'SELF_GRANT', 'VERSION_CONFLICT', 'WRONG_STATE', 'granted']);
});

it('notes Cashgraph itself as who asked where there is no person', () => {
  const wish = { ...asked('ann', 'ann', 1), lastEditorId: 'ann' };
  const [row] = newApproval({ ...by(null) }, wish).rows;
  expect(row).toMatchObject({ op: 'insert', values: { requestedById: 'system' } });
});

it('asked for twice at one version it is refused; an older wish lapses', () => {
  const open = [asked('ann', 'ann', 1)];
  expect(codeOf(() => newApproval(by('bob'), asked('bob', 'bob', 1), open))).toBe('ALREADY_EXISTS');
  const made = newApproval(by('bob'), asked('bob', 'bob', 2), open);
  expect(made.events.map((e) => e.type)).toEqual(['approval.requested', 'approval.expired']);
});
