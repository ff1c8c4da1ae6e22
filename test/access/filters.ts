// Every filter of the schema, tried as an oracle: with a value that only others hold, and with one that nobody holds.
import { getNamedType, type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { expect } from 'vitest';
import type { ReadRecord } from '../../src/read/catalogue.ts';
import { shownField } from '../../src/read/shown.ts';
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
  /** `['account', 'number']`, `['lines', 'some', 'sku']` */
  readonly path: readonly string[];
  /** A list whose rows have all values of it that somebody may see: the record's own, or that of the records that belong to it. */
  readonly list: string;
  /** Where the value stands in a row of that list: `['account', 'number']`, `['lines', 'sku']`. */
  readonly shown: readonly string[];
  readonly kind: string;
}

/** Every filter of a record's list, related records included. */
function filtersOf(graph: Graph, record: ReadRecord, permissions: ReadonlySet<string>): readonly Filter[] {
  const collect = (input: GraphQLInputObjectType, of: ReadRecord, { path, list, shown }: Omit<Filter, 'kind'>): Filter[] =>
    Object.values(input.getFields()).flatMap(({ name, type }) => {
      const named = getNamedType(type);
      if (['and', 'or', 'not'].includes(name) || !isInputObjectType(named) || !isAllowed(graph, of, name, permissions)) return [];
      const here = { path: [...path, name], list, shown: [...shown, name] };
      if (named.name.endsWith('Filter')) return NOBODYS[named.name] ? [{ ...here, kind: named.name }] : [];
      const other = recordOf(graph, named.name.replace(/(Related|List)Where$/, ''));
      if (!other || !permissions.has(other.resource.permission)) return [];
      if (!named.name.endsWith('ListWhere')) return collect(named, other, here);
      const field = shownField(of, name);
      const isPaged = field?.kind === 'many' && field.relation.connection;
      const from = isPaged ? { list: other.definition.root?.many ?? '', shown: [] } : here;
      const related = getNamedType(named.getFields()['some']?.type);
      if (!isInputObjectType(related)) return [];
      // all of them are tried where the other record is listed: one shows that the way to it is closed
      const found = collect(related, other, { ...from, path: [...here.path, 'some'] });
      const texts = found.filter(({ kind }) => kind === 'StringFilter');
      return [...texts, ...found].slice(0, 1);
    });
  const input = graph.schema.getType(`${record.name}Where`);
  return isInputObjectType(input)
    ? collect(input, record, { path: [], list: record.definition.root?.many ?? '', shown: [] })
    : [];
}

const nested = (path: readonly string[], leaf: string): string =>
  path.reduceRight((inner, name) => `${name} { ${inner} }`, leaf).replace(/ \{ \}$/, '');
const selected = ({ shown, kind }: Filter) =>
  nested(shown.slice(0, -1), `${shown.at(-1)}${kind === 'MoneyFilter' ? ' { amount }' : ''}`);

/** One value, or those of a list. */
function valuesAt(node: unknown, { shown, kind }: Filter): unknown[] {
  const names = kind === 'MoneyFilter' ? [...shown, 'amount'] : shown;
  return names.reduce<unknown[]>(
    (found, name) => found.flatMap((at) => (at as Record<string, unknown> | null | undefined)?.[name]),
    [node],
  );
}

const condition = ({ path, kind }: Filter, value: unknown): object =>
  path.reduceRight<object>(
    (inner, name) => ({ [name]: inner }),
    kind === 'MoneyFilter' ? { currency: 'EUR', eq: value } : { eq: value },
  );

const FIELDS_AT_ONCE = 60;
/** More than any company here has of one kind, and no more than the budget of a login can bear many times. */
const ROWS_MAX = 150;

/** The values of each filter in the rows that a viewer sees. */
async function valuesOf({ person }: Asking, filters: readonly Filter[]): Promise<readonly (readonly unknown[])[]> {
  const isThere = (value: unknown) => value !== null && value !== undefined;
  const found = new Map<Filter, readonly unknown[]>();
  for (const list of new Set(filters.map((filter) => filter.list))) {
    const some = filters.filter((filter) => filter.list === list);
    for (let at = 0; at < some.length; at += FIELDS_AT_ONCE) {
      const asked = some.slice(at, at + FIELDS_AT_ONCE);
      const { nodes } = (await person.ask(`{ ${list}(first: ${ROWS_MAX}) { nodes { id ${asked.map(selected).join(' ')} } } }`))[
        list
      ];
      expect(nodes.length).toBeLessThan(ROWS_MAX);
      for (const filter of asked) found.set(filter, nodes.flatMap((node: unknown) => valuesAt(node, filter)).filter(isThere));
    }
  }
  return filters.map((filter) => found.get(filter) ?? []);
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
    const [own, theirs] = await Promise.all([valuesOf(viewer, filters), valuesOf(other, filters)]);
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
