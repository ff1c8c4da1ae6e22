/** Setting which permissions one person may not use together. A pair is never deleted: what was done under it stays explained. */
import { nearestTo, type PermissionPair } from '../../access/duties.ts';
import type { Permission, PolicyRow } from '../../access/policy.ts';
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { choice, idOf, object, text } from '../../kernel/input.ts';
import type { EventDraft } from '../../outbox/event.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type RowOf, type Tx } from '../../write/command.ts';
import { rolesHold } from './holdings.rules.ts';
import { ForbiddenPair } from './identity.entity.ts';
import { loadHeld, lockRights, type RoleOfPerson } from './identity.facts.ts';

type PairRow = RowOf<typeof ForbiddenPair>;

/** They are looked at with every command. */
const MAX_PAIRS = 200;
/** How many of those who hold both are named. */
const NAMED = 3;

async function dutiesFacts(tx: Tx) {
  await lockRights(tx);
  return { pairs: await tx.load(ForbiddenPair, sql`true`, { lock: true }), held: await loadHeld(tx) };
}

function requirePermissionName(policies: readonly PolicyRow[], name: string, path: string): Permission {
  const permissions = policies.map((p) => p.permission).sort();
  const found = permissions.find((permission) => permission === name);
  if (found) return found;
  const near = nearestTo(name, permissions).join(', ');
  throw new DomainError('INVALID_INPUT', `There is no such permission. Did you mean one of these: ${near}?`, { path: [path] });
}

/** @throws DUTIES_CONFLICT that says how many people hold both, and names the first of them */
function requireNobodyHolds(context: CommandContext, held: readonly RoleOfPerson[], pair: PermissionPair): void {
  const people = new Map<string, RoleOfPerson[]>();
  for (const role of held) people.set(role.personId, [...(people.get(role.personId) ?? []), role]);
  const both = [...people].filter(([, roles]) => rolesHold(context.policies, roles, pair)).map(([id]) => publicId('act', id));
  if (both.length === 0) return;
  const more = both.length > NAMED ? ` and ${both.length - NAMED} more` : '';
  throw new DomainError(
    'DUTIES_CONFLICT',
    `${both.length} ${both.length === 1 ? 'person holds' : 'people hold'} both permissions (${both.slice(0, NAMED).join(', ')}${more}). Take one of them from each first.`,
    { path: ['extent'], details: { count: both.length } },
  );
}

const pairEvent = (type: string, row: PairRow): EventDraft => ({
  type,
  recordKind: 'ForbiddenPair',
  recordId: row.id,
  recordVersion: row.version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload: {
    firstPermission: row.firstPermission,
    secondPermission: row.secondPermission,
    extent: row.extent,
    isActive: row.isActive,
  },
});

function changed(row: PairRow, set: Partial<PairRow>, type: string): Change {
  const { id, version, tenantId } = row;
  return {
    recordId: id,
    rows: [{ op: 'update', entity: 'ForbiddenPair', id, version, set, owner: { tenantId } }],
    events: [pairEvent(type, { ...row, ...set, version: version + 1 })],
  };
}

export const setForbiddenPair = command({
  name: 'setForbiddenPair',
  description:
    'Forbids that one person uses both permissions: on one record, or at all. It holds from now on: what was done on a record before is not looked at.',
  permission: 'duties:manage',
  record: 'ForbiddenPair',
  input: object('SetForbiddenPairInput', {
    firstPermission: text({ max: 60 }).describe('One half, for example `orders:place`.'),
    secondPermission: text({ max: 60 }).describe(
      'The other half, for example `credit:release`. On one record it needs a person: neither a job nor an import does it.',
    ),
    extent: choice('ForbiddenPairExtentInput', ['RECORD', 'PERSON']).describe(
      'RECORD: who did one half on a record may not do the other on it. PERSON: nobody may hold both; an administrator, who holds all, can use neither.',
    ),
  }),
  lockKey: () => 'duties',
  facts: dutiesFacts,
  decide({ pairs, held }, input, context) {
    const { extent } = input;
    const firstPermission = requirePermissionName(context.policies, input.firstPermission, 'firstPermission');
    const secondPermission = requirePermissionName(context.policies, input.secondPermission, 'secondPermission');
    if (firstPermission === secondPermission) {
      throw new DomainError('INVALID_INPUT', 'A pair is of two different permissions.', { path: ['secondPermission'] });
    }
    if (extent === 'PERSON') requireNobodyHolds(context, held, { first: firstPermission, second: secondPermission, extent });
    const set = { firstPermission, secondPermission, extent, isActive: true };
    const halves = [firstPermission, secondPermission] as readonly string[];
    const before = pairs.find((p) => halves.includes(p.firstPermission) && halves.includes(p.secondPermission));
    const isSame = before?.isActive && before.extent === extent && before.firstPermission === firstPermission;
    if (before) return isSame ? { unchanged: before.id } : changed(before, set, 'forbidden_pair.set');
    if (pairs.length >= MAX_PAIRS) {
      throw new DomainError('INVALID_INPUT', `A tenant has at most ${MAX_PAIRS} forbidden pairs, and they are all taken.`);
    }
    const row = { ...set, id: context.newId(), tenantId: context.tenant.id, version: 1, createdAt: context.now };
    return {
      recordId: row.id,
      rows: [{ op: 'insert', entity: 'ForbiddenPair', values: row }],
      events: [pairEvent('forbidden_pair.set', row)],
    };
  },
});

export const removeForbiddenPair = command({
  name: 'removeForbiddenPair',
  description: 'Gives a forbidden pair up: from now on one person may do both. It stays in the list, inactive.',
  permission: 'duties:manage',
  record: 'ForbiddenPair',
  input: object('RemoveForbiddenPairInput', { id: idOf('fp').describe('The pair.') }),
  lockKey: () => 'duties',
  facts: dutiesFacts,
  decide({ pairs }, input) {
    const pair = pairs.find((p) => p.id === input.id);
    if (!pair) throw new DomainError('NOT_FOUND', 'There is no such forbidden pair.', { path: ['id'] });
    return pair.isActive ? changed(pair, { isActive: false }, 'forbidden_pair.removed') : { unchanged: pair.id };
  },
});
