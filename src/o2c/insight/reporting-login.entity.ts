/** Which tenant a login of the database sees. The login itself, with its password, is the database's: nothing of that is kept here. */
import { defineEntity, p } from '@mikro-orm/core';
import { shown } from '../../kernel/field.ts';
import { identified, text, versioned } from '../../write/columns.ts';

export const ReportingLogin = defineEntity({
  name: 'ReportingLogin',
  tableName: 'reporting_login',
  properties: {
    ...identified('reporting login'),
    name: text('The name to sign in to the database with. It says nothing of the tenant, since every login can list them all.', {
      filter: true,
    }),
    purpose: text('What it is for.'),
    droppedAt: shown(p.datetime(), {
      description: 'When it was ended: since then it sees nothing.',
      type: 'DateTime',
      filter: true,
    }).nullable(),
    ...versioned(),
  },
});
