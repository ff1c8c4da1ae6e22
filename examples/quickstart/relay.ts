// Cashgraph with Relay, without React: the documents are those of relay/open-invoices.ts, compiled against the published schema.
import { commitMutation, Environment, fetchQuery, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';
import { type Invoice, type QuickStart, type Server, startedAs } from './client.ts';
import newCustomer, {
  type openInvoicesNewCustomerMutation,
} from './relay/__generated__/openInvoicesNewCustomerMutation.graphql.ts';
import openInvoices, { type openInvoicesQuery } from './relay/__generated__/openInvoicesQuery.graphql.ts';

export function withRelay({ url, token }: Server): QuickStart {
  const network = Network.create(async ({ text }, variables) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
    return (await response.json()) as GraphQLResponse;
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  return {
    async openInvoices(first) {
      const found: Invoice[] = [];
      let after: string | null = null;
      do {
        const variables: { first: number; after: string | null } = { first, after };
        const data = await fetchQuery<openInvoicesQuery>(environment, openInvoices, variables).toPromise();
        if (!data) throw new Error('The answer is empty.');
        const { nodes, pageInfo } = data.invoices;
        found.push(...nodes);
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
    newCustomer: (input, idempotencyKey) =>
      new Promise((resolve, reject) => {
        commitMutation<openInvoicesNewCustomerMutation>(environment, {
          mutation: newCustomer,
          variables: { input: { ...input, idempotencyKey } },
          onCompleted: ({ createCustomer }) => resolve(createCustomer),
          onError: reject,
        });
      }),
  };
}

await startedAs(import.meta.filename, withRelay);
