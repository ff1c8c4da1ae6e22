// Thousands of random reads by many people of three companies: every id, every cursor and every text in every answer is somebody's
// who may see it. RANDOM_READS sets how many (1,200 unless told), RANDOM_SEED which.
import { expect, it } from 'vitest';
import type { Graph } from './graph.ts';
import { cursorsOf, poolOf } from './random-pool.ts';
import { randomRead } from './random-reads.ts';
import { dice } from './random-where.ts';
import { type Reader, readersOf } from './readers.ts';
import { serve } from './server.ts';
import { startStage, type Viewer } from './stage.ts';

const COUNT = Number(process.env['RANDOM_READS'] ?? 1_200);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const AT_ONCE = 8;
/** So many are also answered field by field, and both answers compared. */
const COMPARED_EACH = 5;

const stage = await startStage(['acme', 'beta', 'gamma']);
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

const SUBJECTS = [
  'admin',
  'cash',
  'analyst',
  'warehouse',
  'admin of DE01',
  'billing of FR01',
  'analyst who bills for DE01',
  'portal of C-1',
  'portal of C-2',
  'portal of C-2 and C-3',
];

const readers = await readersOf(stage, SUBJECTS);

/** What a random read may be refused for: an id of another kind in a filter, or its size. Anything else is a mistake of this test, or a fault. */
const HARMLESS = ['INVALID_ID', 'AMBIGUOUS', 'INVALID_INPUT', 'TOO_MANY_FIELDS'];

interface Reading {
  readonly seed: number;
  readonly count: number;
  readonly personOf: (reader: Reader) => Promise<Pick<Viewer['person'], 'send'>>;
}

/** Fails at the first read that shows a stranger; else says how many were answered whole, and with how many rows. */
async function readAtRandom({ seed, count, personOf }: Reading): Promise<{ whole: number; rows: number }> {
  const admins = readers.filter(({ name }) => name.startsWith('admin in'));
  const pool = { ...(await poolOf(stage)), cursors: await cursorsOf(graph, admins) };
  const people = await Promise.all(readers.map(async (reader) => ({ reader, person: await personOf(reader) })));
  const answered = { whole: 0, rows: 0 };
  const one = async (i: number): Promise<void> => {
    const { reader, person } = people[i % people.length] ?? people[0] ?? raise();
    const query = randomRead({ graph, dice: dice(seed * 1_000_003 + i), pool, permissions: reader.permissions });
    const { data, errors = [] } = await person.send(query);
    const codes = errors.map(({ extensions }) => extensions?.['code']);
    expect(HARMLESS, `${reader.name}: ${query}: ${JSON.stringify(errors)}`).toEqual(expect.arrayContaining(codes));
    const where = `RANDOM_SEED=${seed}, read ${i}, ${reader.name}: ${query}`;
    if (i % COMPARED_EACH === 0) expect(await ordinary(person, query), where).toBe(steady(data));
    expect(reader.sight.strangers(data), where).toEqual([]);
    if (errors.length === 0) answered.whole += 1;
    answered.rows += JSON.stringify(data ?? {}).match(/"id":/g)?.length ?? 0;
  };
  for (let at = 0; at < count; at += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, i) => one(at + i)));
  }
  return answered;
}

/** The answer of the ordinary path: an operation that also asks for what only that one knows goes it as a whole. */
async function ordinary(person: Pick<Viewer['person'], 'send'>, query: string): Promise<string> {
  const { data } = await person.send(query.replace('{', '{ ordinary: me { name }'));
  return steady(Object.fromEntries(Object.entries(data ?? {}).filter(([key]) => key !== 'ordinary')));
}

/** With the order of its keys; seconds that pass between two answers are none. */
const steady = (value: unknown): string =>
  JSON.stringify(value ?? {}, (_, one: unknown) => (typeof one === 'number' && one > 1_000_000 ? 'seconds' : one));

function raise(): never {
  throw new Error('Nobody reads.');
}

const timeout = 60_000 + COUNT * 100;

it(`${COUNT} random reads show nobody a row of somebody else`, { timeout }, async () => {
  const { whole, rows } = await readAtRandom({ seed: SEED, count: COUNT, personOf: async ({ person }) => person });
  // most reads are answered, and with rows; else this would prove nothing
  expect(whole).toBeGreaterThan(COUNT * 0.6);
  expect(rows).toBeGreaterThan(COUNT * 2);
});

it('nor do they where row-level security is away: the row scope holds by itself', { timeout }, async () => {
  const open = await serve(stage, { hasSecondWall: false });
  const personOf = ({ name, company }: Reader) => open.personOf(name.replace(/ in \w+$/, ''), company.slug);
  const count = Math.ceil(COUNT / 5);
  const { whole } = await readAtRandom({ seed: SEED + 1, count, personOf });
  expect(whole).toBeGreaterThan(count * 0.6);
});
