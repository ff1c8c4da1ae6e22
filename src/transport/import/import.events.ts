/** What happens to uploads and imports. Nothing of a file is ever in an event, not even its name. */
import { z } from 'zod';
import { defineEvents } from '../../outbox/event.ts';

const upload = z.object({
  from: z.string().nullable(),
  to: z.string(),
  startedById: z.string(),
  kind: z.string(),
  format: z.string(),
  sizeBytes: z.string(),
});

export const uploadEvents = defineEvents('Upload', {
  'upload.created': { description: 'Somebody wants to send a file.', payload: upload },
  'upload.received': { description: 'The whole file is here.', payload: upload },
  'upload.deleted': { description: 'Somebody let go of the file, or its time was over.', payload: upload },
});

const figures = z.object({
  from: z.string().nullable(),
  to: z.string(),
  startedById: z.string(),
  uploadId: z.string(),
  kind: z.string(),
  isDryRun: z.boolean(),
  rowCount: z.number(),
  newCount: z.number(),
  unchangedCount: z.number(),
  refusedCount: z.number(),
  errorCode: z.string().nullable(),
});

export const importEvents = defineEvents('Import', {
  'import.queued': { description: 'Somebody asked for an import.', payload: figures },
  'import.begun': { description: 'A process works on it; again when another one took over.', payload: figures },
  'import.done': { description: 'Every line is read in, or refused.', payload: figures },
  'import.failed': { description: 'It could not go on.', payload: figures },
  'import.cancelled': { description: 'It was stopped.', payload: figures },
});
