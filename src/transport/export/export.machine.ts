/** What may happen to an export. Nothing of a half-written file is ever kept: whoever takes over, or restarts it, begins anew from a new snapshot. */
import { defineMachine } from '../../kernel/machine.ts';

export const exportMachine = defineMachine({
  record: 'export',
  states: ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED'],
  initial: 'QUEUED',
  rows: [
    {
      on: 'BEGIN',
      from: ['QUEUED', 'RUNNING'],
      to: 'RUNNING',
      emits: ['export.begun'],
      observed: true,
      description: 'Happens by itself when its turn comes; once more when the process that worked on it is gone.',
    },
    {
      on: 'FINISH',
      from: 'RUNNING',
      to: 'DONE',
      emits: ['export.done'],
      observed: true,
      description: 'Happens by itself when the file is whole.',
    },
    {
      on: 'FAIL',
      from: ['QUEUED', 'RUNNING'],
      to: 'FAILED',
      emits: ['export.failed'],
      observed: true,
      description: 'Happens by itself when it can not be done; the error says why.',
    },
    {
      on: 'CANCEL',
      from: ['QUEUED', 'RUNNING'],
      to: 'CANCELLED',
      emits: ['export.cancelled'],
      description: 'Stop it; nothing of it is kept.',
    },
    {
      on: 'RESTART',
      from: ['FAILED', 'CANCELLED', 'EXPIRED'],
      to: 'QUEUED',
      emits: ['export.restarted'],
      description: 'Do the same anew, from a new snapshot.',
    },
    {
      on: 'EXPIRE',
      from: 'DONE',
      to: 'EXPIRED',
      emits: ['export.expired'],
      observed: true,
      description: 'Happens by itself when its time is over: the file is deleted.',
    },
  ],
});
