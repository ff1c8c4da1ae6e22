/** Writing: each request has one effect there, whatever became of its answer, and what was written is what is read. */
import type { Push, PushRequest, SourceRecord } from '../connector.ts';
import { ExternalError } from '../external-error.ts';
import type { FaultKind } from '../simulator.ts';
import { type KitCheck, must } from './check.ts';
import { carriedOf } from './carried.ts';
import type { Harness } from './harness.ts';
import { eachPush, newRequest, roundTrip, sendUntilDone, withoutPushes } from './sending.ts';

const DOCUMENTS = 12;
const knownOf = ({ externalId, version, raw }: SourceRecord) => ({ externalId, version, raw });

async function mustBeOne(harness: Harness, push: Push, { ours, what }: { ours: string; what: string }): Promise<void> {
  const count = await harness.erp.countOurs(push.stream, ours);
  must(count === 1, `${push.kind}: ${what} left ${count} records there instead of one.`);
}

const REFUSALS: readonly FaultKind[] = ['THROTTLED', 'UNAVAILABLE', 'FAULT_IN_SUCCESS'];
/** How often a request goes out before it is given up. */
const REPEATS = 4;
const LOSSES: readonly FaultKind[] = ['LOST_ANSWER', 'HALF_ANSWER', 'TIMEOUT', 'SERVER_ERROR', 'HTML', 'UNAUTHORIZED'];

const isBooked = ({ kind, commands }: Push): boolean => (kind === 'Invoice' || kind === 'Payment') && commands.includes('CREATE');

