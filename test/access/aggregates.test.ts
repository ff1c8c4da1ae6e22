// What is counted and added up is what the same person is listed: random aggregates by many people equal plain counting over the rows
// of the list, and the numbers of rows equal what the oracle says of the database. AGGREGATES sets how many (120 unless told).
import { isInputObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { type Graph, rootLists } from './graph.ts';
import { KINDS } from './oracle.ts';
import { argumentsOf, groupsByHand, groupSelection, randomAggregate, rowSelection } from './random-aggregates.ts';
import { poolOf } from './random-pool.ts';
import { condition, dice } from './random-where.ts';
import { type Reader, readersOf } from './readers.ts';
import { serve } from './server.ts';
import { startStage, type Viewer } from './stage.ts';

const COUNT = Number(process.env['AGGREGATES'] ?? 120);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const SUBJECTS = ['admin', 'analyst', 'admin of DE01', 'analyst who bills for DE01', 'portal of C-1', 'portal of C-2 and C-3'];

const stage = await startStage(['acme', 'beta']);
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

const readers = await readersOf(stage, SUBJECTS);
// documents in several currencies, some of them without a rate; what is booked doesn't matter here
for (const table of ['invoice', 'credit_note', 'payment', 'sales_order', 'open_item']) {
  const missing = table === 'sales_order' || table === 'open_item' ? 0.5 : null;
  // by their places in each company: ids are others every time, and so many of each currency there are always
  await stage.rows(`begin; set local session_replication_role = replica;
    with placed as (select tenant_id, id, row_number() over (partition by tenant_id order by id) % 5 as place from ${table})
    update ${table} t set currency = c.currency, group_rate = c.rate
    from placed p join (values (1, 'USD', 0.9137), (2, 'JPY', 0.0061), (3, 'KWD', ${missing})) c (place, currency, rate) on c.place = p.place
    where t.tenant_id = p.tenant_id and t.id = p.id; commit`);
}
const pool = await poolOf(stage);
const readable = ({ permissions }: Reader) =>
  [...rootLists(graph)].filter(([, { resource }]) => permissions.has(resource.permission));

it('counts of every record are those of the rows that a person may see', async () => {
  for (const reader of readers) {
    const lists = readable(reader).filter(([, record]) => KINDS[record.name]);
    const counted = await reader.person.ask(`{ ${lists.map(([list]) => `${list}Aggregate { groups { count } }`).join(' ')} }`);
    for (const [list, record] of lists)
      expect(counted[`${list}Aggregate`].groups, `${reader.name}: ${list}`).toEqual([
        { count: reader.sight.seen[record.name]?.length },
      ]);
  }
});

/** Of the same list: its rows, its groups, and the groups page by page. */
async function compare(reader: Reader, person: Pick<Viewer['person'], 'ask' | 'send'>, seed: number): Promise<number> {
  const d = dice(seed);
  const asking = { graph, dice: d, pool, permissions: reader.permissions };
  const [list, record] = d.pick(readable(reader));
  const asked = randomAggregate(asking, record);
  const where = schema.getType(`${record.name}Where`);
  const shared = [
    ...(isInputObjectType(where) && d.roll(2) === 0 ? [`where: ${condition(asking, { input: where, record, depth: 2 })}`] : []),
    ...(record.definition.at && d.roll(2) === 0 ? [`asOf: "2026-01-${10 + d.roll(20)}"`] : []),
  ];
  const args = (more: readonly string[]) => (more.length === 0 ? '' : `(${more.join(', ')})`);
  const all = args([...shared, ...argumentsOf(asked)]);
  const query = `{ rows: ${list}${args([...shared, 'first: 1000'])} { nodes { ${rowSelection(asked)} } }
    all: ${list}Aggregate${all} { groupCount nextCursor groups { ${groupSelection(asked)} } } }`;
  const { data: answer, errors = [] } = await person.send(query);
  // an id of another kind in a filter
  if (errors.some(({ extensions }) => extensions?.['code'] === 'INVALID_ID')) return 0;
  const told = `RANDOM_SEED=${SEED}, ${seed}, ${reader.name}: ${query}`;
  expect(errors, told).toEqual([]);
  if (!answer) return 0;
  const byHand = groupsByHand(asked, answer['rows'].nodes);
  const { groups, groupCount, nextCursor } = answer['all'];
  expect(sorted(groups), told).toEqual(sorted(byHand));
  expect([groupCount, nextCursor], told).toEqual([byHand.length, null]);
  const paged: unknown[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page = args([...shared, ...argumentsOf(asked), 'first: 2', ...(after ? [`after: "${after}"`] : [])]);
    const { [`${list}Aggregate`]: answered } = await person.ask(
      `{ ${list}Aggregate${page} { nextCursor groups { ${groupSelection(asked)} } } }`,
    );
    paged.push(...answered.groups);
    // a few pages show it
    after = paged.length < 8 ? answered.nextCursor : null;
  }
  expect(paged, told).toEqual(groups.slice(0, paged.length));
  return groups.length;
}

const sorted = (groups: readonly unknown[]) => groups.map((group) => JSON.stringify(ordered(group))).sort();

/** Keys in order, so that texts can be compared. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, ordered(one)]),
  );
}

it(`${COUNT} random aggregates equal plain counting and adding over the listed rows`, {
  timeout: 60_000 + COUNT * 100,
}, async () => {
  let groups = 0;
  for (let at = 0; at < COUNT; at += readers.length) {
    const some = readers.map((reader, i) => compare(reader, reader.person, SEED * 1_000_003 + at + i));
    for (const count of await Promise.all(some)) groups += count;
  }
  expect(groups).toBeGreaterThan(COUNT);
});

it('they do where row-level security is away: nothing is counted that the row scope leaves out', {
  timeout: 60_000 + COUNT * 100,
}, async () => {
  const open = await serve(stage, { hasSecondWall: false });
  let groups = 0;
  for (let i = 0; i < COUNT / 5; i += 1) {
    const reader = readers[i % readers.length];
    if (!reader) continue;
    const person = await open.personOf(reader.name.replace(/ in \w+$/, ''), reader.company.slug);
    groups += await compare(reader, person, SEED * 2_000_003 + i);
  }
  expect(groups).toBeGreaterThan(COUNT / 5);
});

it('variables mean what literals mean, however often the same operation comes with others', async () => {
  const [{ person } = { person: await stage.world.as('admin') }] = readers;
  const SELECTED =
    '{ nextCursor groupCount groups { key { status currency issuedOn createdAt } count total { byCurrency { currency sum } } } }';
  const general = `query($keys: [InvoiceGroupBy!], $above: Int, $sum: Decimal, $currency: CurrencyCode, $first: Int, $order: [InvoiceGroupOrderBy!], $ids: [Decimal!]) {
    invoicesAggregate(groupBy: $keys, having: { count: { gt: $above }, total: { currency: $currency, sum: { gt: $sum, notIn: $ids } } }, first: $first, orderBy: $order) ${SELECTED} }`;
  const written = (value: unknown): string =>
    JSON.stringify(value)
      .replaceAll(/"([A-Z_]{4,}|DAY)"/g, '$1')
      .replaceAll(/"(\w+)":/g, '$1: ');
  const asked = [
    {
      keys: [{ field: 'STATUS' }],
      above: 0,
      sum: '1.5',
      currency: 'EUR',
      first: 2,
      order: [{ key: 'STATUS', direction: 'DESC' }],
      ids: [],
    },
    {
      keys: [{ field: 'CURRENCY' }],
      above: 1,
      sum: '0',
      currency: 'JPY',
      first: 9,
      order: [{ measure: 'TOTAL', currency: 'USD' }],
      ids: ['1'],
    },
    {
      keys: [{ field: 'CREATED_AT', bucket: 'WEEK', timeZone: 'Asia/Tokyo' }],
      above: 0,
      sum: '-1',
      currency: 'EUR',
      first: 5,
      order: [],
      ids: ['2', '3'],
    },
    {
      keys: [{ field: 'ISSUED_ON', bucket: 'MONTH' }, { field: 'STATUS' }],
      above: 0,
      sum: '0',
      currency: 'KWD',
      first: 1,
      order: [],
      ids: ['1'],
    },
  ];
  for (const one of [...asked, ...asked]) {
    const { keys, above, sum, currency, first, order, ids } = one;
    const literal = `{ invoicesAggregate(groupBy: ${written(keys)}, having: { count: { gt: ${above} }, total: { currency: "${currency}", sum: { gt: "${sum}", notIn: ${JSON.stringify(ids)} } } }, first: ${first}, orderBy: ${written(order)}) ${SELECTED} }`;
    const answer = await person.ask(general, one);
    expect(answer).toEqual(await person.ask(literal));
    expect(answer['invoicesAggregate'].groups.length, literal).toBeGreaterThan(0);
  }
});
