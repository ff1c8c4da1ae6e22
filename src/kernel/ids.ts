/**
 * Ids of records: UUID version 7 inside, `<prefix>_<uuid>` for clients.
 * An id says when it was made and nothing else; it never carries a tenant or a permission.
 */
import type { Clock } from './clock.ts';
import { DomainError } from './errors.ts';
import type { Randomness } from './random.ts';

/** A uuid in its canonical form: lower case, with dashes. */
export type Uuid = string;

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PREFIX_TEXT = /^[a-z][a-z0-9]{0,15}$/;
const MAX_MS = 2 ** 48 - 1;
/** The counter takes rand_a and the first 30 bits of rand_b (RFC 9562, 6.2 method 1); 32 random bits remain. */
const COUNTER_LIMIT = 2 ** 42;

/**
 * One UUIDv7 by itself: sorted by millisecond only. For ids that are strictly increasing take `createIdSource`.
 * @throws RangeError when `now` is before 1970 or after the year 10889
 * @example uuidv7({ now: clock.now().getTime(), random: systemRandom.bytes })
 */
export function uuidv7({ now, random }: { now: number; random: (count: number) => Uint8Array }): Uuid {
  const bytes = random(10);
  return compose({ time: timeText(now), counter: counterFrom(bytes), bytes });
}

/**
 * Makes ids that strictly increase within the process, also while the clock stands still or goes back.
 * Takes the wall clock, never a sandbox's business clock: a moved clock would spread ids over the index.
 * @example const newId = createIdSource(systemClock, systemRandom); newId() // '0190a6b2-…'
 */
export function createIdSource(clock: Clock, random: Randomness): () => Uuid {
  let lastMs = -1;
  let time = '';
  let counter = 0;
  return () => {
    const now = clock.now().getTime();
    const bytes = random.bytes(10);
    if (now > lastMs) {
      lastMs = now;
      time = timeText(now);
      counter = counterFrom(bytes);
    } else if (++counter >= COUNTER_LIMIT) {
      // full, which takes 10¹² ids or a start near the end: the next millisecond is borrowed
      lastMs += 1;
      time = timeText(lastMs);
      counter = 0;
    }
    return compose({ time, counter, bytes });
  };
}

/** True for a uuid of any version in canonical form. @example isUuid('0190A6B2') // false */
export function isUuid(text: string): boolean {
  return UUID_TEXT.test(text);
}

/**
 * The id that clients see.
 * @throws Error when prefix or uuid are not well formed, which is a mistake in code
 * @example publicId('inv', '0190a6b2-0000-7000-8000-000000000001') // 'inv_0190a6b2-0000-7000-8000-000000000001'
 */
export function publicId(prefix: string, uuid: Uuid): string {
  if (!PREFIX_TEXT.test(prefix)) throw new Error(`${JSON.stringify(prefix)} is no id prefix: use a–z and 0–9, such as "inv".`);
  if (!isUuid(uuid)) throw new Error(`${JSON.stringify(uuid)} is no uuid in lower case with dashes.`);
  return `${prefix}_${uuid}`;
}

/**
 * Takes a client's id apart.
 * @throws DomainError INVALID_ID when it is not `<prefix>_<uuid>` in lower case
 * @example parsePublicId('inv_0190a6b2-0000-7000-8000-000000000001').prefix // 'inv'
 */
export function parsePublicId(text: string): { prefix: string; uuid: Uuid } {
  const at = text.indexOf('_');
  const prefix = text.slice(0, at);
  const uuid = text.slice(at + 1);
  if (at > 0 && PREFIX_TEXT.test(prefix) && isUuid(uuid)) return { prefix, uuid };
  throw new DomainError(
    'INVALID_ID',
    `${JSON.stringify(text.slice(0, 60))} is not an id: send one as the API returned it, such as "inv_0190a6b2-0000-7000-8000-000000000001".`,
  );
}

function counterFrom(bytes: Uint8Array): number {
  let counter = 0;
  for (let at = 0; at < 6; at++) counter = counter * 256 + (bytes[at] ?? 0);
  return counter % COUNTER_LIMIT;
}

/** The same for all ids of a millisecond. */
function timeText(ms: number): string {
  if (!Number.isInteger(ms) || ms < 0 || ms > MAX_MS) throw new RangeError(`${ms} is no time in milliseconds since 1970.`);
  return `${four(ms / 2 ** 32)}${four(ms / 2 ** 16)}-${four(ms)}`;
}

/** The last four bytes are as they were drawn. */
function compose({ time, counter, bytes }: { time: string; counter: number; bytes: Uint8Array }): Uuid {
  const randA = Math.floor(counter / 2 ** 30);
  const randB = counter % 2 ** 30;
  return `${time}-${four(0x7000 + randA)}-${four(0x8000 + randB / 2 ** 16)}-${four(randB)}${two(bytes, 6)}${two(bytes, 8)}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The last 16 bits of a whole number below 2⁴⁸, in hexadecimal; what is behind the point is dropped. */
function four(value: number): string {
  const bits = Math.floor(value) % 2 ** 16;
  return `${HEX[bits >> 8]}${HEX[bits & 255]}`;
}

const two = (bytes: Uint8Array, at: number): string => `${HEX[bytes[at] ?? 0]}${HEX[bytes[at + 1] ?? 0]}`;
