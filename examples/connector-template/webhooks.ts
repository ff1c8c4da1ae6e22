/** Webhooks: proved by their signature over the body as it came; what they say is only a hint to read. */
import { verifyHmac, type Webhooks } from 'cashgraph/connector';
import type { Config } from './streams.ts';

const STREAMS = new Set(['products', 'customers', 'invoices', 'payments']);

export const webhooks: Webhooks<Config, { readonly webhookSecret: string }> = {
  verify: ({ headers, body }, { credentials: { webhookSecret } }) =>
    verifyHmac({ secret: webhookSecret, body, signature: headers['x-signature'], encoding: 'hex' }),
  hints({ body }) {
    const { changed } = JSON.parse(new TextDecoder().decode(body)) as { changed?: readonly { set?: string; id?: string }[] };
    if (!Array.isArray(changed)) throw new Error('The body has no list of what changed.');
    return changed.flatMap(({ set, id }) => (set && id && STREAMS.has(set) ? [{ stream: set, externalId: id }] : []));
  },
};
