// Thousands of random reads by many people of three companies: every id, every cursor and every text in every answer is somebody's
// who may see it. RANDOM_READS sets how many (1,200 unless told), RANDOM_SEED which.
import { expect, it } from 'vitest';
import { type Graph, rootLists } from './graph.ts';
import { KINDS, type Sight, sightOf } from './oracle.ts';
import { randomRead } from './random-reads.ts';
import { dice, type Pool } from './random-where.ts';
import { serve } from './server.ts';
import { startStage, type Viewer } from './stage.ts';

const COUNT = Number(process.env['RANDOM_READS'] ?? 1_200);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const AT_ONCE = 8;

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

interface Reader extends Viewer {
  readonly sight: Sight;
  readonly permissions: ReadonlySet<string>;
}

const readers: Reader[] = [];
for (const company of stage.companies) {
  for (const subject of SUBJECTS) {
    const viewer = await stage.viewer(company, subject);
    const { me } = await viewer.person.ask('{ me { permissions } }');
    readers.push({ ...viewer, sight: await sightOf(stage, viewer.reach), permissions: new Set(me.permissions) });
  }
}

async function poolOf(): Promise<Pool> {
  const ids: Record<string, string[]> = {};
  for (const [kind, { prefix, table }] of Object.entries(KINDS))
    ids[kind] = (await stage.rows<{ id: string }>(`select id from ${table}`)).map(({ id }) => `${prefix}_${id}`);
  const texts = await stage.rows<{ text: string }>(
    'select number as text from invoice where number is not null union select name from customer union select search_name from customer union select code from legal_entity union select reference from payment union select number from payment union select number from sales_order union select customer_reference from sales_order union select name from product union select reason from hold union select reason from approval',
  );
  const numbers = await stage.rows<{ amount: string }>(
    'select distinct (total_minor / 100.0)::numeric(20, 2)::text as amount from invoice',
  );
  const cursors: Record<string, string[]> = {};
  for (const { person } of readers.filter(({ name }) => name.startsWith('admin in'))) {
    for (const list of rootLists(graph).keys()) {
      const { edges } = (await person.ask(`{ ${list}(first: 100) { edges { cursor } } }`))[list];
      cursors[list] = [...(cursors[list] ?? []), ...edges.map(({ cursor }: { cursor: string }) => cursor)];
    }
  }
  return { ids, texts: texts.map(({ text }) => text), numbers: numbers.map(({ amount }) => amount), cursors };
}

/** What a random read may be refused for: an id of another kind in a filter, or its size. Anything else is a mistake of this test, or a fault. */
const HARMLESS = ['INVALID_ID', 'AMBIGUOUS', 'INVALID_INPUT', 'TOO_MANY_FIELDS'];

interface Reading {
  readonly seed: number;
  readonly count: number;
  readonly personOf: (reader: Reader) => Promise<Pick<Viewer['person'], 'send'>>;
}

/** Fails at the first read that shows a stranger; else says how many were answered whole, and with how many rows. */
async function readAtRandom({ seed, count, personOf }: Reading): Promise<{ whole: number; rows: number }> {
  const pool = await poolOf();
  const people = await Promise.all(readers.map(async (reader) => ({ reader, person: await personOf(reader) })));
  const answered = { whole: 0, rows: 0 };
  const one = async (i: number): Promise<void> => {
    const { reader, person } = people[i % people.length] ?? people[0] ?? raise();
    const query = randomRead({ graph, dice: dice(seed * 1_000_003 + i), pool, permissions: reader.permissions });
    const { data, errors = [] } = await person.send(query);
    const codes = errors.map(({ extensions }) => extensions?.['code']);
    expect(HARMLESS, `${reader.name}: ${query}: ${JSON.stringify(errors)}`).toEqual(expect.arrayContaining(codes));
    expect(reader.sight.strangers(data), `RANDOM_SEED=${seed}, read ${i}, ${reader.name}: ${query}`).toEqual([]);
    if (errors.length === 0) answered.whole += 1;
    answered.rows += JSON.stringify(data ?? {}).match(/"id":/g)?.length ?? 0;
  };
  for (let at = 0; at < count; at += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, i) => one(at + i)));
  }
  return answered;
}

function raise(): never {
  throw new Error('Nobody reads.');
}

const timeout = 60_000 + COUNT * 30;

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
