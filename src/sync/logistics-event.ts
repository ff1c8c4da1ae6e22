/** The form of what third parties report: `{ "events": [{ id, kind, occurredAt, … }] }`. Whatever is wrong with it is said by field. */
import { isUtf8 } from 'node:buffer';
import { DomainError } from '../kernel/errors.ts';
import { choice, dateTimeInput, idOf, list, object, optional, parseInput, text } from '../kernel/input.ts';
import { TRACKING_KINDS } from '../o2c/fulfilment/index.ts';

const EVENTS_MAX = 100;

const eventInput = object('LogisticsEvent', {
  id: text({ max: 200 }),
  fulfilmentId: optional(idOf('ful')),
  fulfilmentNumber: optional(text({ max: 100 })),
  reference: optional(text({ max: 100 })),
  kind: choice('TrackingKind', TRACKING_KINDS),
  occurredAt: dateTimeInput,
  description: optional(text({ max: 1000 })),
  location: optional(text()),
  carrier: optional(text({ max: 100 })),
  trackingNumber: optional(text({ max: 100 })),
  receivedBy: optional(text({ max: 100 })),
});
const bodyInput = object('LogisticsEvents', { events: list(eventInput, { min: 1, max: EVENTS_MAX }) });

const parsedBody = (body: unknown) => parseInput(bodyInput, body);
type Body = Extract<ReturnType<typeof parsedBody>, { ok: true }>['value'];
export type LogisticsEvent = Body['events'][number];

/** @throws BAD_REQUEST that names the field */
export function eventsIn(bytes: Uint8Array): readonly LogisticsEvent[] {
  const parsed = parsedBody(jsonOf(bytes));
  if (!parsed.ok) throw badRequest(parsed.problems.map((p) => p.message).join(' '), parsed.problems[0]?.path ?? []);
  const { events } = parsed.value;
  const nameless = events.findIndex((event) => !(event.fulfilmentId ?? event.fulfilmentNumber ?? event.reference));
  if (nameless >= 0) {
    const path = ['events', String(nameless), 'fulfilmentId'];
    throw badRequest(`${path.join('.')} must be there, or fulfilmentNumber, or reference: which fulfilment it is about.`, path);
  }
  return events;
}

/** By what an event names its fulfilment: our id goes before our number, and that before its sender's reference. */
export function nameOf({ fulfilmentId, fulfilmentNumber, reference = '' }: LogisticsEvent) {
  if (fulfilmentId !== undefined) return { field: 'fulfilmentId', value: fulfilmentId } as const;
  if (fulfilmentNumber !== undefined) return { field: 'fulfilmentNumber', value: fulfilmentNumber } as const;
  return { field: 'reference', value: reference } as const;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    if (isUtf8(bytes)) return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    // said below
  }
  throw badRequest('The body is not JSON in UTF-8. Send { "events": [ … ] }.', []);
}

const MESSAGE_MAX_CHARS = 1_000;
const badRequest = (message: string, path: readonly string[]) =>
  new DomainError('BAD_REQUEST', message.slice(0, MESSAGE_MAX_CHARS), { path });
