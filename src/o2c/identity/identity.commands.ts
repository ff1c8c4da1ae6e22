/** Making actors and giving them roles. Nobody raises their own rights, and a tenant keeps an administrator. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, idOf, list, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type RowChange, type Tx } from '../../write/command.ts';
import { requireApart } from './holdings.rules.ts';
import { Actor, ActorRole } from './identity.entity.ts';
import { loadRights, lockRights } from './identity.facts.ts';
import { actorEvent, requireMayGrant, requireRoles, type RoleGiven, roleNames, roleRow } from './identity.rules.ts';

export const roleInput = object('RoleAssignmentInput', {
  role: text({ max: 40 }).describe('The role, for example `billing`.'),
  legalEntityId: optional(idOf('le')).describe('The legal entity that it is for; absent: all.'),
});
export const createActor = command({
  name: 'createActor',
  description:
    'Makes an actor: a person known to the identity provider by issuer and subject, with roles, or a portal user with the customers it stands for.',
  permission: 'actors:manage',
  record: 'Actor',
  input: object('CreateActorInput', {
    kind: choice('ActorKindInput', ['USER', 'PORTAL']).describe('A person of the company, or of a customer.'),
    name: text().describe('The name, as the audit trail shows it.'),
    email: optional(text({ max: 254 })).describe('The e-mail address.'),
    issuer: text().describe("The issuer of the person's tokens."),
    subject: text().describe("The person's subject at that issuer."),
    roles: list(roleInput, { max: 50 }).describe(
      'The roles of a person of the company; a portal user has the role `portal` by itself.',
    ),
    customerIds: optional(list(idOf('cus'), { max: 100 })).describe('The customers that a portal user stands for.'),
  }),
  facts: loadRights,
  decide({ pairs }, input, context): Change {
    const isPortal = input.kind === 'PORTAL';
    requireRoles(
      input.roles.map((r) => r.role),
      'roles',
    );
    if (input.roles.some((r) => r.role === 'portal')) {
      throw new DomainError('INVALID_INPUT', 'The role portal comes with kind PORTAL and is not given.', { path: ['roles'] });
    }
    if (isPortal !== (input.customerIds ?? []).length > 0) {
      throw new DomainError('INVALID_INPUT', 'A portal user stands for one customer or more, and nobody else does.', {
        path: ['customerIds'],
      });
    }
    if (isPortal && input.roles.length > 0) {
      throw new DomainError('INVALID_INPUT', 'A portal user has no roles but portal.', { path: ['roles'] });
    }
    const id = context.newId();
    const { tenant, now } = context;
    const roles: readonly RoleGiven[] = isPortal ? [{ role: 'portal' }] : input.roles;
    requireMayGrant(context.principal.grants, 'actors:manage', roles);
    requireApart({ policies: context.policies, pairs, roles });
    return {
      recordId: id,
      rows: [
        {
          op: 'insert',
          entity: 'Actor',
          values: {
            id,
            tenantId: tenant.id,
            kind: input.kind,
            name: input.name,
            email: input.email ?? null,
            issuer: input.issuer,
            subject: input.subject,
            version: 1,
            createdAt: now,
          },
        },
        ...roles.map((r) => roleRow(context, id, r)),
        ...(input.customerIds ?? []).map(
          (customerId): RowChange => ({
            op: 'insert',
            entity: 'ActorCustomer',
            values: { id: context.newId(), tenantId: tenant.id, actorId: id, customerId, version: 1, createdAt: now },
          }),
        ),
      ],
      events: [
        {
          ...actorEvent('actor.created', { id, version: 1 }, { kind: input.kind }),
          personal: { name: input.name, email: input.email ?? null, roles: roleNames(roles) },
        },
      ],
    };
  },
});

/** The actor, its roles, and the administrators: one after the other, or two could take each other the role and leave none. */
async function actorFacts(tx: Tx, ids: readonly string[]) {
  await lockRights(tx);
  const actors = await tx.load(Actor, sql`t.id = any(${sql.uuids(ids)})`, { lock: true });
  const roles = await tx.load(ActorRole, sql`t.actor_id = any(${sql.uuids(ids)})`);
  const admins = await tx.rows<{ actor_id: string }>(
    sql`select r.actor_id from actor_role r join actor a on a.tenant_id = r.tenant_id and a.id = r.actor_id
        where r.role = 'admin' and r.legal_entity_id is null and a.revoked_at is null`,
  );
  return { actors, roles, admins: admins.map((a) => a.actor_id) };
}
type ActorFacts = Awaited<ReturnType<typeof actorFacts>>;

