// A field with a permission of its own can't be had in any way by who lacks it: selected, under an alias, in a fragment, in a record
// below a record, as a filter, as an order, in the answer of a mutation or a stream. The whole operation is refused, with the paths.
import { getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ROLES } from '../../src/access/policy.ts';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { dimensionsOf } from '../../src/read/aggregate/dimensions.ts';
import { measuresOf } from '../../src/read/aggregate/measures.ts';
import { type Shown, shownFields } from '../../src/read/shown.ts';
import { collect, type Person } from '../support/world.ts';
import { type Graph, isAllowed, needsOf, relationsOf, rootLists } from './graph.ts';
import { startStage } from './stage.ts';

const stage = await startStage(['acme']);
const [acme] = stage.companies;
if (!acme) throw new Error('There is no company.');
const { world, rows } = stage;
const { schema, catalogue } = world.platform;
const graph: Graph = { schema, catalogue };

interface Reader {
  readonly role: string;
  readonly person: Person;
  readonly permissions: ReadonlySet<string>;
}

const readers: Reader[] = [];
for (const role of ROLES) {
  const person = role === 'portal' ? (await stage.viewer(acme, 'portal of C-1')).person : await world.as(role);
  readers.push({ role, person, permissions: new Set((await person.ask('{ me { permissions } }'))['me'].permissions) });
}

/** The shortest ways come first. */
const WAYS_MAX = 8;

interface Protected {
  readonly record: ReadRecord;
  readonly shown: Shown;
  readonly needs: readonly string[];
}

const everyProtected: readonly Protected[] = catalogue.records.flatMap((record) =>
  shownFields(record).flatMap((shown) => {
    const needs = needsOf(graph, record, shown);
    return needs.length > 0 ? [{ record, shown, needs }] : [];
  }),
);

/** A way from a root list to a record: the list, and the relations on from there. */
interface Route {
  readonly list: string;
  readonly steps: readonly { readonly name: string; readonly isConnection: boolean }[];
  readonly passes: readonly (readonly [ReadRecord, string])[];
}

/** Every way of at most two relations. */
function routesTo(target: ReadRecord): readonly Route[] {
  const onward = (record: ReadRecord, route: Route): Route[] => [
    ...(record.name === target.name ? [route] : []),
    ...(route.steps.length === 2 ? [] : relationsOf(record)).flatMap(({ name, kind, relation }) => {
      const isConnection = kind === 'many' && relation.connection;
      return onward(catalogue.record(relation.record), {
        ...route,
        steps: [...route.steps, { name, isConnection }],
        passes: [...route.passes, [record, name]],
      });
    }),
  ];
  const routes = [...rootLists(graph)].flatMap(([list, record]) => onward(record, { list, steps: [], passes: [] }));
  return routes.toSorted((a, b) => a.steps.length - b.steps.length);
}

const selectionOf = ({ name, kind }: Shown) =>
  kind === 'scalar' || kind === 'computed' ? name : kind === 'money' ? `${name} { amount }` : `${name} { __typename }`;
const along = ({ list, steps }: Route, inner: string) =>
  `${list}(first: 1) { nodes { ${steps.reduceRight((text, { name, isConnection }) => (isConnection ? `${name}(first: 1) { nodes { ${text} } }` : `${name} { ${text} }`), inner)} } }`;

/** The ways to ask for the same field along a route. */
function queriesOf({ record, shown }: Protected, route: Route): readonly string[] {
  const field = selectionOf(shown);
  const alias = `harmless: ${field}`;
  return [
    `{ ${along(route, field)} }`,
    `{ ${along(route, alias)} }`,
    `{ ${along(route, `... on ${record.name} { ${alias} }`)} }`,
    `query { ${along(route, '...Part')} } fragment Part on ${record.name} { id ${field} }`,
    `query($yes: Boolean! = true) { me { name } ${along(route, `id ... @include(if: $yes) { ${field} }`)} }`,
  ];
}

/** The field as a filter and as an order, where the schema has it there; a relation by any field below it. */
function argumentsOf({ record, shown }: Protected): readonly string[] {
  const list = record.definition.root?.many;
  const where = schema.getType(`${record.name}Where`);
  const order = schema.getType(`${record.name}OrderField`);
  const inOrder = isEnumType(order)
    ? order.getValues().find(({ name }) => name.replaceAll('_', '').toLowerCase() === shown.name.toLowerCase())
    : undefined;
  const inWhere = isInputObjectType(where) ? where.getFields()[shown.name] : undefined;
  const inner = inWhere && getNamedType(inWhere.type);
  const related = () =>
    isInputObjectType(inner)
      ? `{ ${Object.keys(inner.getFields()).find((name) => !['and', 'or', 'not'].includes(name))}: { } }`
      : '{}';
  const conditions: Partial<Record<Shown['kind'], () => string>> = { one: related, many: () => '{ none: {} }' };
  const condition = conditions[shown.kind]?.() ?? `{ ${shown.kind === 'money' ? 'currency: "EUR", ' : ''}isNull: false }`;
  if (list === undefined) return [];
  return [
    ...aggregatesOf({ record, shown }).map((asked) => `{ ${list}Aggregate${asked} }`),
    ...(inWhere
      ? [
          `{ ${list}(where: { ${shown.name}: ${condition} }) { totalCount } }`,
          `{ ${list}(where: { not: { or: [{ and: [{ ${shown.name}: ${condition} }] }] } }) { totalCount } }`,
        ]
      : []),
    ...(inOrder ? [`{ ${list}(orderBy: [{ field: ${inOrder.name} }]) { totalCount } }`] : []),
  ];
}

