// Cashgraph with urql.
import { cacheExchange, Client, fetchExchange } from '@urql/core';
import { type Invoice, type QuickStart, type Server, startedAs } from './client.ts';
import { NewCustomerDocument, OpenInvoicesDocument } from './operations.generated.ts';

export function withUrql({ url, token }: Server): QuickStart {
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
  return {
    async openInvoices(first) {
      const found: Invoice[] = [];
      let after: string | null = null;
      do {
        const variables: { first: number; after: string | null } = { first, after };
        const { data, error } = await client.query(OpenInvoicesDocument, variables).toPromise();
        if (!data) throw error ?? new Error('The answer is empty.');
        const { nodes, pageInfo } = data.invoices;
        found.push(...nodes);
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
    async newCustomer(input, idempotencyKey) {
      const variables = { input: { ...input, idempotencyKey } };
      const { data, error } = await client.mutation(NewCustomerDocument, variables).toPromise();
      if (!data) throw error ?? new Error('The answer is empty.');
      return data.createCustomer;
    },
  };
}

await startedAs(import.meta.filename, withUrql);
