/** What is asked of an ERP. The record that it is about changes when the ERP shows it changed. */
import { defineEntity, p } from '@mikro-orm/core';
import { choice, identified, instant, integer, reference, rooted, text, versioned } from '../../write/columns.ts';

export const ErpRequest = defineEntity({
  name: 'ErpRequest',
  tableName: 'erp_request',
  properties: {
    ...identified('request'),
    connectionId: reference('ConnectedSystem', 'The connection that it goes by.'),
    ...rooted(),
    recordKind: text('The kind of the record that it is about, for example Payment.', { filter: true }),
    recordId: p.uuid(),
    command: choice('ErpCommand', 'What is asked.', {
      CREATE: 'Make the record there.',
      UPDATE: 'Bring the record there up to ours.',
      VOID: 'Take the record back there.',
    }),
    input: p.json().nullable(),
    lifecycle: choice('ErpRequestLifecycle', 'How it stands.', {
      SENT: 'It is on its way.',
      CONFIRMED: 'The ERP did it, and what it made of it is here.',
      REFUSED: 'The ERP will not do it: its words say why.',
    }),
    attemptCount: integer('How often it was sent.', { measure: true }),
    erpText: text("The ERP's own words.").nullable(),
    externalId: text('The id of the record there.', { filter: true }).nullable(),
    askedById: reference('Actor', 'Who asked.'),
    answeredAt: instant('When the ERP answered for good.').nullable(),
    ...versioned(),
  },
});
