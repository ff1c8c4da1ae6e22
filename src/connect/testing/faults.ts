/** Faults: each kind that networks and servers have, alone and all together; what is read stays the same. */
import { ExternalError } from '../external-error.ts';
import type { FaultKind } from '../simulator.ts';
import { contentOf, type KitCheck, KitFailure, must, mustBeTheSame, wordsOf } from './check.ts';
import type { Harness } from './harness.ts';
import type { ReadAll } from './paging.ts';
import { eachStream, present } from './scene.ts';

const KINDS: readonly (readonly [FaultKind, string])[] = [
  ['THROTTLED', 'A refusal for going too fast is waited out'],
  ['UNAVAILABLE', 'An ERP that is not there for a moment is asked again'],
  ['SERVER_ERROR', 'A fault of the server is asked again'],
  ['LOST_ANSWER', 'A lost answer to a read is asked for again'],
  ['HALF_ANSWER', 'Half an answer is never taken for a whole one'],
  ['HTML', 'A page of a proxy is never taken for records'],
  ['FAULT_IN_SUCCESS', 'An error that comes with a 200 is never taken for no records'],
  ['SLOW', 'A slow answer is waited for'],
  ['UNAUTHORIZED', 'A token that is refused is renewed, once'],
];

/** The first stream with records, read once before and once during the trouble. */
async function sameThroughTrouble(harness: Harness, script: readonly (FaultKind | null)[]): Promise<void> {
  const { simulator } = harness.erp;
  const stream = await firstWithRecords(harness);
  const calm = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: 20 });
  simulator.setFaults({ script, tellsRetryAfter: false }); // which is waited out in a check of its own
  try {
    const troubled = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: 20 });
    mustBeTheSame(troubled.records.keys(), calm.records.keys(), `${stream}, read through ${String(script[0] ?? script[1])}`);
    for (const [id, record] of calm.records)
      must(contentOf(troubled.records.get(id)?.raw) === contentOf(record.raw), `${stream}: ${id} came with another content.`);
  } finally {
    simulator.setFaults({});
  }
}

async function firstWithRecords(harness: Harness): Promise<string> {
  for (const { name } of harness.connector.streams.toReversed()) if ((await harness.erp.ids(name)).length > 0) return name;
  throw new Error('The simulator has no records at all.');
}

/** One that reads no server can't be troubled by single requests. */
const withoutRequests = ({ connector, context }: Harness): string | null =>
  connector.baseUrls(context.config).length === 0 ? 'It sends no requests.' : null;

/** What may be the matter with an ERP for longer than anybody asks again. */
const LASTING: readonly FaultKind[] = ['UNAVAILABLE', 'SERVER_ERROR', 'HALF_ANSWER', 'HTML', 'UNAUTHORIZED'];
const SMALL = 7;

interface Surviving {
  readonly stream: string;
  readonly kind: FaultKind;
  /** So many pages come before it. */
  readonly after: number;
}

/** A read that runs into it, and one that goes on when it is over, as the engine does it. */
async function mustSurvive(harness: Harness, calm: ReadAll, { stream, kind, after }: Surviving): Promise<void> {
  const { simulator } = harness.erp;
  const start = () => simulator.setFaults({ rate: 1, kinds: [kind] });
  if (after === 0) start();
  const troubled = await harness.readAsFar(stream, {
    mode: 'FULL',
    pageMaxCount: SMALL,
    between: async (page) => (page === after ? start() : undefined),
  });
  simulator.setFaults({});
  const { failure } = troubled;
  if (failure !== null && !(failure instanceof ExternalError))
    throw new KitFailure(`${stream}, read through lasting ${kind}: no ExternalError, but ${wordsOf(failure)}.`);
  const cursor = troubled.cursors.at(-1) ?? null;
  const rest = await harness.readAll(stream, { mode: failure === null ? 'INCREMENTAL' : 'FULL', cursor, isPatient: true });
  const all = new Map([...troubled.records, ...rest.records]);
  mustBeTheSame(present(all), present(calm.records), `${stream}, gone on after lasting ${kind}`);
  for (const [id, { raw }] of calm.records)
    must(contentOf(all.get(id)?.raw) === contentOf(raw), `${stream}: ${id} came with another content through ${kind}.`);
}

