// Cashgraph with nothing but fetch: typed answers, pages by cursor, errors of both kinds.
import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type Invoice, type QuickStart, type Server, startedAs } from './client.ts';
import { NewCustomerDocument, OpenInvoicesDocument, type OpenInvoicesQuery } from './operations.generated.ts';

interface Answer<Data> {
  readonly data?: Data | null;
  /** Faults and missing rights. What the business refuses is in the payload's `userErrors`. */
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export function withFetch({ url, token }: Server): QuickStart {
  async function ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables, headers = {}) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: print(document), variables }),
    });
    const { data, errors = [] } = (await response.json()) as Answer<Data>;
    if (errors.length > 0) throw new Error(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('\n'));
    if (!data) throw new Error(`The server answered ${response.status}.`);
    return data;
  }
  return {
    async openInvoices(first) {
      const found: Invoice[] = [];
      let after: string | null = null;
      do {
        const { invoices }: OpenInvoicesQuery = await ask(OpenInvoicesDocument, { first, after });
        found.push(...invoices.nodes);
        after = invoices.pageInfo.hasNextPage ? (invoices.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      return found;
    },
    async newCustomer(input, key) {
      const { createCustomer } = await ask(NewCustomerDocument, { input }, { 'idempotency-key': key });
      return createCustomer;
    },
  };
}

await startedAs(import.meta.filename, withFetch);
