/** Who acts: actors, roles, API keys, signing in. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { createActor, createApiKey, revokeActor, revokeApiKey, setActorRoles } from './identity.commands.ts';
import { Actor, ActorCustomer, ActorRole, ApiKey } from './identity.entity.ts';
import { actorEvents, apiKeyEvents } from './identity.events.ts';
import { identityResolvers } from './identity.graphql.ts';
import { identityPolicy } from './identity.policy.ts';
import { actorCustomerRead, actorRead, actorRoleRead, apiKeyRead } from './identity.read.ts';

export { createSignIn, type SignIn, systemPrincipal } from './identity.sign-in.ts';

const actorRecord = readRecord(Actor, actorRead);
const apiKeyRecord = readRecord(ApiKey, apiKeyRead);

export const identityModule = defineModule({
  name: 'identity',
  entities: [Actor, ActorRole, ActorCustomer, ApiKey],
  records: [actorRecord, readRecord(ActorRole, actorRoleRead), readRecord(ActorCustomer, actorCustomerRead), apiKeyRecord],
  machines: [],
  postings: [],
  policy: identityPolicy,
  events: [...actorEvents, ...apiKeyEvents],
  commands: [createActor, setActorRoles, revokeActor, createApiKey, revokeApiKey],
  resolvers: identityResolvers(actorRecord, apiKeyRecord),
});