function actorOf(facts: ActorFacts, id: string) {
  const actor = facts.actors.find((a) => a.id === id);
  if (!actor) throw new DomainError('NOT_FOUND', 'There is no such actor.', { path: ['id'] });
  if (actor.revokedAt) throw new DomainError('WRONG_STATE', 'This actor has lost its access.', { path: ['id'] });
  return actor;
}

function requireOtherAdmin(facts: ActorFacts, actorId: string): void {
  if (facts.admins.includes(actorId) && !facts.admins.some((a) => a !== actorId)) {
    throw new DomainError('LAST_ADMIN', 'This is the last administrator of the tenant. Make another one first.', {
      path: ['id'],
    });
  }
}

export const setActorRoles = command({
  name: 'setActorRoles',
  description: "Replaces an actor's roles. Nobody changes their own, nor does an API key those of whoever made it.",
  permission: 'actors:manage',
  record: 'Actor',
  input: object('SetActorRolesInput', {
    id: idOf('act').describe('The actor.'),
    roles: list(roleInput, { max: 50 }).describe('All its roles from now on.'),
  }),
  lockKey: () => 'administrators',
  facts: async (tx, inputs) => ({
    ...(await actorFacts(
      tx,
      inputs.map((i) => i.id),
    )),
    rights: await loadRights(tx),
  }),
  decide(facts, input, context): Change {
    const actor = actorOf(facts, input.id);
    requireRoles(
      input.roles.map((r) => r.role),
      'roles',
    );
    if ([context.principal.actorId, context.principal.personId].includes(actor.id))
      throw new DomainError('SELF_GRANT', 'Nobody changes their own roles. Ask another administrator.', { path: ['id'] });
    if (actor.kind === 'PORTAL')
      throw new DomainError('INVALID_INPUT', "A portal user's role can't be changed.", { path: ['id'] });
    if (!input.roles.some((r) => r.role === 'admin' && !r.legalEntityId)) requireOtherAdmin(facts, actor.id);
    const owner = { tenantId: context.tenant.id };
    const removed = facts.roles.filter((r) => r.actorId === actor.id);
    requireMayGrant(context.principal.grants, 'actors:manage', [...removed, ...input.roles]);
    const { pairs, held } = facts.rights;
    const others = held.filter((r) => r.actorId !== actor.id && r.personId === (actor.ownerId ?? actor.id));
    requireApart({ policies: context.policies, pairs, roles: [...others, ...input.roles] });
    return {
      recordId: actor.id,
      rows: [
        ...removed.map((r): RowChange => ({ op: 'delete', entity: 'ActorRole', id: r.id, owner })),
        ...input.roles.map((r) => roleRow(context, actor.id, r)),
        { op: 'update', entity: 'Actor', id: actor.id, version: actor.version, set: { name: actor.name }, owner },
      ],
      events: [
        {
          ...actorEvent('actor.roles_set', { id: actor.id, version: actor.version + 1 }, {}),
          personal: { before: roleNames(removed), after: roleNames(input.roles) },
        },
      ],
    };
  },
});

export const revokeActor = command({
  name: 'revokeActor',
  description:
    'Takes an actor all access, at once, and that of the API keys that it made; open streams end within a minute. Make the keys that go on anew as somebody else first.',
  permission: 'actors:manage',
  record: 'Actor',
  input: object('RevokeActorInput', { id: idOf('act').describe('The actor.'), reason: optional(text()).describe('Why.') }),
  lockKey: () => 'administrators',
  facts: (tx, inputs) =>
    actorFacts(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(facts, input, context): Change {
    const actor = actorOf(facts, input.id);
    requireOtherAdmin(facts, actor.id);
    requireMayGrant(
      context.principal.grants,
      'actors:manage',
      facts.roles.filter((r) => r.actorId === actor.id),
    );
    const owner = { tenantId: context.tenant.id };
    return {
      recordId: actor.id,
      rows: [{ op: 'update', entity: 'Actor', id: actor.id, version: actor.version, set: { revokedAt: context.now }, owner }],
      events: [actorEvent('actor.revoked', { id: actor.id, version: actor.version + 1 }, { reason: input.reason ?? null })],
    };
  },
});
