/** Ready-made operations, one for each use case: GraphiQL's first tabs, and the query of the start screen. A test runs them. */
import type { ExampleOperation } from '../transport/index.ts';

export const FIRST_QUERY =
  '{ invoices(first: 3, where: { status: { eq: OPEN } }) { nodes { number dueOn open { amount currency } customer { name } } } }';

export const CONNECTIONS_QUERY =
  '{ connections { nodes { code health lagS streams { name recordCount lastSucceededAt openIssueCount } } } }';

export const OPERATIONS: readonly ExampleOperation[] = [
  {
    query: `# Overdue: the oldest open invoices, and whose they are
query OldestOpenInvoices($first: Int!) {
  invoices(first: $first, where: { status: { in: [OPEN, PARTIALLY_PAID] } }, orderBy: [{ field: DUE_ON }]) {
    totalCount
    nodes {
      number
      dueOn
      open { amount currency }
      customer { number name }
      allowedActions
    }
  }
}
`,
    variables: '{ "first": 10 }',
  },
  {
    query: `# Ageing: what is not due yet, and what is late by how much
query Ageing {
  ageing(groupBy: CUSTOMER) {
    customerNumber
    customerName
    currency
    notDue
    days1To30
    days31To60
    days61To90
    over90
    unapplied
    total
  }
}
`,
  },
  {
    query: `# Cash: payments with money left to apply
query UnappliedPayments {
  payments(first: 20, where: { status: { in: [UNAPPLIED, PARTIALLY_APPLIED] } }, orderBy: [{ field: RECEIVED_ON, direction: DESC }]) {
    nodes {
      id
      number
      receivedOn
      reference
      unapplied { amount currency }
      customer { name }
      allowedActions
    }
  }
}
`,
  },
  {
    query: `# A customer with its accounts, and what each still owes
query Customers($name: String!) {
  customers(first: 5, where: { name: { startsWith: $name } }) {
    nodes {
      number
      name
      accounts {
        nodes { number currency legalEntity { code name } }
      }
    }
  }
}
`,
    variables: '{ "name": "" }',
  },
  {
    query: `# Live: every change of an invoice, as it happens
subscription InvoiceChanges {
  invoiceChanged {
    cursor
    event { type from to occurredAt }
    gap { from to reason }
    record { number status open { amount currency } }
  }
}
`,
  },
  {
    query: `# ERPs: how each connection stands, and how far each stream of it is behind
query Connections {
  connections {
    nodes {
      id
      code
      name
      health
      company
      failure
      lagS
      warnings
      legalEntities { legalEntity { code name } }
      streams { name recordKind recordCount waitingCount refusedCount lagS rowsPerSecond lastChangedAt failure }
    }
  }
}
`,
  },
  {
    query: `# Webhooks: who gets events, what was sent there last, and what came back
query Webhooks($first: Int!) {
  webhookEndpoints(first: $first) {
    nodes {
      id
      url
      description
      eventTypes
      lifecycle
      pendingCount
      deliveredAt
      failure
      deliveries(first: 10) {
        nodes { eventType recordId state attemptCount nextAt attempts { number startedAt status durationMs failure } }
      }
    }
  }
}
`,
    variables: '{ "first": 5 }',
  },
  {
    query: `# ERPs: what did not fit, in the ERP's own words
query OpenSyncIssues($first: Int!) {
  syncIssues(first: $first, where: { lifecycle: { eq: OPEN } }) {
    totalCount
    nodes { id reason recordKind recordId externalId field message erpText seenCount connection { code } }
  }
}
`,
    variables: '{ "first": 20 }',
  },
  {
    query: `# ERPs: invoices of a legal entity, from where they came and who may change them
query InvoiceSources($legalEntity: String!, $first: Int!) {
  invoices(first: $first, where: { legalEntity: { code: { eq: $legalEntity } } }, orderBy: [{ field: ISSUED_ON, direction: DESC }]) {
    nodes {
      number
      status
      open { amount currency }
      source { connection externalId externalNumber authority state staleBySeconds }
      pending { command lifecycle }
    }
  }
}
`,
    variables: '{ "legalEntity": "QB", "first": 10 }',
  },
  {
    query: `# ERPs, live: what is being read (syncConnection begins it)
subscription SyncProgress {
  syncProgress {
    cursor
    event { connection stream mode state readCount changedCount totalCount rowsPerSecond }
  }
}
`,
  },
  {
    query: `# Who am I, and what may I do?
query Me {
  me { name kind roles permissions }
}
`,
  },
];
