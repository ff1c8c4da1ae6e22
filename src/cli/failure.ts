/**
 * What a user is told when a command fails: one sentence and an exit code, never a stack for their own mistake. What looks like a
 * mistake of ours keeps its stack, since nobody could act on it otherwise.
 */
import { DomainError } from '../kernel/errors.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** A command that was refused or failed; the message is the whole sentence for the user. */
export class Failure extends Error {}

/** A command that was called wrongly. */
export class UsageError extends Error {}

/** Thrown by what goes on after the user has stopped the command. */
export class Interrupted extends Error {
  constructor() {
    super('Stopped.');
  }
}

interface SystemError extends Error {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
  readonly severity?: string;
  readonly errors?: readonly unknown[];
}

/** @example explain(new UsageError('Give a file.')) // { text: 'Give a file.', exitCode: 2 } */
export function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof UsageError) return { text: error.message, exitCode: EXIT.usage };
  if (error instanceof Failure || error instanceof DomainError || error instanceof Interrupted)
    return { text: error.message, exitCode: EXIT.failed };
  if (!(error instanceof Error)) return { text: String(error), exitCode: EXIT.failed };
  return { text: databaseSentence(error) ?? fileSentence(error) ?? ownSentence(error), exitCode: EXIT.failed };
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host is out of reach',
  ENETUNREACH: 'the network is out of reach',
};
const REFUSED: Readonly<Record<string, string>> = {
  '28P01': 'The database refuses the password in DATABASE_URL: correct it.',
  '28000': 'The database refuses the user in DATABASE_URL: correct it, or let an administrator allow it.',
  '3D000': 'The database named in DATABASE_URL does not exist: create it first, for example with createdb.',
  '53300': 'The database has no free connection: raise max_connections, or stop another program.',
  '57P03': 'The database is starting or stopping: try again in a moment.',
  '53100': 'The disk of the database is full: make room and try again.',
};

function databaseSentence(error: SystemError): string | undefined {
  const known = REFUSED[error.code ?? ''];
  if (known !== undefined) return known;
  const reason =
    error.syscall === 'connect' || error.syscall === 'getaddrinfo' || error.errors ? UNREACHABLE[error.code ?? ''] : undefined;
  if (reason !== undefined) {
    const first = (error.errors?.[0] ?? error) as SystemError & { readonly hostname?: string };
    const where = first.address ?? first.hostname ?? 'the given address';
    const at = first.port === undefined ? where : `${where}:${first.port}`;
    return `The database at ${at} can't be reached: ${reason}. Start it, or correct DATABASE_URL.`;
  }
  if (/^(timeout expired|Connection terminated due to connection timeout)/.test(error.message)) {
    return "The database can't be reached: no answer in time. Start it, or correct DATABASE_URL.";
  }
  return error.severity === undefined ? undefined : `The database refuses: ${error.message} (${error.code ?? 'no code'}).`;
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'a file is in the way',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
};

/** Why a file or folder can't be used, if that is what an error says. */
export const fileReason = ({ code, syscall }: Pick<SystemError, 'code' | 'syscall'>): string | undefined =>
  syscall === 'mkdir' && code === 'ENOENT' ? 'no folder can be made there' : FILE_REASONS[code ?? ''];

function fileSentence({ code, path, syscall }: SystemError): string | undefined {
  const reason = fileReason({ code, syscall });
  if (reason === undefined || path === undefined) return undefined;
  return `${path} can't be ${syscall === 'open' || syscall === 'stat' || syscall === 'read' ? 'read or written' : 'used'}: ${reason}.`;
}

/** A plain `Error` of ours is a sentence already; a TypeError and the like are bugs. */
const ownSentence = (error: Error): string =>
  error.constructor === Error ? error.message : `Something went wrong that should not: ${error.stack ?? error.message}`;
