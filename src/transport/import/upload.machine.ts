/** What may happen to an upload: it waits for its file, has it, and loses it when its time is over. */
import { defineMachine } from '../../kernel/machine.ts';

export const uploadMachine = defineMachine({
  record: 'upload',
  states: ['WAITING', 'RECEIVED', 'DELETED'],
  initial: 'WAITING',
  rows: [
    {
      on: 'RECEIVE',
      from: 'WAITING',
      to: 'RECEIVED',
      emits: ['upload.received'],
      observed: true,
      description: 'Happens by itself when the whole file has come and can be read.',
    },
    {
      on: 'EXPIRE',
      from: ['WAITING', 'RECEIVED'],
      to: 'DELETED',
      emits: ['upload.deleted'],
      observed: true,
      description: 'Happens by itself when its time is over: the file is deleted.',
    },
    {
      on: 'DELETE',
      from: ['WAITING', 'RECEIVED'],
      to: 'DELETED',
      emits: ['upload.deleted'],
      description: 'Delete the file.',
    },
  ],
});
