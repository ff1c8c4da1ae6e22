/** What resolvers of webhooks find in the context, beside everything else. */
import type { Principal } from '../../access/principal.ts';
import type { ImportContext } from '../import/context.ts';

export interface WebhookDesk {
  /** The id of a test's delivery, as soon as there is an answer or it is known that none comes. @throws UNAVAILABLE when nobody sent it in time */
  tested(principal: Principal, test: { readonly endpointId: string; readonly testId: string }): Promise<string>;
}

export interface WebhookContext extends ImportContext {
  readonly webhooks: WebhookDesk;
}
