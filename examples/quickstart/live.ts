// Invoices as they change, over WebSocket. Each message has a cursor; whoever comes back with the last one misses nothing. Where the server has
// forgotten what happened meanwhile, it says so with `gap` in the place of `event`: read anew what you hold.
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Server } from './client.ts';
import { type InvoiceChangesSubscription, InvoiceChangesDocument } from './operations.generated.ts';

export type Change = InvoiceChangesSubscription['invoiceChanged'];

/** Changes after a cursor, or from now on; ends when the loop over it is left. */
export async function* invoiceChanges({ url, token }: Server, after: string | null): AsyncGenerator<Change> {
  let last = after;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  try {
    const query = print(InvoiceChangesDocument);
    for await (const { data, errors } of client.iterate<InvoiceChangesSubscription>({ query, variables: { after: last } })) {
      if (!data) throw new Error((errors ?? []).map(({ message }) => message).join('\n'));
      last = data.invoiceChanged.cursor;
      yield data.invoiceChanged;
    }
  } finally {
    await client.dispose();
  }
}
