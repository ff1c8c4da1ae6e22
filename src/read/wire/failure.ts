/** What went wrong on a connection for reads, as an error of ours. */
import pg from 'pg';
import { DomainError } from '../../kernel/errors.ts';
import { endOf } from './message-reader.ts';

const CANCELED = '57014';
/** The server is going down, refuses more connections, or the connection broke. */
const GONE = /^(57P0[123]|53300|08(?!P01)...)$/;

/** TIMEOUT and UNAVAILABLE; any other error of the database stays as it is. */
export function translated(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === CANCELED) {
    return new DomainError('TIMEOUT', 'The answer took longer than allowed: ask for less at once.', { cause: error });
  }
  const isLost =
    code === undefined
      ? /^Connection terminated|not queryable/.test(message)
      : GONE.test(code) || /^(ECONN|EPIPE|ETIMEDOUT|ERR_STREAM)/.test(code);
  return isLost ? lost(error) : error;
}

export const lost = (cause?: unknown): DomainError =>
  new DomainError('UNAVAILABLE', 'The connection to the database was lost: try again.', { cause });

export const noConnection = (cause?: unknown): DomainError =>
  new DomainError('UNAVAILABLE', 'The database gave no connection in time: try again in a moment.', { cause });

export const unanswered = (): DomainError => new DomainError('TIMEOUT', 'The database did not answer in time.');

/** Fields of an error message of Postgres's that go into pg's error, by their letters. */
const FIELDS: Readonly<Record<string, string>> = {
  S: 'severity',
  C: 'code',
  D: 'detail',
  H: 'hint',
  W: 'where',
  n: 'constraint',
};

/** The error that the body of a message says, as pg would make it. */
export function databaseError(bytes: Buffer, start: number): Error {
  const end = endOf(bytes, start);
  const fields = new Map<string, string>();
  for (let at = start; at < end && bytes[at] !== 0; ) {
    const close = bytes.indexOf(0, at + 1);
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString('utf8', at + 1, close));
    at = close + 1;
  }
  const error = new pg.DatabaseError(fields.get('M') ?? 'The database refused.', end - start, 'error');
  for (const [letter, property] of Object.entries(FIELDS)) Object.assign(error, { [property]: fields.get(letter) });
  return error;
}
