// A customer that was found to be the same as another one: staff see the accounts of both with the kept one, and of customers nobody sees
// more than before, nor less. C-3 is matched with C-1, above C-2; the portal of C-1 must not see C-3, and that of C-3 nothing of C-1.
import { beforeAll, describe, expect, it } from 'vitest';
import { connectionSelection, type Graph, partsOf, rootLists } from './graph.ts';
import { sightOf } from './oracle.ts';
import { startStage } from './stage.ts';

const stage = await startStage(['acme']);
const [acme] = stage.companies;
if (!acme) throw new Error('There is no company.');
const { schema, catalogue } = stage.world.platform;
const graph: Graph = { schema, catalogue };
const SUBJECTS = ['admin', 'admin of DE01', 'credit', 'warehouse', 'portal of C-1', 'portal of C-2', 'portal of C-2 and C-3'];
const PORTALS = SUBJECTS.filter((subject) => subject.startsWith('portal'));

/** What portal users get to see of their business: the same before and after. */
const BUSINESS = `{
  customers(first: 50) { nodes { id name accounts { nodes { id number customer { id name } originCustomer { id } } } } }
  invoices(first: 200) { nodes { id number customer { id name } account { id } } }
  orders(first: 200, where: { customer: { name: { contains: "New" } } }) { nodes { id customer { number } } }
  openItems(first: 500) { nodes { id open { amount } customer { number } } }
  ageing(groupBy: CUSTOMER) { customerNumber customerName currency total itemCount }
}`;
const before = new Map<string, unknown>();
let matchId = '';
beforeAll(async () => {
  for (const subject of PORTALS) {
    const business = await (await stage.viewer(acme, subject)).person.ask(BUSINESS);
    for (const list of ['orders', 'invoices', 'openItems'])
      if (business[list].nodes.length === 0) throw new Error(`${subject} sees no ${list}: this would prove nothing.`);
    before.set(subject, business);
  }
  const { person } = await stage.viewer(acme, 'admin');
  const pair = {
    customerId: acme.customers['C-3'],
    otherCustomerId: acme.customers['C-1'],
    keepCustomerId: acme.customers['C-1'],
  };
  matchId = (await person.do('matchCustomers', pair, 'match')).id;
  await stage.sealed();
});

describe.each(SUBJECTS)('%s', (subject) => {
  it('gets exactly the rows in reach, and nothing in them names another', async () => {
    const { person, reach } = await stage.viewer(acme, subject);
    const sight = await sightOf(stage, reach);
    const { me } = await person.ask('{ me { permissions } }');
    const permissions = new Set<string>(me.permissions);
    for (const [list, record] of rootLists(graph)) {
      if (!permissions.has(record.resource.permission)) continue;
      const answer = await person.ask(
        `{ ${list}(first: 1000) { ${connectionSelection(graph, record.name, { permissions, depth: 0 })} } }`,
      );
      const ids = answer[list].edges.map((edge: { node: { id: string } }) => edge.node.id);
      expect(ids.toSorted(), list).toEqual(sight.seen[record.name]?.toSorted());
      expect(sight.strangers(answer), list).toEqual([]);
      for (const part of partsOf(graph, record, permissions))
        expect(sight.strangers(await person.ask(`{ ${list}(first: 20) { nodes { id ${part} } } }`)), list).toEqual([]);
    }
  });
});

it.each(PORTALS)('the business of the %s looks as it did before, down to the names and the ageing', async (subject) => {
  expect(await (await stage.viewer(acme, subject)).person.ask(BUSINESS)).toEqual(before.get(subject));
});

it('staff see the accounts of both with the one that is kept, and whom each was opened for', async () => {
  const { person } = await stage.viewer(acme, 'credit');
  const seen = await person.ask(
    'query($id: ID!) { customer(id: $id) { merged { number } accounts { nodes { number originCustomer { number } } } } }',
    {
      id: acme.customers['C-1'],
    },
  );
  expect(seen.customer.merged).toEqual([{ number: 'C-3' }]);
  const origins = seen.customer.accounts.nodes.map(
    (a: { number: string; originCustomer: { number: string } }) => a.originCustomer.number,
  );
  expect(origins.toSorted()).toEqual(['C-1', 'C-1', 'C-3', 'C-3']);
});

it('a portal user learns neither of the match nor of what the ERP lets other accounts do', async () => {
  const { person } = await stage.viewer(acme, 'portal of C-2 and C-3');
  for (const field of ['mergedIntoId', 'mergedInto { id }', 'merged { id }', 'aliases { name }', 'matches { id }']) {
    const { errors } = await person.send(`{ customers(first: 5) { nodes { ${field} } } }`);
    expect(errors?.[0]?.extensions?.['code'], field).toBe('FORBIDDEN');
  }
  expect((await person.send(`{ customerMatches { nodes { id } } }`)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});

it('whoever has a role for one legal entity only, or may not see credit, decides on no match', async () => {
  for (const subject of ['admin of DE01', 'warehouse', 'analyst', 'portal of C-1']) {
    const { person } = await stage.viewer(acme, subject);
    const { errors } = await person.send(
      `mutation { undoCustomerMatch(input: { id: "${matchId}" }) { match { id } userErrors { code } } }`,
    );
    expect(errors?.[0]?.extensions?.['code'], subject).toBe('FORBIDDEN');
  }
});
