/**
 * Proofs that a webhook comes from an ERP, over its body as it came, and events in the form of CloudEvents. A body that was parsed and
 * written again proves nothing. (Messages of Standard Webhooks: `signature.ts`.)
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../canonical/canonical.ts';

export interface HmacProof {
  readonly secret: string;
  /** As it came. */
  readonly body: Uint8Array;
  /** What the header holds; `sha256=` before it is left out. */
  readonly signature: unknown;
  readonly encoding: 'hex' | 'base64';
}

const FORM = { hex: /^[0-9a-fA-F]{64}$/, base64: /^[A-Za-z0-9+/]{43}=$/ } as const;

/** HMAC-SHA256 of the body with a shared secret, compared in constant time. @example verifyHmac({ secret, body, signature: headers['intuit-signature'], encoding: 'base64' }) */
export function verifyHmac({ secret, body, signature, encoding }: HmacProof): boolean {
  if (secret === '') throw new Error('A webhook can not be proved with an empty secret.');
  const given = typeof signature === 'string' ? signature.replace(/^sha256=/, '') : '';
  if (!FORM[encoding].test(given)) return false;
  const right = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(Buffer.from(given, encoding), right);
}

/** One event in the form of CloudEvents 1.0; what stands beside these is in `attributes`. */
export interface CloudEvent {
  /** With `source` the same when the same event comes again. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string | null;
  readonly subject: string | null;
  readonly data: unknown;
  readonly attributes: JsonObject;
}

const EVENTS_MAX_COUNT = 10_000;

/**
 * One event or a list of them, as JSON.
 * @throws Error saying what is wrong
 * @example cloudEvents(message.body).map(({ type }) => type)
 */
export function cloudEvents(body: Uint8Array): readonly CloudEvent[] {
  const read = jsonOf(body);
  const list: readonly unknown[] = Array.isArray(read) ? read : [read];
  if (list.length > EVENTS_MAX_COUNT) throw new Error(`A message may hold ${EVENTS_MAX_COUNT} events at most.`);
  return list.map(cloudEvent);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new Error('The body is no JSON.');
  }
}

function cloudEvent(event: unknown, i: number): CloudEvent {
  const attributes = (typeof event === 'object' && event !== null ? event : {}) as JsonObject;
  const text = (name: string): string => {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`Event ${i} is no CloudEvent: it lacks ${name}.`);
  };
  if (!text('specversion').startsWith('1.')) throw new Error(`Event ${i} is a CloudEvent of another version than 1.`);
  const optional = (name: string) => (attributes[name] === undefined ? null : text(name));
  return {
    id: text('id'),
    source: text('source'),
    type: text('type'),
    time: optional('time'),
    subject: optional('subject'),
    data: attributes['data'] ?? null,
    attributes,
  };
}