export const faultChecks: readonly KitCheck[] = [
  ...KINDS.map(
    ([kind, promise]): KitCheck => ({
      name: `fault ${kind}`,
      area: 'faults',
      promise: `${promise}.`,
      without: withoutRequests,
      run: (harness) => sameThroughTrouble(harness, [kind, null, kind, null]),
    }),
  ),
  {
    name: 'a quarter of the requests fails',
    area: 'faults',
    promise: 'With a quarter of all requests failing in every way, all streams are read whole, page by page.',
    without: withoutRequests,
    async run(harness) {
      const kinds = KINDS.map(([kind]) => kind).filter((kind) => kind !== 'SLOW');
      const wanted = new Map<string, readonly string[]>();
      for (const { name } of harness.connector.streams) wanted.set(name, await harness.erp.ids(name));
      harness.erp.simulator.setFaults({ rate: 0.25, kinds, tellsRetryAfter: false });
      try {
        for (const [stream, ids] of wanted) {
          const { records } = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: 30, isPatient: true });
          mustBeTheSame(records.keys(), ids, `${stream}, with a quarter of the requests failing`);
        }
      } finally {
        harness.erp.simulator.setFaults({});
      }
    },
  },
  {
    name: 'token renewed elsewhere',
    area: 'faults',
    promise: 'When the ERP refuses a token, the request goes on with a new one and is not made twice over.',
    without: ({ connector, erp }) =>
      ['REFRESH', 'CLIENT_CREDENTIALS'].includes(
        connector.auth(connector.config.parse(erp.config), connector.credentials.parse(erp.credentials)).kind,
      )
        ? null
        : 'It signs in without tokens.',
    async run(harness) {
      const stream = await firstWithRecords(harness);
      const before = harness.refreshes();
      harness.erp.simulator.setFaults({ script: ['UNAUTHORIZED'] });
      const [id = ''] = await harness.erp.ids(stream);
      const found = await harness.stream(stream).get(harness.context, [id]);
      harness.erp.simulator.setFaults({});
      must(found.length === 1, `${stream}: a record is not read when its token was refused once.`);
      must(harness.refreshes() > before, 'A refused token was not renewed.');
    },
  },
  {
    name: 'lasting trouble',
    area: 'faults',
    promise: 'Trouble that lasts ends a read or gives it nothing; when it is over, the read goes on and nothing is missing.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const calm = await harness.readAll(stream, { mode: 'FULL' });
        for (const kind of LASTING) for (const after of [0, 1]) await mustSurvive(harness, calm, { stream, kind, after });
      }),
  },
  {
    name: 'throttling',
    area: 'faults',
    promise: 'A refusal with a time to come again is waited out for as long, one without is known as well; 429 and 503 alike.',
    without: withoutRequests,
    async run(harness) {
      const stream = await firstWithRecords(harness);
      const wanted = await harness.erp.ids(stream);
      for (const [kind, tellsRetryAfter] of REFUSALS) {
        const before = harness.refusals.length;
        harness.erp.simulator.setFaults({ script: [kind], tellsRetryAfter });
        const { records } = await harness.readAll(stream, { mode: 'FULL' });
        harness.erp.simulator.setFaults({});
        mustBeTheSame(present(records), wanted, `${stream}, throttled`);
        const what = `${kind} ${tellsRetryAfter ? 'with' : 'without'} a time to come again`;
        const refusals = harness.refusals.slice(before);
        must(refusals.length === 1, `${what} was understood as a refusal for going too fast ${refusals.length} times, not once.`);
        const retryAfterMs = refusals[0]?.retryAfterMs ?? null;
        const waitedMs = refusals[0]?.waitedMs ?? 0;
        must((retryAfterMs !== null) === tellsRetryAfter, `${what}: the time was understood as ${retryAfterMs} ms.`);
        must(waitedMs >= (retryAfterMs ?? 0) - CLOCK_MS, `${what}: it came again after ${waitedMs} ms.`);
      }
    },
  },
];

/** A 503 without a time is no refusal for going too fast. */
const REFUSALS = [
  ['THROTTLED', false],
  ['THROTTLED', true],
  ['UNAVAILABLE', true],
] as const;
/** By which timers may be early. */
const CLOCK_MS = 5;