export const writingChecks: readonly KitCheck[] = [
  {
    name: 'round trip',
    area: 'writing',
    promise: 'What is written is read back the same: each field is carried always or never, and none changes on the way.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(harness, async (push) => {
        const carried = carriedOf(harness, push.kind);
        for (let i = 0; i < DOCUMENTS; i++) {
          const { written, read } = await roundTrip(harness, push, await newRequest(harness, push));
          carried.compare(written, read);
        }
        carried.mustBeSteady();
      }),
  },
  {
    name: 'the same key twice',
    area: 'writing',
    promise: 'A request that is sent twice makes one record.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(harness, async (push) => {
        const request = await newRequest(harness, push);
        const once = await push.send(harness.context, request);
        const found = await push.find(harness.context, { ...request, attempt: 2 });
        must(found?.externalId === once.record.externalId, `${push.kind}: what was made is not found again by our reference.`);
        await sendUntilDone(harness, push, { ...request, attempt: 2 });
        await mustBeOne(harness, push, { ours: request.ours, what: 'a repeated request' });
      }),
  },
  {
    name: 'lost answers to writes',
    area: 'writing',
    promise: 'A request whose answer was lost, cut, or never came has one effect in the end.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(harness, async (push) => {
        for (const kind of LOSSES) {
          const request = await newRequest(harness, push);
          // as often as a request is repeated by itself, so that it has to be looked for; once where each time is waited out
          const script = Array.from({ length: kind === 'TIMEOUT' ? 1 : REPEATS }, () => kind);
          harness.erp.simulator.setFaults({ script, only: ({ method }) => method !== 'GET' });
          try {
            await sendUntilDone(harness, push, request);
          } finally {
            harness.erp.simulator.setFaults({});
          }
          await mustBeOne(harness, push, { ours: request.ours, what: kind });
        }
      }),
  },
  {
    name: 'a quarter of the writes fails',
    area: 'writing',
    promise: 'With a quarter of all requests failing in every way, each write has one effect.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(harness, async (push) => {
        const requests: PushRequest[] = [];
        harness.erp.simulator.setFaults({ rate: 0.25, kinds: [...LOSSES, ...REFUSALS], tellsRetryAfter: false });
        try {
          for (let i = 0; i < DOCUMENTS; i++) {
            const request = await newRequest(harness, push); // of what is open by now
            requests.push(request);
            await sendUntilDone(harness, push, request);
          }
        } finally {
          harness.erp.simulator.setFaults({});
        }
        for (const { ours } of requests) await mustBeOne(harness, push, { ours, what: 'a quarter of failing requests' });
      }),
  },
  {
    name: 'update keeps what is not ours',
    area: 'writing',
    promise: 'An update brings our fields there and leaves those alone that we do not know.',
    without: (harness) =>
      withoutPushes(harness) ?? (harness.erp.mark ? null : 'The simulator has no field that only others write.'),
    run: (harness) =>
      eachPush(
        harness,
        async (push) => {
          if (!push.commands.includes('CREATE')) return;
          const request = await newRequest(harness, push);
          const { record } = await sendUntilDone(harness, push, request);
          await harness.erp.mark?.(push.stream, record.externalId, 'left by somebody else');
          const update = { ...request, command: 'UPDATE' as const, key: `${request.key.slice(0, -1)}u`, known: knownOf(record) };
          await sendUntilDone(harness, push, update);
          const left = await harness.erp.marked?.(push.stream, record.externalId);
          must(left === 'left by somebody else', `${push.kind}: an update wiped out a field that is not ours.`);
          await mustBeOne(harness, push, { ours: request.ours, what: 'an update' });
        },
        'UPDATE',
      ),
  },
  {
    name: 'changed meanwhile',
    area: 'writing',
    promise: 'An update that rests on an older version is done on the newer one, or refused as a conflict; never blindly.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(
        harness,
        async (push) => {
          if (!push.commands.includes('CREATE')) return;
          const request = await newRequest(harness, push);
          const { record } = await sendUntilDone(harness, push, request);
          await harness.erp.change(push.stream, record.externalId);
          const update = { ...request, command: 'UPDATE' as const, key: `${request.key.slice(0, -1)}v`, known: knownOf(record) };
          const error = await sendUntilDone(harness, push, update).then(
            () => null,
            (thrown: unknown) => thrown,
          );
          must(error === null || (error instanceof ExternalError && error.kind === 'CONFLICT'), `${push.kind}: ${String(error)}`);
        },
        'UPDATE',
      ),
  },
  {
    name: 'session ended',
    area: 'writing',
    promise: 'A write whose session has ended there is done in a new one, once.',
    without: (harness) => withoutPushes(harness) ?? (harness.erp.endSessions ? null : 'It has no sessions.'),
    run: (harness) =>
      eachPush(harness, async (push) => {
        await push.send(harness.context, await newRequest(harness, push));
        const request = await newRequest(harness, push);
        harness.erp.endSessions?.();
        await push.send(harness.context, request);
        await mustBeOne(harness, push, { ours: request.ours, what: 'a session that had ended' });
      }),
  },
  {
    name: 'closed books there',
    area: 'writing',
    promise: "A document in books that are closed there is refused for good, with the ERP's own words.",
    without(harness) {
      if (!harness.connector.pushes.some(isBooked)) return 'It makes no documents there that are booked.';
      return harness.erp.closeBooks ? null : 'Its books are never closed.';
    },
    async run(harness) {
      const push = harness.connector.pushes.find(isBooked);
      if (!push) return;
      const request = await newRequest(harness, push);
      await harness.erp.closeBooks?.(harness.context.now().toISOString().slice(0, 10));
      try {
        const error = await sendUntilDone(harness, push, request).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        const isRefused = error instanceof ExternalError && error.kind === 'REJECTED' && error.words !== '';
        must(isRefused, `${push.kind} in closed books: not refused with the ERP's words, but ${String(error)}.`);
        must((await harness.erp.countOurs(push.stream, request.ours)) === 0, 'A refused document is there nevertheless.');
      } finally {
        await harness.erp.closeBooks?.(null);
      }
    },
  },
  {
    name: 'taken back',
    area: 'writing',
    promise: 'What is taken back comes back as taken back.',
    without: withoutPushes,
    run: (harness) =>
      eachPush(
        harness,
        async (push) => {
          if (!push.commands.includes('CREATE')) return;
          const request = await newRequest(harness, push);
          const { record } = await sendUntilDone(harness, push, request);
          const voided = { ...request, command: 'VOID' as const, key: `${request.key.slice(0, -1)}w`, known: knownOf(record) };
          const result = await sendUntilDone(harness, push, voided);
          if (result.record.isDeleted) return;
          const made = harness.assemble(push.stream, result.record);
          const { state, isActive } = made.ok ? (made.document as { state?: string; isActive?: boolean }) : {};
          must(
            state === 'VOIDED' || state === 'CANCELLED' || isActive === false || (!made.ok && made.reason === 'NOT_OURS'),
            `${push.kind}: it was taken back, and comes as ${state ?? String(isActive)}.`,
          );
        },
        'VOID',
      ),
  },
];
