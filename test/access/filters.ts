// Every filter of the schema, tried as an oracle: with a value that only others hold, and with one that nobody holds.
import { getNamedType, type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { expect } from 'vitest';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import type { Person } from '../support/world.ts';
import { type Graph, isAllowed, recordOf, rootLists } from './graph.ts';

export interface Asking {
  readonly person: Pick<Person, 'send' | 'ask'>;
}

/** A value of each kind of filter that nobody holds. */
const NOBODYS: Readonly<Record<string, (sample: string) => unknown>> = {
  IdFilter: (sample) => `${sample.split('_')[0]}_01999999-0000-7000-8000-000000000001`,
  StringFilter: () => 'nobody has this',
  DateFilter: () => '2222-02-02',
  DateTimeFilter: () => '2222-02-02T02:02:02.222Z',
  DecimalFilter: () => '987654.321',
  MoneyFilter: () => '98765.43',
};

interface Filter {
  /** `['account', 'number']` */
  readonly path: readonly string[];
  readonly kind: string;
}

/** Every filter of a record's list, related records included. */
function filtersOf(graph: Graph, record: ReadRecord, permissions: ReadonlySet<string>): readonly Filter[] {
  const collect = (input: GraphQLInputObjectType, of: ReadRecord, path: readonly string[]): Filter[] =>
    Object.values(input.getFields()).flatMap(({ name, type }) => {
      const named = getNamedType(type);
      if (['and', 'or', 'not'].includes(name) || !isInputObjectType(named) || !isAllowed(graph, of, name, permissions)) return [];
      if (named.name.endsWith('Filter')) return NOBODYS[named.name] ? [{ path: [...path, name], kind: named.name }] : [];
      const other = recordOf(graph, named.name.replace('RelatedWhere', ''));
      return other && permissions.has(other.resource.permission) ? collect(named, other, [...path, name]) : [];
    });
  const input = graph.schema.getType(`${record.name}Where`);
  return isInputObjectType(input) ? collect(input, record, []) : [];
}

const nested = (path: readonly string[], leaf: string): string =>
  path.reduceRight((inner, name) => `${name} { ${inner} }`, leaf).replace(/ \{ \}$/, '');
const selected = ({ path, kind }: Filter) =>
  nested(path.slice(0, -1), `${path.at(-1)}${kind === 'MoneyFilter' ? ' { amount }' : ''}`);

function valueAt(node: unknown, { path, kind }: Filter): unknown {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], node);
  return kind === 'MoneyFilter' ? (value as { amount: string } | null)?.amount : value;
}

const condition = ({ path, kind }: Filter, value: unknown): object =>
  path.reduceRight<object>(
    (inner, name) => ({ [name]: inner }),
    kind === 'MoneyFilter' ? { currency: 'EUR', eq: value } : { eq: value },
  );

/** The values of each filter in the rows that a viewer sees. */
async function valuesOf({ person }: Asking, list: string, filters: readonly Filter[]): Promise<readonly (readonly unknown[])[]> {
  const { nodes } = (await person.ask(`{ ${list}(first: 1000) { nodes { id ${filters.map(selected).join(' ')} } } }`))[list];
  const isThere = (value: unknown) => value !== null && value !== undefined;
  return filters.map((filter) => nodes.map((node: unknown) => valueAt(node, filter)).filter(isThere));
}

interface Question {
  readonly filter: Filter;
  readonly secret: object;
  readonly nobodys: object;
}

/** How many questions go into one operation: five aliases each. */
const AT_ONCE = 6;

/** The counts of each question: [secret, not secret, not nobody's, secret or nobody's]. */
async function answersTo(
  { person }: Asking,
  { list, record }: { list: string; record: ReadRecord },
  questions: readonly Question[],
) {
  const declared = questions.map((_, i) => `$s${i}: ${record.name}Where!, $n${i}: ${record.name}Where!`).join(', ');
  const parts = questions.map(
    (_, i) => `a${i}: ${list}(where: $s${i}) { totalCount nodes { id } } b${i}: ${list}(where: { not: $s${i} }) { totalCount }
      c${i}: ${list}(where: { not: $n${i} }) { totalCount } d${i}: ${list}(where: { or: [$s${i}, $n${i}] }) { totalCount }`,
  );
  const variables = Object.fromEntries(
    questions.flatMap(({ secret, nobodys }, i) => [
      [`s${i}`, secret],
      [`n${i}`, nobodys],
    ]),
  );
  const answer = await person.ask(`query(${declared}) { ${parts.join(' ')} }`, variables);
  return questions.map((_, i) => ({ found: answer[`a${i}`], not: [answer[`b${i}`], answer[`c${i}`]], or: answer[`d${i}`] }));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Expects the same answers to both for whatever `other` sees and `viewer` doesn't; gives how many filters were tried. */
export async function expectNoOracle(graph: Graph, viewer: Asking, other: Asking): Promise<number> {
  const { me } = await viewer.person.ask('{ me { permissions } }');
  const permissions = new Set<string>(me.permissions);
  let asked = 0;
  for (const [list, record] of rootLists(graph)) {
    if (!permissions.has(record.resource.permission)) continue;
    const filters = filtersOf(graph, record, permissions);
    const [own, theirs] = await Promise.all([valuesOf(viewer, list, filters), valuesOf(other, list, filters)]);
    const questions = filters.flatMap((filter, i): Question[] => {
      const secret = theirs[i]?.find((value) => !own[i]?.includes(value));
      if (secret === undefined) return [];
      return [{ filter, secret: condition(filter, secret), nobodys: condition(filter, NOBODYS[filter.kind]?.(text(secret))) }];
    });
    for (let at = 0; at < questions.length; at += AT_ONCE) {
      const some = questions.slice(at, at + AT_ONCE);
      for (const [i, { found, not, or }] of (await answersTo(viewer, { list, record }, some)).entries()) {
        const path = some[i]?.filter.path.join('.');
        expect({ found, or }, path).toEqual({ found: { totalCount: 0, nodes: [] }, or: { totalCount: 0 } });
        expect(not[0], path).toEqual(not[1]);
        asked += 1;
      }
    }
  }
  return asked;
}
