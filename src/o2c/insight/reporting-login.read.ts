/** How reporting logins are read. */
import type { ReadDefinition } from '../../read/catalogue.ts';

export const reportingLoginRead: ReadDefinition = {
  prefix: 'rpl',
  description:
    'A login of the database for a BI tool: it reads the views of the schema `reporting`, and of those the rows of this tenant. The operator makes it with `cashgraph reporting-login`.',
  resource: { permission: 'reporting-logins:read' },
  root: { one: 'reportingLogin', many: 'reportingLogins' },
  order: ['createdAt'],
};
