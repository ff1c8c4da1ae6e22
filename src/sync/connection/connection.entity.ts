/** Connections to ERPs, what each serves, and who has authority over what. Credentials are sealed here and never shown. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { choice, identified, integer, reference, text, versioned } from '../../write/columns.ts';

export const Connection = defineEntity({
  name: 'ConnectedSystem',
  tableName: 'connection',
  properties: {
    ...identified('connection'),
    code: text('Its code, unique in the group; part of its webhook address, and the source of what came by it.', {
      filter: true,
      sort: true,
    }),
    name: text('What it is called.', { sort: true }),
    connector: text('The connector that it works with, for example `quickbooks`.', { filter: true }),
    lifecycle: choice('ConnectionLifecycle', 'Whether it works.', {
      ACTIVE: 'It reads and writes.',
      PAUSED: 'It stands still: nothing is read, and what is asked of the ERP waits.',
    }),
    config: shown(p.json(), { description: 'Its settings, by the schema of its connector; no credentials.', type: 'Json' }),
    sealedCredentials: p.string(),
    credentialsVersion: integer('Counts the changes of its credentials, which are never shown.'),
    syncEveryS: integer('How often what has changed is read, in seconds.'),
    ...versioned(),
  },
});

export const ConnectionLegalEntity = defineEntity({
  name: 'ConnectionLegalEntity',
  tableName: 'connection_legal_entity',
  properties: {
    ...identified('served legal entity'),
    connectionId: p.uuid(),
    legalEntityId: reference('LegalEntity', 'The legal entity that the connection serves.'),
    externalId: text('What the ERP calls the company whose books are its; null: the ERP has no other one.').nullable(),
  },
});

export const Authority = defineEntity({
  name: 'Authority',
  tableName: 'authority',
  properties: {
    ...identified('authority'),
    legalEntityId: reference('LegalEntity', 'The legal entity.'),
    recordKind: choice('AuthorityKind', 'The kind of records.', {
      CustomerAccount: 'Accounts of customers.',
      Order: 'Orders.',
      Invoice: 'Invoices.',
      CreditNote: 'Credit notes.',
      Payment: 'Payments, and what they are set against.',
    }),
    side: choice('AuthoritySide', 'Who may change them.', {
      PLATFORM: 'Cashgraph: they change by commands, and the ERP is told.',
      CONNECTION: 'The ERP: they are followed as they are there, and a command is a wish towards it.',
    }),
    ...versioned(),
  },
});
