/** `verifyAuditTrail`: proves from the log itself that nobody has rewritten it. */
import { Ctx, Int, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../access/principal.ts';
import { CursorScalar, objectClass } from '../read/schema.ts';
import type { GraphContext } from './context.ts';

const nullable = true;
const AuditTrail = objectClass({
  name: 'AuditTrail',
  description: "What the verification of the tenant's log found.",
  fields: [
    { name: 'isIntact', type: () => Boolean, description: 'Nothing was changed, removed, inserted or reordered.' },
    { name: 'eventCount', type: () => Int, nullable, description: 'How many events were verified; null if it is broken.' },
    {
      name: 'head',
      type: () => String,
      nullable,
      description: 'The newest hash: keep it elsewhere to prove later that nothing before was rewritten.',
    },
    {
      name: 'position',
      type: () => CursorScalar,
      nullable,
      description: 'The newest event, or the one at which the chain breaks.',
    },
    { name: 'reason', type: () => String, nullable, description: 'What is wrong there.' },
  ],
});

@Resolver()
class AuditResolver {
  @Query(() => AuditTrail, { complexity: 5000, description: "Verifies the hash chain of the tenant's log. Needs audit:verify." })
  async verifyAuditTrail(@Ctx() context: GraphContext): Promise<object> {
    requirePermission(context.principal, 'audit:verify');
    const result = await context.verifyAudit();
    const shown = result.ok
      ? {
          isIntact: true,
          eventCount: result.events,
          head: result.head?.hash ?? null,
          position: result.head ? String(result.head.position) : null,
          reason: null,
        }
      : { isIntact: false, eventCount: null, head: null, position: String(result.position), reason: result.reason };
    return Object.assign(new AuditTrail(), shown);
  }
}

export const auditResolver = (): Function => AuditResolver;
