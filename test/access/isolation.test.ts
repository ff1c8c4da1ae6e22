// What others have never shows: two tenants with the same numbers, portal users beside other customers of their tenant, staff of
// one legal entity. Each reads everything that the schema offers; an oracle in SQL says what they may get.
import { describe, expect, it } from 'vitest';
import { bare } from '../support/world.ts';
import { connectionSelection, type Graph, partsOf, rootLists, selectionOf } from './graph.ts';
import { KINDS } from './oracle.ts';
import { type Reader, readerOf } from './readers.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };

const SUBJECTS = [
  'admin',
  'admin of DE01',
  'billing of FR01',
  'analyst who bills for DE01',
  'portal of C-1',
  'portal of C-2',
  'portal of C-2 and C-3',
];

const readers = await Promise.all([
  ...SUBJECTS.map((subject) => readerOf(stage, acme, subject)),
  readerOf(stage, beta, 'admin'),
  readerOf(stage, beta, 'portal of C-1'),
]);
const lists = [...rootLists(graph)];
const listsOf = ({ permissions }: Reader) => lists.filter(([, record]) => permissions.has(record.resource.permission));
/** An id of the same kind that nobody has. */
const unknownId = (prefix: string, n = 1) => `${prefix}_01999999-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe.each(readers)('$name', (reader) => {
  const { person, sight, permissions } = reader;

  it('lists and counts exactly the rows that are in reach, and nothing in them names another', async () => {
    for (const [list, record] of listsOf(reader)) {
      const answer = await person.ask(
        `{ ${list}(first: 1000) { ${connectionSelection(graph, record.name, { permissions, depth: 0 })} } }`,
      );
      const ids = answer[list].edges.map((edge: { node: { id: string } }) => edge.node.id);
      expect(ids.toSorted(), list).toEqual(sight.seen[record.name]?.toSorted());
      expect(answer[list].totalCount, list).toBe(ids.length);
      expect(sight.strangers(answer), list).toEqual([]);
    }
  });

  it('finds no other on any way from record to record', async () => {
    for (const [list, record] of listsOf(reader))
      for (const part of partsOf(graph, record, permissions))
        expect(sight.strangers(await person.ask(`{ ${list}(first: 30) { nodes { id ${part} } } }`)), list).toEqual([]);
    for (const part of partsOf(graph, catalogue.record('CustomerAccount'), permissions)) {
      const deep = `{ customers(first: 5) { nodes { id accounts(first: 5) { totalCount nodes { id ${part} } } } } }`;
      expect(sight.strangers(await person.ask(deep))).toEqual([]);
    }
  });

  it('gets for an id that is out of reach what it gets for an id that nobody has', async () => {
    for (const [, record] of listsOf(reader)) {
      const { prefix = '' } = KINDS[record.name] ?? {};
      const one = record.definition.root?.one ?? '';
      const query = `query($id: ID!, $ids: [ID!]!) { ${one}(id: $id) { id } node(id: $id) { id ... on ${record.name} { ${selectionOf(graph, record.name, { permissions, depth: 0 })} } } nodes(ids: $ids) { id } }`;
      const nobodys = await person.send(query, { id: unknownId(prefix), ids: [unknownId(prefix), unknownId(prefix, 2)] });
      expect(nobodys).toEqual({ data: { [one]: null, node: null, nodes: [null, null] } });
      const others = sample(sight.hidden[record.name] ?? []);
      for (const id of others) expect(await person.send(query, { id, ids: [id, id] }), id).toEqual(nobodys);
    }
  });

  it('pages by a cursor of somebody else through rows of its own only', async () => {
    for (const [list, record] of listsOf(reader)) {
      const other = record.name === 'ApiKey' || beta.tenantId === reader.reach.tenantId ? readers[0] : readers.at(-2);
      const foreign = (await other?.person.ask(`{ ${list}(first: 1000) { edges { cursor } } }`))?.[list].edges;
      for (const { cursor } of sample<{ cursor: string }>(foreign)) {
        const answer = await person.ask(
          `query($c: String) { a: ${list}(first: 5, after: $c) { totalCount pageInfo { startCursor } nodes { id } } b: ${list}(last: 5, before: $c) { nodes { id } } }`,
          { c: cursor },
        );
        expect(sight.strangers(answer), list).toEqual([]);
        expect(answer['a'].totalCount).toBe(sight.seen[record.name]?.length);
      }
    }
  });
});

function sample<T>(list: readonly T[]): readonly T[] {
  return [list[0], list[Math.floor(list.length / 2)], list.at(-1)].filter((one) => one !== undefined);
}

describe('a natural key', () => {
  const of = async (reader: Reader | undefined, key: string) => (await reader?.person.send(`{ invoice(${key}) { id } }`)) ?? {};
  const byName = (name: string) => readers.find((reader) => reader.name === name);

  it('that two tenants use finds the own record', async () => {
    for (const name of ['admin in acme', 'admin in beta']) {
      const reader = byName(name);
      const { data } = await of(reader, 'legalEntity: "DE01", number: "INV-DE01-000001"');
      expect(reader?.sight.seen['Invoice']).toContain(data?.['invoice'].id);
    }
  });

  it('of another legal entity, tenant or customer finds what a number that nobody uses finds', async () => {
    const nothing = { data: { invoice: null } };
    expect(await of(byName('admin in acme'), `legalEntity: "${beta.entities.DE01}", number: "INV-DE01-000001"`)).toEqual(nothing);
    expect(await of(byName('admin of DE01 in acme'), 'legalEntity: "FR01", number: "INV-FR01-000001"')).toEqual(nothing);
    expect(await of(byName('admin of DE01 in acme'), 'number: "INV-FR01-000001"')).toEqual(nothing);
    expect(await of(byName('portal of C-2 in acme'), 'number: "INV-DE01-000001"')).toEqual(nothing);
    expect(await of(byName('portal of C-2 in acme'), 'number: "INV-DE01-999999"')).toEqual(nothing);
  });

  it('is ambiguous only among what the reader may see', async () => {
    const query = '{ customerAccount(number: "C-1") { id } }';
    const [whole, limited] = [
      await byName('admin in acme')?.person.send(query),
      await byName('admin of DE01 in acme')?.person.send(query),
    ];
    expect(whole?.errors?.[0]?.extensions).toMatchObject({ code: 'AMBIGUOUS', details: { choices: ['DE01', 'FR01'] } });
    expect(limited).toEqual({ data: { customerAccount: { id: acme.accounts['C-1 DE01'] } } });
  });
});

it('actions are offered only where the permission for them holds', async () => {
  const { person } = await stage.viewer(acme, 'analyst who bills for DE01');
  const { invoices } = await person.ask(
    '{ invoices(first: 100, where: { lifecycle: { eq: DRAFT } }) { nodes { legalEntityId allowedActions } } }',
  );
  expect(invoices.nodes).toHaveLength(6);
  for (const { legalEntityId, allowedActions } of invoices.nodes) {
    expect(allowedActions).toEqual(bare(legalEntityId) === bare(acme.entities.DE01) ? ['EDIT', 'ISSUE', 'CANCEL'] : []);
  }
});
