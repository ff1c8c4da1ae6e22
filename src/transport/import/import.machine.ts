/** What may happen to an import. Lines that are in the books stay there, whatever becomes of it: the same file read again changes nothing of them. */
import { defineMachine } from '../../kernel/machine.ts';

export const importMachine = defineMachine({
  record: 'import',
  states: ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'],
  initial: 'QUEUED',
  rows: [
    {
      on: 'BEGIN',
      from: ['QUEUED', 'RUNNING'],
      to: 'RUNNING',
      emits: ['import.begun'],
      observed: true,
      description: 'Happens by itself when its turn comes; once more when the process that worked on it is gone.',
    },
    {
      on: 'FINISH',
      from: 'RUNNING',
      to: 'DONE',
      emits: ['import.done'],
      observed: true,
      description: 'Happens by itself when the last line is done or refused.',
    },
    {
      on: 'FAIL',
      from: ['QUEUED', 'RUNNING'],
      to: 'FAILED',
      emits: ['import.failed'],
      observed: true,
      description: 'Happens by itself when it can not go on; the error says why.',
    },
    {
      on: 'CANCEL',
      from: ['QUEUED', 'RUNNING'],
      to: 'CANCELLED',
      emits: ['import.cancelled'],
      description: 'Stop it; what was read in by then stays.',
    },
  ],
});
