/** Who acts: actors, roles, API keys, signing in; and what one person may not do alone: forbidden pairs, approvals. */
import { readRecord } from '../../read/catalogue.ts';
import { defineModule } from '../../write/module.ts';
import { createApiKey, revokeApiKey } from './api-key.commands.ts';
import { approvalSchedule, expireApproval, rejectApproval, withdrawApproval } from './approval.commands.ts';
import { approvalEvents } from './approval.events.ts';
import { approvalMachine } from './approval.machine.ts';
import { approvalRead, forbiddenPairRead } from './approval.read.ts';
import { removeForbiddenPair, setForbiddenPair } from './duties.commands.ts';
import { createActor, revokeActor, setActorRoles } from './identity.commands.ts';
import { Actor, ActorCustomer, ActorRole, ApiKey, Approval, ForbiddenPair } from './identity.entity.ts';
import { actorEvents, apiKeyEvents, pairEvents } from './identity.events.ts';
import { identityResolvers } from './identity.graphql.ts';
import { identityPolicy } from './identity.policy.ts';
import { actorCustomerRead, actorRead, actorRoleRead, apiKeyRead } from './identity.read.ts';

export { loadApprovals, loadOpenApprovals } from './approval.facts.ts';
export { type ApprovalRow, grant, newApproval } from './approval.rules.ts';
export { createSignIn, type SignIn, systemPrincipal } from './identity.sign-in.ts';

const roots = [
  readRecord(Actor, actorRead),
  readRecord(ApiKey, apiKeyRead),
  readRecord(ForbiddenPair, forbiddenPairRead),
  readRecord(Approval, approvalRead),
];

export const identityModule = defineModule({
  name: 'identity',
  entities: [Actor, ActorRole, ActorCustomer, ApiKey, ForbiddenPair, Approval],
  records: [...roots, readRecord(ActorRole, actorRoleRead), readRecord(ActorCustomer, actorCustomerRead)],
  machines: [approvalMachine],
  postings: [],
  policy: identityPolicy,
  events: [...actorEvents, ...apiKeyEvents, ...pairEvents, ...approvalEvents],
  commands: [
    createActor,
    setActorRoles,
    revokeActor,
    createApiKey,
    revokeApiKey,
    setForbiddenPair,
    removeForbiddenPair,
    rejectApproval,
    withdrawApproval,
    expireApproval,
  ],
  schedules: [approvalSchedule],
  resolvers: identityResolvers(roots),
});
