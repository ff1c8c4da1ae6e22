/** Actors, keys, forbidden pairs and approvals in the graph, and `me`. */
import { Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { publicId } from '../../kernel/ids.ts';
import type { ReadRecord } from '../../read/catalogue.ts';
import { rootResolver } from '../../read/schema.ts';
import type { GraphContext } from '../../write/context.ts';
import { mutation } from '../../write/mutation.graphql.ts';
import { createApiKey, revokeApiKey } from './api-key.commands.ts';
import { expireApproval, rejectApproval, withdrawApproval } from './approval.commands.ts';
import { removeForbiddenPair, setForbiddenPair } from './duties.commands.ts';
import { createActor, revokeActor, setActorRoles } from './identity.commands.ts';

@ObjectType('Me', { description: 'Who you are here, and what you may do.' })
class MeObject {
  @Field(() => ID, { description: 'Your actor id.' }) actorId!: string;
  @Field(() => ID, { description: 'The id of the tenant that you act in.' }) tenantId!: string;
  @Field(() => String, { description: 'Your name, as the audit trail shows it.' }) name!: string;
  @Field(() => String, { description: 'USER, PORTAL, API_KEY or SYSTEM.' }) kind!: string;
  @Field(() => [String], { description: 'Your roles.' }) roles!: string[];
  @Field(() => [String], { description: 'Your permissions, each `resource:action`.' }) permissions!: string[];
  @Field(() => [ID], { description: 'The customers that you stand for, if you are a portal user.' }) customerIds!: string[];
}

@Resolver()
class MeResolver {
  @Query(() => MeObject, { description: 'Who you are here, and what you may do.' })
  me(@Ctx() { principal }: GraphContext): MeObject {
    return Object.assign(new MeObject(), {
      actorId: publicId('act', principal.actorId),
      tenantId: publicId('ten', principal.tenantId),
      name: principal.name,
      kind: principal.kind,
      roles: [...principal.roles],
      permissions: [...principal.grants.keys()].sort(),
      customerIds: (principal.portal?.customerIds ?? []).map((id) => publicId('cus', id)),
    });
  }
}

export const identityResolvers = (roots: readonly ReadRecord[]): Function[] => [
  MeResolver,
  ...roots.map((record) => rootResolver(record)),
  mutation(createActor, { field: 'actor' }),
  mutation(setActorRoles, { field: 'actor' }),
  mutation(revokeActor, { field: 'actor' }),
  mutation(createApiKey, { field: 'apiKey', secret: 'The whole key. It is shown this once and can never be read again.' }),
  mutation(revokeApiKey, { field: 'apiKey' }),
  mutation(setForbiddenPair, { field: 'forbiddenPair' }),
  mutation(removeForbiddenPair, { field: 'forbiddenPair' }),
  mutation(rejectApproval, { field: 'approval' }),
  mutation(withdrawApproval, { field: 'approval' }),
  mutation(expireApproval, { field: 'approval' }),
];
