/** What happens to exports. Neither the query nor anything that was read is ever in an event. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const payload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  startedById: z.string(),
  list: z.string(),
  format: z.string(),
  rowCount: z.number(),
  byteCount: z.string(),
  errorCode: z.string().nullable(),
});

export const exportEvents = defineEvents('Export', {
  'export.queued': { description: 'Somebody asked for an export.', payload },
  'export.begun': { description: 'A process works on it; again when another one took over.', payload },
  'export.done': { description: 'The file is whole.', payload },
  'export.failed': { description: 'It could not be done.', payload },
  'export.cancelled': { description: 'It was stopped.', payload },
  'export.restarted': { description: 'It is to be done anew.', payload },
  'export.expired': { description: 'Its time was over, and the file is deleted.', payload },
});
