/** Faults: each kind that networks and servers have, alone and all together; what is read stays the same. */
import type { FaultKind } from '../simulator.ts';
import { contentOf, type KitCheck, must, mustBeTheSame } from './check.ts';
import type { Harness } from './harness.ts';

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
  simulator.setFaults({ script });
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

export const faultChecks: readonly KitCheck[] = [
  ...KINDS.map(
    ([kind, promise]): KitCheck => ({
      name: `fault ${kind}`,
      area: 'faults',
      promise: `${promise}.`,
      run: (harness) => sameThroughTrouble(harness, [kind, null, kind, null]),
    }),
  ),
  {
    name: 'a quarter of the requests fails',
    area: 'faults',
    promise: 'With a quarter of all requests failing in every way, all streams are read whole, page by page.',
    async run(harness) {
      const wanted = new Map<string, readonly string[]>();
      for (const { name } of harness.connector.streams) wanted.set(name, await harness.erp.ids(name));
      harness.erp.simulator.setFaults({ rate: 0.25, kinds: KINDS.map(([kind]) => kind).filter((kind) => kind !== 'SLOW') });
      try {
        for (const [stream, ids] of wanted) {
          const records = await readWithPatience(harness, stream);
          mustBeTheSame(records, ids, `${stream}, with a quarter of the requests failing`);
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
];

const TRIES = 40;

/** As the engine does it: what a page gave is kept, and the next try goes on from its cursor. */
async function readWithPatience(harness: Harness, stream: string): Promise<ReadonlySet<string>> {
  const got = new Set<string>();
  let cursor = null;
  for (let tries = 1; ; tries++) {
    try {
      const pages = harness.stream(stream).read(harness.context, { mode: 'FULL', cursor, pageMaxCount: 30 });
      for await (const page of pages) {
        for (const record of page.records) got.add(record.externalId);
        cursor = page.cursor;
      }
      return got;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
