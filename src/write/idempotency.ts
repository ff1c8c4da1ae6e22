/**
 * One effect per key. The key's row is written in the transaction of the effect, so that there is a row exactly if there was
 * an effect; a second request with the key waits on the row's unique index and then finds the first answer.
 */
import { DomainError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import { canonicalJson } from '../kernel/json.ts';
import { systemRandom } from '../kernel/random.ts';
import { type Sql, sql } from '../read/sql.ts';
import type { Problem } from './command.ts';
import type { Session } from './transaction.ts';

const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

/** What is wrong with the form of a key; null if nothing is. */
export const keyProblem = (key: string): Problem | null =>
  KEY_FORM.test(key)
    ? null
    : {
        code: 'IDEMPOTENCY_KEY_INVALID',
        message: 'An idempotency key has 1 to 200 visible ASCII characters, for example a UUID.',
        path: ['idempotencyKey'],
      };

export const REUSED = {
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'This idempotency key was used with another input. Use a new key for a new request.',
  path: ['idempotencyKey'],
} as const satisfies Problem;

export interface KeyedRequest {
  readonly tenantId: string;
  readonly actorId: string;
  readonly operation: string;
  readonly key: string;
  readonly input: unknown;
}

const SALT_BYTES = 16;

/** With a salt of its own, since credentials may be part of an input: equal inputs have hashes that tell nothing of each other. */
export function saltedHash(input: unknown, salt = Buffer.from(systemRandom.bytes(SALT_BYTES)).toString('hex')): string {
  return `${salt}:${sha256(salt + canonicalJson(input))}`;
}

export const isOfInput = (hash: string, input: unknown): boolean => saltedHash(input, hash.slice(0, hash.indexOf(':'))) === hash;

/** What an earlier request under the key left. */
export interface Remembered {
  readonly recordId: string;
  readonly selectionHash: string | null;
  readonly answer: string | null;
}

interface StoredRow {
  readonly input_hash: string;
  readonly record_id: string;
  readonly selection_hash: string | null;
  readonly answer: string | null;
}

/** Takes the key, or gives what its first use left. @throws IDEMPOTENCY_KEY_REUSED when that had another input */
export async function claimKey(session: Session, request: KeyedRequest, now: Date): Promise<Remembered | null> {
  const { tenantId, actorId, operation, key, input } = request;
  const taken = await session.change(
    sql`insert into idempotency (tenant_id, actor_id, operation, key, input_hash, created_at)
        values (${tenantId}, ${actorId}, ${operation}, ${key}, ${saltedHash(input)}, ${now.toISOString()})
        on conflict on constraint idempotency_pk do nothing`,
  );
  if (taken === 1) return null;
  const [row] = await session.rows<StoredRow>(
    sql`select input_hash, record_id, selection_hash, answer from idempotency
        where tenant_id = ${tenantId} and actor_id = ${actorId} and operation = ${operation} and key = ${key}`,
  );
  if (!row) throw new DomainError('CONFLICT_RETRY', 'The key was released meanwhile. Try again.');
  if (!isOfInput(row.input_hash, input)) {
    throw new DomainError(REUSED.code, REUSED.message, { path: REUSED.path });
  }
  return { recordId: row.record_id, selectionHash: row.selection_hash, answer: row.answer };
}

export interface AnswerToStore {
  readonly request: KeyedRequest;
  readonly recordKind: string;
  /** Of an answer with many the first. */
  readonly recordId: string;
  readonly selectionHash: string | null;
  readonly answer: string | null;
}

export function storeAnswer({ request, recordKind, recordId, selectionHash, answer }: AnswerToStore): Sql {
  const { tenantId, actorId, operation, key } = request;
  return sql`update idempotency set record_kind = ${recordKind}, record_id = ${recordId}, selection_hash = ${selectionHash}, answer = ${answer}
        where tenant_id = ${tenantId} and actor_id = ${actorId} and operation = ${operation} and key = ${key}`;
}
