// Cashgraph with Apollo Client: its normalised cache knows records by id, and pages are merged by `relayStylePagination`.
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { type Invoice, type QuickStart, type Server, startedAs } from './client.ts';
import { NewCustomerDocument, OpenInvoicesDocument } from './operations.generated.ts';

export function withApollo({ url, token }: Server): QuickStart {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache(),
    clientAwareness: { name: 'quickstart', version: '1' },
  });
  return {
    async openInvoices(first) {
      const found: Invoice[] = [];
      let after: string | null = null;
      do {
        const variables: { first: number; after: string | null } = { first, after };
        const { data, error } = await client.query({ query: OpenInvoicesDocument, variables });
        if (!data) throw error ?? new Error('The answer is empty.');
        const { nodes, pageInfo } = data.invoices;
        found.push(...nodes);
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
    async newCustomer(input, idempotencyKey) {
      const variables = { input: { ...input, idempotencyKey } };
      const { data, error } = await client.mutate({ mutation: NewCustomerDocument, variables });
      if (!data) throw error ?? new Error('The answer is empty.');
      return data.createCustomer;
    },
  };
}

await startedAs(import.meta.filename, withApollo);
