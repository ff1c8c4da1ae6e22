/** Requests as the engine makes them: a new key for each wish, looked for before it is sent again, given up when it is refused. */
import type { Canonical, CanonicalKind } from '../../canonical/canonical.ts';
import type { Push, PushRequest, PushResult, SourceRecord } from '../connector.ts';
import { ExternalError } from '../external-error.ts';
import { KitFailure, must } from './check.ts';
import type { Harness } from './harness.ts';
import type { KitReferences } from './kit-erp.ts';
import { type Making, randomDocument } from './random-documents.ts';

const TRIES = 25;

let serial = 0;

/** What a document is made of, with what the ERP has by now. */
export async function makingOf(
  harness: Harness,
  narrowed: (all: KitReferences) => KitReferences = (all) => all,
): Promise<Making> {
  serial += 1;
  const { random, functionalCurrency } = harness;
  const today = harness.context.now().toISOString().slice(0, 10);
  const [legalEntity] = harness.context.legalEntities;
  const references = narrowed(await harness.erp.references());
  return { random, references, today, serial, functionalCurrency, ...(legalEntity === undefined ? {} : { legalEntity }) };
}

/** A request for a new record of the push's kind. */
export async function newRequest(harness: Harness, push: Push, given: Making | null = null): Promise<PushRequest> {
  const document = randomDocument(push.kind, given ?? (await makingOf(harness)));
  if (!document) throw new KitFailure(`The simulator has nothing that a new ${push.kind} could refer to.`);
  return requestFor(harness, document);
}

export function requestFor(harness: Harness, document: Canonical): PushRequest {
  const id = `00000000-0000-7000-8000-${String(harness.random.int(1_000_000_000)).padStart(12, '0')}`;
  return { command: 'CREATE', document, ours: `kit_${id}`, key: id, attempt: 1, known: null };
}

/** @throws ExternalError where it is refused, or never succeeds */
export async function sendUntilDone(harness: Harness, push: Push, request: PushRequest): Promise<PushResult> {
  for (let attempt = 1; ; attempt++) {
    const now = { ...request, attempt };
    try {
      const found = attempt === 1 ? null : await push.find(harness.context, now);
      return found ? { record: found, isFound: true } : await push.send(harness.context, now);
    } catch (error) {
      const isFinal = error instanceof ExternalError && (error.kind === 'REJECTED' || error.kind === 'FORBIDDEN');
      if (isFinal || attempt === TRIES || !(error instanceof ExternalError)) throw error;
    }
  }
}

export interface RoundTrip<K extends CanonicalKind = CanonicalKind> {
  readonly written: Canonical<K>;
  readonly read: Canonical<K>;
}

/** Written, and read by its id. @throws KitFailure where that is not possible, or our reference is lost */
export async function roundTrip(harness: Harness, push: Push, request: PushRequest): Promise<RoundTrip> {
  const { record } = await sendUntilDone(harness, push, request);
  const [read] = await harness.stream(push.stream).get(harness.context, [record.externalId]);
  must(read !== undefined, `${push.kind}: the record that was just made is not found by its id.`);
  const back = harness.assemble(push.stream, read as SourceRecord);
  if (!back.ok) throw new KitFailure(`${push.kind}: what was written can not be read: ${back.text}`);
  must(back.ours === request.ours, `${push.kind}: our reference does not come back with the record.`);
  return { written: request.document, read: back.document };
}

export async function eachPush(
  harness: Harness,
  work: (push: Push) => Promise<void>,
  command: 'CREATE' | 'UPDATE' | 'VOID' = 'CREATE',
): Promise<void> {
  for (const push of harness.connector.pushes) if (push.commands.includes(command)) await work(push);
}

export const withoutPushes = ({ connector }: Harness): string | null =>
  connector.pushes.length === 0 ? 'It writes nothing.' : null;
