/** Making actors and keys. Nobody raises their own rights, and a tenant keeps an administrator. */
import { DomainError } from '../../kernel/errors.ts';
import { choice, dateTimeInput, idOf, list, object, optional, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type CommandContext, type RowChange, type Tx } from '../../write/command.ts';
import { Actor, ActorRole, ApiKey } from './identity.entity.ts';
import { newKey, requireMayGrant, requireRoles } from './identity.rules.ts';

const roleInput = object('RoleAssignmentInput', {
  role: text({ max: 40 }).describe('The role, for example `billing`.'),
  legalEntityId: optional(idOf('le')).describe('The legal entity that it is for; absent: all.'),
});
type RoleInput = { readonly role: string; readonly legalEntityId?: string | undefined };

const roleRow = (context: CommandContext, actorId: string, { role, legalEntityId }: RoleInput): RowChange => ({
  op: 'insert',
  entity: 'ActorRole',
  values: {
    id: context.newId(),
    tenantId: context.tenant.id,
    actorId,
    role,
    legalEntityId: legalEntityId ?? null,
    version: 1,
    createdAt: context.now,
  },
});

const roleNames = (roles: readonly { readonly role: string }[]) =>
  roles
    .map((r) => r.role)
    .sort()
    .join(' ');

const actorEvent = (type: string, actor: { id: string; version: number }, payload: Readonly<Record<string, string | null>>) => ({
  type,
  recordKind: 'Actor',
  recordId: actor.id,
  recordVersion: actor.version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload,
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
  facts: async () => null,
  decide(_facts, input, context): Change {
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
    const roles: readonly RoleInput[] = isPortal ? [{ role: 'portal' }] : input.roles;
    requireMayGrant(context.principal.grants, 'actors:manage', roles);
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
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('administrators ' || current_setting('app.tenant_id'), 0))`);
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
  description: "Replaces an actor's roles. Nobody changes their own.",
  permission: 'actors:manage',
  record: 'Actor',
  input: object('SetActorRolesInput', {
    id: idOf('act').describe('The actor.'),
    roles: list(roleInput, { max: 50 }).describe('All its roles from now on.'),
  }),
  lockKey: () => 'administrators',
  facts: (tx, inputs) =>
    actorFacts(
      tx,
      inputs.map((i) => i.id),
    ),
  decide(facts, input, context): Change {
    const actor = actorOf(facts, input.id);
    requireRoles(
      input.roles.map((r) => r.role),
      'roles',
    );
    if (actor.id === context.principal.actorId)
      throw new DomainError('SELF_GRANT', 'Nobody changes their own roles. Ask another administrator.', { path: ['id'] });
    if (actor.kind === 'PORTAL')
      throw new DomainError('INVALID_INPUT', "A portal user's role can't be changed.", { path: ['id'] });
    if (!input.roles.some((r) => r.role === 'admin' && !r.legalEntityId)) requireOtherAdmin(facts, actor.id);
    const owner = { tenantId: context.tenant.id };
    const removed = facts.roles.filter((r) => r.actorId === actor.id);
    requireMayGrant(context.principal.grants, 'actors:manage', [...removed, ...input.roles]);
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
  description: 'Takes an actor all access, at once; its open streams end within a minute.',
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

export const createApiKey = command({
  name: 'createApiKey',
  description: 'Makes an API key with an actor of its own. The key is in the answer once and is kept only as a hash.',
  permission: 'keys:manage',
  record: 'ApiKey',
  input: object('CreateApiKeyInput', {
    name: text().describe('What it is for.'),
    roles: list(roleInput, { min: 1, max: 50 }).describe('What it may do.'),
    expiresAt: dateTimeInput.describe('When it ends; two years ahead at most.'),
  }),
  facts: async () => null,
  decide(_facts, input, context): Change {
    requireRoles(
      input.roles.map((r) => r.role),
      'roles',
    );
    requireMayGrant(context.principal.grants, 'keys:manage', input.roles);
    const latest = new Date(context.wallNow.getTime() + 2 * 366 * 86_400_000);
    if (input.expiresAt <= context.wallNow || input.expiresAt > latest) {
      throw new DomainError('INVALID_INPUT', 'A key ends in the future, within two years.', { path: ['expiresAt'] });
    }
    const { tenant, now } = context;
    const actorId = context.newId();
    const id = context.newId();
    const { key, lookup, secretHash } = newKey(context.randomBytes, tenant.isSandbox ? 'test' : 'live');
    const base = { tenantId: tenant.id, version: 1, createdAt: now };
    return {
      recordId: id,
      secret: key,
      rows: [
        {
          op: 'insert',
          entity: 'Actor',
          values: { ...base, id: actorId, kind: 'API_KEY', name: input.name, email: null, issuer: null, subject: null },
        },
        ...input.roles.map((r) => roleRow(context, actorId, r)),
        {
          op: 'insert',
          entity: 'ApiKey',
          values: { ...base, id, actorId, name: input.name, lookup, secretHash, expiresAt: input.expiresAt },
        },
      ],
      events: [
        {
          ...actorEvent('actor.created', { id: actorId, version: 1 }, { kind: 'API_KEY' }),
          personal: { name: input.name, roles: roleNames(input.roles) },
        },
        {
          ...actorEvent('api_key.created', { id, version: 1 }, { lookup, expiresAt: input.expiresAt.toISOString() }),
          recordKind: 'ApiKey',
        },
      ],
    };
  },
});

export const revokeApiKey = command({
  name: 'revokeApiKey',
  description: 'Ends an API key at once.',
  permission: 'keys:manage',
  record: 'ApiKey',
  input: object('RevokeApiKeyInput', { id: idOf('key').describe('The key.') }),
  lockKey: (input) => input.id,
  facts: async (tx, inputs) => {
    const keys = await tx.load(ApiKey, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true });
    return { keys, roles: await tx.load(ActorRole, sql`t.actor_id = any(${sql.uuids(keys.map((k) => k.actorId))})`) };
  },
  decide({ keys, roles }, input, context) {
    const key = keys.find((k) => k.id === input.id);
    if (!key) throw new DomainError('NOT_FOUND', 'There is no such API key.', { path: ['id'] });
    requireMayGrant(
      context.principal.grants,
      'keys:manage',
      roles.filter((r) => r.actorId === key.actorId),
    );
    if (key.revokedAt) return { unchanged: key.id };
    return {
      recordId: key.id,
      rows: [
        {
          op: 'update',
          entity: 'ApiKey',
          id: key.id,
          version: key.version,
          set: { revokedAt: context.now },
          owner: { tenantId: context.tenant.id },
        },
      ],
      events: [
        {
          ...actorEvent('api_key.revoked', { id: key.id, version: key.version + 1 }, { lookup: key.lookup }),
          recordKind: 'ApiKey',
        },
      ],
    };
  },
});
