/** What happens to reporting logins: their names, and no secret. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({ name: z.string() });

export const reportingLoginEvents = defineEvents('ReportingLogin', {
  'reporting_login.created': { description: 'A login for BI was made.', payload },
  'reporting_login.rotated': { description: 'It has got another password.', payload },
  'reporting_login.dropped': { description: 'It was ended: it sees nothing any more.', payload },
});
