/** Making and revoking API keys. What a key does counts for whoever made it. */
import { DomainError } from '../../kernel/errors.ts';
import { dateTimeInput, idOf, list, object, text } from '../../kernel/input.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command } from '../../write/command.ts';
import { requireApart } from './holdings.rules.ts';
import { roleInput } from './identity.commands.ts';
import { ActorRole, ApiKey } from './identity.entity.ts';
import { loadRights } from './identity.facts.ts';
import { actorEvent, newKey, requireMayGrant, requireRoles, roleNames, roleRow } from './identity.rules.ts';

export const createApiKey = command({
  name: 'createApiKey',
  description:
    'Makes an API key with an actor of its own. What it does counts as done by whoever makes it. The key is in the answer once and is kept only as a hash.',
  permission: 'keys:manage',
  record: 'ApiKey',
  input: object('CreateApiKeyInput', {
    name: text().describe('What it is for.'),
    roles: list(roleInput, { min: 1, max: 50 }).describe('What it may do.'),
    expiresAt: dateTimeInput.describe('When it ends; two years ahead at most.'),
  }),
  // of two keys in one set, each with a half of a forbidden pair, neither would see the other
  lockKey: () => 'rights',
  facts: loadRights,
  decide({ pairs, held }, input, context): Change {
    requireRoles(
      input.roles.map((r) => r.role),
      'roles',
    );
    requireMayGrant(context.principal.grants, 'keys:manage', input.roles);
    const own = held.filter((r) => r.personId === context.principal.personId);
    requireApart({ policies: context.policies, pairs, roles: [...own, ...input.roles] });
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
          values: {
            ...base,
            id: actorId,
            kind: 'API_KEY',
            name: input.name,
            email: null,
            issuer: null,
            subject: null,
            ownerId: context.principal.personId,
          },
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
