// Thousands of random reads by many people of three companies: every id, every cursor and every text in every answer is somebody's
// who may see it. RANDOM_READS sets how many (2,000 unless told), RANDOM_SEED which.
import { expect, it } from 'vitest';
import { type Graph, rootLists } from './graph.ts';
import { KINDS, type Sight, sightOf } from './oracle.ts';
import { dice, type Pool, randomRead } from './random-reads.ts';
import { startStage, type Viewer } from './stage.ts';

const COUNT = Number(process.env['RANDOM_READS'] ?? 2_000);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const AT_ONCE = 8;

const stage = await startStage(['acme', 'beta', 'gamma']);
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

const SUBJECTS = ['admin', 'cash', 'analyst', 'warehouse', 'admin of DE01', 'billing of FR01', 'analyst who bills for DE01', 'portal of C-1', 'portal of C-2', 'portal of C-2 and C-3'];

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
  for (const [kind, { prefix, table }] of Object.entries(KINDS)) ids[kind] = (await stage.rows<{ id: string }>(`select id from ${table}`)).map(({ id }) => `${prefix}_${id}`);
  const texts = await stage.rows<{ text: string }>(
    'select number as text from invoice where number is not null union select name from customer union select search_name from customer union select code from legal_entity union select reference from payment union select number from payment',
  );
  const numbers = await stage.rows<{ amount: string }>('select distinct (total_minor / 100.0)::numeric(20, 2)::text as amount from invoice');
  const cursors: Record<string, string[]> = {};
  for (const { person } of readers.filter(({ name }) => name.startsWith('admin in'))) {
    for (const list of rootLists(graph).keys()) {
      const { edges } = (await person.ask(`{ ${list}(first: 100) { edges { cursor } } }`))[list];
      cursors[list] = [...(cursors[list] ?? []), ...edges.map(({ cursor }: { cursor: string }) => cursor)];
    }
  }
  return { ids, texts: texts.map(({ text }) => text), numbers: numbers.map(({ amount }) => amount), cursors };
}

/** What a random read may be refused for: an id of another kind in a filter. Anything else is a mistake of this test, or a fault. */
const HARMLESS = ['INVALID_ID', 'AMBIGUOUS', 'INVALID_INPUT'];

it(`${COUNT} random reads show nobody a row of somebody else`, { timeout: 60_000 + COUNT * 30 }, async () => {
  const pool = await poolOf();
  const answered = { whole: 0, refused: 0, rows: 0 };
  const one = async (i: number): Promise<void> => {
    const reader = readers[i % readers.length] as Reader;
    const query = randomRead({ graph, dice: dice(SEED * 1_000_003 + i), pool, permissions: reader.permissions });
    const { data, errors } = await reader.person.send(query);
    for (const { extensions } of errors ?? []) expect(HARMLESS, `${reader.name}: ${query}: ${JSON.stringify(errors)}`).toContain(extensions?.['code']);
    const said = { data, errors: errors?.map(({ message, extensions }) => ({ message, extensions })) };
    const strangers = reader.sight.strangers(errors ? { data } : said);
    expect(strangers, `RANDOM_SEED=${SEED}, read ${i}, ${reader.name}: ${query}`).toEqual([]);
    answered[errors ? 'refused' : 'whole'] += 1;
    answered.rows += JSON.stringify(data ?? {}).match(/"id":/g)?.length ?? 0;
  };
  for (let at = 0; at < COUNT; at += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, COUNT - at) }, (_, i) => one(at + i)));
  // most reads are answered, and with rows; else this would prove nothing
  expect(answered.whole).toBeGreaterThan(COUNT * 0.6);
  expect(answered.rows).toBeGreaterThan(COUNT * 2);
});
