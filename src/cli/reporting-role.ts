/**
 * The login of the database behind a reporting login: made, given a password, ended. The password never travels: the server is sent
 * what it would keep of it (SCRAM-SHA-256, RFC 5803), so neither its log nor its catalogue ever has it.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { roleName } from './roles.ts';

/** What is needed of a session of the database. */
export interface Statements {
  query(text: string): Promise<unknown>;
}

export interface RoleLimits {
  /** Sessions at once. The server holds to it. */
  readonly connectionsMax: number;
  /** What a statement may take unless the session asks for longer: a guard against slips, since a session may. */
  readonly statementTimeoutS: number;
}

const ITERATIONS = 4_096;
/** Letters and digits that nobody mistakes for another: they stand in URLs and on paper as they are. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const PASSWORD_LENGTH = 32;

/** @example newPassword(systemRandom.bytes) */
export function newPassword(randomBytes: (count: number) => Uint8Array): string {
  // bytes from the last whole run of the alphabet on are thrown away: else its first letters would come more often
  const limit = 256 - (256 % ALPHABET.length);
  let password = '';
  while (password.length < PASSWORD_LENGTH)
    for (const byte of randomBytes(PASSWORD_LENGTH))
      if (byte < limit && password.length < PASSWORD_LENGTH) password += ALPHABET[byte % ALPHABET.length];
  return password;
}

/** A name that says nothing of the tenant: every login can list all names. */
export const newLoginName = (rolePrefix: string, randomBytes: (count: number) => Uint8Array): string =>
  `${roleName(rolePrefix, 'reporting')}_${Buffer.from(randomBytes(6)).toString('hex')}`;

/** What the server keeps of a password. */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${keyed('Server Key').toString('base64')}`;
}

export interface RoleWanted extends RoleLimits {
  readonly name: string;
  readonly verifier: string;
  readonly rolePrefix: string;
}

/** Names are ours, and a verifier is base64: neither can end a literal. */
export const createStatements = ({
  name,
  verifier,
  rolePrefix,
  connectionsMax,
  statementTimeoutS,
}: RoleWanted): readonly string[] => [
  `create role ${name} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication connection limit ${connectionsMax} password '${verifier}'`,
  `grant ${roleName(rolePrefix, 'reporting')} to ${name}`,
  `alter role ${name} set search_path = reporting`,
  `alter role ${name} set default_transaction_read_only = on`,
  `alter role ${name} set statement_timeout = '${statementTimeoutS}s'`,
  `alter role ${name} set idle_in_transaction_session_timeout = '60s'`,
];

export const rotateStatements = ({ name, verifier }: Pick<RoleWanted, 'name' | 'verifier'>): readonly string[] => [
  `alter role ${name} password '${verifier}'`,
];

/** Sessions that are open end by themselves or see nothing; ending them takes rights that this user may lack. */
export const dropStatements = (name: string): readonly string[] => [`drop role if exists ${name}`];

const MAY_NOT = '42501';

/**
 * Runs the statements in one transaction around `work`. Where this user may not, `work` is done all the same and the statements are
 * given back: an administrator has to run them.
 */
export async function withRole(
  client: Statements,
  statements: readonly string[],
  work: () => Promise<void>,
): Promise<readonly string[]> {
  await client.query('begin');
  try {
    for (const statement of statements) await client.query(statement);
  } catch (error) {
    await client.query('rollback');
    if ((error as { readonly code?: string }).code !== MAY_NOT) throw error;
    await work();
    return statements;
  }
  try {
    await work();
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  await client.query('commit');
  return [];
}
