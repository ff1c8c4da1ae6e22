// What a Relay component would ask: Relay's compiler reads the documents here and writes `__generated__` beside it, typed. Its pages are
// merged by @connection, so that a component only says `loadNext(20)`.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query openInvoicesQuery($first: Int!, $after: String) {
    invoices(first: $first, after: $after, where: { status: { in: [OPEN, PARTIALLY_PAID] } }, orderBy: [{ field: DUE_ON }]) {
      nodes {
        id
        number
        dueOn
        status
        open {
          amount
          currency
        }
        customer {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const list = graphql`
  fragment openInvoices_list on Query
  @refetchable(queryName: "openInvoicesPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    invoices(first: $first, after: $after, where: { status: { in: [OPEN, PARTIALLY_PAID] } }, orderBy: [{ field: DUE_ON }])
      @connection(key: "openInvoices_invoices") {
      edges {
        node {
          id
          number
          dueOn
          status
          open {
            amount
            currency
          }
          customer {
            name
          }
        }
      }
    }
  }
`;

export const newCustomer = graphql`
  mutation openInvoicesNewCustomerMutation($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer {
        id
        number
        name
        version
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`;
