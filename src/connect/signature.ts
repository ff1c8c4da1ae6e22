/**
 * Standard Webhooks (standardwebhooks.com): who sent a message, and that nobody changed or kept it. The signature is over
 * `id.timestamp.body` with HMAC-SHA256; several signatures stand side by side while a secret is changed. Pure; the body must be the
 * bytes as they came, never JSON that was parsed and written again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The three headers of a signed message. */
export type SignatureHeaders = {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
};

export interface Message {
  /** The same when the same message is sent again. */
  readonly id: string;
  /** When this attempt is sent. */
  readonly at: Date;
  readonly body: string | Uint8Array;
  /** `whsec_<base64>`, the newest first; one signature each. */
  readonly secrets: readonly string[];
}

/** @example signMessage({ id: 'msg_1', at: clock.now(), body: '{}', secrets: [secret] }) */
export function signMessage({ id, at, body, secrets }: Message): SignatureHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => `v1,${signatureOf({ id, timestamp, body }, secret).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

export interface Received {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | Uint8Array;
  readonly secrets: readonly string[];
  readonly now: Date;
}

export type Verified =
  | { readonly ok: true; readonly id: string }
  /** `UNSIGNED`: a header is missing or has not its form. `STALE`: too old, or from the future. `WRONG`: by another, or changed. */
  | { readonly ok: false; readonly reason: 'UNSIGNED' | 'STALE' | 'WRONG' };

const TOLERANCE_S = 300;
const ID = /^[\x21-\x7e]{1,256}$/;
const SIGNATURE_HEADER_MAX_CHARS = 2_000;
const DIGEST_BYTES = 32;

/** @example verifyMessage({ headers: request.headers, body, secrets, now: clock.now() }).ok */
export function verifyMessage({ headers, body, secrets, now }: Received): Verified {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  const isWhole = typeof id === 'string' && ID.test(id) && typeof timestamp === 'string' && /^\d{1,12}$/.test(timestamp);
  if (!isWhole || typeof signatures !== 'string' || signatures.length > SIGNATURE_HEADER_MAX_CHARS)
    return { ok: false, reason: 'UNSIGNED' };
  const given = signatures.split(' ').flatMap((part) => (part.startsWith('v1,') ? [Buffer.from(part.slice(3), 'base64')] : []));
  // every secret against every signature: the time tells nothing of which one it was
  const hits = secrets.flatMap((secret) => {
    const right = signatureOf({ id, timestamp, body }, secret);
    return given.map((one) => one.length === DIGEST_BYTES && timingSafeEqual(one, right));
  });
  if (!hits.includes(true)) return { ok: false, reason: 'WRONG' };
  const isStale = Math.abs(now.getTime() / 1_000 - Number(timestamp)) > TOLERANCE_S;
  return isStale ? { ok: false, reason: 'STALE' } : { ok: true, id };
}

const SECRET = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/;
const SECRET_BYTES = 24;

/** True for a shared secret of 24 to 64 bytes as Standard Webhooks writes it. */
export const isWebhookSecret = (text: string): boolean => SECRET.test(text);

/** @example newWebhookSecret(systemRandom.bytes) // 'whsec_MfKQ…' */
export const newWebhookSecret = (bytes: (count: number) => Uint8Array): string =>
  `whsec_${Buffer.from(bytes(SECRET_BYTES)).toString('base64')}`;

function signatureOf(
  { id, timestamp, body }: { id: string; timestamp: string; body: string | Uint8Array },
  secret: string,
): Buffer {
  const key = SECRET.exec(secret)?.[1];
  if (key === undefined) throw new Error('A shared secret must be whsec_ and 24 to 64 bytes as base64.');
  return createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.`).update(body).digest();
}