/** The field, or whatever a relation leads to, as what groups are made by and as what is added up. */
function aggregatesOf({ record, shown }: Pick<Protected, 'record' | 'shown'>): readonly string[] {
  const dimension = dimensionsOf(record, (name) => catalogue.record(name)).find(({ name, via }) =>
    shown.kind === 'one' ? via?.name === shown.name : via === null && name === shown.name,
  );
  const measure = measuresOf(record).find(({ name }) => name === shown.name);
  return [
    ...(dimension
      ? [
          `(groupBy: [{ field: ${dimension.constant} }]) { groupCount }`,
          `{ groups { countDistinct(field: ${dimension.constant}) } }`,
          `{ groups { key { ${dimension.name} } } }`,
        ]
      : []),
    ...(measure?.kind === 'money'
      ? [
          `{ groups { ${measure.name} { byCurrency { sum } } } }`,
          `(having: { ${measure.name}: { currency: "EUR", sum: { isNull: true } } }) { groupCount }`,
          `(orderBy: [{ measure: ${measure.constant}, currency: "EUR" }]) { groupCount }`,
        ]
      : []),
  ];
}

const mayWalk = ({ permissions }: Reader, { list, passes }: Route) =>
  permissions.has(rootLists(graph).get(list)?.resource.permission ?? '') &&
  passes.every(([record, name]) => isAllowed(graph, record, name, permissions));

/** Null when it is refused as a whole, for the missing permission and with the paths; else what was answered. */
async function notRefused({ person, role }: Reader, query: string, { needs }: Protected): Promise<string | null> {
  const { data, errors } = await person.send(query);
  const { code, details } = (errors?.[0]?.extensions ?? {}) as {
    code?: string;
    details?: { paths: string[]; permissions: string[] };
  };
  const isNamed = (details?.paths.length ?? 0) > 0 && details?.permissions.every((permission) => needs.includes(permission));
  return data === null && code === 'FORBIDDEN' && isNamed ? null : `${role}: ${query}: ${JSON.stringify({ data, errors })}`;
}

describe.each(everyProtected.map((one) => [`${one.record.name}.${one.shown.name}`, one] as const))('%s', (_name, one) => {
  const routes = routesTo(one.record);
  const lacking = readers.filter(({ permissions }) => one.needs.some((need) => !permissions.has(need)));

  it('is refused to who lacks the permission, on every way to it and in every place', async () => {
    const leaks: (string | null)[] = [];
    for (const reader of lacking) {
      const open = routes.filter((route) => mayWalk(reader, route)).slice(0, WAYS_MAX);
      for (const [i, route] of open.entries()) {
        // all forms on the first way, one of them on each other
        const queries = queriesOf(one, route);
        const some = i === 0 ? queries : [queries[i % queries.length] ?? ''];
        for (const query of some) leaks.push(await notRefused(reader, query, one));
      }
      const isOpen = one.record.definition.root && reader.permissions.has(one.record.resource.permission);
      for (const query of isOpen ? argumentsOf(one) : []) leaks.push(await notRefused(reader, query, one));
    }
    expect(leaks.filter((leak) => leak !== null)).toEqual([]);
  });

  it('is shown to an administrator in the same places', async () => {
    const [admin] = readers;
    const [route] = routes;
    for (const query of [...(route ? queriesOf(one, route) : []), ...argumentsOf(one)])
      expect((await admin?.person.send(query))?.errors, query).toBeUndefined();
  });
});

it('is refused in the answer of a mutation, which then has no effect', async () => {
  const cash = await world.as('cash');
  const count = async () => (await rows<{ n: number }>('select count(*)::int as n from payment'))[0]?.n;
  const before = await count();
  const input = { accountId: acme.accounts['C-1 DE01'], amount: { amount: '1', currency: 'EUR' } };
  const query =
    'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id items { usedBy { actor { name } } } } userErrors { code } } }';
  const { data, errors } = await cash.send(query, { input });
  expect([data, errors?.[0]?.extensions?.['code']]).toEqual([null, 'FORBIDDEN']);
  expect(await count()).toBe(before);
});

it('is refused in the messages of a stream', async () => {
  const billing = await world.as('billing');
  const query = 'subscription { invoiceChanged(after: "0") { cursor record { items { closedBy { actor { name } } } } } }';
  await expect(collect(billing.socket(), query, {}, () => true)).rejects.toThrow('FORBIDDEN');
});

it('the fields that were protected when this was written are among those tried', () => {
  const names = everyProtected.map(({ record, shown }) => `${record.name}.${shown.name}`);
  expect(names).toEqual(
    expect.arrayContaining(['Actor.email', 'Actor.roles', 'Allocation.entry', 'Allocation.actor', 'Customer.aliases']),
  );
});
